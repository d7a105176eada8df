//! Where log lines go, how they look, and how an error is told in one.

use crate::config::{Config, LogFormat};
use tracing_subscriber::EnvFilter;

/// Parts that would log what other servers say to us; they keep quiet unless something is wrong.
const QUIET: &str = "hyper=warn,hyper_util=warn,h2=warn,reqwest=warn,rustls=warn,sqlx=warn";

/// The filter cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("configuration key `log`: not a filter such as info or railhead_server=debug")]
pub struct LogError;

/// Sends log lines to the standard error stream: what `config` asks for, or only `warnings`.
pub fn init(config: &Config, only_warnings: bool) -> Result<(), LogError> {
    let filter = EnvFilter::try_new(format!("{},{QUIET}", config.log)).map_err(|_| LogError)?;
    let filter = if only_warnings {
        EnvFilter::new("warn")
    } else {
        filter
    };
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    match config.log_format {
        LogFormat::Text => lines.init(),
        LogFormat::Json => lines.json().flatten_event(true).init(),
    }
    Ok(())
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
