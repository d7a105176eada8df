//! The start page without an opener: nobody vouches for the tab, so the person says who is asking for what. Whoever was
//! sent a link here reads the names of a company, a business and an address that are not theirs, and gives nothing away
//! even if they go on: the grant counts only for the page that began, in this browser.

use super::render::{Mood, Page, Script, Way};
use crate::app::App;
use crate::domain::authorization::{Authorization, Phase};
use crate::domain::id::AuthorizationId;
use crate::domain::widget::{Origin, Widget};
use crate::lifecycle::homecoming::page_left;
use crate::lifecycle::live;
use crate::store::StoreError;
use axum::http::StatusCode;
use url::Url;

const OVER: &str = "This is over already";
const OVER_TEXT: &str = "Go back to the page you came from and start again.";
const LEAVE: &str = "Don’t continue";

/// The page for the authorization `id` of `widget`.
pub(super) async fn page(
    app: &App,
    widget: &Widget,
    id: AuthorizationId,
) -> Result<Page, StoreError> {
    let found = live::authorization(app, &id).await?;
    let found = found.filter(|found| found.widget == widget.id);
    let Some(authorization) = found.filter(|found| found.phase == Phase::Pending) else {
        return Ok(Page::notice(StatusCode::GONE, OVER, &[OVER_TEXT]));
    };
    match page_left(app, &authorization).await? {
        Some(left) => asking(app, widget, &authorization, left).await,
        None => Ok(Page::notice(StatusCode::GONE, OVER, &[OVER_TEXT])),
    }
}

async fn asking(
    app: &App,
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
    Ok(Page {
        status: StatusCode::OK,
        mood: Mood::Question,
        heading: format!("Let {company} read your {service} data?"),
        paragraphs: vec![
            format!("You connect {service} to {company} for the business “{business}”."),
            format!("You sign in at {service} and then come back to {from}."),
        ],
        note: Some(format!(
            "Go on only if you pressed the button at {from} yourself. If somebody sent you a link to this page, close it."
        )),
        script: Some(Script {
            source: "/v1/connect/start.js",
            origins: Vec::new(),
            authorization_id: Some(authorization.id.to_string()),
        }),
        ways: vec![
            Way::Go(format!("Continue to {service}")),
            Way::Leave(LEAVE.to_owned(), left),
        ],
    })
}
