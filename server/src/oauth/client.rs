//! How the client speaks at the token and revocation endpoints: its proof of itself and the form of its requests.

use super::http::{Answer, Body, Http, HttpError};
use super::observed::observed;
use super::provider::Provider;
use crate::catalogue::{ClientAuth, TokenBody};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::HeaderValue;
use secrecy::ExposeSecret as _;
use std::collections::BTreeMap;
use url::{Url, form_urlencoded};
use zeroize::Zeroizing;

/// Posts `params` to `url` as the provider's client.
pub(super) async fn post(
    http: &Http,
    provider: &Provider,
    url: &Url,
    mut params: Vec<(&str, &str)>,
) -> Result<Answer, HttpError> {
    let client = &provider.client;
    let authorization = match provider.client_auth {
        ClientAuth::Basic => Some(basic(provider)?),
        ClientAuth::Post => {
            params.push(("client_id", &client.client_id));
            params.push(("client_secret", client.client_secret.expose_secret()));
            None
        }
        ClientAuth::None => {
            params.push(("client_id", &client.client_id));
            None
        }
    };
    let body = match provider.token_body {
        TokenBody::Form => Body::Form(
            form_urlencoded::Serializer::new(String::new())
                .extend_pairs(params)
                .finish(),
        ),
        TokenBody::Json => {
            let members: BTreeMap<&str, &str> = params.into_iter().collect();
            Body::Json(serde_json::json!(members).to_string())
        }
    };
    observed(provider, http.post(url, body, authorization)).await
}

/// HTTP Basic as RFC 6749, section 2.3.1 wants it: id and secret form-encoded before they are joined, so that a
/// secret with a colon survives.
fn basic(provider: &Provider) -> Result<HeaderValue, HttpError> {
    let encode = |text: &str| -> Zeroizing<String> {
        Zeroizing::new(form_urlencoded::byte_serialize(text.as_bytes()).collect())
    };
    let id = encode(&provider.client.client_id);
    let secret = encode(provider.client.client_secret.expose_secret());
    let pair = Zeroizing::new(format!("{}:{}", *id, *secret));
    let header = Zeroizing::new(format!("Basic {}", STANDARD.encode(pair.as_bytes())));
    let mut header = HeaderValue::from_str(&header)
        .map_err(|_| HttpError::Refused("the client's proof cannot stand in a header"))?;
    header.set_sensitive(true);
    Ok(header)
}
