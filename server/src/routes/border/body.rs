//! JSON bodies, read strictly and under any content type: the widget sends `text/plain` to save a preflight.

use super::problem::Refusal;
use super::words::{named_field, plain};
use crate::routes::BODY_LIMIT;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_LENGTH;
use axum::http::{HeaderMap, StatusCode};
use railhead_protocol::ErrorCode;
use serde::de::DeserializeOwned;
use std::time::Duration;

/// How long a body may take to arrive. It is at most 64 KiB.
const PATIENCE: Duration = Duration::from_secs(10);

/// The request's body as `T`.
pub(in crate::routes) struct Json<T>(pub T);

/// The request's body as `T`; the default where there is no body.
pub(in crate::routes) struct JsonOrNothing<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        parse(&whole(request, state).await?).map(Self)
    }
}

impl<S: Send + Sync, T: DeserializeOwned + Default> FromRequest<S> for JsonOrNothing<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let bytes = whole(request, state).await?;
        if bytes.is_empty() {
            Ok(Self(T::default()))
        } else {
            parse(&bytes).map(Self)
        }
    }
}

/// The whole body, bounded in size and time.
pub(in crate::routes) async fn whole<S: Send + Sync>(
    request: Request,
    state: &S,
) -> Result<Bytes, Refusal> {
    if announced(request.headers()).is_some_and(|length| length > BODY_LIMIT) {
        return Err(too_large());
    }
    let read = tokio::time::timeout(PATIENCE, Bytes::from_request(request, state)).await;
    read.map_err(|_| too_slow())?.map_err(|rejection| {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            too_large()
        } else {
            Refusal::invalid("The body could not be read.")
        }
    })
}

/// The length that the header names.
fn announced(headers: &HeaderMap) -> Option<usize> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

fn too_large() -> Refusal {
    let detail = "The body is larger than 64 KiB.";
    Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, ErrorCode::TooLarge, detail)
}

fn too_slow() -> Refusal {
    let detail = "The body did not arrive within 10 seconds; send the request again.";
    Refusal::new(
        StatusCode::REQUEST_TIMEOUT,
        ErrorCode::RequestTimeout,
        detail,
    )
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Refusal> {
    // serde would take an array for a struct as well, field by field.
    if bytes.trim_ascii_start().first() == Some(&b'[') {
        return Err(Refusal::invalid(
            "The body is a JSON array and not an object.",
        ));
    }
    if holds_nul(bytes) {
        return Err(Refusal::invalid(
            "The body must not hold the character U+0000.",
        ));
    }
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        let reason = plain(without_position(&error.inner().to_string()));
        if !error.inner().is_data() {
            return Refusal::invalid(format!("The body is not JSON: {reason}."));
        }
        let field = if path == "." {
            named_field(&reason).map(str::to_owned)
        } else {
            Some(path)
        };
        let refusal = Refusal::invalid(format!("The body is not as it should be: {reason}."));
        match field {
            Some(field) => refusal.field(field),
            None => refusal,
        }
    })?;
    json.end()
        .map_err(|_| Refusal::invalid("The body is not JSON: something follows its end."))?;
    Ok(value)
}

/// Does a text in the JSON hold the character U+0000? No database takes it for part of a text.
fn holds_nul(bytes: &[u8]) -> bool {
    let mut escaped = false;
    bytes.iter().enumerate().any(|(place, byte)| {
        let begins = *byte == b'\\' && !escaped;
        escaped = begins;
        begins && bytes[place..].starts_with(b"\\u0000")
    })
}

/// serde_json's words without "at line 1 column 2".
fn without_position(reason: &str) -> &str {
    reason.split(" at line ").next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Json, parse};
    use axum::body::Body;
    use axum::extract::{FromRequest as _, Request};
    use railhead_protocol::{ErrorCode, SessionRequest};

    fn refused(body: &str) -> (Option<String>, String) {
        let refusal = parse::<SessionRequest>(body.as_bytes()).unwrap_err();
        let shown = format!("{refusal:?}");
        let field = shown
            .split("field: Some(\"")
            .nth(1)
            .and_then(|rest| rest.split('"').next());
        (field.map(str::to_owned), shown)
    }

    #[test]
    fn names_the_field_concerned() {
        assert_eq!(refused("{}").0.as_deref(), Some("widgetId"));
        assert_eq!(refused(r#"{"widgetId":5}"#).0.as_deref(), Some("widgetId"));
        assert_eq!(
            refused(r#"{"widgetId":"w","businessName":[]}"#)
                .0
                .as_deref(),
            Some("businessName")
        );
        assert_eq!(
            refused(r#"{"widgetId":"w","colour":1}"#).0.as_deref(),
            Some("colour")
        );
        assert_eq!(
            refused(r#"{"widgetId":"w","widgetId":"w"}"#).0.as_deref(),
            Some("widgetId")
        );
    }

    #[test]
    fn refuses_texts_that_no_database_takes() {
        assert_eq!(refused(r#"{"widgetId":"a\u0000"}"#).0, None);
        assert!(parse::<SessionRequest>(br#"{"widgetId":"a\\u0000 \u0001"}"#).is_ok());
    }

    #[tokio::test]
    async fn refuses_too_long_a_body_before_it_comes() {
        let silent = Body::from_stream(futures_util::stream::pending::<std::io::Result<Vec<u8>>>());
        let request = Request::builder().header("content-length", "100000000");
        let request = request.body(silent).unwrap();
        let read = Json::<SessionRequest>::from_request(request, &()).await;
        assert_eq!(
            read.err().map(|refusal| refusal.code()),
            Some(ErrorCode::TooLarge)
        );
    }

    #[tokio::test(start_paused = true)]
    async fn does_not_wait_for_ever_for_a_body() {
        let silent = Body::from_stream(futures_util::stream::pending::<std::io::Result<Vec<u8>>>());
        let request = Request::new(silent);
        let read = Json::<SessionRequest>::from_request(request, &()).await;
        assert_eq!(
            read.err().map(|refusal| refusal.code()),
            Some(ErrorCode::RequestTimeout)
        );
    }

    #[test]
    fn refuses_what_is_not_one_json_value() {
        for body in ["", "{", "nonsense", r#"{"widgetId":"w"} x"#] {
            let (field, shown) = refused(body);
            assert_eq!(field, None);
            assert!(shown.contains("not JSON"), "{shown}");
        }
    }
}
