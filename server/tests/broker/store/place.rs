//! A store with one workspace and one widget, and things to put into it.

use crate::support::postgres;
use railhead_protocol::{Account, BusinessName, Environment};
use railhead_server::domain::authorization::{Authorization, LIFETIME, Phase};
use railhead_server::domain::business::Business;
use railhead_server::domain::connection::{Connection, Granted, Owner};
use railhead_server::domain::handoff::Handoff;
use railhead_server::domain::id::{AuthorizationId, ConnectionId, EventId, ServerId, SessionId};
use railhead_server::domain::session::Session;
use railhead_server::domain::tenant::{Tenant, Workspace, WorkspaceName};
use railhead_server::domain::widget::{Origin, Settings, Widget};
use railhead_server::entropy::SystemEntropy;
use railhead_server::secret::Digest;
use railhead_server::store::{
    Added, AuthorizationStore as _, BusinessStore as _, Claim, ConnectionStore as _, Event,
    EventKind, Landing, NewConnection, Saved, SealedCredentials, SessionStore as _, SqlStore,
    Success, TenantStore as _,
};
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use time::OffsetDateTime;
use time::macros::datetime;

/// The time at which things are made, to the millisecond, as stores keep it.
pub(super) const NOW: OffsetDateTime = datetime!(2026-03-01 12:00:00.123 UTC);
/// More than any session has open.
const MANY: usize = 1_000;

/// A new store.
pub(super) struct Place {
    pub(super) store: Arc<SqlStore>,
    pub(super) url: String,
    pub(super) tenant: Tenant,
    pub(super) widget: Widget,
    _folder: TempDir,
}

