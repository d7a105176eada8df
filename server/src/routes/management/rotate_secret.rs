//! `POST /v1/widgets/{widgetId}/rotate-signing-secret`: a new signing secret, which is answered this once.

use super::widget::WidgetRefused;
use crate::app::SharedApp;
use crate::lifecycle::widgets;
use crate::routes::border::caller::{Caller, scope};
use crate::routes::border::path::Path;
use axum::Json;
use axum::extract::State;
use railhead_protocol::SigningSecret;
use secrecy::ExposeSecret as _;

pub(super) async fn rotate(
    State(app): State<SharedApp>,
    Caller { tenant, .. }: Caller<scope::WidgetsWrite>,
    Path(id): Path<String>,
) -> Result<Json<SigningSecret>, WidgetRefused> {
    let secret = widgets::rotate(&app, &tenant, &id.into()).await?;
    Ok(Json(SigningSecret {
        signing_secret: secret.expose_secret().to_owned(),
    }))
}
