//! What holds for the schemas of all types that travel.

use std::collections::BTreeMap;
use utoipa::openapi::schema::{AdditionalProperties, AllOf, SchemaType, Type};
use utoipa::openapi::{Object, RefOr, Schema};

type Schemas = BTreeMap<String, RefOr<Schema>>;

/// Completes the schemas that the types made.
pub(super) fn complete(schemas: &mut Schemas) {
    let known = schemas.clone();
    for schema in schemas.values_mut() {
        if let RefOr::T(Schema::AllOf(all)) = schema {
            *schema = merged(all, &known).into();
        }
        if let RefOr::T(Schema::Object(object)) = schema {
            leave_out_null(object);
        }
    }
}

/// A type that holds the fields of another one, as the one object that travels.
fn merged(all: &AllOf, known: &Schemas) -> Object {
    let mut merged = Object::new();
    merged.description.clone_from(&all.description);
    for part in &all.items {
        let part = match part {
            RefOr::Ref(to) => to
                .ref_location
                .rsplit('/')
                .next()
                .and_then(|name| known.get(name)),
            part @ RefOr::T(_) => Some(part),
        };
        if let Some(RefOr::T(Schema::Object(part))) = part {
            merged.properties.extend(part.properties.clone());
            merged.required.extend(part.required.clone());
        }
    }
    merged
}

/// Answers leave out what is absent: nothing in them is null. Requests, which refuse unknown fields, may hold null.
fn leave_out_null(object: &mut Object) {
    let strict = Some(AdditionalProperties::FreeForm(false));
    if object.additional_properties.as_deref() == strict.as_ref() {
        return;
    }
    for property in object.properties.values_mut() {
        match property {
            RefOr::T(Schema::Object(object)) => without_null(&mut object.schema_type),
            RefOr::T(Schema::Array(array)) => without_null(&mut array.schema_type),
            choice => never_null(choice),
        }
    }
}

/// A choice of nothing and a type that has a name, as that type.
pub(super) fn never_null(schema: &mut RefOr<Schema>) {
    let RefOr::T(Schema::OneOf(choice)) = schema else {
        return;
    };
    let shown = choice.items.iter().find_map(|item| match item {
        RefOr::Ref(shown) => Some(shown.clone()),
        RefOr::T(_) => None,
    });
    if let Some(mut shown) = shown.filter(|_| choice.items.len() == 2) {
        shown.description = choice.description.clone().unwrap_or_default();
        *schema = RefOr::Ref(shown);
    }
}

fn without_null(schema_type: &mut SchemaType) {
    if let SchemaType::Array(types) = schema_type {
        types.retain(|one| *one != Type::Null);
        if let [only] = types.as_slice() {
            *schema_type = SchemaType::Type(only.clone());
        }
    }
}
