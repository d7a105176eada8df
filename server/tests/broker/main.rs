//! The broker through real HTTP, with the real demo provider on the other side.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod addresses;
mod callbacks;
mod connecting;
mod credentials;
mod keep_alive;
mod killed;
mod lifecycle;
mod limits;
mod operating;
mod polling;
mod refresh_failures;
mod refusals;
mod renewing;
mod secrets;
mod serving;
mod success;
mod support;
mod sweeping;
mod tenants;
