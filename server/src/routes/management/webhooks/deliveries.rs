//! `GET /v1/webhooks/{webhookId}/deliveries`: what was sent to an endpoint, newest first, and how each attempt went.

use crate::app::SharedApp;
use crate::domain::delivery::Delivery;
use crate::lifecycle::webhook::{self, WebhookError};
use crate::routes::border::caller::{Caller, scope};
use crate::routes::border::path::Path;
use crate::routes::border::problem::{Refusal, refuses};
use crate::routes::border::query::Query;
use crate::routes::management::cursor::{PageError, cut, page};
use axum::Json;
use axum::extract::State;
use railhead_protocol::{DeliveryPage, DeliveryStatus};
use serde::Deserialize;
use utoipa::IntoParams;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct DeliveriesQuery {
    /// Only those that are this far.
    status: Option<DeliveryStatus>,
    /// Entries on a page; 50 without it.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// From the page before, its `nextCursor`.
    cursor: Option<String>,
}

/// Why there is no page.
#[derive(Debug, thiserror::Error)]
pub(super) enum DeliveriesError {
    #[error(transparent)]
    Page(#[from] PageError),
    #[error(transparent)]
    Webhook(#[from] WebhookError),
}

impl From<DeliveriesError> for Refusal {
    fn from(error: DeliveriesError) -> Self {
        match error {
            DeliveriesError::Page(error) => error.into(),
            DeliveriesError::Webhook(error) => error.into(),
        }
    }
}
refuses!(DeliveriesError: 400 InvalidRequest, 404 WebhookNotFound);

/// List an endpoint's deliveries
///
/// What was sent to it or waits to be, newest first, and how each attempt went. Kept for 30 days after their end.
#[utoipa::path(
    get,
    path = "/webhooks/{webhookId}/deliveries",
    tag = "Webhooks",
    operation_id = "listDeliveries",
    security(("apiKey" = ["webhooks:read"])),
    params(
        ("webhookId" = String, Path, description = "The endpoint, `whk_…`", example = "whk_4gS9vH1zQe"),
        DeliveriesQuery
    ),
    responses(
        (status = 200, description = "One page.", body = DeliveryPage),
        DeliveriesError
    )
)]
pub(super) async fn list(
    State(app): State<SharedApp>,
    Caller { tenant, .. }: Caller<scope::WebhooksRead>,
    Path(id): Path<String>,
    Query(query): Query<DeliveriesQuery>,
) -> Result<Json<DeliveryPage>, DeliveriesError> {
    let (asked, shown) = page(query.limit, query.cursor.as_deref())?;
    let webhook = webhook::find(&app, &tenant, &id.into()).await?;
    let found = app
        .store
        .deliveries(&webhook.id, query.status, &asked)
        .await;
    let found = found.map_err(WebhookError::from)?;
    let (found, next_cursor) = cut(found, shown, |shown| (shown.created_at, shown.id.as_str()));
    let data = found.iter().map(Delivery::wire).collect();
    Ok(Json(DeliveryPage { data, next_cursor }))
}