impl Place {
    pub(super) async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("store.sqlite");
        let store = SqlStore::open_file(&file).await.unwrap();
        Self::furnished(store, format!("sqlite:{}", file.display()), folder).await
    }

    pub(super) async fn postgres() -> Option<Self> {
        let url = postgres::database().await?;
        let store = SqlStore::open_postgres(url.as_str()).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        Some(Self::furnished(store, url.into(), folder).await)
    }

    async fn furnished(store: SqlStore, url: String, folder: TempDir) -> Self {
        let (tenant, workspace_name) = tenant(&store, "default").await;
        let mut widget = widget("wid_1", tenant.clone(), workspace_name);
        assert_eq!(store.save_widget(&widget).await.unwrap(), Saved::Done);
        widget.revision += 1;
        Self {
            store: Arc::new(store),
            url,
            tenant,
            widget,
            _folder: folder,
        }
    }

    /// Another way into the same database, as another server has it.
    pub(super) async fn again(&self) -> SqlStore {
        match self.url.strip_prefix("sqlite:") {
            Some(file) => SqlStore::open_file(file.as_ref()).await.unwrap(),
            None => SqlStore::open_postgres(&self.url).await.unwrap(),
        }
    }

    /// A business that was just made.
    pub(super) async fn business(&self, name: &str) -> Business {
        let business = business(&self.tenant, name, NOW);
        let added = self.store.add_business(&business, &made(&business)).await;
        assert_eq!(added.unwrap(), Saved::Done);
        business
    }

    /// A session that was just begun.
    pub(super) async fn session(&self, business: &Business) -> Session {
        let session = self.session_of(business);
        let added = self
            .store
            .add_session(&session, Digest::of(session.id.as_str()));
        assert_eq!(added.await.unwrap(), Saved::Done);
        session
    }

    /// A session as it would begin now.
    pub(super) fn session_of(&self, business: &Business) -> Session {
        Session {
            id: SessionId::generate(&SystemEntropy),
            tenant: self.tenant.clone(),
            widget: self.widget.id.clone(),
            business: business.id.clone(),
            origin: Origin::parse("https://lender.example").unwrap(),
            created_at: NOW,
            expires_at: NOW + time::Duration::hours(24),
            metadata: serde_json::from_str(r#"{"customer":"№ 7"}"#).unwrap(),
            locale: Some("pt-BR".to_owned()),
            minted: false,
            minted_from: None,
        }
    }

    /// An authorization as it would begin now.
    pub(super) fn authorization_of(&self, session: &Session) -> Authorization {
        Authorization {
            id: AuthorizationId::generate(&SystemEntropy),
            tenant: session.tenant.clone(),
            workspace_name: self.widget.workspace_name.clone(),
            session: session.id.clone(),
            widget: session.widget.clone(),
            business: session.business.clone(),
            service_name: "xero".to_owned(),
            fields: [("region".to_owned(), "Île-de-France".to_owned())].into(),
            reauthorizes: None,
            handoff: Handoff::Offered {
                nonce: Digest::of("nonce"),
            },
            state: None,
            home: None,
            sealed_verifier: None,
            phase: Phase::Pending,
            version: 1,
            revision: 1,
            created_at: NOW,
            expires_at: NOW + LIFETIME,
        }
    }

    /// An authorization that was just begun.
    pub(super) async fn authorization(&self, session: &Session) -> Authorization {
        let authorization = self.authorization_of(session);
        let added = self.store.add_authorization(&authorization, MANY).await;
        assert_eq!(added.unwrap(), Added::Done);
        authorization
    }

    /// The authorization as it is stored now.
    pub(super) async fn stored(&self, authorization: &Authorization) -> Authorization {
        let found = self.store.authorization(&authorization.id).await.unwrap();
        found.unwrap()
    }

    /// An authorization that was sent off with the state `state`.
    pub(super) async fn sent_off(&self, session: &Session, state: &str) -> Authorization {
        let authorization = self.authorization(session).await;
        let (cookie, state) = (Digest::of("cookie"), Digest::of(state));
        let sent = authorization.send_off(cookie, None, state, "sealed verifier".to_owned());
        let sent = sent.unwrap();
        assert_eq!(
            self.store.save_authorization(&sent).await.unwrap(),
            Saved::Done
        );
        self.stored(&sent).await
    }

    /// An authorization whose callback brought a code to `server`.
    pub(super) async fn accepted(&self, session: &Session, server: &ServerId) -> Authorization {
        let state = SessionId::generate(&SystemEntropy).to_string();
        self.sent_off(session, &state).await;
        let landing = Landing::Code("sealed code".to_owned());
        let consumed = self
            .store
            .consume_state(Digest::of(&state), &landing, claim(server), NOW);
        consumed.await.unwrap().unwrap()
    }

    /// Saves a change of an authorization.
    pub(super) async fn save(&self, authorization: &Authorization) -> Saved {
        self.store.save_authorization(authorization).await.unwrap()
    }

    /// Replaces the credentials of `connection` by those of this version.
    pub(super) async fn refresh(&self, connection: &Connection, version: u32) -> Saved {
        let event = event(connection, EventKind::ConnectionRefreshed);
        let (id, sealed) = (&connection.id, sealed(version));
        let replaced = self.store.replace_credentials(id, &sealed, None, &event);
        replaced.await.unwrap()
    }

    /// A connection of `business` to `account`, made in an authorization of its own.
    pub(super) async fn connected(&self, business: &Business, account: &str) -> Connection {
        let session = self.session(business).await;
        let authorization = self.authorization(&session).await;
        let success = success(&authorization, business, account, 1);
        let settled = self.store.settle(&success).await.unwrap();
        assert_eq!(settled, Saved::Done);
        success.connection.connection
    }
}

/// Another tenant: the sandbox of the workspace `name`.
pub(super) async fn tenant(store: &SqlStore, name: &str) -> (Tenant, WorkspaceName) {
    let name = WorkspaceName::parse(name).unwrap();
    let id = format!("wsp_{}", name.as_str()).as_str().into();
    let Workspace { id, name } = store.ensure_workspace(&name, &id, NOW).await.unwrap();
    let environment = Environment::Sandbox;
    let workspace = id;
    let tenant = Tenant {
        workspace,
        environment,
    };
    (tenant, name)
}

