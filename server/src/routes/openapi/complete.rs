//! What every route has in common and no route says: the border's refusals, headers, and ways to sign in.

use super::{CODES, METHODS, Refusals, in_words_of_the_wire, meaning, schemas};
use crate::routes::border::caller::CallerError;
use crate::routes::border::idempotency::IdempotencyError;
use crate::routes::border::visitor::VisitorError;
use railhead_protocol::openapi::known;
use railhead_protocol::{ErrorCode, Problem};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::{Operation, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::Type;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{
    AllOfBuilder, Components, ContentBuilder, Header, Object, ObjectBuilder, OpenApi, PathItem,
    Ref, RefOr, Required, Response,
};
use utoipa::{IntoResponses as _, PartialSchema as _};

/// The type of refusals.
pub(super) const PROBLEM: &str = "application/problem+json";

const RETRY_AFTER: &str = "Retry-After";

/// The headers that answers share: on which statuses (all, where none is named), and what each says.
const HEADERS: [(&str, &[u16], &str); 3] = [
    (
        "X-Request-Id",
        &[],
        "The request's id, to find it in the server's log.",
    ),
    (
        RETRY_AFTER,
        &[429, 502, 503],
        "How many seconds to wait before asking again.",
    ),
    ("WWW-Authenticate", &[401], "Always `Bearer`."),
];

/// The header of an answer that is given once more.
const REPLAYED: &str = "Idempotent-Replayed";

/// Completes the document that the routes made.
pub(super) fn complete(api: &mut OpenApi) {
    let mut components = api.components.take().unwrap_or_default();
    for item in api.paths.paths.values_mut() {
        for (method, operation) in operations_mut(item) {
            let is_done_once = method == "post" && is_managing(operation);
            complete_operation(operation, is_done_once);
        }
    }
    schemas::complete(&mut components.schemas);
    share(&mut components);
    api.components = Some(components);
}

/// The operations of a path, each with its method.
fn operations_mut(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    let all = [
        &mut item.get,
        &mut item.post,
        &mut item.put,
        &mut item.patch,
        &mut item.delete,
    ];
    let all = METHODS.into_iter().zip(all);
    all.filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

/// The way to sign in that `operation` takes, and the scope that the key needs there.
pub(in crate::routes) fn sign_in(operation: &Operation) -> Option<(String, Option<String>)> {
    let asked = operation.security.as_ref()?.first()?;
    let named = serde_json::to_value(asked).ok()?;
    let (way, scopes) = named.as_object()?.iter().next()?;
    let scope = scopes.get(0).and_then(Value::as_str).map(str::to_owned);
    Some((way.clone(), scope))
}

/// Is it one of the Management API?
fn is_managing(operation: &Operation) -> bool {
    sign_in(operation).is_some_and(|(way, _)| way == "apiKey")
}

/// Says what the border adds to `operation`. One that is done once takes an idempotency key.
fn complete_operation(operation: &mut Operation, is_done_once: bool) {
    let mut codes: BTreeMap<String, Vec<ErrorCode>> = BTreeMap::new();
    let own = operation.responses.responses.iter();
    let border = border(operation, is_done_once);
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
    if let Some(RefOr::T(body)) = &mut operation.request_body {
        // One that may be left out is not `null` instead.
        let contents = body.content.values_mut();
        let schemas = contents.filter_map(|content| match content {
            RefOr::T(content) => content.schema.as_mut(),
            RefOr::Ref(_) => None,
        });
        schemas.for_each(schemas::never_null);
    }
    let (way, scope) = sign_in(operation).unwrap_or_default();
    let parameters = operation.parameters.get_or_insert_default();
    if way == "sessionToken" {
        parameters.push(origin());
    }
    if is_done_once {
        parameters.push(idempotency_key());
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
            complete_response(response, status, &codes, scope.as_deref());
            // 401 and 429 are said before anything else, and what did not come whole is not kept.
            if is_done_once && status < 500 && ![401, 408, 413, 429].contains(&status) {
                refer_to_header(response, REPLAYED);
            }
        }
    }
}

/// What can be refused before a route's own work begins.
fn border(operation: &Operation, is_done_once: bool) -> Vec<(String, RefOr<Response>)> {
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
    let (way, _) = sign_in(operation).unwrap_or_default();
    let refusals = match way.as_str() {
        "apiKey" => CallerError::responses(),
        "sessionToken" => VisitorError::responses(),
        _ => Refusals::new(),
    };
    let repeated = if is_done_once {
        IdempotencyError::responses()
    } else {
        Refusals::new()
    };
    let all = all.into_iter();
    refusals
        .into_iter()
        .chain(repeated)
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

fn refer_to_header(response: &mut Response, name: &str) {
    let shared = Ref::new(format!("#/components/headers/{name}"));
    response.headers.insert(name.to_owned(), RefOr::Ref(shared));
}

fn complete_response(
    response: &mut Response,
    status: u16,
    codes: &[ErrorCode],
    scope: Option<&str>,
) {
    response.extensions = None;
    for (name, statuses, _) in HEADERS {
        if statuses.is_empty() || statuses.contains(&status) {
            refer_to_header(response, name);
        }
    }
    if codes.contains(&ErrorCode::IdempotencyInProgress) {
        refer_to_header(response, RETRY_AFTER);
    }
    if codes.is_empty() {
        return;
    }
    let meanings: Vec<String> = codes
        .iter()
        .map(|code| match (code, scope) {
            (ErrorCode::InsufficientScope, Some(scope)) => {
                format!("- `{code}`: The API key lacks the scope `{scope}`.")
            }
            _ => format!("- `{code}`: {}", meaning(*code)),
        })
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

/// How a request is recognised that is sent again.
fn idempotency_key() -> RefOr<utoipa::openapi::path::Parameter> {
    let schema = ObjectBuilder::new()
        .schema_type(Type::String)
        .min_length(Some(1))
        .max_length(Some(255))
        .pattern(Some("^[!-~]*$"));
    let parameter = ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(
            "A key of your own for this request. Send it again with the same key, and it is done once.",
        ))
        .schema(Some(schema));
    RefOr::T(parameter.build())
}

/// What operations refer to.
fn share(components: &mut Components) {
    let schemas = [
        ("Problem", Problem::schema()),
        ("ErrorCode", ErrorCode::schema()),
    ];
    let schemas = schemas.map(|(name, schema)| (name.to_owned(), schema));
    components.schemas.extend(schemas);
    let replayed = (
        REPLAYED,
        "`true` where the answer is the one that this idempotency key got before.",
    );
    let headers = HEADERS.map(|(name, _, about)| (name, about));
    for (name, about) in headers.into_iter().chain([replayed]) {
        let mut header: Header = HeaderBuilder::new().description(Some(about)).build();
        if name == RETRY_AFTER {
            header.schema = Some(Object::with_type(Type::Integer).into());
        }
        let always = ![RETRY_AFTER, REPLAYED].contains(&name);
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
