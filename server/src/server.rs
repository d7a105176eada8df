//! Puts the parts together and runs them: the command `serve`, and each test, starts here.

use crate::app::{App, SharedApp};
use crate::catalogue::{Catalogue, CatalogueError};
use crate::clock::SharedClock;
use crate::config::{Config, is_local};
use crate::domain::widget::Origin;
use crate::entropy::SharedEntropy;
use crate::exclusive::{Exclusive, ExclusiveError, create_directory};
use crate::keyed::{Counters, Locks};
use crate::lifecycle::alerts::Alerts;
use crate::lifecycle::sweep::{Swept, sweep};
use crate::lifecycle::upkeep::{Upkept, upkeep};
use crate::lifecycle::{exchange, sweep, upkeep};
use crate::limits::Rates;
use crate::listener::{self, Bounds, HEADER_TIMEOUT};
use crate::oauth::{Http, HttpOptions, HttpSetupError};
use crate::open::{OpenDataError, Opened, open};
use crate::routes;
use crate::store::{SqlStore, StoreError};
use crate::vault::KeyState;
use crate::waker::Waker;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use url::Url;

/// How often the service files are looked at.
const CATALOGUE_INTERVAL: Duration = Duration::from_secs(1);
/// How long exchanges that are under way may take when the server ends.
const LAST_EXCHANGES: Duration = Duration::from_secs(25);

/// What a server is made from.
pub struct Parts {
    /// The settings.
    pub config: Config,
    /// The time.
    pub clock: SharedClock,
    /// Randomness.
    pub entropy: SharedEntropy,
}

/// A server that is running.
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    /// The address that browsers and services see.
    pub public_url: Url,
    app: SharedApp,
    store: Arc<SqlStore>,
    tasks: Vec<JoinHandle<()>>,
    _exclusive: Option<Exclusive>,
}

/// Why a server does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data directory is used by another server.
    #[error(transparent)]
    Exclusive(#[from] ExclusiveError),
    /// The data.
    #[error(transparent)]
    Open(#[from] OpenDataError),
    /// The service files.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// The HTTP client.
    #[error(transparent)]
    Http(#[from] HttpSetupError),
    /// The address is taken, or not this machine's.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        source: std::io::Error,
    },
    /// `public_url` has no origin.
    #[error("`public_url` must be an http or https address without a path")]
    PublicUrl,
    /// The data directory cannot be made.
    #[error("the data directory {} cannot be made", .path.display())]
    Directory {
        /// Which one.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Starts a server.
pub async fn start(parts: Parts) -> Result<Running, StartError> {
    let Parts {
        config,
        clock,
        entropy,
    } = parts;
    create_directory(&config.data_dir).map_err(|source| StartError::Directory {
        path: config.data_dir.clone(),
        source,
    })?;
    // PostgreSQL may be shared; a file is one server's.
    let exclusive = match config.database {
        Some(_) => None,
        None => Some(Exclusive::take(&config.data_dir)?),
    };
    let Opened {
        store,
        vault,
        key_state,
    } = open(&config, entropy.clone()).await?;
    if key_state == KeyState::Created {
        announce_key(&config);
    }
    let catalogue = Catalogue::load(&config.services_dirs)?;
    let (listener, address) = bind(config.listen).await?;
    let public_url = public_url(&config, address)?;
    let app = Arc::new(App {
        own_origin: Origin::of(&public_url).ok_or(StartError::PublicUrl)?,
        http: Http::new(HttpOptions {
            allow_loopback_http: is_local(&public_url),
            ..HttpOptions::default()
        })?,
        public_url: public_url.clone(),
        store: store.clone(),
        vault,
        catalogue,
        clock,
        entropy,
        waker: Waker::default(),
        polls: Counters::default(),
        sessions: Rates::default(),
        beginnings: Locks::default(),
        exchanges: Counters::default(),
        refreshes: Locks::default(),
        alerts: Alerts::default(),
        tasks: TaskTracker::new(),
        ending: CancellationToken::new(),
        config,
    });
    let resumed = exchange::resume(&app).await?;
    tracing::info!(%address, %public_url, resumed, "listening");
    let router = routes::router(app.clone());
    let bounds = Bounds {
        headers: HEADER_TIMEOUT,
        connections: app.config.limits.connections,
    };
    let tasks = vec![
        tokio::spawn(listener::serve(
            listener,
            router,
            app.ending.clone(),
            bounds,
        )),
        tokio::spawn(sweep::run(app.clone())),
        tokio::spawn(upkeep::run(app.clone())),
        tokio::spawn(watch_catalogue(app.clone())),
    ];
    Ok(Running {
        address,
        public_url,
        app,
        store,
        tasks,
        _exclusive: exclusive,
    })
}

impl Running {
    /// Sweeps now, as the hourly job does.
    pub async fn sweep(&self) -> Result<Swept, StoreError> {
        sweep(&self.app).await
    }

    /// Keeps connections alive and writes down their ends now, as the job of every minute does.
    pub async fn upkeep(&self) -> Result<Upkept, StoreError> {
        upkeep(&self.app).await
    }

    /// How many long-polls and callbacks are waiting.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.app.waker.waiting()
    }

    /// Ends the server: long-polls are answered, exchanges under way finished.
    pub async fn stop(self) {
        self.app.ending.cancel();
        for task in self.tasks {
            if let Err(error) = task.await {
                tracing::error!(%error, "a part of the server did not end well");
            }
        }
        self.app.tasks.close();
        if tokio::time::timeout(LAST_EXCHANGES, self.app.tasks.wait())
            .await
            .is_err()
        {
            tracing::warn!("some exchanges are unfinished; the next start takes them up");
        }
        self.store.close().await;
        tracing::info!("ended");
    }
}

async fn bind(address: SocketAddr) -> Result<(TcpListener, SocketAddr), StartError> {
    let refused = |source| StartError::Listen { address, source };
    let listener = TcpListener::bind(address).await.map_err(refused)?;
    let bound = listener.local_addr().map_err(refused)?;
    Ok((listener, bound))
}

fn announce_key(config: &Config) {
    let file = std::path::absolute(config.key_file()).unwrap_or_else(|_| config.key_file());
    tracing::warn!(file = %file.display(), "made a first vault key; keep a copy, nothing sealed opens without it");
}

fn public_url(config: &Config, address: SocketAddr) -> Result<Url, StartError> {
    match &config.public_url {
        Some(url) => Ok(url.clone()),
        None => Url::parse(&format!("http://localhost:{}", address.port()))
            .map_err(|_| StartError::PublicUrl),
    }
}

async fn watch_catalogue(app: SharedApp) {
    let mut interval = tokio::time::interval(CATALOGUE_INTERVAL);
    loop {
        tokio::select! {
            _ = interval.tick() => {}
            () = app.ending.cancelled() => return,
        }
        let reading = app.clone();
        let read = tokio::task::spawn_blocking(move || reading.catalogue.refresh()).await;
        if let Err(error) = read {
            tracing::error!(%error, "the service files could not be looked at");
        }
    }
}
