//! What the routes and the lifecycle share: one of each, handed out by reference.

use crate::catalogue::{Catalogue, CheckedFields, Service};
use crate::clients::Clients;
use crate::clock::SharedClock;
use crate::config::Config;
use crate::domain::authorization::Authorization;
use crate::domain::id::{ApiKeyId, AuthorizationId, ServerId, SessionId, WebhookId, WidgetId};
use crate::domain::tenant::Tenant;
use crate::domain::tenant::WorkspaceName;
use crate::domain::widget::Origin;
use crate::entropy::SharedEntropy;
use crate::keyed::{Counters, Locks};
use crate::lifecycle::alerts::Alerts;
use crate::limits::{ClientAddress, Rates};
use crate::measure::Meters;
use crate::oauth::{Http, Provider, ProviderError};
use crate::offer::Offer;
use crate::store::{SharedStore, StoreError};
use crate::vault::Vault;
use crate::waker::Waker;
use crate::webhook::Webhooks;
use std::sync::Arc;
use time::OffsetDateTime;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use url::Url;

/// The parts of one server.
pub struct App {
    /// Which server this is, among those on one database.
    pub server: ServerId,
    /// The settings.
    pub config: Config,
    /// The address that browsers and services see.
    pub public_url: Url,
    /// Its origin.
    pub own_origin: Origin,
    /// Where everything lasting is.
    pub store: SharedStore,
    /// Seals credentials.
    pub vault: Vault,
    /// What there is to connect to.
    pub catalogue: Catalogue,
    /// The clients that tenants registered at services themselves.
    pub clients: Clients,
    /// The time.
    pub clock: SharedClock,
    /// Randomness.
    pub entropy: SharedEntropy,
    /// The way out.
    pub http: Http,
    /// The way to the workspace's endpoints.
    pub webhooks: Webhooks,
    /// Wakes long-polls.
    pub waker: Waker,
    /// How many polls each session has waiting.
    pub polls: Counters<SessionId>,
    /// How many sessions each client address began lately, for each widget.
    pub sessions: Rates<(WidgetId, ClientAddress)>,
    /// How many requests of the Management API with a wrong key each address sent lately.
    pub wrong_keys: Rates<ClientAddress>,
    /// How often each API key asked for credentials lately.
    pub credentials: Rates<ApiKeyId>,
    /// How many requests each API key made lately.
    pub requests: Rates<ApiKeyId>,
    /// How many tests each webhook endpoint was sent lately.
    pub webhook_tests: Rates<WebhookId>,
    /// The exchanges under way, so that none is done twice at once.
    pub exchanges: Counters<AuthorizationId>,
    /// What is done by one task of this server at a time, before servers are asked to do it one at a time.
    pub turns: Locks<String>,
    /// Wakes who waits for a lease.
    pub released: Waker<String>,
    /// What the operator has been told lately.
    pub alerts: Alerts,
    /// What must be finished before the server may end.
    pub tasks: TaskTracker,
    /// What is measured.
    pub meters: Meters,
    /// Set when the server is asked to end: nothing new should be sent to it.
    pub draining: CancellationToken,
    /// Set when the server ends.
    pub ending: CancellationToken,
}

/// Shared by everything that serves requests.
pub type SharedApp = Arc<App>;

/// Why an authorization cannot be taken to its service any more.
#[derive(Debug, thiserror::Error)]
pub enum ServiceGone {
    /// The catalogue has lost the service, or the widget does not offer it any more.
    #[error("the service is not offered any more")]
    NotOffered,
    /// Its file has changed and no longer accepts what was entered.
    #[error("the service's fields have changed")]
    Fields(#[from] crate::catalogue::FieldError),
    /// It cannot be resolved.
    #[error(transparent)]
    Provider(#[from] ProviderError),
    /// Nobody can tell now: the store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl App {
    /// The present moment.
    #[must_use]
    pub fn now(&self) -> OffsetDateTime {
        self.clock.now()
    }

    /// The address of `path` as browsers see it.
    #[must_use]
    pub fn address(&self, path: &str) -> Url {
        let mut url = self.public_url.clone();
        url.set_path(path);
        url
    }

    /// Where a service sends the browser back: distinct for each workspace and service, and compared exactly.
    #[must_use]
    pub fn redirect_uri(&self, workspace: &WorkspaceName, service_name: &str) -> Url {
        self.address(&format!(
            "/v1/callback/{}/{service_name}",
            workspace.as_str()
        ))
    }

    /// What can be offered to `tenant`.
    pub async fn offer(&self, tenant: &Tenant) -> Result<Offer<'_>, StoreError> {
        let own = self.clients.of(self, tenant).await?;
        Ok(Offer::new(&self.config, tenant.environment, own))
    }

    /// The service of an authorization and its provider, as they are configured now.
    pub async fn provider_of(
        &self,
        authorization: &Authorization,
    ) -> Result<(Arc<Service>, Provider), ServiceGone> {
        let offer = self.offer(&authorization.tenant).await?;
        let catalogue = self.catalogue.current();
        let service = catalogue
            .get(&authorization.service_name)
            .ok_or(ServiceGone::NotOffered)?;
        offer.check(service).map_err(|_| ServiceGone::NotOffered)?;
        let fields: CheckedFields = service.check_fields(&authorization.fields)?;
        let provider = offer.provider(service, &fields)?;
        Ok((service.clone(), provider))
    }
}
