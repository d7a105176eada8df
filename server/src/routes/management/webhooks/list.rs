//! `GET /v1/webhooks`: the tenant's endpoints, newest first.

use crate::app::SharedApp;
use crate::routes::border::caller::{Caller, scope};
use crate::routes::border::problem::{Refusal, refuses};
use crate::routes::border::query::Query;
use crate::routes::management::cursor::{PageError, cursor, page};
use crate::store::StoreError;
use axum::Json;
use axum::extract::State;
use railhead_protocol::WebhookPage;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WebhooksQuery {
    limit: Option<u32>,
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
            WebhooksError::Page(error) => Self::invalid(error.to_string()).field(error.field()),
            WebhooksError::Store(error) => Self::internal(error),
        }
    }
}
refuses!(WebhooksError);

pub(super) async fn list(
    State(app): State<SharedApp>,
    Caller { tenant, .. }: Caller<scope::WebhooksRead>,
    Query(query): Query<WebhooksQuery>,
) -> Result<Json<WebhookPage>, WebhooksError> {
    let (asked, shown) = page(query.limit, query.cursor.as_deref())?;
    let found = app.store.webhooks(&tenant, &asked).await?;
    let last = found.get(shown - 1).filter(|_| found.len() > shown);
    let next_cursor = last.map(|last| cursor(last.created_at, last.id.as_str()));
    let now = app.now();
    let data = found.iter().take(shown).map(|webhook| webhook.wire(now));
    Ok(Json(WebhookPage {
        data: data.collect(),
        next_cursor,
    }))
}
