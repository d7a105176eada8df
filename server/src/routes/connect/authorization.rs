//! `GET /v1/connect/authorizations/{id}?wait=25&after=N`: the long-poll that tells the widget how it goes.

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

/// How many polls of one session may wait at the same time.
const MAX_POLLS: usize = 8;

/// How long to wait, and for what.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::routes) struct Wait {
    /// Seconds; at most [`MAX_WAIT_SECONDS`] count.
    #[serde(default)]
    wait: u64,
    /// The version the widget knows.
    #[serde(default)]
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
refuses!(PollError);

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
        let wait = Duration::from_secs(wait.min(MAX_WAIT_SECONDS));
        let is_news = |authorization: &crate::domain::authorization::Authorization| {
            authorization.version > after || authorization.phase.is_over()
        };
        let found = live::wait_for(&app, &AuthorizationId::from(id), wait, is_news).await?;
        found.ok_or(PollError::Unknown)?
    };
    Ok(Json(live::wire(&app, &found).await?))
}
