//! `GET` and `POST /connect/{link}`: the widget on a page of ours, for links in messages, QR codes and apps. Looking at
//! the page changes nothing; its script opens the link, and from then on it is this browser's.

use super::render::{Page, escape, language, words};
use crate::app::{App, SharedApp};
use crate::domain::widget::{Origin, Widget, web_address};
use crate::lifecycle::sessions::{LinkError, Openable, Opened, look, open as open_link};
use crate::routes::border::path::Path;
use crate::routes::border::problem::{Refusal, refuses};
use crate::secret::Digest;
use crate::text::{Key, Text};
use axum::Json;
use axum::extract::State;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, ORIGIN, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{AppendHeaders, IntoResponse, Response};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use railhead_protocol::ErrorCode;
use secrecy::ExposeSecret as _;
use serde::Serialize;
use utoipa::ToSchema;

const TEMPLATE: &str = include_str!("../../../pages/hosted.html");

/// What the page's script needs to show the widget. Has no `Debug`, for it holds the session's token.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::routes) struct OpenedLink {
    /// The widget, `wid_…`
    #[schema(example = "wid_sandbox")]
    widget_id: String,
    /// Bearer token of the Connect API, `ses_…`
    #[schema(example = "ses_Q2xhaXJl")]
    session_token: String,
    /// The end user's language, BCP 47, if the company's server named it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "en")]
    locale: Option<String>,
}

/// Why the link is not opened.
#[derive(Debug, thiserror::Error)]
pub(in crate::routes) enum OpenError {
    #[error("Only the hosted page may ask this.")]
    NotHostedPage,
    #[error(transparent)]
    Link(#[from] LinkError),
}

impl From<OpenError> for Refusal {
    fn from(error: OpenError) -> Self {
        let detail = error.to_string();
        match error {
            OpenError::NotHostedPage => Self::new(
                StatusCode::FORBIDDEN,
                ErrorCode::OriginNotRegistered,
                detail,
            ),
            OpenError::Link(LinkError::Over | LinkError::OtherBrowser) => {
                Self::new(StatusCode::GONE, ErrorCode::SessionExpired, detail)
            }
            OpenError::Link(LinkError::Store(error)) => Self::internal(error),
        }
    }
}
refuses!(OpenError: 403 OriginNotRegistered, 410 SessionExpired);

/// Open the hosted page
///
/// The widget on a page of the server's own, for links in messages, QR codes and apps. Looking at it changes nothing.
#[utoipa::path(
    get,
    path = "/connect/{link}",
    tag = "Pages",
    operation_id = "hostedPage",
    params(("link" = String, Path, description = "The link of a session, `lnk_…`", example = "lnk_Rm9yIHlvdQ")),
    responses(
        (status = 200, description = "The page.", body = String, content_type = "text/html"),
        (
            status = 410,
            description = "A page: the link is unknown, has expired, or was opened in another browser.",
            body = String,
            content_type = "text/html"
        ),
        (status = 500, description = "A page: the server failed.", body = String, content_type = "text/html")
    )
)]
pub(in crate::routes) async fn page(
    State(app): State<SharedApp>,
    path: Result<Path<String>, Refusal>,
    headers: HeaderMap,
) -> Response {
    let text = language(None, &headers);
    let Ok(Path(link)) = path else {
        return told(text, &LinkError::Over);
    };
    match look(&app, &link, held(&app, &headers, &link).as_deref()).await {
        Ok(Openable {
            session, widget, ..
        }) => shown(language(session.locale.as_deref(), &headers), &widget),
        Err(LinkError::Store(error)) => Page::failure(text, error),
        Err(error) => told(text, &error),
    }
}

