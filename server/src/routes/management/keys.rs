//! `GET /v1/keys`: the tenant's API keys, newest first; never the keys themselves.

use super::cursor::{PageError, PageQuery, cut, page};
use crate::app::SharedApp;
use crate::routes::border::caller::{Caller, scope};
use crate::routes::border::problem::{Refusal, refuses};
use crate::routes::border::query::Query;
use crate::store::StoreError;
use axum::Json;
use axum::extract::State;
use railhead_protocol::ApiKeyPage;

/// Why there is no page.
#[derive(Debug, thiserror::Error)]
pub(super) enum KeysError {
    #[error(transparent)]
    Page(#[from] PageError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<KeysError> for Refusal {
    fn from(error: KeysError) -> Self {
        match error {
            KeysError::Page(error) => error.into(),
            KeysError::Store(error) => Self::internal(error),
        }
    }
}
refuses!(KeysError: 400 InvalidRequest);

/// List API keys
///
/// Those of the workspace and environment of the key that asks, newest first, with those that were revoked or have expired.
/// Never the keys themselves.
#[utoipa::path(
    get,
    path = "/keys",
    tag = "API keys",
    operation_id = "listKeys",
    security(("apiKey" = ["keys:read"])),
    params(PageQuery),
    responses((status = 200, description = "One page.", body = ApiKeyPage), KeysError)
)]
pub(super) async fn list(
    State(app): State<SharedApp>,
    Caller { tenant, .. }: Caller<scope::KeysRead>,
    Query(query): Query<PageQuery>,
) -> Result<Json<ApiKeyPage>, KeysError> {
    let (asked, shown) = page(query.limit, query.cursor.as_deref())?;
    let found = app.store.api_keys(&tenant, &asked).await?;
    let (keys, next_cursor) = cut(found, shown, |key| (key.created_at, key.id.as_str()));
    let data = keys
        .iter()
        .map(crate::domain::api_key::ApiKey::wire)
        .collect();
    Ok(Json(ApiKeyPage { data, next_cursor }))
}
