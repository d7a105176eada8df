//! Plain HTTP, as a customer's server or an attacker would speak it.

use anyhow::Result;
use std::time::Duration;

/// A client that follows no redirects and uses no proxy.
#[expect(
    clippy::disallowed_methods,
    reason = "the guarded client is the server's; this one speaks to it"
)]
pub fn http_client() -> Result<reqwest::Client> {
    Ok(reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .timeout(Duration::from_mins(1))
        .build()?)
}
