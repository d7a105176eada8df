//! The pages: one per state, one of all components, and an index that shows them side by side.

use crate::catalogue::SERVICES;
use crate::components::Components;
use crate::states::{self, State};
use leptos::prelude::*;
use railhead_protocol::Language;
use railhead_widget::app::{App, Settings};
use railhead_widget::steps::{LATER_STYLES, STYLES};
use railhead_widget::text::{Key, Text};
use std::error::Error;
use std::fs;
use std::path::Path;
use std::sync::Arc;

/// The styles of the widget as the loader and the WebAssembly adopt them, in their order.
const SHELL: [&str; 2] = [
    include_str!("../../style/tokens.css"),
    include_str!("../../style/shell.css"),
];
/// What the pages need besides.
const FILES: [(&str, &str); 4] = [
    ("gallery.css", include_str!("gallery.css")),
    ("frame.js", include_str!("frame.js")),
    ("index.js", include_str!("index.js")),
    ("northwind.svg", include_str!("../lender/public/lender.svg")),
];

/// Writes all pages into `folder`, in a language (BCP 47); answers how many.
pub(crate) fn write(folder: &Path, language: Option<&str>) -> Result<usize, Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    fs::create_dir_all(folder.join("icons"))?;
    for entry in fs::read_dir(root.join(SERVICES).join("icons"))? {
        let entry = entry?;
        fs::copy(entry.path(), folder.join("icons").join(entry.file_name()))?;
    }
    for (name, text) in FILES {
        fs::write(folder.join(name), text)?;
    }
    fs::write(
        folder.join("widget.css"),
        [SHELL[0], SHELL[1], STYLES, LATER_STYLES].concat(),
    )?;
    let text = Arc::new(Text::native(language));
    let states = states::all(root)?;
    let names: Vec<&str> = states.iter().map(|state| state.name.as_str()).collect();
    fs::write(folder.join("index.html"), index(&names))?;
    fs::write(
        folder.join("components.html"),
        page(
            "components",
            "inline",
            &text,
            &html(|| view! { <Components /> }),
        ),
    )?;
    for state in &states {
        let shown = html(|| app(state, &text));
        fs::write(
            folder.join(format!("{}.html", state.name)),
            page(&state.name, "modal", &text, &shown),
        )?;
    }
    Ok(states.len() + 2)
}

/// The whole widget in a state.
fn app(state: &State, text: &Arc<Text>) -> impl IntoView + use<> {
    let settings = Settings {
        text: Arc::clone(text),
        ..Settings::default()
    };
    let mut first = railhead_widget::app::State::new(settings);
    first.step = state.step.clone();
    first.may_leave = true;
    first.session.clone_from(&state.session);
    first.journey.clone_from(&state.journey);
    let model = RwSignal::new(first);
    let dispatch = Callback::new(|_| {});
    view! { <App model dispatch base=Arc::from(".") is_modal=true /> }
}

fn html<V: IntoView>(view: impl FnOnce() -> V) -> String {
    let owner = Owner::new();
    owner.with(|| view().into_view().to_html())
}

/// A page with the widget's frame, as the loader builds it.
fn page(name: &str, place: &str, text: &Text, content: &str) -> String {
    let id = text.language();
    let direction = Language::best(id).unwrap_or_default().direction();
    let label = text.get(Key::PickerTitle);
    let attributes = format!(r#"lang="{id}" dir="{direction}" aria-label="{label}""#);
    format!(
        r#"<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{name}</title>
<link rel="stylesheet" href="gallery.css">
<body class="is-{place}">
<main><div data-railhead="{place}"><template shadowrootmode="open"><link rel="stylesheet" href="widget.css">{open}<div class="rh-view">{content}</div>{close}</template></div></main>
<script src="frame.js"></script>
"#,
        open = if place == "modal" {
            format!(r#"<dialog class="rh-frame" part="dialog" {attributes}>"#)
        } else {
            format!(r#"<div class="rh-frame rh-inline" part="frame" role="region" {attributes}>"#)
        },
        close = if place == "modal" {
            "</dialog>"
        } else {
            "</div>"
        },
    )
}

fn index(names: &[&str]) -> String {
    let figures: String = names
        .iter()
        .map(|name| {
            format!(
                r#"<figure><a href="{name}.html"><iframe title="{name}" data-page="{name}.html"></iframe></a><figcaption>{name}</figcaption></figure>"#
            )
        })
        .collect::<Vec<_>>()
        .join("\n");
    format!(
        r#"<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Gallery of the widget</title>
<link rel="stylesheet" href="gallery.css">
<body class="is-index">
<header>
<h1>Gallery</h1>
<form>
<label>Device <select name="device"><option>phone</option><option>desk</option></select></label>
<label>Scheme <select name="scheme"><option>system</option><option>light</option><option>dark</option></select></label>
<label>Direction <select name="dir"><option>ltr</option><option>rtl</option></select></label>
<a href="components.html">Components</a>
</form>
</header>
<main class="all">
{figures}
</main>
<script src="index.js"></script>
"#
    )
}

#[cfg(test)]
mod tests {
    use super::write;
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    /// The words of every `part="…"` in a text.
    fn parts(html: &str) -> impl Iterator<Item = &str> {
        html.split(" part=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .flat_map(str::split_whitespace)
    }

    #[test]
    fn the_parts_that_hosts_may_style_are_those_of_the_document() {
        let folder = tempfile::tempdir().unwrap();
        assert!(write(folder.path(), None).unwrap() > 30);
        let mut found = BTreeSet::from(["frame".to_owned()]);
        for entry in fs::read_dir(folder.path()).unwrap() {
            let path = entry.unwrap().path();
            if path
                .extension()
                .is_some_and(|extension| extension == "html")
            {
                let html = fs::read_to_string(path).unwrap();
                found.extend(parts(&html).map(str::to_owned));
            }
        }
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let document = fs::read_to_string(root.join("docs/EMBEDDING.md")).unwrap();
        let (_, table) = document.split_once("| part |").unwrap();
        let table = table.split("\n\n").next().unwrap();
        let documented: BTreeSet<String> = table
            .lines()
            .filter_map(|line| line.strip_prefix("| "))
            .filter_map(|line| line.split(" |").next())
            .flat_map(|cell| cell.split(", "))
            .filter_map(|name| Some(name.strip_prefix('`')?.strip_suffix('`')?.to_owned()))
            .collect();
        assert_eq!(found, documented);
    }
}
