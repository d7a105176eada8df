//! A server's own threads, as another machine has them: a test that waits for a command does not hold the server up in
//! the middle of a transaction that the command waits for.

use railhead_server::server::{Parts, Running, StartError, start};
use tokio::runtime::{Builder, Runtime};

/// Threads that end with the test.
pub(crate) struct Machine(Option<Runtime>);

impl Machine {
    pub(crate) fn new() -> Self {
        let mut threads = Builder::new_multi_thread();
        Self(Some(
            threads.worker_threads(2).enable_all().build().unwrap(),
        ))
    }

    pub(crate) async fn start(&self, parts: Parts) -> Result<Running, StartError> {
        let started = self.0.as_ref().unwrap().spawn(start(parts));
        started.await.unwrap()
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        if let Some(threads) = self.0.take() {
            threads.shutdown_background();
        }
    }
}
