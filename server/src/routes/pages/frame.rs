//! `GET /v1/connect/frame?widgetId=…`: the widget on a page of ours, for host pages whose policy lets it not run in
//! themselves. The host's loader frames it, or opens it in a window, and the two talk by `postMessage`.

use super::render::{Page, escape, language};
use crate::app::SharedApp;
use crate::domain::widget::{Origin, Widget};
use crate::routes::border::problem::Refusal;
use crate::routes::border::query::Query;
use crate::text::{Key, Text};
use axum::extract::State;
use axum::http::header::{
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue, REFERRER_POLICY,
};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use utoipa::IntoParams;

const TEMPLATE: &str = include_str!("../../../pages/frame.html");

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct FrameQuery {
    /// The widget, `wid_…`
    #[param(example = "wid_sandbox")]
    widget_id: String,
}

/// Open the frame
///
/// The widget for pages that cannot run it themselves. Only pages on the widget's registered origins can frame it. It holds
/// no secret: it asks the page around it, or the one that opened it, what to show.
#[utoipa::path(
    get,
    path = "/frame",
    tag = "Pages",
    operation_id = "framePage",
    params(FrameQuery),
    responses(
        (status = 200, description = "The page.", body = String, content_type = "text/html"),
        (status = 400, description = "A page: the address lacks its widget.", body = String, content_type = "text/html"),
        (status = 404, description = "A page: no widget has this id.", body = String, content_type = "text/html"),
        (status = 500, description = "A page: the server failed.", body = String, content_type = "text/html")
    )
)]
pub(super) async fn page(
    State(app): State<SharedApp>,
    headers: HeaderMap,
    query: Result<Query<FrameQuery>, Refusal>,
) -> Response {
    let text = language(None, &headers);
    let Ok(Query(query)) = query else {
        return not_set_up(text, StatusCode::BAD_REQUEST);
    };
    match app.store.widget(&query.widget_id.as_str().into()).await {
        Ok(Some(widget)) => shown(text, &widget, &app.own_origin),
        Ok(None) => not_set_up(text, StatusCode::NOT_FOUND),
        Err(error) => Page::failure(text, error),
    }
}

fn not_set_up(text: Text, status: StatusCode) -> Response {
    Page::notice(text, status, Key::SetupTitle, &[Key::SetupText]).answer()
}

fn shown(text: Text, widget: &Widget, own: &Origin) -> Response {
    let company = [("company", widget.company_name.as_str())];
    let title = text.fill(Key::LinkTitle, &company);
    let origins: Vec<&str> = widget.origins.iter().map(Origin::as_str).collect();
    let html = TEMPLATE
        .replace("{{lang}}", text.language().id())
        .replace("{{dir}}", text.language().direction())
        .replace("{{secured}}", text.get(Key::Secured))
        .replace("{{heading}}", text.get(Key::StartLost))
        .replace("{{lost}}", text.get(Key::FrameLost))
        .replace("{{title}}", &escape(&title))
        .replace("{{origins}}", &escape(&origins.join(" ")));
    let mut response = html.into_response();
    let headers = response.headers_mut();
    // Without a policy there is no page: the default one lets nothing load.
    if let Ok(policy) = HeaderValue::from_str(&policy(&origins, own)) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    for (name, value) in [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        // The start page, which is of this origin, is told who opened it, and nobody else is.
        (REFERRER_POLICY, "same-origin"),
        // A page that asks its frames for these (COEP, CORP) gets them.
        (
            HeaderName::from_static("cross-origin-embedder-policy"),
            "credentialless",
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "cross-origin",
        ),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// The widget, logos from wherever the host page has them, and around it only pages that may embed it.
fn policy(origins: &[&str], own: &Origin) -> String {
    let ancestors = if origins.is_empty() {
        "'none'".to_owned()
    } else {
        origins.join(" ")
    };
    // On a developer's machine nothing has https.
    let insecure = if own.as_str().starts_with("https:") {
        ""
    } else {
        " http:"
    };
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: https:{insecure}; \
         connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors {ancestors}"
    )
}
