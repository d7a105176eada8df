//! The names of everything that is measured, and what each means. Labels hold nothing that a visitor can choose:
//! routes are patterns, services come from the catalogue, outcomes are codes.

/// One metric.
#[derive(Clone, Copy, Debug)]
pub struct Metric {
    /// Its name.
    pub name: &'static str,
    /// What kind of thing it is.
    pub kind: Kind,
    /// What it tells.
    pub meaning: &'static str,
}

/// Kinds of metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Only ever grows, from 0 at the start of the process.
    Counter,
    /// Goes up and down.
    Gauge,
    /// Counts values by size.
    Histogram,
}

macro_rules! metrics {
    ($($constant:ident = $name:literal, $kind:ident, $meaning:literal;)+) => {
        $(#[doc = $meaning] pub const $constant: &str = $name;)+

        /// Every metric; those of one kind of thing stand together.
        pub const ALL: &[Metric] = &[$(Metric { name: $name, kind: Kind::$kind, meaning: $meaning }),+];
    };
}

metrics! {
    BUILD = "railhead_build_info", Gauge, "Always 1; the label `version` says which version runs.";
    REQUESTS = "railhead_requests_total", Counter,
        "Requests answered, by `method`, `route` (its pattern) and `status` (its class, such as 2xx).";
    REQUEST_SECONDS = "railhead_request_duration_seconds", Histogram,
        "How long requests took, by `method` and `route`; long-polls wait up to 25 seconds.";
    WAITING_POLLS = "railhead_waiting_polls", Gauge, "Long-polls and callbacks that are waiting.";
    OPEN_CONNECTIONS = "railhead_open_connections", Gauge, "TCP connections that are open.";
    STALLED_CONNECTIONS = "railhead_stalled_connections_total", Counter,
        "Connections closed because the client read its answer too slowly.";
    TLS_FAILURES = "railhead_tls_failures_total", Counter, "TLS handshakes that failed or took too long.";
    CERTIFICATE_EXPIRY = "railhead_certificate_expiry_timestamp_seconds", Gauge,
        "When the server's own certificate expires, in seconds since 1970.";
    AUTHORIZATIONS = "railhead_authorizations_ended_total", Counter,
        "Authorizations that ended, by `service` and `outcome`: succeeded, cancelled, expired or an error code.";
    TOKEN_EXCHANGES = "railhead_token_exchanges_total", Counter,
        "Codes exchanged for tokens, by `service` and `outcome`.";
    TOKEN_REFRESHES = "railhead_token_refreshes_total", Counter,
        "Access tokens renewed, by `service` and `outcome`.";
    OUTGOING_SECONDS = "railhead_outgoing_request_duration_seconds", Histogram,
        "How long services took to answer, by `service` and `outcome` (class of the status, or what went wrong).";
    SWEEPS = "railhead_sweeps_total", Counter, "Sweeps, by `outcome`: done or failed.";
    SWEPT = "railhead_swept_total", Counter, "What sweeps took up or away, by `what`.";
}
