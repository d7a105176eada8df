//! The client side of OAuth 2.0: from a service and its fields to tokens and the accounts they open.
//!
//! In the flow: [`Provider::authorize_url`] where the popup is sent on, [`callback`] and [`token::exchange`] when it
//! comes back, [`accounts::discover`] after that, [`token::refresh`] for as long as the connection lives. Nothing
//! here stores anything, and nothing but [`http`] talks to the network.

pub mod accounts;
mod answer;
mod authorize;
pub mod callback;
mod client;
#[cfg(test)]
mod demo_tests;
#[cfg(fuzzing)]
pub mod fuzzing;
pub mod http;
mod observed;
pub mod pkce;
mod provider;
pub mod revoke;
#[cfg(test)]
mod testing;
pub mod token;
#[cfg(test)]
mod token_tests;

pub use authorize::AuthorizeRequest;
pub use http::{Http, HttpError, HttpOptions, HttpSetupError};
pub use provider::{ClientCredentials, Provider, ProviderError};
pub use token::{Denial, TokenError, Tokens};
