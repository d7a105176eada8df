//! `GET /v1/webhooks/{webhookId}/deliveries`: what was sent to an endpoint, newest first, and how each attempt went.

use super::Refused;
use crate::app::SharedApp;
use crate::domain::delivery::Delivery;
use crate::lifecycle::webhook;
use crate::routes::border::caller::{Caller, scope};
use crate::routes::border::path::Path;
use crate::routes::border::problem::{Refusal, refuses};
use crate::routes::border::query::Query;
use crate::routes::management::cursor::{PageError, cursor, page};
use axum::Json;
use axum::extract::State;
use railhead_protocol::{DeliveryPage, DeliveryStatus};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DeliveriesQuery {
    status: Option<DeliveryStatus>,
    limit: Option<u32>,
    cursor: Option<String>,
}

/// Why there is no page.
#[derive(Debug, thiserror::Error)]
pub(super) enum DeliveriesError {
    #[error(transparent)]
    Page(#[from] PageError),
    #[error(transparent)]
    Webhook(#[from] Refused),
}

impl From<DeliveriesError> for Refusal {
    fn from(error: DeliveriesError) -> Self {
        match error {
            DeliveriesError::Page(error) => Self::invalid(error.to_string()).field(error.field()),
            DeliveriesError::Webhook(error) => error.into(),
        }
    }
}
refuses!(DeliveriesError);

pub(super) async fn list(
    State(app): State<SharedApp>,
    Caller { tenant, .. }: Caller<scope::WebhooksRead>,
    Path(id): Path<String>,
    Query(query): Query<DeliveriesQuery>,
) -> Result<Json<DeliveryPage>, DeliveriesError> {
    let (asked, shown) = page(query.limit, query.cursor.as_deref())?;
    let found = webhook::find(&app, &tenant, &id.into()).await;
    let webhook = found.map_err(Refused::from)?;
    let found = app
        .store
        .deliveries(&webhook.id, query.status, &asked)
        .await;
    let found = found.map_err(Refused::from)?;
    let last = found.get(shown - 1).filter(|_| found.len() > shown);
    let next_cursor = last.map(|last| cursor(last.created_at, last.id.as_str()));
    let data = found.iter().take(shown).map(Delivery::wire);
    Ok(Json(DeliveryPage {
        data: data.collect(),
        next_cursor,
    }))
}
