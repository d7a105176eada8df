//! `GET /v1/events/{eventId}`: one event.

use crate::app::SharedApp;
use crate::lifecycle::event;
use crate::routes::border::caller::{Caller, scope};
use crate::routes::border::path::Path;
use crate::routes::border::problem::{Refusal, refuses};
use crate::store::StoreError;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use railhead_protocol::{AuditEvent, ErrorCode};

/// Why there is none.
#[derive(Debug, thiserror::Error)]
pub(super) enum EventError {
    #[error("No event has this id; events are kept for a while only.")]
    Unknown,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<EventError> for Refusal {
    fn from(error: EventError) -> Self {
        let detail = error.to_string();
        match error {
            EventError::Unknown => {
                Self::new(StatusCode::NOT_FOUND, ErrorCode::EventNotFound, detail)
            }
            EventError::Store(error) => Self::internal(error),
        }
    }
}
refuses!(EventError: 404 EventNotFound);

/// Read an event
#[utoipa::path(
    get,
    path = "/events/{eventId}",
    tag = "Events",
    operation_id = "getEvent",
    security(("apiKey" = ["events:read"])),
    params(("eventId" = String, Path, description = "The event, `evt_…`", example = "evt_7cLw2pXn5R")),
    responses(
        (status = 200, description = "The event.", body = AuditEvent),
        EventError
    )
)]
pub(super) async fn read(
    State(app): State<SharedApp>,
    Caller { tenant, .. }: Caller<scope::EventsRead>,
    Path(id): Path<String>,
) -> Result<Json<AuditEvent>, EventError> {
    let found = app.store.event(&tenant, &id.into()).await?;
    Ok(Json(event::wire(&found.ok_or(EventError::Unknown)?)))
}
