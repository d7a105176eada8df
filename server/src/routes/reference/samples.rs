//! Samples of an operation: how to ask with curl, and what comes back.

use super::example::{example, pretty};
use super::operation::{content_of, json};
use super::page::{ADDRESS, Entry};
use super::text::escape;
use crate::routes::openapi::sign_in;
use std::fmt::Write as _;
use utoipa::openapi::path::ParameterIn;
use utoipa::openapi::{OpenApi, RefOr, Response};

/// How to ask with curl, and what comes back.
pub(super) fn samples(api: &OpenApi, entry: &Entry<'_>) -> String {
    let is_page = |response: &RefOr<Response>| matches!(response, RefOr::T(response) if response.content.contains_key("text/html"));
    let responses = &entry.operation.responses.responses;
    if responses.values().any(is_page) {
        return String::new();
    }
    if entry.is_message {
        let shown = content_of(entry.operation).and_then(|content| content.example.as_ref());
        let shown = escape(&shown.map(pretty).unwrap_or_default());
        return format!(
            "<figure><figcaption>Message</figcaption><pre><code>{shown}</code></pre></figure>"
        );
    }
    let mut html = format!(
        "<figure><figcaption>Request</figcaption><pre><code>{}</code></pre></figure>",
        escape(&curl(api, entry)).replace("&#39;", "'")
    );
    let success = responses
        .iter()
        .rfind(|(status, _)| status.as_str() < "300");
    if let Some((status, RefOr::T(response))) = success
        && let Some(schema) = json(&response.content).and_then(|content| content.schema.as_ref())
        && matches!(schema, RefOr::Ref(_))
    {
        let shown = escape(&example(api, schema, 0));
        let _ = write!(
            html,
            "<figure><figcaption>Answer <span class=\"status good\">{status}</span></figcaption><pre><code>{shown}</code></pre></figure>"
        );
    }
    html
}

fn curl(api: &OpenApi, entry: &Entry<'_>) -> String {
    let mut path = entry.path.to_owned();
    let mut lines = Vec::new();
    let (way, _) = sign_in(entry.operation).unwrap_or_default();
    match way.as_str() {
        "apiKey" => lines.push("-H \"Authorization: Bearer $RAILHEAD_API_KEY\"".to_owned()),
        "sessionToken" => {
            lines.push("-H \"Authorization: Bearer $SESSION_TOKEN\"".to_owned());
        }
        _ => {}
    }
    for parameter in entry.operation.parameters.iter().flatten() {
        let RefOr::T(parameter) = parameter else {
            continue;
        };
        let told = serde_json::to_value(parameter).unwrap_or_default();
        let shown = told["example"].as_str().unwrap_or("…");
        match parameter.parameter_in {
            ParameterIn::Path => path = path.replace(&format!("{{{}}}", parameter.name), shown),
            ParameterIn::Header if parameter.name == "Origin" => {
                lines.push("-H \"Origin: https://northwind.example\"".to_owned());
            }
            _ => {}
        }
    }
    if let Some(content) = content_of(entry.operation) {
        let shown = match (&content.example, &content.schema) {
            (Some(shown), _) => pretty(shown),
            (None, Some(schema)) => example(api, schema, 0),
            (None, None) => String::new(),
        };
        lines.push("-H \"Content-Type: application/json\"".to_owned());
        lines.push(format!("-d '{}'", shown.replace('\n', "\n  ")));
    }
    let method = if entry.method == "get" || content_of(entry.operation).is_some() {
        String::new()
    } else {
        format!("-X {} ", entry.method.to_uppercase())
    };
    lines.insert(0, format!("curl {method}{ADDRESS}{path}"));
    lines.join(" \\\n  ")
}
