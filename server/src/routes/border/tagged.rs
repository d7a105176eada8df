//! Files under a tag made from what is in them (RFC 9110, section 8.8.3): browsers ask again, and rarely get them again.

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

/// Answers `bytes`, or that the browser which asked with `headers` has them already.
pub(in crate::routes) fn tagged(
    headers: &HeaderMap,
    content_type: &'static str,
    cache: &'static str,
    bytes: Vec<u8>,
) -> Response {
    let tag = format!(
        "\"{}\"",
        URL_SAFE_NO_PAD.encode(&Sha256::digest(&bytes)[..12])
    );
    let mut response = if knows(headers, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        bytes.into_response()
    };
    let answered = response.headers_mut();
    answered.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    answered.insert(CACHE_CONTROL, HeaderValue::from_static(cache));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        answered.insert(ETAG, tag);
    }
    response
}

/// Does `If-None-Match` name `tag` (RFC 9110, section 13.1.2)? Proxies that compress make tags weak, and caches send
/// all they have; the comparison is the weak one.
fn knows(headers: &HeaderMap, tag: &str) -> bool {
    let sent = headers.get_all(IF_NONE_MATCH).iter();
    sent.filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
}

#[cfg(test)]
mod tests {
    use super::knows;
    use axum::http::HeaderMap;

    #[test]
    fn reads_lists_weak_tags_and_the_star() {
        let known = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("if-none-match", value.parse().unwrap());
            knows(&headers, "\"abc\"")
        };
        for value in [
            "\"abc\"",
            "W/\"abc\"",
            "*",
            "\"x\", W/\"abc\"",
            "\"x\",\"abc\"",
        ] {
            assert!(known(value), "{value}");
        }
        for value in ["", "abc", "\"ab\"", "W/\"x\", \"y\""] {
            assert!(!known(value), "{value}");
        }
        assert!(!knows(&HeaderMap::new(), "\"abc\""));
    }
}
