//! Where log lines go, how they look, and how an error is told in one.

use crate::config::{Config, LogFormat};
use crate::trace::{self, TraceError, Tracing};
use std::io::IsTerminal as _;
use tokio::runtime::Handle;
use tracing_subscriber::filter::{FilterExt as _, filter_fn};
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, fmt};

/// Parts that would log what other servers say to us; they keep quiet unless something is wrong.
const QUIET: &str = "hyper=warn,hyper_util=warn,h2=warn,reqwest=warn,rustls=warn,sqlx=warn";

/// Log lines and traces cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The filter cannot be read.
    #[error("configuration key `log`: not a filter such as info or railhead_server=debug")]
    Filter,
    /// Traces.
    #[error(transparent)]
    Trace(#[from] TraceError),
}

/// Sends log lines to the standard error stream, and traces to the collector: what `config` asks for, or warnings only.
/// Traces are sent on `runtime`, where there is one.
pub fn init(config: &Config, runtime: Option<Handle>) -> Result<Option<Tracing>, LogError> {
    let filter = EnvFilter::try_new(format!("{},{QUIET}", config.log));
    let filter = filter.map_err(|_| LogError::Filter)?;
    let filter = match runtime {
        Some(_) => filter,
        None => EnvFilter::new("warn"),
    };
    let filter = filter.and(filter_fn(|about| !trace::is_trace(about)));
    let lines = fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    let lines = match config.log_format {
        LogFormat::Text => lines.boxed(),
        LogFormat::Json => lines
            .json()
            .flatten_event(true)
            .with_span_list(false)
            .boxed(),
    };
    let start = |runtime| Tracing::start(&config.telemetry, runtime);
    let tracing = runtime.map(start).transpose()?.flatten();
    tracing_subscriber::registry()
        .with(lines.with_filter(filter))
        .with(tracing.as_ref().map(Tracing::layer))
        .init();
    Ok(tracing)
}

/// An error and what caused it, in one line.
#[must_use]
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
