//! Examples of what travels, put together from the examples of the parts, in the order of their declaration.

use serde_json::Value;
use utoipa::openapi::schema::{AdditionalProperties, SchemaType, Type};
use utoipa::openapi::{Object, OpenApi, RefOr, Schema, schema::ArrayItems};

/// The schema behind a reference.
pub(super) fn resolved<'a>(api: &'a OpenApi, schema: &'a RefOr<Schema>) -> Option<&'a Schema> {
    match schema {
        RefOr::T(schema) => Some(schema),
        RefOr::Ref(to) => {
            let schemas = &api.components.as_ref()?.schemas;
            resolved(api, schemas.get(name_of(&to.ref_location))?)
        }
    }
}

/// The objects that an object is put together from: itself, or all of several.
pub(super) fn parts<'a>(api: &'a OpenApi, schema: &'a RefOr<Schema>) -> Vec<&'a Object> {
    match resolved(api, schema) {
        Some(Schema::Object(object)) => vec![object],
        Some(Schema::AllOf(all)) => {
            let items = all.items.iter();
            items.flat_map(|item| parts(api, item)).collect()
        }
        _ => Vec::new(),
    }
}

/// The last part of a reference.
pub(super) fn name_of(location: &str) -> &str {
    location.rsplit('/').next().unwrap_or_default()
}

/// A value in indented JSON.
pub(super) fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

/// An example of `schema` in JSON. What is optional and not a single value is left out, so that the example stays one
/// that can be.
pub(super) fn example(api: &OpenApi, schema: &RefOr<Schema>, indent: usize) -> String {
    let Some(known) = resolved(api, schema) else {
        return "null".to_owned();
    };
    match known {
        Schema::Object(object) => {
            let shown = object.examples.first().or(object.example.as_ref());
            if let Some(shown) = shown.or(object.enum_values.as_ref().and_then(|all| all.first())) {
                return shown.to_string();
            }
            if object.properties.is_empty() {
                return scalar(&object.schema_type).to_owned();
            }
            of_fields(api, &[object], indent)
        }
        Schema::AllOf(_) => of_fields(api, &parts(api, schema), indent),
        Schema::Array(array) => match (&array.example, &array.items) {
            (Some(shown), _) => shown.to_string(),
            (None, ArrayItems::RefOrSchema(items)) => {
                format!("[{}]", example(api, items, indent))
            }
            _ => "[]".to_owned(),
        },
        _ => "null".to_owned(),
    }
}

/// An object with the fields of all `parts`.
fn of_fields(api: &OpenApi, parts: &[&Object], indent: usize) -> String {
    let inner = "  ".repeat(indent + 1);
    let shown = parts.iter().flat_map(|part| {
        let shown = |(name, property): &(&String, &RefOr<Schema>)| {
            part.required.contains(*name) || is_single(api, property)
        };
        part.properties.iter().filter(shown)
    });
    let lines: Vec<String> = shown
        .map(|(name, property)| {
            format!("{inner}\"{name}\": {}", example(api, property, indent + 1))
        })
        .collect();
    format!("{{\n{}\n{}}}", lines.join(",\n"), "  ".repeat(indent))
}

/// Is it one value with an example of its own?
fn is_single(api: &OpenApi, schema: &RefOr<Schema>) -> bool {
    match resolved(api, schema) {
        Some(Schema::Object(object)) => {
            object.properties.is_empty()
                && object.enum_values.is_none()
                && (object.example.is_some() || !object.examples.is_empty())
        }
        _ => false,
    }
}

fn scalar(schema_type: &SchemaType) -> &'static str {
    match schema_type {
        SchemaType::Type(Type::String) => "\"…\"",
        SchemaType::Type(Type::Integer | Type::Number) => "0",
        SchemaType::Type(Type::Boolean) => "true",
        SchemaType::Type(Type::Object) => "{}",
        _ => "null",
    }
}

/// What a value is, in words: `string`, a link to a type, `array of …`.
pub(super) fn kind(schema: &RefOr<Schema>) -> String {
    let schema = match schema {
        RefOr::Ref(to) => {
            let name = name_of(&to.ref_location);
            if name == "ErrorCode" {
                return "<a href=\"#codes\">ErrorCode</a>".to_owned();
            }
            return format!("<a href=\"#type-{name}\">{name}</a>");
        }
        RefOr::T(schema) => schema,
    };
    match schema {
        Schema::Array(array) => match &array.items {
            ArrayItems::RefOrSchema(items) => format!("array of {}", kind(items)),
            ArrayItems::False => "array".to_owned(),
        },
        Schema::Object(object) => match object.additional_properties.as_deref() {
            Some(AdditionalProperties::RefOr(values)) => format!("map of {}", kind(values)),
            _ => names(&object.schema_type).join(" or "),
        },
        Schema::OneOf(choice) => {
            let items = choice.items.iter().map(kind);
            let items: Vec<String> = items.filter(|item| !item.is_empty()).collect();
            items.join(" or ")
        }
        Schema::AllOf(all) => {
            let named = |item: &&RefOr<Schema>| matches!(item, RefOr::Ref(_));
            let items: Vec<String> = all.items.iter().filter(named).map(kind).collect();
            items.join(" and ") + " and more"
        }
        _ => "object".to_owned(),
    }
}

fn names(schema_type: &SchemaType) -> Vec<&'static str> {
    let name = |one: &Type| match one {
        Type::Object => "object",
        Type::String => "string",
        Type::Integer => "integer",
        Type::Number => "number",
        Type::Boolean => "boolean",
        Type::Array => "array",
        Type::Null => "null",
    };
    match schema_type {
        SchemaType::Type(Type::Null) => Vec::new(),
        SchemaType::Type(one) => vec![name(one)],
        // That null may stand for nothing goes without saying.
        SchemaType::Array(all) => {
            let all = all.iter().filter(|one| **one != Type::Null);
            all.map(name).collect()
        }
        SchemaType::AnyValue => vec!["any value"],
    }
}

/// What else holds of a value: its length, its numbers, its form.
pub(super) fn rules(api: &OpenApi, schema: &RefOr<Schema>) -> Vec<String> {
    let mut rules = Vec::new();
    if let RefOr::T(Schema::Array(array)) = schema {
        rules.extend(
            array
                .max_items
                .map(|most| format!("at most {most} entries")),
        );
    }
    let Some(Schema::Object(object)) = resolved(api, schema) else {
        return rules;
    };
    match (object.min_length, object.max_length) {
        (Some(least), Some(most)) => rules.push(format!("{least} to {most} characters")),
        (None, Some(most)) => rules.push(format!("at most {most} characters")),
        _ => {}
    }
    let number = |bound: &Option<utoipa::Number>| {
        bound
            .as_ref()
            .and_then(|bound| serde_json::to_value(bound).ok())
    };
    match (number(&object.minimum), number(&object.maximum)) {
        (Some(least), Some(most)) => rules.push(format!("{least} to {most}")),
        (Some(least), None) => rules.push(format!("{least} or more")),
        (None, Some(most)) => rules.push(format!("at most {most}")),
        (None, None) => {}
    }
    if let RefOr::T(_) = schema {
        rules.extend(
            object
                .pattern
                .as_ref()
                .map(|form| format!("matches `{form}`")),
        );
    }
    rules
}
