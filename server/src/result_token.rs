//! The signed result that the end user carries to the success page: a JWT (RFC 7519) signed with HMAC-SHA-256 and the
//! widget's signing secret, which the company's server checks.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;
use sha2::Sha256;
use time::Duration;

/// How long a result is good.
pub const LIFETIME: Duration = Duration::minutes(10);

/// What the result says.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Claims {
    /// The server's origin.
    pub iss: String,
    /// The widget's id.
    pub aud: String,
    /// When it was signed, Unix seconds.
    pub iat: i64,
    /// Until when it is good, Unix seconds.
    pub exp: i64,
    /// Different in every result.
    pub jti: String,
    /// The business.
    pub business_name: String,
    /// The business, `biz_…`
    pub business_uuid: String,
    /// The connections made in this visit.
    pub connections: Vec<ConnectionClaim>,
}

/// One connection.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionClaim {
    /// `con_…`
    pub connection_id: String,
    /// The service.
    pub service_name: String,
}

/// Signs `claims` with the widget's signing secret: its text's bytes are the key.
#[must_use]
pub fn sign(claims: &Claims, secret: &SecretString) -> String {
    let header = URL_SAFE_NO_PAD.encode(br#"{"alg":"HS256","typ":"JWT"}"#);
    // Text, numbers and lists of texts are always JSON.
    let payload = URL_SAFE_NO_PAD.encode(serde_json::to_vec(claims).unwrap_or_default());
    let signed = format!("{header}.{payload}");
    // HMAC takes keys of any length.
    let mac = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes());
    let tag = mac.map(|mac| mac.chain_update(signed.as_bytes()).finalize().into_bytes());
    format!(
        "{signed}.{}",
        URL_SAFE_NO_PAD.encode(tag.unwrap_or_default())
    )
}

#[cfg(test)]
mod tests {
    use super::{Claims, sign};

    #[test]
    fn signs_as_other_libraries_do() {
        let claims = Claims {
            iss: "http://localhost:4400".to_owned(),
            aud: "wid_1".to_owned(),
            iat: 1,
            exp: 601,
            jti: "res_1".to_owned(),
            business_name: "Harbor".to_owned(),
            business_uuid: "biz_1".to_owned(),
            connections: Vec::new(),
        };
        // Made with Python's hmac and base64 modules from the same header, claims and secret.
        assert_eq!(
            sign(&claims, &"secret".into()),
            concat!(
                "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.",
                "eyJpc3MiOiJodHRwOi8vbG9jYWxob3N0OjQ0MDAiLCJhdWQiOiJ3aWRfMSIsImlhdCI6MSwiZXhwIjo2MDEsImp0aS",
                "I6InJlc18xIiwiYnVzaW5lc3NOYW1lIjoiSGFyYm9yIiwiYnVzaW5lc3NVdWlkIjoiYml6XzEiLCJjb25uZWN0aW9ucyI6W119.",
                "YSt6__7BLt1mQo6iz59ft1GXq6IHiUh3XSLW8oq5TmE"
            )
        );
    }
}
