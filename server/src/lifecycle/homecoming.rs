//! An authorization goes on in the widget's own tab: out to the service, back to the page that began, and on only when
//! that page claims what the browser brought.

use super::exchange;
use super::live;
use super::send_off::claim_of;
use crate::app::{App, SharedApp};
use crate::domain::authorization::{Authorization, NotOpen, Phase};
use crate::domain::homecoming::{NONCE_PREFIX, PARAMETER, address};
use crate::domain::session::Session;
use crate::entropy;
use crate::secret::Digest;
use crate::store::{Saved, StoreError};
use secrecy::SecretString;
use url::Url;

/// Why the tab does not leave.
#[derive(Debug, thiserror::Error)]
pub enum LeaveError {
    /// The address to come back to is not one of the page that began.
    #[error("The address to come back to has to be one of the page's own origin.")]
    Address,
    /// The browser has been at the service already, or it is over.
    #[error("The authorization no longer needs a page to go to.")]
    NotOpen(#[from] NotOpen),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Where the tab goes: the start page, with a nonce that works in one browser.
pub async fn leave(
    app: &App,
    session: &Session,
    mut authorization: Authorization,
    asked: &str,
) -> Result<Url, LeaveError> {
    let home = address(asked, &session.origin).ok_or(LeaveError::Address)?;
    loop {
        let nonce = format!("{NONCE_PREFIX}{}", entropy::token(app.entropy.as_ref()));
        let leaving = authorization.leave_from(home.to_string(), Digest::of(&nonce), app.now())?;
        if app.store.save_authorization(&leaving).await? == Saved::Done {
            let mut start = app.address("/v1/connect/start");
            start
                .query_pairs_mut()
                .append_pair("widgetId", leaving.widget.as_str())
                .append_pair("authorizationId", leaving.id.as_str());
            if let Some(locale) = &session.locale {
                start.query_pairs_mut().append_pair("locale", locale);
            }
            // No server and no log sees this part of an address.
            start.set_fragment(Some(&nonce));
            return Ok(start);
        }
        let read = live::authorization(app, &leaving.id).await?;
        authorization = read.ok_or(NotOpen)?;
    }
}

/// Where a browser with this cookie comes back to, if it was sent off without an opener: a page of the session's origin,
/// as long as that is registered. Brings the claim along where a code waits for it.
pub async fn way_back(
    app: &App,
    authorization: &Authorization,
    cookie: &SecretString,
) -> Result<Option<Url>, StoreError> {
    let Some(home) = authorization
        .home
        .as_ref()
        .filter(|home| home.claim.is_some())
    else {
        return Ok(None);
    };
    let Some(mut url) = page_left(app, authorization).await? else {
        return Ok(None);
    };
    if matches!(authorization.phase, Phase::Landed { .. }) {
        let claim = claim_of(cookie);
        debug_assert_eq!(
            home.claim,
            Some(Digest::of(&claim)),
            "the cookie was judged"
        );
        let value = format!("{}.{claim}", authorization.id);
        url.query_pairs_mut().append_pair(PARAMETER, &value);
    }
    Ok(Some(url))
}

/// The page that was left for the service, if its origin is still registered.
pub async fn page_left(
    app: &App,
    authorization: &Authorization,
) -> Result<Option<Url>, StoreError> {
    let Some(home) = &authorization.home else {
        return Ok(None);
    };
    let session = app.store.session_by_id(&authorization.session).await?;
    let widget = app.store.widget(&authorization.widget).await?;
    Ok(session.zip(widget).and_then(|(session, widget)| {
        let origin = session.origin;
        let known = widget.is_registered(&origin) || origin == app.own_origin;
        known.then(|| home.url(&origin)).flatten()
    }))
}

/// Why nothing is claimed.
#[derive(Debug, thiserror::Error)]
pub enum ClaimError {
    /// The value is not the one that was brought back.
    #[error("This is not what the browser brought back.")]
    Refused,
    /// There is nothing to claim any more, or yet.
    #[error("Nothing waits to be claimed.")]
    NotOpen,
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The page that began shows what the browser brought back; the code is exchanged. Doing it again changes nothing.
pub async fn claim(
    app: &SharedApp,
    authorization: Authorization,
    value: &str,
) -> Result<Authorization, ClaimError> {
    let value = Digest::of(value);
    let expected = authorization.home.as_ref().and_then(|home| home.claim);
    if expected != Some(value) {
        return Err(ClaimError::Refused);
    }
    match &authorization.phase {
        Phase::Landed { .. } => {}
        Phase::Pending => return Err(ClaimError::NotOpen),
        _ => return Ok(authorization),
    }
    let id = authorization.id;
    let accepted = app
        .store
        .claim_code(&id, value, app.claim(), app.now())
        .await?;
    if let Some(accepted) = accepted {
        exchange::spawn(app, id);
        return Ok(accepted);
    }
    let read = live::authorization(app, &id).await?;
    read.ok_or(ClaimError::NotOpen)
}
