//! Parts of the address. One that is not text names nothing.

use super::fallback;
use super::problem::Refusal;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

/// The parts of the request's path as `T`.
pub(in crate::routes) struct Path<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        // No database takes this character for part of a text.
        if parts.uri.path().contains("%00") {
            return Err(fallback::not_found().await);
        }
        match axum::extract::Path::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(path)) => Ok(Self(path)),
            Err(_) => Err(fallback::not_found().await),
        }
    }
}
