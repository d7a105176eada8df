//! The ways out of the server: HTTP clients that reach public addresses only, whoever had a say in the address.

mod address;
mod network;

pub(crate) use address::BlockedAddress;
pub use address::Guard;
#[cfg(test)]
pub(crate) use address::Names;
pub use network::{Network, NotNetwork};

use reqwest::{Client, ClientBuilder, redirect, retry};

/// The client cannot be made, for example because the machine has no root certificates.
#[derive(Debug, thiserror::Error)]
#[error("the HTTP client cannot be made")]
pub struct HttpSetupError(#[source] pub(crate) reqwest::Error);

/// The beginning of a client that reaches what `guard` allows: it follows no redirect, tries nothing twice, uses no
/// proxy, and connects to the very addresses that were judged.
#[expect(clippy::disallowed_methods, reason = "this is the guarded client")]
pub(crate) fn client(guard: &Guard) -> ClientBuilder {
    Client::builder()
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .referer(false)
        .no_proxy()
        .https_only(!guard.allows_loopback_http())
        .dns_resolver(guard.resolver())
}
