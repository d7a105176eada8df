//! `DELETE /v1/widgets/{widgetId}`: removes a widget and its sessions; what was connected with it stays.

use super::widget::WidgetRefused;
use crate::app::SharedApp;
use crate::lifecycle::widgets::WidgetError;
use crate::routes::border::caller::{Caller, scope};
use crate::routes::border::path::Path;
use axum::extract::State;
use axum::http::StatusCode;

/// Remove a widget
///
/// Its sessions end. What was connected with it stays.
#[utoipa::path(
    delete,
    path = "/widgets/{widgetId}",
    tag = "Widgets",
    operation_id = "removeWidget",
    security(("apiKey" = ["widgets:write"])),
    params(("widgetId" = String, Path, description = "The widget, `wid_…`", example = "wid_sandbox")),
    responses((status = 204, description = "Removed."), WidgetRefused)
)]
pub(super) async fn remove(
    State(app): State<SharedApp>,
    Caller { tenant, .. }: Caller<scope::WidgetsWrite>,
    Path(id): Path<String>,
) -> Result<StatusCode, WidgetRefused> {
    let removed = app.store.remove_widget(&tenant, &id.into()).await;
    if removed.map_err(WidgetError::from)? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(WidgetError::Unknown.into())
    }
}
