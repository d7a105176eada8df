//! `GET /v1/connect/start?widgetId=…`: opened in the click, before anything else is known. It holds no secret: it asks
//! its opener, on a registered origin, for the nonce.

use super::confirm;
use super::render::{Mood, Page, Script};
use crate::app::SharedApp;
use crate::domain::widget::{Origin, Widget};
use crate::routes::border::problem::Refusal;
use crate::routes::border::query::Query;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct StartQuery {
    /// The widget, `wid_…`
    #[param(example = "wid_sandbox")]
    widget_id: String,
    /// The authorization, `ath_…`, where the widget's own tab comes here.
    #[param(example = "ath_5dN0bW8cRq")]
    authorization_id: Option<String>,
}

/// Open the start page
///
/// The window's first page. It holds no secret: it asks the page that opened it for the nonce. With `authorizationId`, the
/// widget's own tab has come here: the page asks the end user to confirm who asks for what.
#[utoipa::path(
    get,
    path = "/start",
    tag = "Pages",
    operation_id = "startPage",
    params(StartQuery),
    responses(
        (status = 200, description = "The page.", body = String, content_type = "text/html"),
        (status = 400, description = "A page: the address lacks its widget.", body = String, content_type = "text/html"),
        (status = 404, description = "A page: no widget has this id.", body = String, content_type = "text/html"),
        (status = 410, description = "A page: the authorization is over, or none that left here.", body = String, content_type = "text/html"),
        (status = 500, description = "A page: the server failed.", body = String, content_type = "text/html")
    )
)]
pub(super) async fn page(
    State(app): State<SharedApp>,
    query: Result<Query<StartQuery>, Refusal>,
) -> Response {
    let Ok(Query(query)) = query else {
        return not_set_up(StatusCode::BAD_REQUEST);
    };
    let widget = match app.store.widget(&query.widget_id.as_str().into()).await {
        Ok(Some(widget)) => widget,
        Ok(None) => return not_set_up(StatusCode::NOT_FOUND),
        Err(error) => return Page::failure(error),
    };
    if let Some(id) = query.authorization_id {
        let page = confirm::page(&app, &widget, id.into()).await;
        return page.map_or_else(Page::failure, |page| page.answer());
    }
    let page = Page {
        status: StatusCode::OK,
        mood: Mood::Busy,
        heading: "Opening a secure page".to_owned(),
        paragraphs: vec![format!(
            "You are connecting your software to {}. You sign in on the service's own page.",
            widget.company_name
        )],
        note: Some(
            "Nothing happens? Close this window, go back to the page you came from and press the button again."
                .to_owned(),
        ),
        script: Some(Script {
            source: "/v1/connect/start.js",
            origins: opener_origins(&widget, &app.own_origin),
            authorization_id: None,
        }),
        ways: Vec::new(),
    };
    page.answer()
}

fn not_set_up(status: StatusCode) -> Response {
    let heading = "This page isn't set up correctly";
    Page::notice(
        status,
        heading,
        &["Close this window and tell the company whose page you came from."],
    )
    .answer()
}

/// The origins that a window of `widget` may have been opened from.
fn opener_origins(widget: &Widget, own: &Origin) -> Vec<String> {
    let registered = widget.origins.iter().filter(|origin| *origin != own);
    registered
        .chain([own])
        .map(|origin| origin.as_str().to_owned())
        .collect()
}
