//! `GET /v1/businesses`: the tenant's businesses, newest first.

use super::cursor::{PageError, cut, page};
use crate::app::SharedApp;
use crate::routes::border::caller::{Caller, scope};
use crate::routes::border::problem::{Refusal, refuses};
use crate::routes::border::query::Query;
use crate::store::{BusinessFilter, StoreError};
use axum::Json;
use axum::extract::State;
use railhead_protocol::BusinessStatus;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct BusinessesQuery {
    /// Only those with this status now.
    #[param(inline)]
    status: Option<BusinessStatus>,
    /// Only those whose names begin like this, in the case it is written in.
    name_prefix: Option<String>,
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
            BusinessesError::Page(error) => error.into(),
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
    security(("apiKey" = ["businesses:read"])),
    params(BusinessesQuery),
    responses((status = 200, description = "One page.", body = BusinessPage), BusinessesError)
)]
pub(super) async fn list(
    State(app): State<SharedApp>,
    Caller { tenant, .. }: Caller<scope::BusinessesRead>,
    Query(query): Query<BusinessesQuery>,
) -> Result<Json<BusinessPage>, BusinessesError> {
    let (asked, shown) = page(query.limit, query.cursor.as_deref())?;
    let now = app.now();
    let filter = BusinessFilter {
        status: query.status.map(|status| (status, now)),
        name_prefix: query.name_prefix.map(|begin| begin.nfc().collect()),
    };
    let found = app.store.businesses(&tenant, &filter, &asked).await?;
    let (found, next_cursor) = cut(found, shown, |shown| (shown.created_at, shown.id.as_str()));
    let shown = found.into_iter();
    let data = shown.map(|business| business.at(now).wire()).collect();
    Ok(Json(BusinessPage { data, next_cursor }))
}
