//! The start page without an opener: nobody vouches for the tab, so the person says who is asking for what. Whoever was
//! sent a link here reads the names of a company, a business and an address that are not theirs, and gives nothing away
//! even if they go on: the grant counts only for the page that began, in this browser.

use super::render::{Mood, Page, Script, Way};
use super::start_page;
use crate::app::App;
use crate::domain::authorization::{Authorization, Phase};
use crate::domain::id::AuthorizationId;
use crate::domain::widget::{Origin, Widget};
use crate::lifecycle::homecoming::page_left;
use crate::lifecycle::live;
use crate::store::StoreError;
use crate::text::{Key, Text};
use axum::http::StatusCode;
use url::Url;

/// What the page may have to say when it cannot go on: as the start page, but there is no window to close.
const WORDS: [(&str, Key); 11] = {
    let mut words = start_page::WORDS;
    words[10] = ("again", Key::ConfirmAgain);
    words
};

/// The page for the authorization `id` of `widget`.
pub(super) async fn page(
    app: &App,
    text: Text,
    widget: &Widget,
    id: AuthorizationId,
) -> Result<Page, StoreError> {
    let found = live::authorization(app, &id).await?;
    let found = found.filter(|found| found.widget == widget.id);
    let Some(authorization) = found.filter(|found| found.phase == Phase::Pending) else {
        return Ok(over(text));
    };
    match page_left(app, &authorization).await? {
        Some(left) => asking(app, text, widget, &authorization, left).await,
        None => Ok(over(text)),
    }
}

async fn asking(
    app: &App,
    text: Text,
    widget: &Widget,
    authorization: &Authorization,
    left: Url,
) -> Result<Page, StoreError> {
    let catalogue = app.catalogue.current();
    let service = catalogue
        .get(&authorization.service_name)
        .map_or(authorization.service_name.as_str(), |service| {
            service.display_name.as_str()
        });
    let business = app
        .store
        .business(&authorization.tenant, &authorization.business)
        .await?;
    let business = business.map(|business| business.name.as_str().to_owned());
    let business = business.unwrap_or_default();
    let company = &widget.company_name;
    let from = Origin::of(&left).map_or_else(String::new, |origin| {
        let origin = origin.as_str();
        origin.strip_prefix("https://").unwrap_or(origin).to_owned()
    });
    let values: [(&str, &str); 4] = [
        ("company", company.as_str()),
        ("service", service),
        ("business", &business),
        ("site", &from),
    ];
    Ok(Page {
        text,
        status: StatusCode::OK,
        mood: Mood::Question,
        heading: text.fill(Key::ConfirmTitle, &values),
        paragraphs: vec![
            text.fill(Key::ConfirmWhat, &values),
            text.fill(Key::ConfirmHow, &values),
        ],
        note: Some(text.fill(Key::ConfirmNote, &values)),
        script: Some(Script {
            source: "/v1/connect/start.js",
            origins: Vec::new(),
            authorization_id: Some(authorization.id.to_string()),
            words: &WORDS,
        }),
        ways: vec![
            Way::Go(text.fill(Key::ConfirmGo, &values)),
            Way::Leave(text.get(Key::ConfirmLeave).to_owned(), left),
        ],
    })
}

fn over(text: Text) -> Page {
    Page::notice(text, StatusCode::GONE, Key::StartOver, &[Key::ConfirmOver])
}
