//! What every route has in common and no route says: the border's refusals, headers, ways to sign in, and a rule that
//! holds for the schemas of all answers.

use super::{CODES, Refusals, in_words_of_the_wire, meaning};
use crate::routes::border::caller::CallerError;
use crate::routes::border::visitor::VisitorError;
use railhead_protocol::openapi::known;
use railhead_protocol::{ErrorCode, Problem};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::{Operation, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{AdditionalProperties, SchemaType, Type};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{
    AllOfBuilder, Components, ContentBuilder, Header, Object, ObjectBuilder, OpenApi, PathItem,
    Ref, RefOr, Required, Response, Schema,
};
use utoipa::{IntoResponses as _, PartialSchema as _};

/// The type of refusals.
pub(super) const PROBLEM: &str = "application/problem+json";

/// The headers that answers share: on which statuses (all, where none is named), and what each says.
const HEADERS: [(&str, &[u16], &str); 3] = [
    (
        "X-Request-Id",
        &[],
        "The request's id, to find it in the server's log.",
    ),
    (
        "Retry-After",
        &[429, 502, 503],
        "How many seconds to wait before asking again.",
    ),
    ("WWW-Authenticate", &[401], "Always `Bearer`."),
];

/// Completes the document that the routes made.
pub(super) fn complete(api: &mut OpenApi) {
    let mut components = api.components.take().unwrap_or_default();
    for item in api.paths.paths.values_mut() {
        for operation in operations_mut(item) {
            complete_operation(operation);
        }
    }
    for schema in components.schemas.values_mut() {
        if let RefOr::T(Schema::Object(object)) = schema {
            leave_out_null(object);
        }
    }
    share(&mut components);
    api.components = Some(components);
}

/// The operations of a path.
fn operations_mut(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let all = [
        &mut item.get,
        &mut item.post,
        &mut item.put,
        &mut item.patch,
        &mut item.delete,
    ];
    all.into_iter().filter_map(Option::as_mut)
}

/// The names of the ways to sign in that `operation` takes.
pub(in crate::routes) fn sign_in(operation: &Operation) -> Option<String> {
    let asked = operation.security.as_ref()?.first()?;
    let named = serde_json::to_value(asked).ok()?;
    named.as_object()?.keys().next().cloned()
}

fn complete_operation(operation: &mut Operation) {
    let mut codes: BTreeMap<String, Vec<ErrorCode>> = BTreeMap::new();
    let own = operation.responses.responses.iter();
    let border = border(operation);
    let border = border.iter().map(|(status, response)| (status, response));
    for (status, response) in own.chain(border) {
        let told = codes_of(response);
        let listed = codes.entry(status.clone()).or_default();
        for code in told {
            if !listed.contains(&code) {
                listed.push(code);
            }
        }
    }
    if sign_in(operation).is_some_and(|way| way == "sessionToken") {
        operation.parameters.get_or_insert_default().push(origin());
    }
    for (status, codes) in codes {
        let responses = &mut operation.responses.responses;
        let response = responses
            .entry(status.clone())
            .or_insert_with(|| RefOr::T(Response::default()));
        let RefOr::T(response) = response else {
            continue;
        };
        if let Ok(status) = status.parse() {
            complete_response(response, status, &codes);
        }
    }
}

/// What can be refused before a route's own work begins.
fn border(operation: &Operation) -> Vec<(String, RefOr<Response>)> {
    let parameters = operation.parameters.iter().flatten();
    let has = |place: ParameterIn| {
        parameters.clone().any(
            |parameter| matches!(parameter, RefOr::T(parameter) if parameter.parameter_in == place),
        )
    };
    // Pages say what is wrong with their address in their own words.
    let responses = &operation.responses.responses;
    let is_page = responses.values().any(
        |response| matches!(response, RefOr::T(response) if response.content.contains_key("text/html")),
    );
    let mut all = vec![(500, ErrorCode::Internal), (503, ErrorCode::Internal)];
    if operation.request_body.is_some() {
        all.extend([
            (400, ErrorCode::InvalidRequest),
            (408, ErrorCode::RequestTimeout),
            (413, ErrorCode::TooLarge),
        ]);
    }
    if has(ParameterIn::Query) && !is_page {
        all.push((400, ErrorCode::InvalidRequest));
    }
    if has(ParameterIn::Path) && !is_page {
        all.push((404, ErrorCode::NotFound));
    }
    let refusals = match sign_in(operation).as_deref() {
        Some("apiKey") => CallerError::responses(),
        Some("sessionToken") => VisitorError::responses(),
        _ => Refusals::new(),
    };
    let all = all.into_iter();
    refusals
        .into_iter()
        .chain(all.flat_map(|(status, code)| super::refusals(&[(status, &[code])])))
        .collect()
}

/// The codes that an error type left in its response.
fn codes_of(response: &RefOr<Response>) -> impl Iterator<Item = ErrorCode> {
    let listed = match response {
        RefOr::T(response) => response.extensions.as_ref().and_then(|all| all.get(CODES)),
        RefOr::Ref(_) => None,
    };
    let listed = listed.and_then(Value::as_array).cloned();
    listed
        .unwrap_or_default()
        .into_iter()
        .filter_map(|code| known().find(|known| Some(known.as_str()) == code.as_str()))
}

fn complete_response(response: &mut Response, status: u16, codes: &[ErrorCode]) {
    response.extensions = None;
    for (name, statuses, _) in HEADERS {
        let shared = Ref::new(format!("#/components/headers/{name}"));
        if statuses.is_empty() || statuses.contains(&status) {
            let shared = RefOr::Ref(shared);
            response.headers.insert(name.to_owned(), shared);
        }
    }
    if codes.is_empty() {
        return;
    }
    let meanings: Vec<String> = codes
        .iter()
        .map(|code| format!("- `{code}`: {}", meaning(*code)))
        .collect();
    let meanings = meanings.join("\n");
    response.description = if response.description.is_empty() {
        meanings
    } else {
        format!("{}\n\n{meanings}", response.description)
    };
    let names = codes.iter().map(|code| code.as_str());
    let among = |of: Type| ObjectBuilder::new().schema_type(of);
    let told = ObjectBuilder::new()
        .property("code", among(Type::String).enum_values(Some(names)))
        .property("status", among(Type::Integer).enum_values(Some([status])));
    let schema = AllOfBuilder::new()
        .item(Ref::from_schema_name("Problem"))
        .item(told);
    let code = codes.first().map_or("internal", |code| code.as_str());
    let example = json!({
        "type": format!("/problems/{code}"),
        "title": title(status),
        "status": status,
        "code": code,
        "detail": in_words_of_the_wire(codes.first().map_or("", |code| code.meaning().trim())),
        "requestId": "req_6hV2cM9x",
    });
    let content = ContentBuilder::new()
        .schema(Some(schema))
        .example(Some(example));
    let content = content.build().into();
    response.content.insert(PROBLEM.to_owned(), content);
}

/// The phrase of a status.
fn title(status: u16) -> &'static str {
    axum::http::StatusCode::from_u16(status)
        .ok()
        .and_then(|status| status.canonical_reason())
        .unwrap_or_default()
}

