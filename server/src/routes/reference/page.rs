//! Draws the reference: an index, the operations by tag, the lists.

use super::lists::{codes, types};
use super::operation::section;
use super::text::{anchor, blocks, escape, headings, inline};
use crate::routes::openapi::{METHODS, operation_of};
use std::fmt::Write as _;
use utoipa::openapi::OpenApi;
use utoipa::openapi::path::Operation;

const TEMPLATE: &str = include_str!("../../../pages/reference.html");

/// Stands for the server's address.
pub(super) const ADDRESS: &str = "https://address.invalid";

/// One operation and where it is; of a message, its type.
pub(super) struct Entry<'a> {
    pub(super) is_message: bool,
    pub(super) path: &'a str,
    pub(super) method: &'static str,
    pub(super) operation: &'a Operation,
}

impl Entry<'_> {
    pub(super) fn id(&self) -> &str {
        self.operation.operation_id.as_deref().unwrap_or_default()
    }

    pub(super) fn summary(&self) -> &str {
        self.operation.summary.as_deref().unwrap_or_default()
    }

    pub(super) fn chip(&self) -> String {
        let method = self.method;
        format!(
            "<span class=\"chip {method}\">{}</span>",
            method.to_uppercase()
        )
    }
}

/// The whole page.
pub(super) fn page(api: &OpenApi) -> String {
    let groups = groups(api);
    let intro = api.info.description.as_deref().unwrap_or_default();
    let operations: Vec<String> = groups.iter().map(|group| shown(api, group)).collect();
    TEMPLATE
        .replace("{{version}}", &escape(&api.info.version))
        .replace("{{index}}", &index(intro, &groups))
        .replace("{{intro}}", &blocks(intro))
        .replace("{{operations}}", &operations.concat())
        .replace("{{types}}", &types(api))
        .replace("{{codes}}", &codes(api))
}

/// One group, with its operations.
fn shown(api: &OpenApi, (name, about, entries): &Group<'_>) -> String {
    let entries: String = entries.iter().map(|entry| section(api, entry)).collect();
    let (id, about) = (anchor(name), inline(about));
    format!(
        "<section class=\"group\"><h2 id=\"{id}\">{name}</h2><p class=\"about\">{about}</p>{entries}</section>"
    )
}

/// A tag's name, what it is about, and its operations.
type Group<'a> = (&'a str, &'a str, Vec<Entry<'a>>);

/// The operations by tag, in the order of the tags.
fn groups(api: &OpenApi) -> Vec<Group<'_>> {
    let tags = api.tags.iter().flatten();
    let group = |tag: &'_ utoipa::openapi::Tag| {
        let of_tag = |entry: &Entry<'_>| {
            let mut tags = entry.operation.tags.iter().flatten();
            tags.any(|name| *name == tag.name)
        };
        entries(api).filter(of_tag).collect()
    };
    tags.map(|tag| {
        let about = tag.description.as_deref().unwrap_or_default();
        (tag.name.as_str(), about, group(tag))
    })
    .collect()
}

/// Every operation, in the order of the document, then the messages.
pub(super) fn entries(api: &OpenApi) -> impl Iterator<Item = Entry<'_>> {
    let messages = api.webhooks.iter().flat_map(|messages| &messages.paths);
    let messages = messages.map(|message| (message, true));
    let paths = api.paths.paths.iter().map(|path| (path, false));
    let all = paths.chain(messages);
    all.flat_map(|((path, item), is_message)| {
        METHODS.into_iter().filter_map(move |method| {
            Some(Entry {
                is_message,
                path,
                method,
                operation: operation_of(item, method)?,
            })
        })
    })
}

fn index(intro: &str, groups: &[Group<'_>]) -> String {
    let link = |id: &str, text: &str| format!("<li><a href=\"#{id}\">{text}</a></li>");
    let mut html = String::from("<h3>Basics</h3><ul>");
    html.extend(headings(intro).map(|heading| link(&anchor(heading), &escape(heading))));
    html.push_str("</ul>");
    for (name, _, entries) in groups {
        let _ = write!(html, "<h3>{name}</h3><ul>");
        html.extend(
            entries
                .iter()
                .map(|entry| link(entry.id(), &escape(entry.summary()))),
        );
        html.push_str("</ul>");
    }
    html.push_str("<h3>Lists</h3><ul>");
    html.push_str(&link("types", "Types"));
    html.push_str(&link("codes", "Error codes"));
    html + "</ul>"
}
