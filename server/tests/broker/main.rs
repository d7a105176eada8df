//! The broker through real HTTP, with the real demo provider on the other side.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod addresses;
mod callbacks;
mod clients;
mod connecting;
mod credentials;
mod disconnecting;
mod idempotency;
mod keys;
mod killed;
mod limits;
mod operating;
mod polling;
mod refusals;
mod renewing;
mod secrets;
mod serving;
mod sessions;
mod success;
mod support;
mod sweeping;
mod tenants;
mod widgets;