/// Browsers send it; others that call the Connect API have to.
fn origin() -> RefOr<utoipa::openapi::path::Parameter> {
    let parameter = ParameterBuilder::new()
        .name("Origin")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(
            "The origin of the page that began the session; browsers send it. Without it, the server's own.",
        ))
        .schema(Some(Object::with_type(Type::String)));
    RefOr::T(parameter.build())
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
            RefOr::T(Schema::OneOf(choice)) if choice.items.len() == 2 => {
                let shown = choice.items.iter().find_map(|item| match item {
                    RefOr::Ref(shown) => Some(shown.clone()),
                    RefOr::T(_) => None,
                });
                if let Some(mut shown) = shown {
                    shown.description = choice.description.clone().unwrap_or_default();
                    *property = RefOr::Ref(shown);
                }
            }
            _ => {}
        }
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

/// What operations refer to.
fn share(components: &mut Components) {
    let schemas = [
        ("Problem", Problem::schema()),
        ("ErrorCode", ErrorCode::schema()),
    ];
    let schemas = schemas.map(|(name, schema)| (name.to_owned(), schema));
    components.schemas.extend(schemas);
    for (name, _, about) in HEADERS {
        let mut header: Header = HeaderBuilder::new().description(Some(about)).build();
        if name == "Retry-After" {
            header.schema = Some(Object::with_type(Type::Integer).into());
        }
        let always = name != "Retry-After";
        header.extensions = Some(Extensions::from_iter([("required", always)]));
        components.headers.insert(name.to_owned(), header.into());
    }
    for (name, about) in [
        (
            "apiKey",
            "An API key, `rk_live_…` or `rk_test_…`; `railhead key create` makes one. For servers only.",
        ),
        (
            "sessionToken",
            "The token of one session, `ses_…`, from its first answer.",
        ),
    ] {
        let mut scheme = Http::new(HttpAuthScheme::Bearer);
        scheme.description = Some(about.to_owned());
        let scheme = SecurityScheme::Http(scheme);
        components.add_security_scheme(name, scheme);
    }
}
