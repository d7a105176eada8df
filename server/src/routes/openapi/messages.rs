//! The messages that webhook endpoints get, under `webhooks` of the document: one for each type.

use railhead_protocol::openapi::told_of;
use railhead_protocol::{
    Account, Business, BusinessStatus, Connection, ConnectionStatus, DisconnectReason, Environment,
    EventType, Webhook, WebhookMessage,
};
use serde_json::{Map, Value, json};
use utoipa::openapi::path::{Operation, OperationBuilder, ParameterBuilder, ParameterIn};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{Discriminator, RefBuilder, Type};
use utoipa::openapi::{
    AllOfBuilder, ContentBuilder, HttpMethod, ObjectBuilder, OneOfBuilder, OpenApi, PathItem,
    PathsBuilder, Ref, Required, Response, Schema,
};

/// The tag of the messages.
const TAG: &str = "Messages";

/// What a message is about: the schema of the message, that of its data, and what to call the latter.
#[derive(Clone, Copy, PartialEq, Eq)]
struct About {
    message: &'static str,
    data: &'static str,
    name: &'static str,
}

const BUSINESS: About = About {
    message: "BusinessMessage",
    data: "Business",
    name: "The business as it was then",
};
const CONNECTION: About = About {
    message: "ConnectionMessage",
    data: "Connection",
    name: "The connection as it was then",
};
const TEST: About = About {
    message: "TestMessage",
    data: "Webhook",
    name: "The endpoint",
};

/// Adds the messages to the document.
pub(super) fn add(api: &mut OpenApi) {
    let mut webhooks = PathsBuilder::new();
    for kind in sent() {
        let item = PathItem::new(HttpMethod::Post, operation(kind));
        webhooks = webhooks.path(kind.as_str(), item);
    }
    api.webhooks = Some(webhooks.build());
    let schemas = &mut api.components.get_or_insert_default().schemas;
    let mut any = OneOfBuilder::new()
        .description(Some("A message of any type; `type` says which."))
        .discriminator(Some(Discriminator::with_mapping(
            "type",
            sent().map(|kind| (kind.as_str(), reference(about(kind).message).ref_location)),
        )));
    for about in [BUSINESS, CONNECTION, TEST] {
        schemas.insert(about.message.to_owned(), schema(about).into());
        any = any.item(reference(about.message));
    }
    let any = Schema::from(any.build());
    schemas.insert("WebhookMessage".to_owned(), any.into());
}

/// The types that are sent.
fn sent() -> impl Iterator<Item = EventType> {
    told_of().chain([EventType::WebhookTest])
}

fn about(kind: EventType) -> About {
    match kind {
        EventType::BusinessCreated | EventType::BusinessUpdated | EventType::BusinessRemoved => {
            BUSINESS
        }
        EventType::WebhookTest | EventType::WebhookDisabled => TEST,
        _ => CONNECTION,
    }
}

fn reference(name: &str) -> Ref {
    Ref::from_schema_name(name)
}

/// The schema of the messages about something.
fn schema(of: About) -> Schema {
    let text = |about: &'static str| {
        let text = ObjectBuilder::new().schema_type(Type::String);
        text.description(Some(about))
    };
    let kinds = sent().filter(|kind| about(*kind) == of);
    let kinds: Vec<&str> = kinds.map(EventType::as_str).collect();
    let described = |name: &str, about: &str| {
        let named = RefBuilder::new().ref_location_from_schema_name(name);
        named.description(Some(about)).build()
    };
    let timestamp = described("Timestamp", "When it happened.");
    let environment = described("Environment", "In which environment.");
    let mut more = ObjectBuilder::new()
        .property("environment", environment)
        .required("environment");
    if of == CONNECTION {
        let metadata = ObjectBuilder::new()
            .schema_type(Type::Object)
            .description(Some(
                "What your server gave the session along, when it was connected or authorized again in one that your \
                server asked for; at most 2 KiB.",
            ))
            .examples([json!({ "applicationId": "4711" })]);
        more = more.property("metadata", metadata);
    }
    let data = AllOfBuilder::new()
        .description(Some(format!("{}.", of.name)))
        .item(reference(of.data))
        .item(more);
    let message = ObjectBuilder::new()
        .description(Some("A message to a webhook endpoint."))
        .property("type", text("What happened.").enum_values(Some(kinds)))
        .required("type")
        .property("timestamp", timestamp)
        .required("timestamp")
        .property("data", data)
        .required("data");
    message.build().into()
}

