//! The OpenAPI document, made from the routes themselves, and `GET /v1/openapi.json`, which answers it.
//!
//! A new route is documented where it is written, and then served by the same list (`routes!` in its router's `mod.rs`):
//! 1. `///` above the handler: the first line is the summary, the rest the description.
//! 2. `#[utoipa::path(…)]`: method, path within its router, tag, a unique `operation_id`, `security` (`apiKey`
//!    with the scope that the route's `Caller` needs, `sessionToken`, or none), `params`, `request_body` with an example, and under `responses` each success and the
//!    route's error type.
//! 3. `refuses!(Error: 404 BusinessNotFound, 409 …)`: the statuses and codes that the error type turns into.
//! 4. Types of the wire derive `ToSchema` (in `protocol` under the feature `openapi`), queries `IntoParams`; what the
//!    server enforces (lengths, patterns, numbers) is written on their fields, with an example.
//!
//! What the border adds everywhere is never written at a route: [`complete`] adds the refusals of keys, sessions, bodies,
//! queries, paths, deadlines and repeated requests, the headers, and says in the schema which codes a status has. In builds for
//! development an answer that the document does not tell of is a panic ([`truth`]). `cargo xtask generate` writes the
//! document to `docs/openapi.json`.

mod complete;
mod messages;
mod schemas;
pub(super) mod truth;

pub(super) use complete::sign_in;

use super::border::tagged::tagged;
use axum::http::HeaderMap;
use axum::response::Response;
use railhead_protocol::ErrorCode;
use regex::{Captures, Regex};
use std::collections::BTreeMap;
use std::sync::LazyLock;
use utoipa::openapi::extensions::ExtensionsBuilder;
use utoipa::openapi::path::Operation;
use utoipa::openapi::{
    self, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, PathItem, RefOr,
};

/// What [`IntoResponses`](utoipa::IntoResponses) asks for.
pub(super) type Refusals = BTreeMap<String, RefOr<openapi::Response>>;

/// The tags, in the order of the reference, and what each is about.
const TAGS: [(&str, &str); 12] = [
    (
        "Businesses",
        "Management API: the end customers whose accounts are connected.",
    ),
    (
        "Connections",
        "Management API: what they connected, and the credentials to work with it.",
    ),
    (
        "Sessions",
        "Management API: visits that your server asks for, with a link to the hosted page.",
    ),
    (
        "Widgets",
        "Management API: the widget's settings, and who may embed it.",
    ),
    (
        "Services",
        "Management API: what there is to connect to, and the clients that you registered there.",
    ),
    ("API keys", "Management API: who may call it, and for what."),
    (
        "Webhooks",
        "Management API: the addresses of yours that are told what happens, and what was sent to them.",
    ),
    (
        "Messages",
        "What is posted to webhook endpoints, signed as the Standard Webhooks specification has it.",
    ),
    (
        "Events",
        "Management API: what happened to businesses, connections and webhook endpoints, for support.",
    ),
    (
        "Connect",
        "What the widget calls from the browser. Answers are readable for pages on the widget's registered origins.",
    ),
    (
        "Pages",
        "The hosted page, and what the window shows before and after the service's own pages. For browsers, not for \
         programs.",
    ),
    ("Server", "The server itself."),
];

/// Where an error's codes wait for [`complete`], in a response's extensions.
const CODES: &str = "x-codes";

/// The document and how it is sent.
pub struct Document {
    /// The document.
    pub api: OpenApi,
    /// The same as it is sent.
    pub json: String,
    /// The same for people to read, as in `docs/openapi.json`.
    pub indented: String,
}

/// The document of this version.
#[must_use]
pub fn document() -> &'static Document {
    static DOCUMENT: LazyLock<Document> = LazyLock::new(|| {
        let (_, routes) = super::routes().split_for_parts();
        let mut api = OpenApiBuilder::from(routes).info(info()).build();
        api.tags = Some(TAGS.map(|(name, about)| tag(name, about)).to_vec());
        complete::complete(&mut api);
        messages::add(&mut api);
        let json = in_words_of_the_wire(&serde_json::to_string(&api).unwrap_or_default());
        let indented =
            in_words_of_the_wire(&serde_json::to_string_pretty(&api).unwrap_or_default());
        // Read back, so that nobody sees other words than those that are sent.
        let api = serde_json::from_str(&json).unwrap_or(api);
        Document {
            api,
            json,
            indented: indented + "\n",
        }
    });
    &DOCUMENT
}

