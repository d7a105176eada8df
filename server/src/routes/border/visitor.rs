//! Who is asking, in the Connect API: the page that holds a session's token, and no other page.

use super::cors::Readable;
use super::problem::{Refusal, refuses};
use crate::app::{App, SharedApp};
use crate::domain::session::Session;
use crate::domain::widget::{Origin, Widget};
use crate::secret::Digest;
use crate::store::StoreError;
use axum::extract::FromRequestParts;
use axum::http::header::{AUTHORIZATION, HeaderName, ORIGIN};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use railhead_protocol::ErrorCode;

/// A session and its widget.
pub(in crate::routes) struct Visitor {
    pub(in crate::routes) session: Session,
    pub(in crate::routes) widget: Widget,
}

/// Why there is no session.
#[derive(Debug, thiserror::Error)]
pub(in crate::routes) enum VisitorError {
    #[error("The session's token is missing, unknown or expired: load the widget again.")]
    NoSession,
    #[error("The session belongs to a page of another origin.")]
    OtherOrigin,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<VisitorError> for Refusal {
    fn from(error: VisitorError) -> Self {
        let detail = error.to_string();
        match error {
            VisitorError::NoSession => {
                Self::new(StatusCode::UNAUTHORIZED, ErrorCode::SessionExpired, detail)
            }
            VisitorError::OtherOrigin => Self::new(
                StatusCode::FORBIDDEN,
                ErrorCode::OriginNotRegistered,
                detail,
            ),
            VisitorError::Store(error) => Self::internal(error),
        }
    }
}
refuses!(VisitorError: 401 SessionExpired, 403 OriginNotRegistered);

impl FromRequestParts<SharedApp> for Visitor {
    type Rejection = VisitorError;

    async fn from_request_parts(parts: &mut Parts, app: &SharedApp) -> Result<Self, VisitorError> {
        let token = bearer(&parts.headers).ok_or(VisitorError::NoSession)?;
        let found = app
            .store
            .session(Digest::of(token))
            .await?
            .ok_or(VisitorError::NoSession)?;
        let session = found.at(app.now()).map_err(|_| VisitorError::NoSession)?;
        if asking_origin(app, &parts.headers).as_ref() != Some(&session.origin) {
            return Err(VisitorError::OtherOrigin);
        }
        let widget = app
            .store
            .widget(&session.widget)
            .await?
            .ok_or(VisitorError::NoSession)?;
        if let Some(readable) = parts.extensions.get::<Readable>() {
            readable.vouch();
        }
        Ok(Self { session, widget })
    }
}

/// The token of the header `Authorization: Bearer …`.
pub(in crate::routes) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// In which the frame, a page of ours, names the page it stands on (`docs/adr/0007`).
const EMBEDDER: HeaderName = HeaderName::from_static("railhead-embedder");

/// The origin of the page that asks. Browsers leave it out of GET requests to the page's own origin. Our own pages, and
/// no others, may ask for the page that embeds them: preflights allow nobody else this header.
pub(in crate::routes) fn asking_origin(app: &App, headers: &HeaderMap) -> Option<Origin> {
    let asking = match headers.get(ORIGIN) {
        Some(value) => Origin::parse(value.to_str().ok()?)?,
        None => app.own_origin.clone(),
    };
    match headers.get(EMBEDDER) {
        Some(embedder) if asking == app.own_origin => Origin::parse(embedder.to_str().ok()?),
        _ => Some(asking),
    }
}
