//! The broker through real HTTP, with the real demo provider on the other side.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod addresses;
mod callbacks;
mod clients;
mod connecting;
mod credentials;
mod disconnecting;
mod ending;
mod events;
mod faults;
mod idempotency;
mod keys;
mod killed;
mod limits;
mod observing;
mod operating;
mod polling;
mod proxies;
mod reference;
mod refusals;
mod renewing;
mod replicas;
mod rotation;
mod secrets;
mod serving;
mod sessions;
mod store;
mod success;
mod support;
mod sweeping;
mod tenants;
mod tls;
mod webhooks;
mod widgets;
