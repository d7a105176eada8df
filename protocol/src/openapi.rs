//! OpenAPI schemas that no derive can tell: types that are plain text on the wire, and the list of codes.

use crate::{BusinessName, ErrorCode, EventType};
use std::borrow::Cow;
use utoipa::openapi::schema::{KnownFormat, Object, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// The schema of [`crate::Timestamp`].
pub struct Time;

/// The schema of what an event is about.
pub struct EventData;

/// The schema of those among [`EventType`] that webhook endpoints are told of.
pub struct WebhookEventType;

/// A schema under the name of its type.
macro_rules! component {
    ($type:ident, $name:literal, $schema:expr) => {
        impl PartialSchema for $type {
            fn schema() -> RefOr<Schema> {
                let object: Object = $schema.build();
                object.into()
            }
        }

        impl ToSchema for $type {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed($name)
            }
        }
    };
}

component!(
    Time,
    "Timestamp",
    text("A point in time, RFC 3339 in UTC.")
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
        .examples(["2027-11-22T09:30:00Z"])
);

component!(
    BusinessName,
    "BusinessName",
    text(
        "A name of 2 to 40 characters, none of them a control character, one that shows as nothing, or one of \
        `% [ ] \\ * | ( ) { } \"`. White space at its ends is removed."
    )
    .min_length(Some(Self::MIN_CHARS))
    .max_length(Some(Self::MAX_CHARS))
    .pattern(Some(r#"^[^%\[\]\\*|(){}"\u0000-\u001f\u007f-\u009f]*$"#))
    .examples(["Harbor Coffee"])
);

component!(
    ErrorCode,
    "ErrorCode",
    text("The stable code of a refusal or a failure. New codes may be added; existing ones keep their meaning.")
        .enum_values(Some(known().map(Self::as_str)))
        .examples(["connection_not_found"])
);

component!(
    EventData,
    "EventData",
    ObjectBuilder::new()
        .schema_type(Type::Object)
        .description(Some(
            "What an event is about, as it was then: a business, a connection, or a webhook endpoint. With `metadata`, \
            where a session that your server asked for brought it."
        ))
        .examples([serde_json::json!({
            "businessName": "Harbor Coffee",
            "businessUuid": "biz_3nJ7yP1wL9",
            "status": "active",
            "createdAt": "2027-11-22T09:30:00Z"
        })])
);

component!(
    EventType,
    "EventType",
    text(&format!("What happened:\n\n{}", meanings(|_| true)))
        .enum_values(Some(EventType::ALL.iter().map(|kind| kind.as_str())))
        .examples([EventType::ConnectionCreated.as_str()])
);

component!(
    WebhookEventType,
    "WebhookEventType",
    text(&format!(
        "What webhook endpoints are told of:\n\n{}",
        meanings(EventType::is_public)
    ))
    .enum_values(Some(told_of().map(EventType::as_str)))
    .examples([EventType::ConnectionCreated.as_str()])
);

/// What webhook endpoints are told of.
pub fn told_of() -> impl Iterator<Item = EventType> {
    let all = EventType::ALL.iter().copied();
    all.filter(|kind| kind.is_public())
}

/// A list of types and what they mean.
fn meanings(shown: impl Fn(EventType) -> bool) -> String {
    let all = EventType::ALL.iter().copied();
    let lines: Vec<String> = all
        .filter(|kind| shown(*kind))
        .map(|kind| format!("- `{kind}`: {}", kind.meaning().trim()))
        .collect();
    lines.join("\n")
}

fn text(description: &str) -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some(description))
}

/// The codes that a server sends.
pub fn known() -> impl Iterator<Item = ErrorCode> {
    let all = ErrorCode::ALL.iter().copied();
    all.filter(|code| *code != ErrorCode::Unknown)
}
