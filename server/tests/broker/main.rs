//! The broker through real HTTP, with the real demo provider on the other side.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod addresses;
mod backing_up;
mod callbacks;
mod clients;
mod connecting;
mod credentials;
mod disconnecting;
mod ending;
mod events;
mod faults;
mod frames;
mod idempotency;
mod keep_alive;
mod keys;
mod killed;
mod languages;
mod lifecycle;
mod limits;
mod observing;
mod operating;
mod own_tab;
mod painting;
mod polling;
mod proxies;
mod reference;
mod refresh_failures;
mod refusals;
mod renewing;
mod replicas;
mod rotating;
mod rotation;
mod scopes;
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