/// A message as an operation: what the endpoint gets, and what its answers mean.
fn operation(kind: EventType) -> Operation {
    let about = about(kind);
    let words = kind.as_str().split('.');
    let name: String = words
        .map(|word| word[..1].to_uppercase() + &word[1..])
        .collect();
    let content = ContentBuilder::new()
        .schema(Some(reference(about.message)))
        .example(serde_json::to_value(example(kind)).ok());
    let body = RequestBodyBuilder::new()
        .content("application/json", content.build())
        .required(Some(Required::True));
    let mut operation = OperationBuilder::new()
        .tag(TAG)
        .operation_id(Some(format!("on{name}")))
        .summary(Some(kind.as_str()))
        .description(Some(kind.meaning().trim()))
        .request_body(Some(body.build()));
    for (name, what, example) in [
        (
            "webhook-id",
            "The event, `evt_…`; the same when it is sent again.",
            "evt_7cLw2pXn5R",
        ),
        (
            "webhook-timestamp",
            "When this attempt was made, in seconds since 1970.",
            "1826789400",
        ),
        (
            "webhook-signature",
            "`v1,` and the signature in base64 (HMAC-SHA256 over id, timestamp and body, joined by `.`); a second one \
            after a space, while the secret before signs too.",
            "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=",
        ),
    ] {
        let header = ParameterBuilder::new()
            .name(name)
            .parameter_in(ParameterIn::Header)
            .required(Required::True)
            .description(Some(what))
            .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
            .example(Some(json!(example)));
        operation = operation.parameter(header);
    }
    for (status, meaning) in [
        (
            "2XX",
            "It was received; answer in time and do the work afterwards.",
        ),
        (
            "410",
            "It wants nothing any more: the endpoint is disabled.",
        ),
        (
            "default",
            "It is sent again, later and later for 24 hours; a test is not.",
        ),
    ] {
        operation = operation.response(status, Response::new(meaning));
    }
    operation.build()
}

/// A message of this type, as it could be.
fn example(kind: EventType) -> WebhookMessage {
    let now = "2027-11-22T09:30:00Z".to_owned();
    let data = match about(kind).data {
        "Business" => fields(Business {
            business_name: "Harbor Coffee".to_owned(),
            business_uuid: "biz_3nJ7yP1wL9".to_owned(),
            status: match kind {
                EventType::BusinessUpdated => BusinessStatus::Active,
                _ => BusinessStatus::New,
            },
            created_at: now.clone(),
        }),
        "Connection" => connection(kind, now.clone()),
        _ => fields(Webhook {
            webhook_id: "whk_4gS9vH1zQe".to_owned(),
            url: "https://example.com/webhooks".to_owned(),
            types: None,
            description: None,
            enabled: true,
            disabled_reason: None,
            failing_since: None,
            previous_secret_until: None,
            created_at: now.clone(),
        }),
    };
    let mut data = data;
    data.insert("environment".to_owned(), json!(Environment::Production));
    WebhookMessage {
        kind,
        timestamp: now,
        data,
    }
}

fn connection(kind: EventType, now: String) -> Map<String, Value> {
    let (status, disconnect_reason) = match kind {
        EventType::ConnectionDisconnected => (
            ConnectionStatus::Disconnected,
            Some(DisconnectReason::DisconnectedByCustomer),
        ),
        EventType::ConnectionExpired => (ConnectionStatus::Expired, None),
        _ => (ConnectionStatus::Active, None),
    };
    let mut data = fields(Connection {
        connection_id: "con_8mR2kT0vQ4sXa6".to_owned(),
        service_name: "xero".to_owned(),
        business_name: "Harbor Coffee".to_owned(),
        business_uuid: "biz_3nJ7yP1wL9".to_owned(),
        status,
        account: Some(Account {
            account_id: "org_harbor_coffee".to_owned(),
            name: "Harbor Coffee Ltd".to_owned(),
        }),
        disconnect_reason,
        created_at: now.clone(),
        authorized_at: now,
        expires_at: "2028-11-22T09:30:00Z".to_owned(),
    });
    if kind == EventType::ConnectionCreated {
        data.insert("metadata".to_owned(), json!({ "applicationId": "4711" }));
    }
    data
}

fn fields(data: impl serde::Serialize) -> Map<String, Value> {
    match serde_json::to_value(data) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}
