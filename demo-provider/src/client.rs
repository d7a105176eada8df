//! The one registered client, and how it proves at the token endpoint that it is itself (RFC 6749 section 2.3.1).

use crate::params::Params;
use axum::http::{HeaderMap, header};
use base64::{Engine, engine::general_purpose::STANDARD};
use subtle::ConstantTimeEq;
use url::{Url, form_urlencoded};

/// Id of the client every sandbox uses.
pub const CLIENT_ID: &str = "railhead-sandbox";

/// Its secret: not secret at all, but with the characters that careless Basic authentication breaks.
pub const CLIENT_SECRET: &str = "railhead-sandbox-secret+/:=";

/// Its name on the consent page.
pub(crate) const CLIENT_NAME: &str = "Railhead Connect";

/// Why a client isn't let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ClientError {
    #[error("client authentication failed")]
    Unrecognised,
    #[error("the client authenticated in more than one way")]
    TwoWays,
}

/// Checks the client's credentials, from the Authorization header or from the body, never both.
pub(crate) fn authenticate(headers: &HeaderMap, body: &Params) -> Result<(), ClientError> {
    let posted = body.get("client_secret");
    let (id, secret) = match (headers.get(header::AUTHORIZATION), posted) {
        (Some(_), Some(_)) => return Err(ClientError::TwoWays),
        (Some(value), None) => {
            let (id, secret) = value
                .to_str()
                .ok()
                .and_then(basic_credentials)
                .ok_or(ClientError::Unrecognised)?;
            // A client id in the body besides the header is allowed, but must be the same.
            if body.get("client_id").is_some_and(|named| named != id) {
                return Err(ClientError::Unrecognised);
            }
            (id, secret)
        }
        (None, Some(secret)) => {
            let id = body.get("client_id").ok_or(ClientError::Unrecognised)?;
            (id.to_owned(), secret.to_owned())
        }
        (None, None) => return Err(ClientError::Unrecognised),
    };
    let right = id.as_bytes().ct_eq(CLIENT_ID.as_bytes())
        & secret.as_bytes().ct_eq(CLIENT_SECRET.as_bytes());
    if right.into() {
        Ok(())
    } else {
        Err(ClientError::Unrecognised)
    }
}

/// Id and secret of a Basic header. Both are form-encoded inside it, so a raw `+` means a space.
fn basic_credentials(header: &str) -> Option<(String, String)> {
    let (scheme, encoded) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some((form_decoded(id)?, form_decoded(secret)?))
}

fn form_decoded(text: &str) -> Option<String> {
    // `&` and `=` can't stand raw in a form-encoded value; refusing them keeps one value one value.
    if text.contains(['&', '=']) {
        return None;
    }
    let mut pairs = form_urlencoded::parse(text.as_bytes());
    pairs.next().map(|(value, _)| value.into_owned())
}

/// Whether the client may have its users sent to this address: a callback on this machine, on any port.
pub(crate) fn may_return_to(address: &Url) -> bool {
    matches!(address.scheme(), "http" | "https")
        && matches!(address.host_str(), Some("localhost" | "127.0.0.1"))
        && address.username().is_empty()
        && address.password().is_none()
        && address.fragment().is_none()
        && address.path().starts_with("/v1/callback/")
}

#[cfg(test)]
mod tests {
    use super::{CLIENT_ID, CLIENT_SECRET, ClientError, authenticate, may_return_to};
    use crate::params::Params;
    use axum::http::{HeaderMap, HeaderValue, header};
    use base64::{Engine, engine::general_purpose::STANDARD};
    use url::Url;

    fn basic(credentials: &str) -> HeaderMap {
        let value = format!("Basic {}", STANDARD.encode(credentials));
        HeaderMap::from_iter([(
            header::AUTHORIZATION,
            HeaderValue::from_str(&value).unwrap(),
        )])
    }

    #[test]
    fn accepts_a_form_encoded_basic_secret_and_refuses_a_raw_one() {
        let none = Params::parse("");
        let encoded = basic("railhead-sandbox:railhead-sandbox-secret%2B%2F%3A%3D");
        assert_eq!(authenticate(&encoded, &none), Ok(()));
        let raw = basic(&format!("{CLIENT_ID}:{CLIENT_SECRET}"));
        assert_eq!(authenticate(&raw, &none), Err(ClientError::Unrecognised));
    }

    #[test]
    fn accepts_the_secret_in_the_body_but_not_in_both_places() {
        let body = Params::parse(
            "client_id=railhead-sandbox&client_secret=railhead-sandbox-secret%2B%2F%3A%3D",
        );
        assert_eq!(authenticate(&HeaderMap::new(), &body), Ok(()));
        let header = basic("railhead-sandbox:railhead-sandbox-secret%2B%2F%3A%3D");
        assert_eq!(authenticate(&header, &body), Err(ClientError::TwoWays));
    }

    #[test]
    fn refuses_unknown_clients_and_headers_that_are_not_basic() {
        let none = Params::parse("");
        for headers in [basic("someone:else"), basic("no colon"), HeaderMap::new()] {
            assert_eq!(
                authenticate(&headers, &none),
                Err(ClientError::Unrecognised)
            );
        }
    }

    #[test]
    fn sends_users_back_only_to_callbacks_on_this_machine() {
        let allowed = |text: &str| may_return_to(&Url::parse(text).unwrap());
        assert!(allowed("http://localhost:4400/v1/callback/default/xero"));
        assert!(allowed("https://localhost:4400/v1/callback/default/xero"));
        assert!(allowed("http://127.0.0.1:9/v1/callback/default/xero"));
        for elsewhere in [
            "https://evil.example/v1/callback/default/xero",
            "http://localhost.evil.example/v1/callback/default/xero",
            "http://localhost@evil.example/v1/callback/default/xero",
            "http://user@localhost/v1/callback/default/xero",
            "http://localhost:4400/v1/callback/../../elsewhere",
            "http://localhost:4400/v1/callback/default/xero#fragment",
            "http://localhost:4400/elsewhere",
            "javascript:alert(1)",
        ] {
            assert!(!allowed(elsewhere), "{elsewhere}");
        }
    }
}
