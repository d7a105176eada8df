//! `PATCH /v1/widgets/{widgetId}`: changes the settings that are named; sessions under way see them at once.

use super::widget::WidgetRefused;
use crate::app::SharedApp;
use crate::lifecycle::widgets::{self, WidgetError};
use crate::routes::border::body::Json;
use crate::routes::border::caller::{Caller, scope};
use crate::routes::border::path::Path;
use crate::routes::border::problem::{Refusal, refuses};
use axum::extract::State;
use railhead_protocol::{Widget, WidgetRequest};

/// Why it is not changed.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub(super) struct UpdateWidgetError(#[from] WidgetError);

impl From<UpdateWidgetError> for Refusal {
    fn from(UpdateWidgetError(error): UpdateWidgetError) -> Self {
        WidgetRefused::from(error).into()
    }
}
refuses!(UpdateWidgetError: 400 InvalidRequest | UnknownService, 404 UnknownWidget);

/// Change a widget
///
/// Changes the settings that are named; `null` is the default again. Sessions under way see them at once.
#[utoipa::path(
    patch,
    path = "/widgets/{widgetId}",
    tag = "Widgets",
    operation_id = "updateWidget",
    security(("apiKey" = ["widgets:write"])),
    params(("widgetId" = String, Path, description = "The widget, `wid_…`", example = "wid_sandbox")),
    request_body(
        content = WidgetRequest,
        example = json!({ "sessionPolicy": "signed", "validityMonths": 24 })
    ),
    responses((status = 200, description = "As it is now.", body = Widget), UpdateWidgetError)
)]
pub(super) async fn update(
    State(app): State<SharedApp>,
    Caller { tenant, .. }: Caller<scope::WidgetsWrite>,
    Path(id): Path<String>,
    Json(request): Json<WidgetRequest>,
) -> Result<axum::Json<Widget>, UpdateWidgetError> {
    let changed = widgets::update(&app, &tenant, &id.into(), request).await?;
    Ok(axum::Json(changed.wire()))
}
