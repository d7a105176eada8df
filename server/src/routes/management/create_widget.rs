//! `POST /v1/widgets`: makes a widget in the key's environment; its signing secret is answered this once.

use super::widget::WidgetRefused;
use crate::app::SharedApp;
use crate::lifecycle::widgets::{self, WidgetError};
use crate::routes::border::body::Json;
use crate::routes::border::caller::{Caller, scope};
use crate::routes::border::problem::{Refusal, refuses};
use axum::extract::State;
use axum::http::StatusCode;
use railhead_protocol::openapi::NewWidget;
use railhead_protocol::{CreatedWidget, WidgetRequest};
use secrecy::ExposeSecret as _;

/// Why there is none.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub(super) struct CreateWidgetError(#[from] WidgetError);

impl From<CreateWidgetError> for Refusal {
    fn from(CreateWidgetError(error): CreateWidgetError) -> Self {
        WidgetRefused::from(error).into()
    }
}
refuses!(CreateWidgetError: 400 InvalidRequest | UnknownService);

/// Create a widget
///
/// In the key's environment. Its signing secret is answered this once.
#[utoipa::path(
    post,
    path = "/widgets",
    tag = "Widgets",
    operation_id = "createWidget",
    security(("apiKey" = ["widgets:write"])),
    request_body(
        content = NewWidget,
        example = json!({ "companyName": "Northwind Lending", "origins": ["https://northwind.example"] })
    ),
    responses((status = 201, description = "Made.", body = CreatedWidget), CreateWidgetError)
)]
pub(super) async fn create(
    State(app): State<SharedApp>,
    Caller { tenant, .. }: Caller<scope::WidgetsWrite>,
    Json(request): Json<WidgetRequest>,
) -> Result<(StatusCode, axum::Json<CreatedWidget>), CreateWidgetError> {
    let (widget, secret) = widgets::create(&app, &tenant, request).await?;
    let created = CreatedWidget {
        widget: widget.wire(),
        signing_secret: secret.expose_secret().to_owned(),
    };
    Ok((StatusCode::CREATED, axum::Json(created)))
}
