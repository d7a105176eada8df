//! `POST /v1/connect/start`: the start page shows the nonce; this browser gets the cookie and is sent to the service.

use super::{cookie_name, held_cookie};
use crate::app::{ServiceGone, SharedApp};
use crate::domain::authorization::MAX_LIFETIME;
use crate::domain::id::AuthorizationId;
use crate::domain::widget::Origin;
use crate::lifecycle::send_off::{SendOffError, SentOff, send_off, speak};
use crate::routes::border::body::Json;
use crate::routes::border::problem::{Refusal, refuses};
use axum::extract::State;
use axum::http::header::{ORIGIN, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{AppendHeaders, IntoResponse};
use axum_extra::extract::cookie::{Cookie, SameSite};
use railhead_protocol::{ErrorCode, Language};
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What the start page was told by its opener.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct StartRequest {
    /// The authorization, `ath_…`
    #[schema(example = "ath_5dN0bW8cRq")]
    authorization_id: String,
    /// Proves that the session's own page opened the window, or sent its tab here.
    #[schema(example = "Zk1vJm0y")]
    nonce: String,
    /// The language that the page speaks, BCP 47; the last page speaks it too.
    #[schema(example = "en")]
    locale: Option<String>,
}

/// Where the window goes on.
#[derive(Serialize, ToSchema)]
pub(super) struct Location {
    /// The service's own page.
    #[schema(example = "https://login.xero.com/identity/connect/authorize?…")]
    location: String,
}

/// Why the window is not sent on.
#[derive(Debug, thiserror::Error)]
pub(super) enum StartError {
    #[error("Only the start page may ask this.")]
    NotStartPage,
    #[error(transparent)]
    SendOff(#[from] SendOffError),
}

impl From<StartError> for Refusal {
    fn from(error: StartError) -> Self {
        let error = match error {
            StartError::NotStartPage => {
                let detail = error.to_string();
                return Self::new(
                    StatusCode::FORBIDDEN,
                    ErrorCode::OriginNotRegistered,
                    detail,
                );
            }
            StartError::SendOff(error) => error,
        };
        let detail = error.to_string();
        match error {
            SendOffError::Unknown => Self::new(
                StatusCode::NOT_FOUND,
                ErrorCode::AuthorizationNotFound,
                detail,
            )
            .field("authorizationId"),
            SendOffError::Nonce(_) => {
                Self::new(StatusCode::FORBIDDEN, ErrorCode::InvalidState, detail).field("nonce")
            }
            SendOffError::NotOpen(_) => Self::new(
                StatusCode::CONFLICT,
                ErrorCode::AuthorizationNotOpen,
                detail,
            ),
            SendOffError::Service(ServiceGone::Store(error)) => Self::internal(error),
            SendOffError::Service(gone) => {
                let detail = "The service cannot be authorized at the moment.";
                Self::new(StatusCode::CONFLICT, ErrorCode::ServiceNotOffered, detail).because(gone)
            }
            error @ (SendOffError::Store(_) | SendOffError::Seal(_) | SendOffError::Open(_)) => {
                Self::internal(error)
            }
        }
    }
}
refuses!(
    StartError:
    403 OriginNotRegistered | InvalidState, 404 AuthorizationNotFound,
    409 AuthorizationNotOpen | ServiceNotOffered
);

/// Send the window on
///
/// Asked by the start page alone, with the nonce: sets this authorization's cookie and answers where the service's own page is.
#[utoipa::path(
    post,
    path = "/start",
    tag = "Pages",
    operation_id = "sendOff",
    params(("Origin" = String, Header, description = "The server's own origin; browsers send it.")),
    request_body(
        content = StartRequest,
        example = json!({ "authorizationId": "ath_5dN0bW8cRq", "nonce": "Zk1vJm0y" })
    ),
    responses(
        (
            status = 200,
            description = "Where to go.",
            body = Location,
            headers(("Set-Cookie" = String, description = "Ties the authorization to this browser."))
        ),
        StartError
    )
)]
pub(super) async fn start(
    State(app): State<SharedApp>,
    headers: HeaderMap,
    Json(request): Json<StartRequest>,
) -> Result<impl IntoResponse, StartError> {
    let origin = headers
        .get(ORIGIN)
        .and_then(|origin| Origin::parse(origin.to_str().ok()?));
    if origin.as_ref() != Some(&app.own_origin) {
        return Err(StartError::NotStartPage);
    }
    let id = AuthorizationId::from(request.authorization_id);
    let held = held_cookie(&app, &headers, &id);
    let sent = send_off(&app, &id, &request.nonce, held.as_deref()).await?;
    if let Some(language) = request.locale.as_deref().and_then(Language::best) {
        let spoken = speak(&app, &sent.session, language).await;
        spoken.map_err(SendOffError::from)?;
    }
    let SentOff {
        location, cookie, ..
    } = sent;
    let cookie = Cookie::build((cookie_name(&app, &id), cookie.expose_secret().to_owned()))
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(app.public_url.scheme() == "https")
        .max_age(MAX_LIFETIME)
        .path("/")
        .build();
    let answer = axum::Json(Location {
        location: location.into(),
    });
    Ok((AppendHeaders([(SET_COOKIE, cookie.to_string())]), answer))
}
