//! What is counted and measured, for Prometheus. Whoever has something to tell names it in [`names`] and says it with
//! the macros of the crate `metrics`; without [`Meters::install`] that does nothing.

pub mod names;

use crate::domain::authorization::{Authorization, Phase};
use metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{BuildError, PrometheusBuilder, PrometheusHandle};
use names::Kind;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// The upper bounds of durations, in seconds. The last but one is the longest a long-poll waits.
const BUCKETS: [f64; 13] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 26.0, 60.0,
];
/// How often values that nobody came to fetch are folded together.
const UPKEEP: Duration = Duration::from_secs(10);

/// The metrics of this process.
static INSTALLED: Mutex<Option<Meters>> = Mutex::new(None);

/// Reads what was measured.
#[derive(Clone, Debug)]
pub struct Meters(PrometheusHandle);

/// The metrics cannot be set up.
#[derive(Debug, thiserror::Error)]
#[error("the metrics cannot be set up")]
pub struct MetersError(#[from] BuildError);

impl Meters {
    /// Begins to measure. There is one set of metrics in a process: servers in it share them.
    pub fn install() -> Result<Self, MetersError> {
        let mut installed = INSTALLED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(meters) = &*installed {
            return Ok(meters.clone());
        }
        let meters = Self(
            PrometheusBuilder::new()
                .set_buckets(&BUCKETS)?
                .install_recorder()?,
        );
        for metric in names::ALL {
            match metric.kind {
                Kind::Counter => describe_counter!(metric.name, metric.meaning),
                Kind::Gauge => describe_gauge!(metric.name, metric.meaning),
                Kind::Histogram => describe_histogram!(metric.name, metric.meaning),
            }
        }
        gauge!(names::BUILD, "version" => env!("CARGO_PKG_VERSION")).set(1);
        Ok(installed.insert(meters).clone())
    }

    /// Everything measured, in the text format of Prometheus. `waiting` polls wait now.
    #[must_use]
    pub fn render(&self, waiting: usize) -> String {
        gauge!(names::WAITING_POLLS).set(u32::try_from(waiting).unwrap_or(u32::MAX));
        self.0.render()
    }

    /// Keeps what nobody fetches from growing, until the server ends.
    pub async fn upkeep(self, ending: CancellationToken) {
        let mut interval = tokio::time::interval(UPKEEP);
        loop {
            tokio::select! {
                _ = interval.tick() => self.0.run_upkeep(),
                () = ending.cancelled() => return,
            }
        }
    }
}

/// A request was answered. `route` is its pattern; `method` one of the common ones.
pub fn request(method: &'static str, route: &str, status: u16, took: Duration) {
    let route = route.to_owned();
    let class = status_class(status);
    counter!(names::REQUESTS, "method" => method, "route" => route.clone(), "status" => class)
        .increment(1);
    histogram!(names::REQUEST_SECONDS, "method" => method, "route" => route).record(took);
}

/// An authorization was saved as it is now; counts it if it is over.
pub fn authorization_saved(authorization: &Authorization) {
    let outcome = match &authorization.phase {
        Phase::Succeeded { .. } => "succeeded",
        Phase::Failed(code) => code.as_str(),
        Phase::Cancelled => "cancelled",
        Phase::Expired => "expired",
        Phase::Pending
        | Phase::Landed { .. }
        | Phase::Accepted { .. }
        | Phase::Authorized { .. }
        | Phase::Choosing { .. } => return,
    };
    let service = authorization.service_name.clone();
    counter!(names::AUTHORIZATIONS, "service" => service, "outcome" => outcome).increment(1);
}

/// A token request of the kind `name` ended.
pub fn tokens(name: &'static str, service: &str, outcome: &'static str) {
    counter!(name, "service" => service.to_owned(), "outcome" => outcome).increment(1);
}

/// A service answered, or did not.
pub fn outgoing(service: &str, outcome: &'static str, took: Duration) {
    histogram!(names::OUTGOING_SECONDS, "service" => service.to_owned(), "outcome" => outcome)
        .record(took);
}

/// The class of an HTTP status.
#[must_use]
pub fn status_class(status: u16) -> &'static str {
    match status {
        100..=199 => "1xx",
        200..=299 => "2xx",
        300..=399 => "3xx",
        400..=499 => "4xx",
        _ => "5xx",
    }
}

/// Counted while it is open.
#[derive(Debug)]
pub struct OpenConnection(());

impl OpenConnection {
    /// One more.
    #[must_use]
    pub fn count() -> Self {
        gauge!(names::OPEN_CONNECTIONS).increment(1);
        Self(())
    }
}

impl Drop for OpenConnection {
    fn drop(&mut self) {
        gauge!(names::OPEN_CONNECTIONS).decrement(1);
    }
}

#[cfg(test)]
mod tests {
    use super::names::{ALL, Kind};

    #[test]
    fn names_follow_the_conventions_of_prometheus_and_stand_in_the_manual() {
        let manual = include_str!("../../../docs/OPERATIONS.md");
        for metric in ALL {
            let name = metric.name;
            assert!(name.starts_with("railhead_"), "{name}");
            assert_eq!(
                name.ends_with("_total"),
                metric.kind == Kind::Counter,
                "{name}"
            );
            assert!(
                manual.contains(&format!("| `{name}` |")),
                "{name} in docs/OPERATIONS.md"
            );
        }
    }
}
