//! `railhead serve`: runs until it is asked to end.

use crate::clock::SystemClock;
use crate::config::Config;
use crate::entropy::SystemEntropy;
use crate::server::{Parts, start};
use std::process::ExitCode;
use std::sync::Arc;
use tokio::signal::unix::{SignalKind, signal};

pub(super) async fn serve(config: Config) -> anyhow::Result<ExitCode> {
    let parts = Parts {
        config,
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
    };
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let running = start(parts).await?;
    eprintln!(
        "Railhead Connect listens on {} ({})",
        running.address, running.public_url
    );
    let mut asked = async || {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    };
    asked().await;
    let drain = running.drain();
    tracing::info!(drain_seconds = drain.as_secs(), "asked to end");
    // Asked again, it waits no longer.
    tokio::select! {
        () = tokio::time::sleep(drain) => {}
        () = asked() => {}
    }
    running.stop().await;
    Ok(ExitCode::SUCCESS)
}
