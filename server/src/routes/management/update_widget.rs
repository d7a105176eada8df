//! `PATCH /v1/widgets/{widgetId}`: changes the settings that are named; sessions under way see them at once.

use super::widget::WidgetRefused;
use crate::app::SharedApp;
use crate::lifecycle::widgets;
use crate::routes::border::body::Json;
use crate::routes::border::caller::{Caller, scope};
use crate::routes::border::path::Path;
use axum::extract::State;
use railhead_protocol::{Widget, WidgetRequest};

pub(super) async fn update(
    State(app): State<SharedApp>,
    Caller { tenant, .. }: Caller<scope::WidgetsWrite>,
    Path(id): Path<String>,
    Json(request): Json<WidgetRequest>,
) -> Result<axum::Json<Widget>, WidgetRefused> {
    let changed = widgets::update(&app, &tenant, &id.into(), request).await?;
    Ok(axum::Json(changed.wire()))
}