/// Read this document
///
/// OpenAPI 3.1. Changes with the server's version only.
#[utoipa::path(
    get,
    path = "/v1/openapi.json",
    tag = "Server",
    operation_id = "getDocument",
    params(("If-None-Match" = Option<String>, Header, description = "The `ETag` that is known already.")),
    responses(
        (
            status = 200,
            description = "The document.",
            body = Object,
            content_type = "application/json",
            headers(("ETag" = String, description = "Made from the content."))
        ),
        (status = 304, description = "As it is known already.")
    )
)]
pub(super) async fn read(headers: HeaderMap) -> Response {
    let bytes = document().json.clone().into_bytes();
    tagged(&headers, "application/json", "public, max-age=300", bytes)
}

/// The responses of an error type, for `refuses!`.
pub(super) fn refusals(all: &[(u16, &[ErrorCode])]) -> Refusals {
    let response = |codes: &[ErrorCode]| {
        let codes: Vec<&str> = codes.iter().map(|code| code.as_str()).collect();
        let mut response = openapi::Response::new("");
        response.extensions = Some(ExtensionsBuilder::new().add(CODES, codes).build());
        RefOr::T(response)
    };
    all.iter()
        .map(|(status, codes)| (status.to_string(), response(codes)))
        .collect()
}

/// The methods that operations have, in the order they are shown.
pub(super) const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// The operation of a path for a method.
pub(super) fn operation_of<'a>(item: &'a PathItem, method: &str) -> Option<&'a Operation> {
    match method {
        "get" => item.get.as_ref(),
        "post" => item.post.as_ref(),
        "put" => item.put.as_ref(),
        "patch" => item.patch.as_ref(),
        "delete" => item.delete.as_ref(),
        _ => None,
    }
}

/// What a code means.
pub(super) fn meaning(code: ErrorCode) -> String {
    in_words_of_the_wire(code.meaning().trim())
}

fn info() -> openapi::Info {
    let license = LicenseBuilder::new()
        .name("MIT OR Apache-2.0")
        .identifier(Some("MIT OR Apache-2.0"));
    InfoBuilder::new()
        .title("Railhead Connect")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(include_str!("../../../pages/reference.md").trim()))
        .license(Some(license.build()))
        .build()
}

fn tag(name: &str, about: &str) -> openapi::Tag {
    let mut tag = openapi::Tag::new(name);
    tag.description = Some(about.to_owned());
    tag
}

/// Links between Rust types as the names that travel: [`AuthorizationStatus::ChooseAccount`] is `choose_account`,
/// [`Field::options`] is `options`.
fn in_words_of_the_wire(text: &str) -> String {
    static LINK: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\[`([\w:]+)`\]").ok());
    let Some(link) = LINK.as_ref() else {
        return text.to_owned();
    };
    let name = |captures: &Captures<'_>| {
        let path = &captures[1];
        match path.rsplit_once("::") {
            Some((of, name)) if of != "crate" => format!("`{}`", wire_name(name)),
            Some((_, name)) => format!("`{name}`"),
            None => format!("`{path}`"),
        }
    };
    link.replace_all(text, name).into_owned()
}

/// A variant in snake_case, a field in camelCase.
fn wire_name(name: &str) -> String {
    let is_variant = name.starts_with(char::is_uppercase);
    let mut wire = String::new();
    let mut after_line = false;
    for c in name.chars() {
        match c {
            '_' => after_line = true,
            c if is_variant && c.is_uppercase() && !wire.is_empty() => {
                wire.extend(['_', c.to_ascii_lowercase()]);
            }
            c if after_line => {
                wire.push(c.to_ascii_uppercase());
                after_line = false;
            }
            c if is_variant => wire.push(c.to_ascii_lowercase()),
            c => wire.push(c),
        }
    }
    wire
}

#[cfg(test)]
mod tests {
    use super::in_words_of_the_wire;

    #[test]
    fn links_become_the_names_that_travel() {
        for (rust, wire) in [
            ("With [`Status::ChooseAccount`].", "With `choose_account`."),
            ("One of [`State::open_accounts`].", "One of `openAccounts`."),
            ("See [`crate::BusinessName`].", "See `BusinessName`."),
            ("See [`Account`] and `plain`.", "See `Account` and `plain`."),
        ] {
            assert_eq!(in_words_of_the_wire(rust), wire);
        }
    }
}
