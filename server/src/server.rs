//! Puts the parts together and runs them: the command `serve`, and each test, starts here.

use crate::app::{App, SharedApp};
use crate::catalogue::{Catalogue, CatalogueError};
use crate::clients::Clients;
use crate::clock::{FollowingClock, SharedClock};
use crate::config::{Config, is_local};
use crate::domain::id::ServerId;
use crate::domain::widget::Origin;
use crate::doors::{Doors, bind, open_doors};
use crate::entropy::SharedEntropy;
use crate::exclusive::{Exclusive, ExclusiveError, create_directory};
use crate::keyed::{Counters, Locks};
use crate::lifecycle::alerts::Alerts;
use crate::lifecycle::rotation::{self, Broken};
use crate::lifecycle::sweep::{Swept, sweep};
use crate::lifecycle::upkeep::{Upkept, upkeep};
use crate::lifecycle::{align, deliver, exchange, hear, revoke, sweep, upkeep};
use crate::limits::Rates;
use crate::log::chain;
use crate::measure::{Meters, MetersError};
use crate::oauth::{Http, HttpOptions, HttpSetupError};
use crate::open::{OpenDataError, Opened, open};
use crate::outgoing::Guard;
use crate::store::{ReplicaStore as _, SqlStore, Store, StoreError};
use crate::tls::{Tls, TlsError};
use crate::vault::{KeyState, Vault};
use crate::waker::Waker;
use crate::webhook::{Sender, Webhooks};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use url::Url;

/// How many values of each kind are opened at start, to see that they do. All of them: `railhead vault verify`.
const FIRST_LOOK: u32 = 500;
/// How often the service files and the key file are looked at.
const FILES_INTERVAL: Duration = Duration::from_secs(1);
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
    /// Where it serves metrics alone, if anywhere.
    pub metrics_address: Option<SocketAddr>,
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
    /// The certificate.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The metrics.
    #[error(transparent)]
    Meters(#[from] MetersError),
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
    let server = ServerId::generate(entropy.as_ref());
    let (exclusive, predecessor) = take_directory(&config, &server)?;
    let Opened {
        store,
        vault,
        key_state,
    } = open(&config, entropy.clone()).await?;
    if key_state == KeyState::Created {
        announce_key(&config);
    }
    report_broken(store.as_ref(), &vault).await?;
    // What a server claimed that is gone is free at once, where it is known to be gone.
    if predecessor.is_some() || !store.is_shared() {
        let gone = predecessor.as_ref().filter(|_| store.is_shared());
        store.forget_server(gone).await?;
    }
    let clock = Arc::new(FollowingClock::new(clock));
    align::align(&clock, store.as_ref()).await?;
    let catalogue = Catalogue::load(&config.services_dirs)?;
    let tls = config.tls.files().map(Tls::open).transpose()?;
    let meters = Meters::install()?;
    let (listener, address) = bind(config.listen)?;
    let public_url = config
        .public_url_at(address.port())
        .ok_or(StartError::PublicUrl)?;
    let metrics = match config.metrics.listen {
        Some(address) => Some(bind(address)?),
        None => None,
    };
    let metrics_address = metrics.as_ref().map(|(_, address)| *address);
    let app = Arc::new(App {
        server,
        own_origin: Origin::of(&public_url).ok_or(StartError::PublicUrl)?,
        http: Http::new(HttpOptions {
            allow_loopback_http: is_local(&public_url),
            ..HttpOptions::default()
        })?,
        webhooks: Webhooks::new(Sender::new(
            Guard::new(
                is_local(&public_url),
                &config.webhooks.allow_private_networks,
            ),
            Duration::from_secs(config.webhooks.timeout_seconds),
        )?),
        public_url: public_url.clone(),
        store: store.clone(),
        vault,
        catalogue,
        clients: Clients::default(),
        clock: clock.clone(),
        entropy,
        waker: Waker::new(store.is_shared()),
        polls: Counters::default(),
        sessions: Rates::default(),
        wrong_keys: Rates::default(),
        credentials: Rates::default(),
        requests: Rates::default(),
        webhook_tests: Rates::default(),
        exchanges: Counters::default(),
        turns: Locks::default(),
        released: Waker::new(store.is_shared()),
        alerts: Alerts::default(),
        tasks: TaskTracker::new(),
        meters: meters.clone(),
        draining: CancellationToken::new(),
        ending: CancellationToken::new(),
        config,
    });
    let resumed = exchange::resume(&app).await?;
    tracing::info!(%address, %public_url, resumed, "listening");
    let doors = Doors {
        listener,
        metrics: metrics.map(|(listener, _)| listener),
        tls,
    };
    let mut tasks = open_doors(&app, doors);
    tasks.extend(jobs(&app, clock));
    tasks.push(tokio::spawn(meters.upkeep(app.ending.clone())));
    Ok(Running {
        address,
        metrics_address,
        public_url,
        app,
        store,
        tasks,
        _exclusive: exclusive,
    })
}

