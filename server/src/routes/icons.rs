//! `GET /services/{file}`: the marks of services. They are drawings from files, so they may run nothing.

use super::border::path::Path;
use super::border::problem::{Refusal, refuses};
use super::border::smaller::Smaller;
use crate::app::SharedApp;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName,
};
use axum::response::IntoResponse;
use railhead_protocol::ErrorCode;

/// Why there is no mark.
#[derive(Debug, thiserror::Error)]
pub(super) enum IconError {
    #[error("No service has this mark.")]
    Unknown,
    #[error("the mark cannot be read")]
    Unreadable(#[from] std::io::Error),
}

impl From<IconError> for Refusal {
    fn from(error: IconError) -> Self {
        match error {
            IconError::Unknown => Self::new(
                StatusCode::NOT_FOUND,
                ErrorCode::NotFound,
                error.to_string(),
            ),
            IconError::Unreadable(_) => Self::internal(error),
        }
    }
}
refuses!(IconError: 404 NotFound);

/// Read a service's mark
#[utoipa::path(
    get,
    path = "/services/{file}",
    tag = "Server",
    operation_id = "getMark",
    params(("file" = String, Path, description = "A service's name and `.svg`.", example = "xero.svg")),
    responses((status = 200, description = "The mark.", body = String, content_type = "image/svg+xml"), IconError)
)]
pub(super) async fn icon(
    State(app): State<SharedApp>,
    Path(file): Path<String>,
) -> Result<Smaller<impl IntoResponse>, IconError> {
    let catalogue = app.catalogue.current();
    let path = catalogue.icon(&file).ok_or(IconError::Unknown)?;
    let drawing = tokio::fs::read(path).await?;
    let headers = [
        (CONTENT_TYPE, "image/svg+xml"),
        (CACHE_CONTROL, "public, max-age=86400"),
        (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "cross-origin",
        ),
        (
            CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; sandbox",
        ),
    ];
    Ok(Smaller((headers, drawing)))
}
