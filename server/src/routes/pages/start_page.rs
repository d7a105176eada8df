//! `GET /v1/connect/start?widgetId=…`: opened in the click, before anything else is known. It holds no secret: it asks
//! its opener, on a registered origin, for the nonce.

use super::confirm;
use super::render::{Mood, Page, Script, language};
use crate::app::SharedApp;
use crate::domain::widget::{Origin, Widget};
use crate::routes::border::problem::Refusal;
use crate::routes::border::query::Query;
use crate::text::{Key, Text};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
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
    /// The language that the widget speaks, BCP 47.
    #[param(example = "en")]
    locale: Option<String>,
}

/// What the page may have to say when it cannot go on; `again` depends on how one came here.
pub(super) const WORDS: [(&str, Key); 11] = [
    ("over", Key::StartOver),
    ("gone", Key::StartGone),
    ("goneText", Key::StartGoneText),
    ("stuck", Key::StartStuck),
    ("offline", Key::StartOffline),
    ("offlineText", Key::StartOfflineText),
    ("lost", Key::StartLost),
    ("lostText", Key::StartLostText),
    ("alone", Key::StartAlone),
    ("aloneText", Key::StartAloneText),
    ("again", Key::StartAgain),
];

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
    headers: HeaderMap,
    query: Result<Query<StartQuery>, Refusal>,
) -> Response {
    let Ok(Query(query)) = query else {
        return not_set_up(language(None, &headers), StatusCode::BAD_REQUEST);
    };
    let text = language(query.locale.as_deref(), &headers);
    let widget = match app.store.widget(&query.widget_id.as_str().into()).await {
        Ok(Some(widget)) => widget,
        Ok(None) => return not_set_up(text, StatusCode::NOT_FOUND),
        Err(error) => return Page::failure(text, error),
    };
    if let Some(id) = query.authorization_id {
        return match confirm::page(&app, text, &widget, id.into()).await {
            Ok(page) => page.answer(),
            Err(error) => Page::failure(text, error),
        };
    }
    let page = Page {
        text,
        status: StatusCode::OK,
        mood: Mood::Busy,
        heading: text.get(Key::StartTitle).to_owned(),
        paragraphs: vec![text.fill(Key::StartText, &[("company", &widget.company_name)])],
        note: Some(text.get(Key::StartNote).to_owned()),
        script: Some(Script {
            source: "/v1/connect/start.js",
            origins: opener_origins(&widget, &app.own_origin),
            authorization_id: None,
            words: &WORDS,
        }),
        ways: Vec::new(),
    };
    page.answer()
}

fn not_set_up(text: Text, status: StatusCode) -> Response {
    Page::notice(text, status, Key::SetupTitle, &[Key::SetupText]).answer()
}

/// The origins that a window of `widget` may have been opened from.
fn opener_origins(widget: &Widget, own: &Origin) -> Vec<String> {
    let registered = widget.origins.iter().filter(|origin| *origin != own);
    registered
        .chain([own])
        .map(|origin| origin.as_str().to_owned())
        .collect()
}
