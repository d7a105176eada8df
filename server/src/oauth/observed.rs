//! Requests to services as an operator sees them: how long each took and how it ended, and nothing of what was said.

use super::http::{Answer, HttpError};
use super::provider::Provider;
use crate::{measure, trace};
use tokio::time::Instant;
use tracing::Instrument as _;

/// Measures and traces `request`, which asks the service of `provider`.
pub(super) async fn observed(
    provider: &Provider,
    request: impl Future<Output = Result<Answer, HttpError>>,
) -> Result<Answer, HttpError> {
    let service = &provider.service_name;
    let span = trace::outgoing(service);
    let started = Instant::now();
    let answer = request.instrument(span.clone()).await;
    let outcome = match &answer {
        Ok(answer) => measure::status_class(answer.status.as_u16()),
        Err(HttpError::Refused(_)) => "refused",
        Err(HttpError::Unreachable) => "unreachable",
        Err(HttpError::TimedOut) => "timed_out",
        Err(HttpError::TooLarge) => "too_large",
    };
    trace::returned(&span, outcome);
    measure::outgoing(service, outcome, started.elapsed());
    answer
}
