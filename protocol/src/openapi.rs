//! OpenAPI schemas that no derive can tell: types that are plain text on the wire, and the list of codes.

use crate::{BusinessName, ErrorCode};
#[cfg(feature = "management")]
use crate::{DESIGN_TOKENS, EventType, Scope, WidgetRequest};
use std::borrow::Cow;
#[cfg(feature = "management")]
use utoipa::openapi::schema::AdditionalProperties;
use utoipa::openapi::schema::{KnownFormat, Object, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// The schema of [`crate::Timestamp`].
pub struct Time;

/// The schema of the theme of a widget.
#[cfg(feature = "management")]
pub struct Theme;

/// The schema of a company's own words in a widget.
#[cfg(feature = "management")]
pub struct Messages;

/// The schema of what an event is about.
#[cfg(feature = "management")]
pub struct EventData;

/// The schema of those among [`EventType`] that webhook endpoints are told of.
#[cfg(feature = "management")]
pub struct WebhookEventType;

/// The schema of [`WidgetRequest`] for a widget that does not exist yet.
#[cfg(feature = "management")]
pub struct NewWidget;

#[cfg(feature = "management")]
impl PartialSchema for NewWidget {
    fn schema() -> RefOr<Schema> {
        let mut schema = WidgetRequest::schema();
        if let RefOr::T(Schema::Object(object)) = &mut schema {
            let name = "companyName";
            object.required.push(name.to_owned());
            if let Some(RefOr::T(Schema::Object(name))) = object.properties.get_mut(name) {
                name.schema_type = Type::String.into();
            }
            let about = "What is absent, or `null`, gets its default.";
            object.description = Some(about.to_owned());
        }
        schema
    }
}

#[cfg(feature = "management")]
impl ToSchema for NewWidget {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("NewWidget")
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        WidgetRequest::schemas(schemas);
    }
}

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

#[cfg(feature = "management")]
component!(
    Scope,
    "Scope",
    text("What an API key may do. Writing does not include reading.")
        .enum_values(Some(Scope::ALL.iter().map(|scope| scope.as_str())))
        .examples(["connections:read"])
);

#[cfg(feature = "management")]
component!(Theme, "Theme", {
    let value = || {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .min_length(Some(1))
            .max_length(Some(200))
            .pattern(Some(r#"^[A-Za-z0-9 #.,%()'"_/+*-]*$"#))
    };
    DESIGN_TOKENS
        .iter()
        .fold(ObjectBuilder::new(), |theme, token| {
            theme.property(*token, value())
        })
        .description(Some(
            "Design tokens: values of CSS such as `#0f5c4d` or `10px`; addresses are not taken.",
        ))
        .additional_properties(Some(AdditionalProperties::<Schema>::FreeForm(false)))
        .examples([serde_json::json!({ "primary": "#0f5c4d", "radius": "10px" })])
});

#[cfg(feature = "management")]
component!(Messages, "Messages", {
    let key = ObjectBuilder::new()
        .schema_type(Type::String)
        .pattern(Some("^[A-Za-z0-9_.@-]{1,60}$"));
    let message = ObjectBuilder::new()
        .schema_type(Type::String)
        .max_length(Some(1000))
        .pattern(Some(r"^[^\u0000-\u001f\u007f-\u009f]*$"));
    ObjectBuilder::new()
        .schema_type(Type::Object)
        .description(Some(
            "The company's own words for sentences of the widget, by key.",
        ))
        .property_names(Some(key.build()))
        .max_properties(Some(300))
        .additional_properties(Some(Schema::from(message.build())))
        .examples([serde_json::json!({ "picker.title": "Connect your books" })])
});

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
