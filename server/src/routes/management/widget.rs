//! `GET /v1/widgets/{widgetId}`: one widget, without its signing secret.

use crate::app::SharedApp;
use crate::lifecycle::widgets::{self, WidgetError};
use crate::routes::border::caller::{Caller, scope};
use crate::routes::border::path::Path;
use crate::routes::border::problem::{Refusal, refuses};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use railhead_protocol::{ErrorCode, Widget};

/// Why there is none, or why it cannot be changed.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub(super) struct WidgetRefused(#[from] pub(super) WidgetError);

impl From<WidgetRefused> for Refusal {
    fn from(WidgetRefused(error): WidgetRefused) -> Self {
        let detail = error.to_string();
        match error {
            WidgetError::Unknown => {
                Self::new(StatusCode::NOT_FOUND, ErrorCode::UnknownWidget, detail)
            }
            WidgetError::Setting(bad) => Self::invalid(detail).field(bad.field),
            WidgetError::UnknownService { field, .. } => {
                Self::new(StatusCode::BAD_REQUEST, ErrorCode::UnknownService, detail).field(field)
            }
            error @ (WidgetError::Seal(_) | WidgetError::Store(_)) => Self::internal(error),
        }
    }
}
refuses!(WidgetRefused: 404 UnknownWidget);

/// Read a widget
///
/// Without its signing secret.
#[utoipa::path(
    get,
    path = "/widgets/{widgetId}",
    tag = "Widgets",
    operation_id = "getWidget",
    security(("apiKey" = ["widgets:read"])),
    params(("widgetId" = String, Path, description = "The widget, `wid_…`", example = "wid_sandbox")),
    responses((status = 200, description = "The widget.", body = Widget), WidgetRefused)
)]
pub(super) async fn read(
    State(app): State<SharedApp>,
    Caller { tenant, .. }: Caller<scope::WidgetsRead>,
    Path(id): Path<String>,
) -> Result<Json<Widget>, WidgetRefused> {
    Ok(Json(widgets::own(&app, &tenant, &id.into()).await?.wire()))
}