/// What is done though nobody asks for it.
fn jobs(app: &SharedApp, clock: Arc<FollowingClock>) -> [JoinHandle<()>; 7] {
    [
        tokio::spawn(sweep::run(app.clone())),
        tokio::spawn(hear::run(app.clone())),
        tokio::spawn(align::run(app.clone(), clock)),
        tokio::spawn(deliver::run(app.clone())),
        tokio::spawn(revoke::run(app.clone())),
        tokio::spawn(upkeep::run(app.clone())),
        tokio::spawn(watch_files(app.clone())),
    ]
}

/// Takes the data directory for `server`; says which one had it before.
fn take_directory(
    config: &Config,
    server: &ServerId,
) -> Result<(Option<Exclusive>, Option<ServerId>), StartError> {
    match (
        Exclusive::take(&config.data_dir, server.as_str()),
        &config.database,
    ) {
        (Ok((exclusive, before)), _) => Ok((Some(exclusive), before.map(ServerId::from))),
        // PostgreSQL may be shared; a file is one server's.
        (Err(_), Some(_)) => Ok((None, None)),
        (Err(error), None) => Err(error.into()),
    }
}

impl Running {
    /// Sweeps now, as the hourly job does.
    pub async fn sweep(&self) -> Result<Swept, StoreError> {
        sweep(&self.app).await
    }

    /// Delivers to the workspace's endpoints what is due, and waits until that is done.
    pub async fn deliver(&self) -> Result<(), StoreError> {
        deliver::deliver(&self.app).await
    }

    /// Gives back the grants that are due now, as the job that runs all the time does; says how many services it asked.
    pub async fn revoke_due(&self) -> Result<usize, StoreError> {
        revoke::due(&self.app).await
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

    /// Begins to end: `/readyz` says so, and connections are not kept. How long others have to notice is for
    /// [`Config::drain`] to say.
    #[must_use]
    pub fn drain(&self) -> Duration {
        self.app.draining.cancel();
        self.app.config.drain()
    }

    /// Does it hear what other servers on its database change?
    #[must_use]
    pub fn hears(&self) -> bool {
        self.app.waker.is_told()
    }

    /// Ends the server: long-polls are answered, exchanges under way finished.
    pub async fn stop(self) {
        self.app.draining.cancel();
        self.app.ending.cancel();
        for task in self.tasks {
            if let Err(error) = task.await {
                tracing::error!(%error, "a part of the server did not end well");
            }
        }
        self.app.tasks.close();
        let last = async { tokio::join!(self.app.tasks.wait(), self.app.webhooks.tasks.wait()) };
        if tokio::time::timeout(LAST_EXCHANGES, last).await.is_err() {
            tracing::warn!(
                "some exchanges or deliveries are unfinished; the next start takes them up"
            );
        }
        self.store.close().await;
        tracing::info!("ended");
    }
}

/// Says which of what is sealed does not open. The server starts all the same: the rest does.
async fn report_broken(store: &dyn Store, vault: &Vault) -> Result<(), StoreError> {
    let report = rotation::verify(store, vault, Some(FIRST_LOOK)).await?;
    for Broken { value, why } in &report.broken {
        let (table, column) = (value.column.table, value.column.column);
        tracing::error!(table, column, id = value.id, %why, "does not open; see `railhead vault verify`");
    }
    Ok(())
}

fn announce_key(config: &Config) {
    let file = std::path::absolute(config.key_file()).unwrap_or_else(|_| config.key_file());
    tracing::warn!(file = %file.display(), "made a first vault key; keep a copy, nothing sealed opens without it");
}

async fn watch_files(app: SharedApp) {
    let mut told = None;
    let mut interval = tokio::time::interval(FILES_INTERVAL);
    loop {
        tokio::select! {
            _ = interval.tick() => {}
            () = app.ending.cancelled() => return,
        }
        let reading = app.clone();
        let read = tokio::task::spawn_blocking(move || {
            reading.catalogue.refresh();
            reading.vault.refresh().map(drop)
        });
        match read.await {
            Ok(Ok(())) => told = None,
            Ok(Err(error)) => {
                let error = Some(chain(&error));
                // Once, not each second.
                if told != error {
                    tracing::error!(error, "the vault goes on with the keys it has");
                }
                told = error;
            }
            Err(error) => tracing::error!(%error, "the files could not be looked at"),
        }
    }
}
