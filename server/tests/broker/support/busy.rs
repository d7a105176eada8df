//! What goes on in a server while something else is done to its data.

use super::{Setup, World};
use std::future::Future;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

/// How many read credentials at the same time.
const READERS: usize = 3;

/// What happened meanwhile.
pub(crate) struct Meanwhile<T> {
    /// What was done to the data.
    pub(crate) done: T,
    /// All connections, the new ones included.
    pub(crate) connections: Vec<String>,
}

/// A world in which each reading of credentials is a refresh first: access tokens live for 30 seconds only.
pub(crate) fn restless(setup: Setup) -> impl Future<Output = World> {
    let provider = demo_provider::Config {
        access_token_lifetime: Duration::from_secs(30),
        ..setup.provider
    };
    World::with(Setup { provider, ..setup })
}

/// Connects the business `name`; answers the connection's id.
pub(crate) async fn connect(world: &World, name: &str) -> String {
    let visit = world.visit(name).await;
    visit.connected("xero", "alice").await.connection_id
}

/// The access token of a connection; none where it is refused.
pub(crate) async fn token(world: &World, key: &str, connection: &str) -> Option<String> {
    let path = format!("/v1/connections/{connection}/credentials");
    let (_, answer) = world.manage(key, &path).await;
    answer["accessToken"].as_str().map(str::to_owned)
}

/// Waits for `work` while credentials are read and refreshed and businesses connect; all of that has to succeed.
pub(crate) async fn busy_during<T>(
    world: &World,
    key: &str,
    work: impl Future<Output = T>,
) -> Meanwhile<T> {
    let mut connections = Vec::new();
    for name in ["Harbor Coffee", "Harbor Tea", "Harbor Books"] {
        connections.push(connect(world, name).await);
    }
    let (over, reads, newcomers) = (
        AtomicBool::new(false),
        AtomicUsize::new(0),
        AtomicUsize::new(0),
    );
    let read = async |reader: usize| {
        while !over.load(Ordering::SeqCst) {
            let connection = &connections[reader];
            let token = token(world, key, connection).await;
            assert!(token.is_some(), "{connection} cannot be read");
            reads.fetch_add(1, Ordering::SeqCst);
        }
    };
    let come = async {
        let mut new = Vec::new();
        while !over.load(Ordering::SeqCst) {
            new.push(connect(world, &format!("Newcomer {}", new.len())).await);
            newcomers.store(new.len(), Ordering::SeqCst);
        }
        new
    };
    // Everything is under way before the work begins, and goes on after it.
    let until = async |enough: usize, count: &AtomicUsize| {
        while count.load(Ordering::SeqCst) < enough {
            tokio::task::yield_now().await;
        }
    };
    let work = async {
        until(READERS, &reads).await;
        let done = work.await;
        until(reads.load(Ordering::SeqCst) + READERS, &reads).await;
        until(newcomers.load(Ordering::SeqCst) + 1, &newcomers).await;
        over.store(true, Ordering::SeqCst);
        done
    };
    let readers = futures_util::future::join_all((0..READERS).map(read));
    let (done, _, new) = tokio::join!(work, readers, come);
    connections.extend(new);
    Meanwhile { done, connections }
}
