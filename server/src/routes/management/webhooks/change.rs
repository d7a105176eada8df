//! `PATCH /v1/webhooks/{webhookId}`: changes what the body names, nothing else.

use super::Refused;
use crate::app::SharedApp;
use crate::lifecycle::webhook;
use crate::routes::border::body::Json;
use crate::routes::border::caller::{Caller, scope};
use crate::routes::border::path::Path;
use axum::extract::State;
use railhead_protocol::{Webhook, WebhookChange};

pub(super) async fn change(
    State(app): State<SharedApp>,
    Caller { tenant, .. }: Caller<scope::WebhooksWrite>,
    Path(id): Path<String>,
    Json(change): Json<WebhookChange>,
) -> Result<axum::Json<Webhook>, Refused> {
    let changed = webhook::change(&app, &tenant, &id.into(), change).await?;
    Ok(axum::Json(changed.wire(app.now())))
}
