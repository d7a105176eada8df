//! `POST /v1/widgets`: makes a widget in the key's environment; its signing secret is answered this once.

use super::widget::WidgetRefused;
use crate::app::SharedApp;
use crate::lifecycle::widgets;
use crate::routes::border::body::Json;
use crate::routes::border::caller::{Caller, scope};
use axum::extract::State;
use axum::http::StatusCode;
use railhead_protocol::{CreatedWidget, WidgetRequest};
use secrecy::ExposeSecret as _;

pub(super) async fn create(
    State(app): State<SharedApp>,
    Caller { tenant, .. }: Caller<scope::WidgetsWrite>,
    Json(request): Json<WidgetRequest>,
) -> Result<(StatusCode, axum::Json<CreatedWidget>), WidgetRefused> {
    let (widget, secret) = widgets::create(&app, &tenant, request).await?;
    let created = CreatedWidget {
        widget: widget.wire(),
        signing_secret: secret.expose_secret().to_owned(),
    };
    Ok((StatusCode::CREATED, axum::Json(created)))
}
