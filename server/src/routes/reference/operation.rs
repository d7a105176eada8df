//! One operation of the reference, and the rows that its fields and answers are shown in.

use super::example::{kind, parts, rules};
use super::page::Entry;
use super::samples::samples;
use super::text::{blocks, escape, inline};
use crate::routes::openapi::sign_in;
use std::fmt::Write as _;
use utoipa::openapi::path::{Operation, Parameter, ParameterIn};
use utoipa::openapi::{Content, OpenApi, RefOr, Required, Response, Schema};

/// One operation: what it takes and answers, and samples of both.
pub(super) fn section(api: &OpenApi, entry: &Entry<'_>) -> String {
    let operation = entry.operation;
    let about = blocks(operation.description.as_deref().unwrap_or_default());
    let (id, summary) = (entry.id(), escape(entry.summary()));
    let address = format!("{}<code>{}</code>", entry.chip(), escape(entry.path));
    let (way, scope) = sign_in(operation).unwrap_or_default();
    let way = match (way.as_str(), scope) {
        ("apiKey", Some(scope)) => format!(
            "<p class=\"way\">Signed in with an <a href=\"#signing-in\">API key</a> that has the scope \
             <code>{}</code>.</p>",
            escape(&scope)
        ),
        ("apiKey", None) => {
            "<p class=\"way\">Signed in with an <a href=\"#signing-in\">API key</a>.</p>".to_owned()
        }
        ("sessionToken", _) => {
            "<p class=\"way\">Signed in with a <a href=\"#signing-in\">session token</a>.</p>"
                .to_owned()
        }
        _ => String::new(),
    };
    let taken = parameters(api, operation) + &body(api, operation);
    let answered = answers(entry);
    let samples = samples(api, entry);
    format!(
        "<article id=\"{id}\"><div class=\"told\"><h3><a href=\"#{id}\">{summary}</a></h3><p class=\"address\">{address}</p>\
        {about}{way}{taken}{answered}</div><div class=\"samples\">{samples}</div></article>"
    )
}

/// What comes back: from here, or from the endpoint that got a message.
fn answers(entry: &Entry<'_>) -> String {
    let list = |heading: &str, all: Vec<(&String, &RefOr<Response>)>| {
        let rows: String = all
            .into_iter()
            .map(|(status, response)| answer(status, response))
            .collect();
        format!("<h4>{heading}</h4><dl class=\"answers\">{rows}</dl>")
    };
    let responses = entry.operation.responses.responses.iter();
    if entry.is_message {
        return list("Your answers", responses.collect());
    }
    let (answers, refusals): (Vec<_>, Vec<_>) =
        responses.partition(|(status, _)| status.as_str() < "400");
    list("Answers", answers) + &list("Refusals", refusals)
}

fn parameters(api: &OpenApi, operation: &Operation) -> String {
    let all = operation.parameters.iter().flatten();
    let all: Vec<&Parameter> = all
        .filter_map(|parameter| match parameter {
            RefOr::T(parameter) => Some(parameter),
            RefOr::Ref(_) => None,
        })
        .collect();
    let mut html = String::new();
    for (place, heading) in [
        (ParameterIn::Path, "In the path"),
        (ParameterIn::Query, "In the query"),
        (ParameterIn::Header, "In the header"),
    ] {
        let rows: String = all
            .iter()
            .filter(|parameter| parameter.parameter_in == place)
            .filter_map(|parameter| {
                let needed = parameter.required == Required::True;
                let about = parameter.description.as_deref().unwrap_or_default();
                Some(row(
                    api,
                    &parameter.name,
                    parameter.schema.as_ref()?,
                    needed,
                    about,
                ))
            })
            .collect();
        if !rows.is_empty() {
            let _ = write!(html, "<h4>{heading}</h4><dl class=\"fields\">{rows}</dl>");
        }
    }
    html
}

fn body(api: &OpenApi, operation: &Operation) -> String {
    let Some(schema) = content_of(operation).and_then(|content| content.schema.as_ref()) else {
        return String::new();
    };
    format!("<h4>In the body</h4>{}", fields(api, schema))
}

/// The JSON that an operation takes.
pub(super) fn content_of(operation: &Operation) -> Option<&Content> {
    let Some(RefOr::T(body)) = &operation.request_body else {
        return None;
    };
    json(&body.content)
}

/// The JSON among contents.
pub(super) fn json<'a>(
    content: impl IntoIterator<Item = (&'a String, &'a RefOr<Content>)>,
) -> Option<&'a Content> {
    let (_, content) = content
        .into_iter()
        .find(|(name, _)| *name == "application/json")?;
    match content {
        RefOr::T(content) => Some(content),
        RefOr::Ref(_) => None,
    }
}

/// The fields of an object, a row each.
pub(super) fn fields(api: &OpenApi, schema: &RefOr<Schema>) -> String {
    let parts = parts(api, schema).into_iter();
    let rows: String = parts
        .flat_map(|part| {
            part.properties.iter().map(|(name, property)| {
                let needed = part.required.contains(name);
                row(api, name, property, needed, about(property))
            })
        })
        .collect();
    if rows.is_empty() {
        String::new()
    } else {
        format!("<dl class=\"fields\">{rows}</dl>")
    }
}

fn row(api: &OpenApi, name: &str, schema: &RefOr<Schema>, needed: bool, about: &str) -> String {
    let needed = if needed {
        "<span class=\"needed\">required</span>"
    } else {
        ""
    };
    let rules = rules(api, schema).join(", ");
    let rules = if rules.is_empty() {
        rules
    } else {
        format!("<p class=\"rules\">{}</p>", inline(&rules))
    };
    let (name, kind, about) = (escape(name), kind(schema), inline(about));
    format!(
        "<dt><code>{name}</code><span class=\"kind\">{kind}</span>{needed}</dt><dd>{about}{rules}</dd>"
    )
}

/// What a schema says of itself.
pub(super) fn about(schema: &RefOr<Schema>) -> &str {
    match schema {
        RefOr::Ref(to) => &to.description,
        RefOr::T(Schema::Object(object)) => object.description.as_deref().unwrap_or_default(),
        RefOr::T(Schema::Array(array)) => array.description.as_deref().unwrap_or_default(),
        RefOr::T(Schema::OneOf(choice)) => {
            let items = choice.items.iter().map(about);
            let own = choice.description.as_deref().unwrap_or_default();
            [own]
                .into_iter()
                .chain(items)
                .find(|about| !about.is_empty())
                .unwrap_or_default()
        }
        RefOr::T(Schema::AllOf(all)) => all.description.as_deref().unwrap_or_default(),
        RefOr::T(_) => "",
    }
}

fn answer(status: &str, response: &RefOr<Response>) -> String {
    let RefOr::T(response) = response else {
        return String::new();
    };
    let tone = if status < "400" { "good" } else { "bad" };
    let content = json(&response.content).and_then(|content| content.schema.as_ref());
    let kind = content
        .map(|schema| format!("<p class=\"rules\">{}</p>", kind(schema)))
        .unwrap_or_default();
    let about = blocks(&response.description);
    format!("<dt><span class=\"status {tone}\">{status}</span></dt><dd>{about}{kind}</dd>")
}
