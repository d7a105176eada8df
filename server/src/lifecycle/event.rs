//! What happened, for the audit trail and for whoever wants to be told.

use crate::app::App;
use crate::domain::business::Business;
use crate::domain::connection::Connection;
use crate::domain::id::{AuthorizationId, EventId};
use crate::domain::tenant::environment_name;
use crate::domain::timestamp;
use crate::domain::webhook::Webhook;
use crate::store::{Event, EventKind};
use railhead_protocol::{AuditEvent, Metadata, WebhookMessage};
use serde::Serialize;
use serde_json::{Map, Value};

/// Something happened to `business`, which is handed in as it is afterwards.
#[must_use]
pub fn of_business(app: &App, kind: EventKind, business: &Business) -> Event {
    Event {
        id: EventId::generate(app.entropy.as_ref()),
        tenant: business.tenant.clone(),
        at: app.now(),
        kind,
        business: Some(business.id.clone()),
        connection: None,
        authorization: None,
        data: data(&business.wire()),
    }
}

/// Something happened to `connection`, which is handed in as it is afterwards.
#[must_use]
pub fn of_connection(
    app: &App,
    kind: EventKind,
    connection: &Connection,
    authorization: Option<&AuthorizationId>,
) -> Event {
    Event {
        id: EventId::generate(app.entropy.as_ref()),
        tenant: connection.tenant.clone(),
        at: app.now(),
        kind,
        business: Some(connection.business.clone()),
        connection: Some(connection.id.clone()),
        authorization: authorization.cloned(),
        data: data(&connection.wire()),
    }
}

/// Something happened to `webhook`, which is handed in as it is afterwards.
#[must_use]
pub fn of_webhook(app: &App, kind: EventKind, webhook: &Webhook) -> Event {
    let now = app.now();
    Event {
        id: EventId::generate(app.entropy.as_ref()),
        tenant: webhook.tenant.clone(),
        at: now,
        kind,
        business: None,
        connection: None,
        authorization: None,
        data: data(&webhook.wire(now)),
    }
}

/// `event` with what the session was given along, under `metadata` in its data; nothing where that is empty.
#[must_use]
pub fn with_metadata(event: Event, metadata: Metadata) -> Event {
    if metadata.is_empty() {
        return event;
    }
    let mut fields = fields(&event.data);
    fields.insert("metadata".to_owned(), metadata.into());
    Event {
        data: data(&fields),
        ..event
    }
}

/// `event` as it is read back.
#[must_use]
pub fn wire(event: &Event) -> AuditEvent {
    AuditEvent {
        event_id: event.id.to_string(),
        kind: event.kind,
        created_at: timestamp(event.at),
        business_uuid: event.business.as_ref().map(ToString::to_string),
        connection_id: event.connection.as_ref().map(ToString::to_string),
        authorization_id: event.authorization.as_ref().map(ToString::to_string),
        data: fields(&event.data),
    }
}

/// `event` as endpoints are told of it: the same for each attempt.
#[must_use]
pub fn message(event: &Event) -> WebhookMessage {
    let mut data = fields(&event.data);
    let environment = environment_name(event.tenant.environment);
    data.insert("environment".to_owned(), environment.into());
    WebhookMessage {
        kind: event.kind,
        timestamp: timestamp(event.at),
        data,
    }
}

fn fields(data: &str) -> Map<String, Value> {
    // It was written as an object.
    serde_json::from_str(data).unwrap_or_default()
}

fn data(wire: &impl Serialize) -> String {
    // Texts and enums are always JSON.
    serde_json::to_string(wire).unwrap_or_default()
}
