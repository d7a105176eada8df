//! The success page's server: checks the signed result that arrives with the end user.

use anyhow::{Context, Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use serde_json::Value;
use sha2::Sha256;
use url::Url;

/// What arrived at the success page, after the signature was checked.
#[derive(Clone, Debug)]
pub struct SignedResult {
    /// The claims of the token.
    pub claims: Value,
    /// The query parameters beside it.
    pub query: Vec<(String, String)>,
}

impl SignedResult {
    /// Reads the success page's address and checks the token's signature (HS256) with the widget's signing secret.
    pub fn verify(address: &Url, signing_secret: &str) -> Result<Self> {
        let query: Vec<(String, String)> = address.query_pairs().into_owned().collect();
        let token = query
            .iter()
            .find_map(|(name, value)| (name == "result").then_some(value))
            .with_context(|| format!("no `result` in {address}"))?;
        let (signed, signature) = token.rsplit_once('.').context("not a JWT")?;
        let (header, payload) = signed.split_once('.').context("not a JWT")?;
        let header: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header)?)?;
        ensure!(header["alg"] == "HS256", "signed with {}", header["alg"]);
        let mut mac = Hmac::<Sha256>::new_from_slice(signing_secret.as_bytes())?;
        mac.update(signed.as_bytes());
        mac.verify_slice(&URL_SAFE_NO_PAD.decode(signature)?)
            .context("the signature is wrong")?;
        let claims = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload)?)?;
        Ok(Self { claims, query })
    }

    /// The first query parameter of this name.
    pub fn parameter(&self, name: &str) -> Result<&str> {
        let found = self.query.iter().find(|(candidate, _)| candidate == name);
        found
            .map(|(_, value)| value.as_str())
            .with_context(|| format!("no `{name}` in the query"))
    }
}