/// A widget of `tenant` that is not saved yet.
pub(super) fn widget(id: &str, tenant: Tenant, workspace_name: WorkspaceName) -> Widget {
    Widget {
        id: id.into(),
        tenant,
        workspace_name,
        company_name: "Ñandú Crédit – 信用".to_owned(),
        origins: ["https://b.example", "https://a.example"]
            .map(|origin| Origin::parse(origin).unwrap())
            .into(),
        settings: Settings {
            logo: Some("https://a.example/logo.svg".to_owned()),
            ..Settings::default()
        },
        sealed_signing_secret: "sealed".to_owned(),
        signing_secret_version: 1,
        revision: 0,
        created_at: NOW,
    }
}

/// A business as it would be made at `at`.
pub(super) fn business(tenant: &Tenant, name: &str, at: OffsetDateTime) -> Business {
    let id = railhead_server::domain::id::BusinessId::generate(&SystemEntropy);
    Business::create(id, tenant.clone(), BusinessName::parse(name).unwrap(), at)
}

/// What `server` claims.
pub(super) fn claim(server: &ServerId) -> Claim<'_> {
    let lasting = Duration::from_mins(1);
    Claim { server, lasting }
}

/// A pending connection of `business`, with credentials of the first version.
pub(super) fn pending(business: &Business) -> NewConnection {
    let owner = Owner {
        tenant: business.tenant.clone(),
        business: business.id.clone(),
        business_name: business.name.as_str().to_owned(),
    };
    let id = ConnectionId::generate(&SystemEntropy);
    NewConnection {
        renew_at: None,
        connection: Connection::begin(id, owner, "xero".to_owned(), NOW),
        credentials: sealed(1),
        fields: [].into(),
    }
}

/// Credentials of this version.
pub(super) fn sealed(version: u32) -> SealedCredentials {
    SealedCredentials {
        sealed: format!("sealed {version}"),
        version,
    }
}

/// The success of `authorization` with a new connection to `account`.
pub(super) fn success(
    authorization: &Authorization,
    business: &Business,
    account: &str,
    version: u32,
) -> Success {
    let new = pending(business);
    let account = Account {
        account_id: account.to_owned(),
        name: "Café Müller 株式会社".to_owned(),
    };
    let connection = new.connection.connect(account, for_a_year()).unwrap();
    let succeeded = authorization.clone().succeed(connection.id.clone());
    let business = business.clone().activate();
    Success {
        authorization: succeeded.unwrap(),
        event: event(&connection, EventKind::ConnectionCreated),
        activated: business_event(&business, EventKind::BusinessUpdated),
        connection: NewConnection {
            renew_at: None,
            connection,
            credentials: sealed(version),
            ..new
        },
        business,
        discard: None,
    }
}

/// Something that happened to `connection`.
pub(super) fn event(connection: &Connection, kind: EventKind) -> Event {
    Event {
        id: EventId::generate(&SystemEntropy),
        tenant: connection.tenant.clone(),
        at: NOW,
        kind,
        business: Some(connection.business.clone()),
        connection: Some(connection.id.clone()),
        authorization: None,
        data: "{}".to_owned(),
    }
}

/// Something that happened to `business`.
pub(super) fn business_event(business: &Business, kind: EventKind) -> Event {
    Event {
        id: EventId::generate(&SystemEntropy),
        tenant: business.tenant.clone(),
        at: NOW,
        kind,
        business: Some(business.id.clone()),
        connection: None,
        authorization: None,
        data: format!(r#"{{"status":"{:?}"}}"#, business.status),
    }
}

/// A business was made.
pub(super) fn made(business: &Business) -> Event {
    business_event(business, EventKind::BusinessCreated)
}

/// A business was changed.
pub(super) fn changed(business: &Business) -> Event {
    business_event(business, EventKind::BusinessUpdated)
}

/// A business was removed.
pub(super) fn removed(business: &Business) -> Event {
    business_event(business, EventKind::BusinessRemoved)
}

/// Authorized now, for as long as connections usually are.
pub(super) fn for_a_year() -> Granted {
    Granted {
        at: NOW,
        months: 12,
    }
}
