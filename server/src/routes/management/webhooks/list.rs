//! `GET /v1/webhooks`: the tenant's endpoints, newest first.

use crate::app::SharedApp;
use crate::routes::border::caller::{Caller, scope};
use crate::routes::border::problem::{Refusal, refuses};
use crate::routes::border::query::Query;
use crate::routes::management::cursor::{PageError, cut, page};
use crate::store::StoreError;
use axum::Json;
use axum::extract::State;
use railhead_protocol::WebhookPage;
use serde::Deserialize;
use utoipa::IntoParams;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct WebhooksQuery {
    /// Entries on a page; 50 without it.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// From the page before, its `nextCursor`.
    cursor: Option<String>,
}

/// Why there is no page.
#[derive(Debug, thiserror::Error)]
pub(super) enum WebhooksError {
    #[error(transparent)]
    Page(#[from] PageError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<WebhooksError> for Refusal {
    fn from(error: WebhooksError) -> Self {
        match error {
            WebhooksError::Page(error) => error.into(),
            WebhooksError::Store(error) => Self::internal(error),
        }
    }
}
refuses!(WebhooksError: 400 InvalidRequest);

/// List endpoints
///
/// The webhook endpoints of the key's workspace and environment, newest first.
#[utoipa::path(
    get,
    path = "/webhooks",
    tag = "Webhooks",
    operation_id = "listWebhooks",
    security(("apiKey" = ["webhooks:read"])),
    params(WebhooksQuery),
    responses(
        (status = 200, description = "One page.", body = WebhookPage),
        WebhooksError
    )
)]
pub(super) async fn list(
    State(app): State<SharedApp>,
    Caller { tenant, .. }: Caller<scope::WebhooksRead>,
    Query(query): Query<WebhooksQuery>,
) -> Result<Json<WebhookPage>, WebhooksError> {
    let (asked, shown) = page(query.limit, query.cursor.as_deref())?;
    let found = app.store.webhooks(&tenant, &asked).await?;
    let (found, next_cursor) = cut(found, shown, |shown| (shown.created_at, shown.id.as_str()));
    let now = app.now();
    let data = found.iter().map(|webhook| webhook.wire(now)).collect();
    Ok(Json(WebhookPage { data, next_cursor }))
}
