//! How a provider is set up before it starts.

use crate::{Clock, Entropy, SystemClock, SystemEntropy};
use std::{
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

/// Settings of a provider; [`Config::default`] suits tests: a free port on this machine.
#[derive(Clone)]
pub struct Config {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The address browsers and clients use, and the start of every issuer. Left out, it is
    /// `http://localhost:PORT` when listening on this machine only, else the bound address.
    pub public_url: Option<String>,
    /// Folders with the catalogue's `<service>.toml` files, for names and colours; later ones override earlier ones.
    pub services: Vec<PathBuf>,
    /// How long token answers take for the slow persona.
    pub slow_delay: Duration,
    /// How long a code works.
    pub code_lifetime: Duration,
    /// How long an access token works.
    pub access_token_lifetime: Duration,
    /// After how long without use a refresh token stops working; left out, never.
    pub refresh_token_idle: Option<Duration>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The randomness codes, tokens and cookies are made from.
    pub entropy: Arc<dyn Entropy>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            public_url: None,
            services: Vec::new(),
            slow_delay: Duration::from_secs(3),
            code_lifetime: Duration::from_mins(1),
            access_token_lifetime: Duration::from_hours(1),
            refresh_token_idle: None,
            clock: Arc::new(SystemClock),
            entropy: Arc::new(SystemEntropy),
        }
    }
}
