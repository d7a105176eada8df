//! What every route shares: addresses, lifetimes, clock, randomness and the state in memory.

use crate::{
    Config,
    brand::{Brand, Brands},
    clock::Clock,
    entropy::{Entropy, EntropyError, Secret},
    grants::Grants,
    service::Service,
    visits::Visits,
};
use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime},
};
use url::Url;

/// The running provider.
pub(crate) struct App {
    public_url: Url,
    brands: Brands,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    visits: Mutex<Visits>,
    grants: Mutex<Grants>,
    /// How long the slow persona's token answers take.
    pub(crate) slow_delay: Duration,
    /// How long a code works.
    pub(crate) code_lifetime: Duration,
    /// How long an access token works.
    pub(crate) access_token_lifetime: Duration,
    /// After how long without use a refresh token stops working.
    pub(crate) refresh_token_idle: Option<Duration>,
}

impl App {
    /// An app with nothing granted yet.
    pub(crate) fn new(config: Config, public_url: Url) -> Self {
        Self {
            public_url,
            brands: Brands::new(config.services),
            clock: config.clock,
            entropy: config.entropy,
            visits: Mutex::default(),
            grants: Mutex::default(),
            slow_delay: config.slow_delay,
            code_lifetime: config.code_lifetime,
            access_token_lifetime: config.access_token_lifetime,
            refresh_token_idle: config.refresh_token_idle,
        }
    }

    /// The issuer identifier of a service.
    pub(crate) fn issuer(&self, service: &Service) -> String {
        format!(
            "{}/{service}",
            self.public_url.as_str().trim_end_matches('/')
        )
    }

    /// The same without scheme and host, for links, forms and cookies.
    pub(crate) fn path(&self, service: &Service) -> String {
        format!("{}/{service}", self.root())
    }

    /// The path everything is under: empty unless the public address has one.
    pub(crate) fn root(&self) -> &str {
        self.public_url.path().trim_end_matches('/')
    }

    /// Whether browsers reach the provider by https.
    pub(crate) fn is_https(&self) -> bool {
        self.public_url.scheme() == "https"
    }

    /// How the service shows itself.
    pub(crate) async fn brand(&self, service: &Service) -> Brand {
        self.brands.of(service.as_str()).await
    }

    /// The present moment.
    pub(crate) fn now(&self) -> SystemTime {
        self.clock.now()
    }

    /// A new unguessable value.
    pub(crate) fn mint(&self) -> Result<Secret, EntropyError> {
        Secret::mint(self.entropy.as_ref())
    }

    /// Open visits and logins. Never held across an await.
    pub(crate) fn visits(&self) -> MutexGuard<'_, Visits> {
        self.visits.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Grants and counters. Never held across an await.
    pub(crate) fn grants(&self) -> MutexGuard<'_, Grants> {
        self.grants.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
