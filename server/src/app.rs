//! What the routes and the lifecycle share: one of each, handed out by reference.

use crate::catalogue::{Catalogue, CheckedFields, Service};
use crate::clock::SharedClock;
use crate::config::Config;
use crate::domain::authorization::Authorization;
use crate::domain::id::{AuthorizationId, ConnectionId, SessionId, WidgetId};
use crate::domain::tenant::WorkspaceName;
use crate::domain::widget::Origin;
use crate::entropy::SharedEntropy;
use crate::keyed::{Counters, Locks};
use crate::lifecycle::alerts::Alerts;
use crate::limits::{ClientAddress, Rates};
use crate::oauth::{Http, Provider, ProviderError};
use crate::offer;
use crate::store::SharedStore;
use crate::vault::Vault;
use crate::waker::Waker;
use std::sync::Arc;
use time::OffsetDateTime;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use url::Url;

/// The parts of one server.
pub struct App {
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
    /// The time.
    pub clock: SharedClock,
    /// Randomness.
    pub entropy: SharedEntropy,
    /// The way out.
    pub http: Http,
    /// Wakes long-polls.
    pub waker: Waker,
    /// How many polls each session has waiting.
    pub polls: Counters<SessionId>,
    /// How many sessions each client address began lately, for each widget.
    pub sessions: Rates<(WidgetId, ClientAddress)>,
    /// One authorization of a session begins at a time, so that they can be counted.
    pub beginnings: Locks<SessionId>,
    /// The exchanges under way, so that none is done twice at once.
    pub exchanges: Counters<AuthorizationId>,
    /// One refresh at a time for each connection.
    pub refreshes: Locks<ConnectionId>,
    /// What the operator has been told lately.
    pub alerts: Alerts,
    /// What must be finished before the server may end.
    pub tasks: TaskTracker,
    /// Set when the server is asked to end.
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

    /// The service of an authorization and its provider, as they are configured now.
    pub fn provider_of(
        &self,
        authorization: &Authorization,
    ) -> Result<(Arc<Service>, Provider), ServiceGone> {
        let environment = authorization.tenant.environment;
        let catalogue = self.catalogue.current();
        let service = catalogue
            .get(&authorization.service_name)
            .ok_or(ServiceGone::NotOffered)?;
        offer::check(&self.config, environment, service).map_err(|_| ServiceGone::NotOffered)?;
        let fields: CheckedFields = service.check_fields(&authorization.fields)?;
        let provider = offer::provider(&self.config, environment, service, &fields)?;
        Ok((service.clone(), provider))
    }
}
