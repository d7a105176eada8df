//! `POST /v1/connect/start`: the start page shows the nonce; this browser gets the cookie and is sent to the service.

use super::{cookie_name, held_cookie};
use crate::app::{ServiceGone, SharedApp};
use crate::domain::authorization::LIFETIME;
use crate::domain::id::AuthorizationId;
use crate::domain::widget::Origin;
use crate::lifecycle::send_off::{SendOffError, SentOff, send_off};
use crate::routes::border::body::Json;
use crate::routes::border::problem::{Refusal, refuses};
use axum::extract::State;
use axum::http::header::{ORIGIN, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{AppendHeaders, IntoResponse};
use axum_extra::extract::cookie::{Cookie, SameSite};
use railhead_protocol::ErrorCode;
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct StartRequest {
    authorization_id: String,
    nonce: String,
}

#[derive(Serialize)]
pub(super) struct Location {
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
refuses!(StartError);

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
    let SentOff { location, cookie } = send_off(&app, &id, &request.nonce, held.as_deref()).await?;
    let cookie = Cookie::build((cookie_name(&app, &id), cookie.expose_secret().to_owned()))
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(app.public_url.scheme() == "https")
        .max_age(LIFETIME)
        .path("/")
        .build();
    let answer = axum::Json(Location {
        location: location.into(),
    });
    Ok((AppendHeaders([(SET_COOKIE, cookie.to_string())]), answer))
}
