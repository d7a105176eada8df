//! A real OAuth 2.0 authorization server for the demo and the tests: it plays any service, one per path, and the user
//! name that signs in decides how it behaves. Everything it knows is in memory and gone when it stops.

mod app;
mod brand;
mod client;
mod clock;
mod color;
mod config;
mod entropy;
mod grants;
mod login_cookie;
mod oauth_error;
mod pages;
mod params;
mod persona;
mod pkce;
mod provider;
mod records;
mod request;
mod routes;
mod scope;
mod service;
mod visits;

pub use client::{CLIENT_ID, CLIENT_SECRET};
pub use clock::{Clock, SystemClock};
pub use config::Config;
pub use entropy::{Entropy, EntropyError, SystemEntropy};
pub use provider::{Provider, Running, StartError};
pub use records::{GrantRecord, GrantStatus, Records, ServiceRecord};
