//! `GET /railhead.js` and the widget's other files. Their names carry a hash of what is in them, all but the loader's,
//! so browsers keep them for good. Compressed files lie beside the plain ones.

use super::border::fallback;
use super::border::path::Path;
use super::border::problem::{Refusal, refuses};
use super::border::tagged::tagged;
use crate::app::SharedApp;
use axum::extract::State;
use axum::http::header::{
    ACCEPT_ENCODING, ACCESS_CONTROL_ALLOW_ORIGIN, CONTENT_ENCODING, HeaderName, VARY,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use railhead_protocol::ErrorCode;
use std::io::ErrorKind;

/// The longest name of a file, in bytes; a compressed one's is a little longer.
const MAX_NAME: usize = 100;

/// Why there is no file.
#[derive(Debug, thiserror::Error)]
pub(super) enum AssetError {
    #[error("There is nothing at this address.")]
    Unknown,
    #[error("the file cannot be read")]
    Unreadable(#[from] std::io::Error),
}

impl From<AssetError> for Refusal {
    fn from(error: AssetError) -> Self {
        match error {
            AssetError::Unknown => Self::new(
                StatusCode::NOT_FOUND,
                ErrorCode::NotFound,
                error.to_string(),
            ),
            AssetError::Unreadable(_) => Self::internal(error),
        }
    }
}
refuses!(AssetError);

pub(super) async fn asset(
    State(app): State<SharedApp>,
    Path(file): Path<String>,
    headers: HeaderMap,
) -> Result<Response, AssetError> {
    let content_type = content_type(&file).ok_or(AssetError::Unknown)?;
    let plain = app.config.assets_dir.join(&file);
    let mut encoding = None;
    let mut bytes = None;
    for (name, extension) in [("br", "br"), ("gzip", "gz")] {
        if bytes.is_none() && accepts(&headers, name) {
            bytes = read(&app.config.assets_dir.join(format!("{file}.{extension}"))).await?;
            encoding = bytes.is_some().then_some(name);
        }
    }
    let bytes = match bytes {
        Some(bytes) => bytes,
        None => read(&plain).await?.ok_or(AssetError::Unknown)?,
    };
    let cache = if is_versioned(&file) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let mut response = tagged(&headers, content_type, cache, bytes);
    let answered = response.headers_mut();
    for (name, value) in [
        (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "cross-origin",
        ),
        (VARY, "accept-encoding"),
    ] {
        answered.insert(name, HeaderValue::from_static(value));
    }
    if let Some(encoding) = encoding {
        answered.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    Ok(response)
}

/// Another method than GET: what no file of the widget is called does not exist either way.
pub(super) async fn other_method(Path(file): Path<String>) -> Refusal {
    if content_type(&file).is_some() {
        fallback::method_not_allowed().await
    } else {
        fallback::not_found().await
    }
}

/// The type of a file of the widget; nothing else in the directory is served.
fn content_type(file: &str) -> Option<&'static str> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if file.len() > MAX_NAME
        || !file.starts_with("railhead")
        || !file.chars().all(plain)
        || file.contains("..")
    {
        return None;
    }
    match file.rsplit_once('.')?.1 {
        "js" => Some("text/javascript; charset=utf-8"),
        "wasm" => Some("application/wasm"),
        "css" => Some("text/css; charset=utf-8"),
        "json" | "map" => Some("application/json"),
        _ => None,
    }
}

/// Does the name carry a hash, as in `railhead-widget-0123456789abcdef_bg.wasm`?
fn is_versioned(file: &str) -> bool {
    let stem = file
        .split('.')
        .next()
        .unwrap_or_default()
        .trim_end_matches("_bg");
    let hash = stem.rsplit('-').next().unwrap_or_default();
    hash.len() >= 8 && hash.chars().all(|c| c.is_ascii_hexdigit())
}

/// Does the browser take this encoding (RFC 9110, section 12.5.3)?
fn accepts(headers: &HeaderMap, encoding: &str) -> bool {
    let accepted = headers
        .get(ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    accepted.split(',').any(|choice| {
        let mut parts = choice.split(';').map(str::trim);
        let named = parts
            .next()
            .is_some_and(|name| name.eq_ignore_ascii_case(encoding));
        let refused = parts.any(|part| {
            part.strip_prefix("q=")
                .is_some_and(|q| q.parse::<f32>().is_ok_and(|q| q <= 0.0))
        });
        named && !refused
    })
}

async fn read(path: &std::path::Path) -> Result<Option<Vec<u8>>, std::io::Error> {
    match tokio::fs::read(path).await {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) => match error.kind() {
            ErrorKind::NotFound
            | ErrorKind::IsADirectory
            | ErrorKind::NotADirectory
            | ErrorKind::InvalidFilename => Ok(None),
            _ => Err(error),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::{accepts, content_type, is_versioned};
    use axum::http::HeaderMap;

    #[test]
    fn keeps_for_good_only_what_carries_a_hash() {
        assert!(is_versioned("railhead-widget-0123456789abcdef_bg.wasm"));
        assert!(is_versioned("railhead-widget-0123456789abcdef.js"));
        assert!(is_versioned("railhead-text-pt-BR-0123456789abcdef.json"));
        assert!(!is_versioned("railhead.js"));
        assert!(!is_versioned("railhead-widget.js"));
    }

    #[test]
    fn serves_the_widget_and_nothing_else_of_the_directory() {
        assert_eq!(
            content_type("railhead-widget-1_bg.wasm"),
            Some("application/wasm")
        );
        for other in [
            "index.html",
            "railhead.html",
            "railhead..js",
            "railhead/../x.js",
            "railhead",
            "vault.key",
        ] {
            assert_eq!(content_type(other), None, "{other}");
        }
    }

    #[test]
    fn reads_accept_encoding() {
        let accept = |value: &str, encoding| {
            let mut headers = HeaderMap::new();
            headers.insert("accept-encoding", value.parse().unwrap());
            accepts(&headers, encoding)
        };
        assert!(accept("gzip, deflate, br", "br"));
        assert!(accept("gzip;q=0.5,br;q=0", "gzip"));
        assert!(!accept("gzip;q=0.5, br;q=0", "br"));
        assert!(!accept("identity", "gzip"));
    }
}
