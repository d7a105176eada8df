//! `DELETE /v1/webhooks/{webhookId}`: removes an endpoint with its log. What waits for it is not sent.

use super::Refused;
use crate::app::SharedApp;
use crate::lifecycle::webhook::WebhookError;
use crate::routes::border::caller::{Caller, scope};
use crate::routes::border::path::Path;
use crate::store::Saved;
use axum::extract::State;
use axum::http::StatusCode;

pub(super) async fn remove(
    State(app): State<SharedApp>,
    Caller { tenant, .. }: Caller<scope::WebhooksWrite>,
    Path(id): Path<String>,
) -> Result<StatusCode, Refused> {
    match app.store.remove_webhook(&tenant, &id.into()).await? {
        Saved::Done => Ok(StatusCode::NO_CONTENT),
        Saved::Conflict => Err(WebhookError::Unknown.into()),
    }
}
