//! What the widget knows of this visit: whom it serves, what there is to connect, what is connected.

use railhead_protocol::{
    Connection, ConnectionStatus, ServiceCard, ServiceKind, SessionState, WidgetCard,
};
use std::sync::Arc;

/// The session answer, as the steps use it.
#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    /// The widget's configuration.
    pub widget: WidgetCard,
    /// What is offered, in order.
    pub services: Vec<Arc<ServiceCard>>,
    /// What is connected, newest state first known.
    pub connections: Vec<Connection>,
}

/// What a service's tile says about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TileState {
    /// Not connected.
    Fresh,
    /// Connected and usable.
    Connected,
    /// Was connected; has to be authorized again.
    Reconnect,
}

impl Session {
    /// The session that the server answered.
    #[must_use]
    pub fn new(state: SessionState) -> Self {
        let services = state.services.into_iter().map(Arc::new).collect();
        Self {
            widget: state.widget,
            services,
            connections: state.connections,
        }
    }

    /// The services left when the host page includes or excludes some. A service that is connected is never hidden by
    /// `exclude`, so that it can be renewed.
    #[must_use]
    pub fn offered(
        &self,
        include: Option<&[String]>,
        exclude: &[String],
        kinds: Option<&[ServiceKind]>,
    ) -> Vec<Arc<ServiceCard>> {
        self.services
            .iter()
            .filter(|service| include.is_none_or(|names| names.contains(&service.service_name)))
            .filter(|service| {
                !exclude.contains(&service.service_name)
                    || self.standing(&service.service_name).0 == TileState::Connected
            })
            .filter(|service| kinds.is_none_or(|kinds| kinds.contains(&service.kind)))
            .cloned()
            .collect()
    }

    /// Where the business stands with a service, and the connection that choosing it renews: one that needs it, or
    /// else the active one.
    #[must_use]
    pub fn standing(&self, service_name: &str) -> (TileState, Option<&Connection>) {
        let find = |wanted: fn(ConnectionStatus) -> bool| {
            self.connections
                .iter()
                .filter(|connection| connection.service_name == service_name)
                .find(|connection| wanted(connection.status))
        };
        if let Some(active) = find(|status| status == ConnectionStatus::Active) {
            return (TileState::Connected, Some(active));
        }
        let lapsed = find(|status| {
            use ConnectionStatus::{Disconnected, Expired, Invalid};
            matches!(status, Expired | Invalid | Disconnected)
        });
        match lapsed {
            Some(lapsed) => (TileState::Reconnect, Some(lapsed)),
            None => (TileState::Fresh, None),
        }
    }

    /// Takes in a connection that was made or renewed.
    pub fn remember(&mut self, connection: &Connection) {
        self.connections
            .retain(|known| known.connection_id != connection.connection_id);
        self.connections.insert(0, connection.clone());
    }
}

/// Made-up services and connections for the tests of the flow.
#[cfg(test)]
pub(crate) mod samples {
    use railhead_protocol::{
        Account, AuthorizationKind, Connection, ConnectionStatus, ServiceCard, ServiceKind,
    };

    pub(crate) fn service(name: &str, display: &str) -> ServiceCard {
        ServiceCard {
            service_name: name.into(),
            display_name: display.into(),
            kind: ServiceKind::Accounting,
            aliases: Vec::new(),
            icon: None,
            color: None,
            authorization: AuthorizationKind::Popup,
            fields: Vec::new(),
        }
    }

    pub(crate) fn connection(service_name: &str, status: ConnectionStatus) -> Connection {
        Connection {
            connection_id: format!("con_{service_name}"),
            service_name: service_name.into(),
            business_name: "Harbor Coffee".into(),
            business_uuid: "biz_1".into(),
            status,
            account: Some(Account {
                account_id: "1".into(),
                name: "Harbor Coffee Ltd".into(),
            }),
            disconnect_reason: None,
            created_at: "2026-11-22T09:30:00Z".into(),
            authorized_at: "2026-11-22T09:30:00Z".into(),
            expires_at: "2027-11-22T09:30:00Z".into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::samples::{connection, service};
    use super::{Session, TileState};
    use railhead_protocol::{ConnectionStatus, Environment, Links, ServiceKind, WidgetCard};
    use std::sync::Arc;

    fn session() -> Session {
        let names = ["quickbooks_online", "xero", "sage"];
        Session {
            widget: WidgetCard {
                widget_id: "wid_1".into(),
                environment: Environment::Sandbox,
                company_name: "Northwind Lending".into(),
                logo: None,
                success_url: None,
                close_url: None,
                kinds: Vec::new(),
                required_kinds: Vec::new(),
                skippable: true,
                overview: None,
                validity_months: 12,
                theme: std::collections::BTreeMap::default(),
                messages: std::collections::BTreeMap::default(),
                links: Links::default(),
                may_disconnect: false,
            },
            services: names
                .iter()
                .map(|name| Arc::new(service(name, name)))
                .collect(),
            connections: vec![
                connection("xero", ConnectionStatus::Active),
                connection("sage", ConnectionStatus::Expired),
            ],
        }
    }

    fn names(services: &[Arc<railhead_protocol::ServiceCard>]) -> Vec<&str> {
        services
            .iter()
            .map(|service| service.service_name.as_str())
            .collect()
    }

    #[test]
    fn a_tile_says_whether_its_service_is_connected_or_needs_it_again() {
        let session = session();
        assert_eq!(session.standing("quickbooks_online").0, TileState::Fresh);
        assert_eq!(session.standing("xero").0, TileState::Connected);
        assert_eq!(session.standing("sage").0, TileState::Reconnect);
    }

    #[test]
    fn choosing_a_connected_service_renews_its_connection() {
        let session = session();
        let id = |name| session.standing(name).1.map(|c| c.connection_id.clone());
        assert_eq!(id("xero").as_deref(), Some("con_xero"));
        assert_eq!(id("sage").as_deref(), Some("con_sage"));
        assert_eq!(id("quickbooks_online"), None);
    }

    #[test]
    fn a_renewed_connection_takes_its_old_states_place() {
        let mut session = session();
        session.remember(&connection("sage", ConnectionStatus::Active));
        assert_eq!(session.connections.len(), 2);
        assert_eq!(session.standing("sage").0, TileState::Connected);
    }

    #[test]
    fn the_host_page_narrows_the_offer_but_never_hides_a_connection() {
        let session = session();
        let only = ["sage".to_owned(), "xero".to_owned()];
        assert_eq!(
            names(&session.offered(Some(&only), &[], None)),
            ["xero", "sage"]
        );
        assert_eq!(
            names(&session.offered(None, &only, None)),
            ["quickbooks_online", "xero"]
        );
        assert!(
            session
                .offered(None, &[], Some(&[ServiceKind::Banking]))
                .is_empty()
        );
    }
}
