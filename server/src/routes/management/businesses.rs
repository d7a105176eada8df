//! `GET /v1/businesses`: the tenant's businesses, newest first.

use super::cursor::{PageError, cursor, page};
use crate::app::SharedApp;
use crate::routes::border::caller::Caller;
use crate::routes::border::problem::{Refusal, refuses};
use crate::routes::border::query::Query;
use crate::store::StoreError;
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct BusinessesQuery {
    /// Entries on a page; 50 without it.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// From the page before, its `nextCursor`.
    cursor: Option<String>,
}

/// One page of businesses, newest first.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct BusinessPage {
    /// The businesses.
    data: Vec<railhead_protocol::Business>,
    /// Give this as `cursor` to get the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "MTc5NTUwNDEyMzQ1NiBiaXpfM25K")]
    next_cursor: Option<String>,
}

/// Why there is no page.
#[derive(Debug, thiserror::Error)]
pub(super) enum BusinessesError {
    #[error(transparent)]
    Page(#[from] PageError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<BusinessesError> for Refusal {
    fn from(error: BusinessesError) -> Self {
        match error {
            BusinessesError::Page(error) => Self::invalid(error.to_string()).field(error.field()),
            BusinessesError::Store(error) => Self::internal(error),
        }
    }
}
refuses!(BusinessesError: 400 InvalidRequest);

/// List businesses
///
/// The businesses of the key's workspace and environment, newest first.
#[utoipa::path(
    get,
    path = "/businesses",
    tag = "Businesses",
    operation_id = "listBusinesses",
    security(("apiKey" = [])),
    params(BusinessesQuery),
    responses((status = 200, description = "One page.", body = BusinessPage), BusinessesError)
)]
pub(super) async fn list(
    State(app): State<SharedApp>,
    Caller(tenant): Caller,
    Query(query): Query<BusinessesQuery>,
) -> Result<Json<BusinessPage>, BusinessesError> {
    let (asked, shown) = page(query.limit, query.cursor.as_deref())?;
    let found = app.store.businesses(&tenant, &asked).await?;
    let last = found.get(shown - 1).filter(|_| found.len() > shown);
    let next_cursor = last.map(|last| cursor(last.created_at, last.id.as_str()));
    let now = app.now();
    let shown = found.into_iter().take(shown);
    let data = shown.map(|business| business.at(now).wire()).collect();
    Ok(Json(BusinessPage { data, next_cursor }))
}
