//! `GET /v1/connect/done/{authorizationId}`: where the window ends. Says what happened to the browser that did it,
//! tells the opener to ask the server now, and closes itself.

use super::held_cookie;
use super::render::{Mood, Page, Script, Way};
use crate::app::{App, SharedApp};
use crate::domain::authorization::{Authorization, Phase};
use crate::domain::id::AuthorizationId;
use crate::lifecycle::homecoming::page_left;
use crate::lifecycle::live;
use crate::routes::border::path::Path;
use crate::routes::border::problem::Refusal;
use crate::secret::Digest;
use crate::store::StoreError;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use railhead_protocol::ErrorCode;

const CLOSE: &str = "You can close this window.";

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
    let Ok(Path(id)) = path else {
        return nothing();
    };
    let id = AuthorizationId::from(id);
    let held = held_cookie(&app, &headers, &id).map(|value| Digest::of(&value));
    let found = match live::authorization(&app, &id).await {
        Ok(found) => found,
        Err(error) => return Page::failure(error),
    };
    match found.filter(|authorization| authorization.handoff.belongs_to(held)) {
        Some(authorization) => match told(&app, &authorization).await {
            Ok(page) => page.answer(),
            Err(error) => Page::failure(error),
        },
        // Not the browser that did it: it learns nothing.
        None => nothing(),
    }
}

fn nothing() -> Response {
    let heading = "There is nothing to see here";
    Page::notice(StatusCode::NOT_FOUND, heading, &[CLOSE]).answer()
}

async fn told(app: &App, authorization: &Authorization) -> Result<Page, StoreError> {
    let catalogue = app.catalogue.current();
    let service = catalogue
        .get(&authorization.service_name)
        .map_or(authorization.service_name.as_str(), |service| {
            service.display_name.as_str()
        });
    let session = app.store.session_by_id(&authorization.session).await?;
    let widget = app.store.widget(&authorization.widget).await?;
    let company = widget
        .as_ref()
        .map_or("the company", |widget| widget.company_name.as_str());
    let (mood, heading, text) = words(&authorization.phase, service, company);
    // Only where no opener waits; a page that has one is closed by its script.
    let left = match &authorization.home {
        Some(home) if home.claim.is_some() => page_left(app, authorization).await?,
        _ => None,
    };
    Ok(Page {
        status: StatusCode::OK,
        mood,
        heading,
        paragraphs: vec![text],
        note: Some(CLOSE.to_owned()),
        // The page that began, and no other.
        script: session.map(|session| Script {
            source: "/v1/connect/done.js",
            origins: vec![session.origin.as_str().to_owned()],
            authorization_id: Some(authorization.id.to_string()),
        }),
        ways: left
            .map(|url| Way::Leave(format!("Go back to {company}"), url))
            .into_iter()
            .collect(),
    })
}

fn words(phase: &Phase, service: &str, company: &str) -> (Mood, String, String) {
    let back = format!("Go back to {company} to continue.");
    let notice = |heading: String, text: &str| (Mood::Notice, heading, format!("{text} {back}"));
    match phase {
        Phase::Succeeded { .. } => (Mood::Success, format!("{service} is connected"), back),
        Phase::Landed { .. } => (
            Mood::Notice,
            format!("{service} is not connected yet"),
            back,
        ),
        Phase::Choosing { .. } => (
            Mood::Success,
            format!("You are signed in at {service}"),
            back,
        ),
        Phase::Pending | Phase::Accepted { .. } | Phase::Authorized { .. } => {
            (Mood::Busy, format!("Finishing with {service}"), back)
        }
        Phase::Cancelled => notice("You cancelled this".to_owned(), "Nothing was connected."),
        Phase::Expired => notice("This took too long".to_owned(), "Nothing was connected."),
        Phase::Failed(ErrorCode::Denied) => notice(
            format!("You declined access at {service}"),
            "Nothing was connected.",
        ),
        Phase::Failed(ErrorCode::DuplicateAccount) => notice(
            format!("This {service} account is connected already"),
            "There is nothing more to do here.",
        ),
        Phase::Failed(ErrorCode::WrongAccount) => notice(
            "This is another account".to_owned(),
            &format!(
                "Sign in at {service} with the account you connected before. Nothing was changed."
            ),
        ),
        Phase::Failed(ErrorCode::NoAccount) => notice(
            format!("No company found at {service}"),
            "Your login there has no company to connect.",
        ),
        Phase::Failed(ErrorCode::InsufficientPermission) => notice(
            format!("Your role at {service} does not allow this"),
            "Ask an administrator or owner to connect.",
        ),
        Phase::Failed(_) => notice(
            format!("{service} could not be connected"),
            "Nothing was connected. You can try again.",
        ),
    }
}
