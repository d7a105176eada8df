//! The lists at the end of the reference: the types that travel, and the codes.

use super::example::rules;
use super::operation::{about, fields};
use super::page::entries;
use super::text::{blocks, inline};
use crate::routes::openapi::meaning;
use railhead_protocol::openapi::known;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use utoipa::openapi::{OpenApi, RefOr, Schema};

/// Every type that travels, once.
pub(super) fn types(api: &OpenApi) -> String {
    let schemas = api
        .components
        .iter()
        .flat_map(|components| &components.schemas);
    let articles: Vec<String> = schemas
        .filter(|(name, _)| *name != "ErrorCode")
        .map(|(name, schema)| {
            let mut about = blocks(about(schema));
            if let RefOr::T(Schema::Object(object)) = schema
                && let Some(values) = &object.enum_values
            {
                let values = values.iter().filter_map(|value| value.as_str());
                let values: Vec<String> =
                    values.map(|value| format!("<code>{value}</code>")).collect();
                let _ = write!(about, "<p>One of {}.</p>", values.join(", "));
            }
            let rules = rules(api, schema).join(", ");
            if !rules.is_empty() {
                let _ = write!(about, "<p class=\"rules\">{}</p>", inline(&rules));
            }
            format!(
                "<article id=\"type-{name}\" class=\"type\"><h3><a href=\"#type-{name}\">{name}</a></h3>\
                {about}{}</article>",
                fields(api, schema)
            )
        })
        .collect();
    articles.concat()
}

/// A row for each code, with the statuses it comes with.
pub(super) fn codes(api: &OpenApi) -> String {
    let mut statuses: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for entry in entries(api) {
        for (status, response) in &entry.operation.responses.responses {
            let RefOr::T(response) = response else {
                continue;
            };
            let told = response.description.lines();
            for code in told.filter_map(|line| line.strip_prefix("- `")?.split('`').next()) {
                statuses.entry(code).or_default().insert(status);
            }
        }
    }
    // The router itself says it, of addresses that are no operations.
    statuses
        .entry("method_not_allowed")
        .or_default()
        .insert("405");
    let rows: Vec<String> = known()
        .map(|code| {
            let found = statuses.remove(code.as_str()).unwrap_or_default();
            let found: Vec<&str> = found.into_iter().collect();
            let meaning = meaning(code);
            format!(
                "<tr id=\"code-{code}\"><td><code>{code}</code></td><td>{}</td><td>{}</td></tr>",
                found.join(", "),
                inline(&meaning)
            )
        })
        .collect();
    rows.concat()
}
