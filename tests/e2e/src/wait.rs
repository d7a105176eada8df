//! The one place where a test waits: on a condition, with a deadline.

use anyhow::{Context, Result, bail};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// How long a test waits for what should come soon.
pub const PATIENCE: Duration = Duration::from_mins(1);
const PACE: Duration = Duration::from_millis(40);

/// Asks `probe` until it answers something; fails after [`PATIENCE`], naming `what`.
pub async fn until<T>(what: &str, probe: impl AsyncFnMut() -> Result<Option<T>>) -> Result<T> {
    until_within(PATIENCE, what, probe).await
}

/// Asks `probe` until it answers something. An error of the probe means "not yet", and is told when time is up.
pub async fn until_within<T>(
    limit: Duration,
    what: &str,
    mut probe: impl AsyncFnMut() -> Result<Option<T>>,
) -> Result<T> {
    let deadline = Instant::now() + limit;
    loop {
        let outcome = probe().await;
        if let Ok(Some(found)) = outcome {
            return Ok(found);
        }
        if Instant::now() >= deadline {
            let waited = format!("waited {} s for {what}", limit.as_secs());
            return match outcome {
                Err(error) => Err(error).context(waited),
                Ok(_) => bail!("{waited}"),
            };
        }
        sleep(PACE).await;
    }
}
