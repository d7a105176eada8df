//! What happened, for the audit trail and for whoever wants to be told.

use crate::app::App;
use crate::domain::business::Business;
use crate::domain::connection::Connection;
use crate::domain::id::{AuthorizationId, EventId};
use crate::store::{Event, EventKind};
use serde::Serialize;

/// Something happened to `business`, which is handed in as it is afterwards.
#[must_use]
pub fn of_business(app: &App, kind: EventKind, business: &Business) -> Event {
    Event {
        id: EventId::generate(app.entropy.as_ref()),
        tenant: business.tenant.clone(),
        at: app.now(),
        kind,
        business: business.id.clone(),
        connection: None,
        authorization: None,
        data: data(&business.wire()),
    }
}

/// Something happened to `connection`, which is handed in as it is afterwards.
#[must_use]
pub fn of_connection(
    app: &App,
    kind: EventKind,
    connection: &Connection,
    authorization: Option<&AuthorizationId>,
) -> Event {
    Event {
        id: EventId::generate(app.entropy.as_ref()),
        tenant: connection.tenant.clone(),
        at: app.now(),
        kind,
        business: connection.business.clone(),
        connection: Some(connection.id.clone()),
        authorization: authorization.cloned(),
        data: data(&connection.wire()),
    }
}

fn data(wire: &impl Serialize) -> String {
    // Texts and enums are always JSON.
    serde_json::to_string(wire).unwrap_or_default()
}
