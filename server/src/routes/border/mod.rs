//! What every request passes: its id and log line, headers, deadlines, who is asking, and how refusals look.

pub(super) mod body;
mod business;
pub(super) mod caller;
pub(super) mod client;
pub(super) mod cors;
pub(super) mod deadline;
pub(super) mod fallback;
pub(super) mod headers;
pub(super) mod idempotency;
pub(super) mod path;
pub(super) mod problem;
pub(super) mod query;
pub(super) mod request;
pub(super) mod smaller;
pub(super) mod tagged;
pub(super) mod visitor;
mod words;
