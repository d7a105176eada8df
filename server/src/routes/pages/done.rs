//! `GET /v1/connect/done/{authorizationId}`: where the window ends. Says what happened to the browser that did it,
//! tells the opener to ask the server now, and closes itself.

use super::held_cookie;
use super::render::{Mood, Page, Script, Way, language};
use crate::app::{App, SharedApp};
use crate::domain::authorization::{Authorization, Phase};
use crate::domain::id::AuthorizationId;
use crate::lifecycle::homecoming::page_left;
use crate::lifecycle::live;
use crate::routes::border::path::Path;
use crate::routes::border::problem::Refusal;
use crate::secret::Digest;
use crate::store::StoreError;
use crate::text::{Key, Text};
use axum::extract::State;
use axum::http::header::REFRESH;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use railhead_protocol::ErrorCode;
use url::Url;

/// Open the last page
///
/// Says what happened, to the browser that did it, and closes itself.
#[utoipa::path(
    get,
    path = "/done/{authorizationId}",
    tag = "Pages",
    operation_id = "donePage",
    params(("authorizationId" = String, Path, description = "The authorization, `ath_…`", example = "ath_5dN0bW8cRq")),
    responses(
        (status = 200, description = "The page.", body = String, content_type = "text/html"),
        (status = 404, description = "A page: nothing for this browser.", body = String, content_type = "text/html"),
        (status = 500, description = "A page: the server failed.", body = String, content_type = "text/html")
    )
)]
pub(super) async fn page(
    State(app): State<SharedApp>,
    path: Result<Path<String>, Refusal>,
    headers: HeaderMap,
) -> Response {
    let text = language(None, &headers);
    let Ok(Path(id)) = path else {
        return nothing(text);
    };
    let id = AuthorizationId::from(id);
    let held = held_cookie(&app, &headers, &id).map(|value| Digest::of(&value));
    let found = match live::authorization(&app, &id).await {
        Ok(found) => found,
        Err(error) => return Page::failure(text, error),
    };
    match found.filter(|authorization| authorization.handoff.belongs_to(held)) {
        Some(authorization) => match told(&app, &headers, &authorization).await {
            Ok(page) => page.answer(),
            Err(error) => Page::failure(text, error),
        },
        // Not the browser that did it: it learns nothing.
        None => nothing(text),
    }
}

/// The page that leads the tab back to where it left for the service. No redirect: some services allow none beyond their client's
/// own origin to what was sent by a form of theirs (`form-action`), and the browser then goes nowhere.
pub(in crate::routes) async fn homeward(
    app: &App,
    headers: &HeaderMap,
    authorization: &Authorization,
    home: Url,
) -> Result<Response, StoreError> {
    let page = told(app, headers, authorization).await?;
    let label = page.ways.first().map(|way| way.label().to_owned());
    let heading = label.unwrap_or_else(|| page.heading.clone());
    let refresh = format!("0;url={home}");
    let mut response = Page {
        mood: Mood::Busy,
        ways: vec![Way::Leave(heading.clone(), home)],
        heading,
        paragraphs: Vec::new(),
        note: None,
        script: None,
        ..page
    }
    .answer();
    // An address has no line breaks.
    if let Ok(value) = HeaderValue::from_str(&refresh) {
        response.headers_mut().insert(REFRESH, value);
    }
    Ok(response)
}

fn nothing(text: Text) -> Response {
    Page::notice(
        text,
        StatusCode::NOT_FOUND,
        Key::DoneNothing,
        &[Key::DoneClose],
    )
    .answer()
}

async fn told(
    app: &App,
    headers: &HeaderMap,
    authorization: &Authorization,
) -> Result<Page, StoreError> {
    let catalogue = app.catalogue.current();
    let service = catalogue
        .get(&authorization.service_name)
        .map_or(authorization.service_name.as_str(), |service| {
            service.display_name.as_str()
        });
    let session = app.store.session_by_id(&authorization.session).await?;
    let locale = session
        .as_ref()
        .and_then(|session| session.locale.as_deref());
    let text = language(locale, headers);
    let widget = app.store.widget(&authorization.widget).await?;
    let company = widget.as_ref().map(|widget| widget.company_name.as_str());
    let company = company.unwrap_or(text.get(Key::Company));
    let (mood, heading, what) = words(&authorization.phase);
    let say = |key| text.fill(key, &[("service", service), ("company", company)]);
    // Only where no opener waits; a page that has one is closed by its script.
    let left = match &authorization.home {
        Some(home) if home.claim.is_some() => page_left(app, authorization).await?,
        _ => None,
    };
    Ok(Page {
        text,
        status: StatusCode::OK,
        mood,
        heading: say(heading),
        paragraphs: what.into_iter().chain([Key::DoneBack]).map(&say).collect(),
        note: Some(say(Key::DoneClose)),
        // The page that began, and no other.
        script: session.map(|session| Script {
            source: "/v1/connect/done.js",
            origins: vec![session.origin.as_str().to_owned()],
            authorization_id: Some(authorization.id.to_string()),
            words: &[],
        }),
        ways: left
            .map(|url| Way::Leave(say(Key::DoneReturn), url))
            .into_iter()
            .collect(),
    })
}

/// The heading, and what there is to say before the way back.
fn words(phase: &Phase) -> (Mood, Key, Option<Key>) {
    let notice = |heading, text| (Mood::Notice, heading, Some(text));
    match phase {
        Phase::Succeeded { .. } => (Mood::Success, Key::DoneConnected, None),
        Phase::Landed { .. } => (Mood::Notice, Key::DoneLanded, None),
        Phase::Choosing { .. } => (Mood::Success, Key::DoneChoosing, None),
        Phase::Pending | Phase::Accepted { .. } | Phase::Authorized { .. } => {
            (Mood::Busy, Key::DoneBusy, None)
        }
        Phase::Cancelled => notice(Key::DoneCancelled, Key::DoneUnconnected),
        Phase::Expired => notice(Key::DoneLate, Key::DoneUnconnected),
        Phase::Failed(code) => match code {
            ErrorCode::Denied => notice(Key::DoneDenied, Key::DoneUnconnected),
            ErrorCode::DuplicateAccount => notice(Key::DoneDuplicate, Key::DoneDuplicateText),
            ErrorCode::WrongAccount => notice(Key::DoneOther, Key::DoneOtherText),
            ErrorCode::NoAccount => notice(Key::DoneEmpty, Key::DoneEmptyText),
            ErrorCode::InsufficientPermission => notice(Key::DoneRole, Key::DoneRoleText),
            _ => notice(Key::DoneFailed, Key::DoneFailedText),
        },
    }
}
