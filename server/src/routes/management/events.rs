//! `GET /v1/events`: what happened, newest first, for support.

use super::cursor::{PageError, cut, page};
use super::moment::{Moment, NotMoment};
use crate::app::SharedApp;
use crate::lifecycle::event;
use crate::routes::border::caller::{Caller, scope};
use crate::routes::border::problem::{Refusal, refuses};
use crate::routes::border::query::Query;
use crate::store::{EventFilter, StoreError};
use axum::Json;
use axum::extract::State;
use railhead_protocol::openapi::Time;
use railhead_protocol::{AuditEventPage, EventType};
use serde::Deserialize;
use utoipa::IntoParams;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct EventsQuery {
    /// Only this.
    r#type: Option<EventType>,
    /// To this business, `biz_…`
    business_uuid: Option<String>,
    /// To this connection, `con_…`
    connection_id: Option<String>,
    /// At this moment or later.
    #[param(value_type = Option<Time>)]
    since: Option<String>,
    /// Before this moment.
    #[param(value_type = Option<Time>)]
    until: Option<String>,
    /// Entries on a page; 50 without it.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// From the page before, its `nextCursor`.
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
            EventsError::Page(error) => error.into(),
            EventsError::Moment(field, _) => Self::invalid(error.to_string()).field(field),
            EventsError::Store(error) => Self::internal(error),
        }
    }
}
refuses!(EventsError: 400 InvalidRequest);

/// List what happened
///
/// In the key's workspace and environment, newest first, whether or not a webhook endpoint was told. Filters add up: an
/// event has to fit all. Events are kept for 400 days, unless whoever runs the server says otherwise.
#[utoipa::path(
    get,
    path = "/events",
    tag = "Events",
    operation_id = "listEvents",
    security(("apiKey" = ["events:read"])),
    params(EventsQuery),
    responses(
        (status = 200, description = "One page.", body = AuditEventPage),
        EventsError
    )
)]
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
    let (found, next_cursor) = cut(found, shown, |shown| (shown.at, shown.id.as_str()));
    let data = found.iter().map(event::wire).collect();
    Ok(Json(AuditEventPage { data, next_cursor }))
}
