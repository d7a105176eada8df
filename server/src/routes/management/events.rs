//! `GET /v1/events`: what happened, newest first, for support.

use super::cursor::{PageError, cursor, page};
use super::moment::{Moment, NotMoment};
use crate::app::SharedApp;
use crate::lifecycle::event;
use crate::routes::border::caller::{Caller, scope};
use crate::routes::border::problem::{Refusal, refuses};
use crate::routes::border::query::Query;
use crate::store::{EventFilter, StoreError};
use axum::Json;
use axum::extract::State;
use railhead_protocol::{AuditEventPage, EventType};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct EventsQuery {
    r#type: Option<EventType>,
    business_uuid: Option<String>,
    connection_id: Option<String>,
    since: Option<String>,
    until: Option<String>,
    limit: Option<u32>,
    cursor: Option<String>,
}

/// Why there is no page.
#[derive(Debug, thiserror::Error)]
pub(super) enum EventsError {
    #[error(transparent)]
    Page(#[from] PageError),
    #[error("{1}")]
    Moment(&'static str, NotMoment),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<EventsError> for Refusal {
    fn from(error: EventsError) -> Self {
        match error {
            EventsError::Page(error) => Self::invalid(error.to_string()).field(error.field()),
            EventsError::Moment(field, _) => Self::invalid(error.to_string()).field(field),
            EventsError::Store(error) => Self::internal(error),
        }
    }
}
refuses!(EventsError);

pub(super) async fn list(
    State(app): State<SharedApp>,
    Caller { tenant, .. }: Caller<scope::EventsRead>,
    Query(query): Query<EventsQuery>,
) -> Result<Json<AuditEventPage>, EventsError> {
    let (asked, shown) = page(query.limit, query.cursor.as_deref())?;
    let moment = |field, text: Option<String>| {
        let moment = text.map(|text| text.parse()).transpose();
        let moment = moment.map_err(|error| EventsError::Moment(field, error))?;
        Ok::<_, EventsError>(moment.map(|Moment(at)| at))
    };
    let filter = EventFilter {
        kind: query.r#type,
        business: query.business_uuid.map(Into::into),
        connection: query.connection_id.map(Into::into),
        since: moment("since", query.since)?,
        until: moment("until", query.until)?,
    };
    let found = app.store.events(&tenant, &filter, &asked).await?;
    let last = found.get(shown - 1).filter(|_| found.len() > shown);
    let next_cursor = last.map(|last| cursor(last.at, last.id.as_str()));
    Ok(Json(AuditEventPage {
        data: found.iter().take(shown).map(event::wire).collect(),
        next_cursor,
    }))
}
