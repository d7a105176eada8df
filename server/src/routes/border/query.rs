//! Query strings, read strictly: unknown and repeated parameters are refused by name.

use super::problem::Refusal;
use super::words::{named_field, plain};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

/// The request's query as `T`.
pub(in crate::routes) struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Refusal> {
        let pairs = url::form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes());
        // No database takes this character for part of a text.
        if let Some((name, _)) = pairs.clone().find(|(_, value)| value.contains('\0')) {
            let detail = "The query must not hold the character U+0000.";
            return Err(Refusal::invalid(detail).field(name.replace('\0', "")));
        }
        let deserializer = serde_urlencoded::Deserializer::new(pairs);
        serde_path_to_error::deserialize(deserializer)
            .map(Self)
            .map_err(|error| {
                let path = error.path().to_string();
                let reason = plain(&error.inner().to_string());
                // serde names the parameter itself where there is no path to it: "unknown field `colour`, …".
                let field = if path == "." {
                    named_field(&reason).unwrap_or_default().to_owned()
                } else {
                    path
                };
                Refusal::invalid(format!("The query is not as it should be: {reason}."))
                    .field(field)
            })
    }
}
