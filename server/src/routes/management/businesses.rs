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

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct BusinessesQuery {
    status: Option<BusinessStatus>,
    name_prefix: Option<String>,
    limit: Option<u32>,
    cursor: Option<String>,
}

/// One page of businesses.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct BusinessPage {
    data: Vec<railhead_protocol::Business>,
    #[serde(skip_serializing_if = "Option::is_none")]
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
refuses!(BusinessesError);

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
