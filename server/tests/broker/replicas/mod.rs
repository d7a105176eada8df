//! Several servers on one PostgreSQL database behind one address: each goes on with what another one began.

mod killed;
mod refreshing;
mod starting;
mod together;

use crate::support::process::use_database;
use crate::support::visit::Visit;
use crate::support::{Setup, World, config, postgres};
use railhead_server::clock::SharedClock;
use railhead_server::config::Config;
use railhead_server::entropy::SystemEntropy;
use railhead_server::server::{Parts, Running, start};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

/// Server A is the world's; server B is another one on its database.
struct Pair {
    a: World,
    b: Running,
    _folder: TempDir,
}

/// How a pair differs from the usual one.
#[derive(Default)]
struct Differing {
    provider: demo_provider::Config,
    configure: Option<fn(&mut Config)>,
    clock: Option<SharedClock>,
}

impl Pair {
    /// `None` where there is no PostgreSQL.
    async fn new(differing: Differing) -> Option<Self> {
        let a = world(differing.provider, differing.configure).await?;
        let folder = beside(a.folder.path());
        let mut config = config(folder.path(), &a.provider.url);
        config.public_url = Some(a.server.public_url.clone());
        if let Some(configure) = differing.configure {
            configure(&mut config);
        }
        let parts = Parts {
            config,
            clock: differing.clock.unwrap_or_else(|| a.clock.clone()),
            entropy: Arc::new(SystemEntropy),
        };
        let b = start(parts).await.unwrap();
        Some(Self {
            a,
            b,
            _folder: folder,
        })
    }

    /// `visit`, while the load balancer sends its requests to B.
    fn at_b<'w>(&'w self, visit: &Visit<'w>) -> Visit<'w> {
        at(visit, &self.a, self.b.address.port())
    }
}

/// `visit`, while the load balancer sends its requests to `port`.
fn at<'w>(visit: &Visit<'w>, world: &'w World, port: u16) -> Visit<'w> {
    Visit {
        world,
        browser: visit.browser.through(&world.server.public_url, port),
        session: visit.session.clone(),
    }
}

async fn world(
    provider: demo_provider::Config,
    configure: Option<fn(&mut Config)>,
) -> Option<World> {
    let database = Some(postgres::database().await?);
    let configure = move |config: &mut Config| {
        if let Some(configure) = configure {
            configure(config);
        }
    };
    let setup = Setup {
        provider,
        database,
        configure: Box::new(configure),
        ..Setup::default()
    };
    Some(World::with(setup).await)
}

/// The folder of another server on the database of `folder`: it is given the same key.
fn beside(folder: &Path) -> TempDir {
    let other = tempfile::tempdir().unwrap();
    let data = other.path().join("data");
    std::fs::create_dir(&data).unwrap();
    std::fs::copy(folder.join("data/vault.key"), data.join("vault.key")).unwrap();
    let url = crate::support::process::database(folder).unwrap();
    use_database(other.path(), &url.parse().unwrap());
    other
}

/// Waits until `is_so`; fails when that takes longer than anybody would wait.
async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let waiting = async {
        while !is_so().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let waited = tokio::time::timeout(Duration::from_secs(30), waiting).await;
    waited.unwrap_or_else(|_| panic!("{what}"));
}
