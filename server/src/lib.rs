//! The broker: runs authorizations at services, keeps connections sealed, hands fresh access tokens to the
//! company's server.

pub mod app;
pub mod catalogue;
pub mod cli;
pub mod clients;
pub mod clock;
pub mod config;
pub mod domain;
mod doors;
pub mod entropy;
pub mod exclusive;
pub mod keyed;
pub mod lifecycle;
pub mod limits;
pub mod listener;
pub mod log;
pub mod measure;
pub mod oauth;
pub mod offer;
pub mod open;
pub mod outgoing;
pub mod painting;
pub mod result_token;
pub mod routes;
pub mod secret;
pub mod server;
pub mod store;
pub mod text;
pub mod tls;
pub mod trace;
pub mod vault;
pub mod waker;
pub mod webhook;