/// Open a link
///
/// Asked by the hosted page alone. The first browser keeps the link: its cookie gets it the same session again.
#[utoipa::path(
    post,
    path = "/connect/{link}",
    tag = "Pages",
    operation_id = "openLink",
    params(
        ("link" = String, Path, description = "The link of a session, `lnk_…`", example = "lnk_Rm9yIHlvdQ"),
        ("Origin" = String, Header, description = "The server's own origin; browsers send it.")
    ),
    responses(
        (
            status = 200,
            description = "The session, for this browser.",
            body = OpenedLink,
            headers(("Set-Cookie" = String, description = "Ties the link to this browser."))
        ),
        OpenError
    )
)]
pub(in crate::routes) async fn open(
    State(app): State<SharedApp>,
    Path(link): Path<String>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, OpenError> {
    let origin = headers
        .get(ORIGIN)
        .and_then(|origin| Origin::parse(origin.to_str().ok()?));
    if origin.as_ref() != Some(&app.own_origin) {
        return Err(OpenError::NotHostedPage);
    }
    let held = held(&app, &headers, &link);
    let Opened {
        session,
        token,
        cookie,
    } = open_link(&app, &link, held.as_deref()).await?;
    let cookie = Cookie::build((cookie_name(&app, &link), cookie.expose_secret().to_owned()))
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(app.public_url.scheme() == "https")
        .max_age(session.expires_at - app.now())
        .path("/")
        .build();
    let opened = OpenedLink {
        widget_id: session.widget.to_string(),
        session_token: token.expose_secret().to_owned(),
        locale: session.locale,
    };
    Ok((
        AppendHeaders([(SET_COOKIE, cookie.to_string())]),
        Json(opened),
    ))
}

/// A cookie for each link, named so that the name does not tell the link.
fn cookie_name(app: &App, link: &str) -> String {
    let prefix = if app.public_url.scheme() == "https" {
        "__Host-"
    } else {
        ""
    };
    let digest = URL_SAFE_NO_PAD.encode(&Digest::of(link).as_bytes()[..12]);
    format!("{prefix}railhead-link-{digest}")
}

fn held(app: &App, headers: &HeaderMap, link: &str) -> Option<String> {
    let jar = CookieJar::from_headers(headers);
    jar.get(&cookie_name(app, link))
        .map(|cookie| cookie.value().to_owned())
}

fn told(text: Text, error: &LinkError) -> Response {
    let (heading, why) = match error {
        LinkError::OtherBrowser => (Key::LinkUsed, Key::LinkUsedText),
        LinkError::Over | LinkError::Store(_) => (Key::LinkOver, Key::LinkOverText),
    };
    Page::notice(text, StatusCode::GONE, heading, &[why, Key::LinkNext]).answer()
}

/// What the page's script may have to say.
const WORDS: [(&str, Key); 6] = [
    ("over", Key::LinkOver),
    ("gone", Key::LinkGone),
    ("stuck", Key::LinkStuck),
    ("stuckText", Key::LinkStuckText),
    ("offline", Key::LinkOffline),
    ("offlineText", Key::LinkOfflineText),
];

fn shown(text: Text, widget: &Widget) -> Response {
    let company = [("company", widget.company_name.as_str())];
    let html = TEMPLATE
        .replace("{{lang}}", text.language().id())
        .replace("{{dir}}", text.language().direction())
        .replace("{{secured}}", text.get(Key::Secured))
        .replace("{{words}}", &escape(&words(text, &WORDS)))
        .replace("{{title}}", &escape(&text.fill(Key::LinkTitle, &company)))
        .replace("{{script}}", &escape(&text.fill(Key::LinkScript, &company)));
    let mut response = html.into_response();
    let headers = response.headers_mut();
    let content_type = HeaderValue::from_static("text/html; charset=utf-8");
    headers.insert(CONTENT_TYPE, content_type);
    // Without a policy there is no page: the default one lets nothing load.
    if let Ok(policy) = HeaderValue::from_str(&policy(widget)) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// What the page may load: the widget, and the company's logo from where it lies.
fn policy(widget: &Widget) -> String {
    let logo = widget.settings.logo.as_deref().and_then(web_address);
    let logo = logo.as_ref().and_then(Origin::of);
    let images = logo.map_or_else(String::new, |origin| format!(" {}", origin.as_str()));
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'{images}; \
         connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
}
