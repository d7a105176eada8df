//! `GET /v1/connect/authorizations/{authorizationId}?wait=25&after=N`: the long-poll that tells the widget how it goes.

use super::{not_found, own_authorization};
use crate::app::SharedApp;
use crate::domain::id::AuthorizationId;
use crate::lifecycle::live;
use crate::routes::border::path::Path;
use crate::routes::border::problem::{Refusal, refuses};
use crate::routes::border::query::Query;
use crate::routes::border::visitor::Visitor;
use crate::store::StoreError;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use railhead_protocol::{AuthorizationState, ErrorCode, MAX_WAIT_SECONDS};
use serde::Deserialize;
use std::time::Duration;
use utoipa::IntoParams;

/// How many polls of one session may wait at the same time.
const MAX_POLLS: usize = 8;

/// How long to wait, and for what.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(in crate::routes) struct Wait {
    /// How many seconds to wait for news; at most 25 count.
    #[serde(default)]
    #[param(maximum = 4_294_967_295_u64)]
    wait: u32,
    /// The version that is known already.
    #[serde(default)]
    #[param(maximum = 4_294_967_295_u64)]
    after: u32,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(in crate::routes) enum PollError {
    #[error("unknown")]
    Unknown,
    #[error("Too many polls of this session are waiting; end one first.")]
    TooMany,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<PollError> for Refusal {
    fn from(error: PollError) -> Self {
        match error {
            PollError::Unknown => not_found(),
            PollError::TooMany => {
                let status = StatusCode::TOO_MANY_REQUESTS;
                Self::new(status, ErrorCode::RateLimited, error.to_string()).retry_after(1)
            }
            PollError::Store(error) => Self::internal(error),
        }
    }
}
refuses!(PollError: 404 AuthorizationNotFound, 429 RateLimited);

/// Poll an authorization
///
/// A long-poll: answers when the state is newer than `after`, when the authorization is over, or after `wait` seconds.
#[utoipa::path(
    get,
    path = "/authorizations/{authorizationId}",
    tag = "Connect",
    operation_id = "pollAuthorization",
    security(("sessionToken" = [])),
    params(
        ("authorizationId" = String, Path, description = "The authorization, `ath_…`", example = "ath_5dN0bW8cRq"),
        Wait
    ),
    responses((status = 200, description = "Where it stands.", body = AuthorizationState), PollError)
)]
pub(super) async fn poll(
    State(app): State<SharedApp>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(Wait { wait, after }): Query<Wait>,
) -> Result<Json<AuthorizationState>, PollError> {
    let session = &visitor.session;
    let found = own_authorization(&app, session, id.clone())
        .await?
        .ok_or(PollError::Unknown)?;
    let found = if wait == 0 {
        found
    } else {
        let _waiting = app
            .polls
            .hold(&session.id, MAX_POLLS)
            .ok_or(PollError::TooMany)?;
        let wait = Duration::from_secs(u64::from(wait).min(MAX_WAIT_SECONDS));
        let is_news = |authorization: &crate::domain::authorization::Authorization| {
            authorization.version > after || authorization.phase.is_over()
        };
        let found = live::wait_for(&app, &AuthorizationId::from(id), wait, is_news).await?;
        found.ok_or(PollError::Unknown)?
    };
    Ok(Json(live::wire(&app, &found).await?))
}
