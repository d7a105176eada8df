//! JSON bodies, read strictly and under any content type: the widget sends `text/plain` to save a preflight.

use super::problem::Refusal;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use railhead_protocol::ErrorCode;
use serde::de::DeserializeOwned;

/// The request's body as `T`.
pub(in crate::routes) struct Json<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let bytes = Bytes::from_request(request, state)
            .await
            .map_err(|rejection| {
                if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
                    let detail = "The body is larger than 64 KiB.";
                    Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, ErrorCode::TooLarge, detail)
                } else {
                    Refusal::invalid("The body could not be read.")
                }
            })?;
        parse(&bytes).map(Self)
    }
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Refusal> {
    // serde would take an array for a struct as well, field by field.
    if bytes.trim_ascii_start().first() == Some(&b'[') {
        return Err(Refusal::invalid(
            "The body is a JSON array and not an object.",
        ));
    }
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        let reason = without_position(&error.inner().to_string());
        if !error.inner().is_data() {
            return Refusal::invalid(format!("The body is not JSON: {reason}."));
        }
        let field = if path == "." {
            quoted(&reason).map(str::to_owned)
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

/// serde_json's words without "at line 1 column 2".
fn without_position(reason: &str) -> String {
    reason
        .split(" at line ")
        .next()
        .unwrap_or_default()
        .to_owned()
}

/// The field that serde names in a sentence such as "missing field `widgetId`".
fn quoted(reason: &str) -> Option<&str> {
    let named = reason.starts_with("missing field") || reason.starts_with("unknown field");
    if named {
        reason.split('`').nth(1)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::parse;
    use railhead_protocol::SessionRequest;

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
