//! The section `retention` of the settings.

use crate::limits::count;
use serde::Deserialize;
use time::Duration;

/// How long things are kept.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Retention {
    /// How many days what happened can be read back. Default 400.
    #[serde(deserialize_with = "count")]
    pub events_days: usize,
}

impl Default for Retention {
    fn default() -> Self {
        Self { events_days: 400 }
    }
}

impl Retention {
    /// How long events are kept.
    #[must_use]
    pub fn events(&self) -> Duration {
        // A century and more is for ever.
        Duration::days(i64::try_from(self.events_days.min(100_000)).unwrap_or(i64::MAX))
    }
}
