//! What Railhead is about: businesses, sessions, authorizations, connections, and how each may change.
//!
//! States are enums and transitions consume `self`. Nothing here knows HTTP or SQL.

pub mod api_key;
pub mod authorization;
pub mod business;
pub mod connection;
pub mod deadline;
pub mod delivery;
pub mod failure;
pub mod handoff;
pub mod homecoming;
pub mod id;
pub mod service_client;
pub mod session;
pub mod settlement;
pub mod tenant;
pub mod webhook;
pub mod widget;
pub mod widget_settings;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// `at` as it travels: RFC 3339, UTC, to the second.
#[must_use]
pub fn timestamp(at: OffsetDateTime) -> railhead_protocol::Timestamp {
    at.to_offset(time::UtcOffset::UTC)
        .replace_nanosecond(0)
        .ok()
        .and_then(|at| at.format(&Rfc3339).ok())
        .unwrap_or_default()
}
