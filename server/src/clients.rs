//! The clients that tenants registered at services themselves, opened and at hand. Another server may set one: what is
//! at hand is read again after a few seconds.

use crate::app::App;
use crate::domain::id::WorkspaceId;
use crate::domain::tenant::{Tenant, environment_name};
use crate::log::chain;
use crate::oauth::ClientCredentials;
use crate::store::StoreError;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use time::{Duration, OffsetDateTime};

/// How long what is at hand counts.
const GOOD_FOR: Duration = Duration::seconds(5);

/// The clients of one tenant by service name. One that does not open has no id, and so cannot be used.
pub type OwnClients = BTreeMap<String, ClientCredentials>;

type Key = (WorkspaceId, &'static str);

/// The clients of all tenants that were asked for lately.
#[derive(Debug, Default)]
pub struct Clients(Mutex<AtHand>);

#[derive(Debug, Default)]
struct AtHand {
    tenants: HashMap<Key, (OffsetDateTime, Arc<OwnClients>)>,
    /// Counts the changes, so that what was read before one is not kept after it.
    changes: u64,
}

impl Clients {
    /// A client was set or removed: all are read again.
    pub fn changed(&self) {
        let mut at_hand = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        at_hand.changes += 1;
        at_hand.tenants.clear();
    }

    /// The clients of `tenant`.
    pub async fn of(&self, app: &App, tenant: &Tenant) -> Result<Arc<OwnClients>, StoreError> {
        let key = (
            tenant.workspace.clone(),
            environment_name(tenant.environment),
        );
        let now = app.now();
        let changes = {
            let at_hand = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some((read_at, clients)) = at_hand.tenants.get(&key)
                && (*read_at..*read_at + GOOD_FOR).contains(&now)
            {
                return Ok(clients.clone());
            }
            at_hand.changes
        };
        let clients = Arc::new(read(app, tenant).await?);
        let mut at_hand = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if at_hand.changes == changes {
            at_hand.tenants.insert(key, (now, clients.clone()));
        }
        Ok(clients)
    }
}

async fn read(app: &App, tenant: &Tenant) -> Result<OwnClients, StoreError> {
    let stored = app.store.service_clients(tenant).await?;
    let open = |client: crate::domain::service_client::ServiceClient| {
        let opened = app
            .vault
            .unseal(&client.secret_place(), &client.sealed_secret);
        let credentials = match opened {
            Ok(client_secret) => ClientCredentials {
                client_id: client.client_id.clone(),
                client_secret,
                redirect_name: client.redirect_name.clone(),
            },
            Err(error) => {
                tracing::error!(
                    service = client.service_name,
                    error = chain(&error),
                    "client does not open"
                );
                ClientCredentials {
                    client_id: String::new(),
                    client_secret: String::new().into(),
                    redirect_name: None,
                }
            }
        };
        (client.service_name.clone(), credentials)
    };
    Ok(stored.into_iter().map(open).collect())
}
