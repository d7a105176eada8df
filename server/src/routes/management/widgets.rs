//! `GET /v1/widgets`: the tenant's widgets, newest first.

use super::cursor::{PageError, PageQuery, cut, page};
use crate::app::SharedApp;
use crate::domain::widget::Widget;
use crate::routes::border::caller::{Caller, scope};
use crate::routes::border::problem::{Refusal, refuses};
use crate::routes::border::query::Query;
use crate::store::StoreError;
use axum::Json;
use axum::extract::State;
use railhead_protocol::WidgetPage;

/// Why there is no page.
#[derive(Debug, thiserror::Error)]
pub(super) enum WidgetsError {
    #[error(transparent)]
    Page(#[from] PageError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<WidgetsError> for Refusal {
    fn from(error: WidgetsError) -> Self {
        match error {
            WidgetsError::Page(error) => error.into(),
            WidgetsError::Store(error) => Self::internal(error),
        }
    }
}
refuses!(WidgetsError: 400 InvalidRequest);

/// List widgets
///
/// The widgets of the key's workspace and environment, newest first.
#[utoipa::path(
    get,
    path = "/widgets",
    tag = "Widgets",
    operation_id = "listWidgets",
    security(("apiKey" = ["widgets:read"])),
    params(PageQuery),
    responses((status = 200, description = "One page.", body = WidgetPage), WidgetsError)
)]
pub(super) async fn list(
    State(app): State<SharedApp>,
    Caller { tenant, .. }: Caller<scope::WidgetsRead>,
    Query(query): Query<PageQuery>,
) -> Result<Json<WidgetPage>, WidgetsError> {
    let (asked, shown) = page(query.limit, query.cursor.as_deref())?;
    let found = app.store.widgets_of(&tenant, &asked).await?;
    let (widgets, next_cursor) = cut(found, shown, |widget| {
        (widget.created_at, widget.id.as_str())
    });
    let data = widgets.iter().map(Widget::wire).collect();
    Ok(Json(WidgetPage { data, next_cursor }))
}
