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

/// Rotate a signing secret
///
/// A new signing secret, answered this once. Results signed with the one before are not good any more.
#[utoipa::path(
    post,
    path = "/widgets/{widgetId}/rotate-signing-secret",
    tag = "Widgets",
    operation_id = "rotateSigningSecret",
    security(("apiKey" = ["widgets:write"])),
    params(("widgetId" = String, Path, description = "The widget, `wid_…`", example = "wid_sandbox")),
    responses((status = 200, description = "The new secret.", body = SigningSecret), WidgetRefused)
)]
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
