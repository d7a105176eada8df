//! Borders between the modules of one crate, seen in what their sources name.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::source::{modules_named, names_beyond, names_crate};

/// What the sources in one place may not do.
struct Rule {
    /// The sources' folder, of which each module is a rule's `place`.
    sources: &'static str,
    /// The module; empty stands for all that are not in `except`.
    place: &'static str,
    /// Modules that the rule leaves alone.
    except: &'static [&'static str],
    /// What of its own crate it may name.
    own: Own,
    /// Other crates that it may not name.
    foreign: &'static [&'static str],
    /// A crate of which it may name this module alone.
    narrow: Option<(&'static str, &'static str)>,
}

/// Modules of the own crate that may be named.
enum Own {
    Anything,
    Only(&'static [&'static str]),
    AnythingBut(&'static [&'static str]),
}

const BROWSER: &[&str] = &[
    "web_sys",
    "js_sys",
    "wasm_bindgen",
    "wasm_bindgen_futures",
    "gloo_net",
    "gloo_timers",
    "leptos",
    "stylist",
];

const HTTP: &[&str] = &["axum", "axum_extra", "tower_http"];

const RULES: &[Rule] = &[
    // The widget.
    Rule {
        own: Own::Only(&["steps", "components", "text", "flow"]),
        foreign: &["gloo_net"],
        ..Rule::of("src", "steps")
    },
    Rule {
        own: Own::Only(&["components", "theme"]),
        foreign: &["gloo_net", "railhead_protocol"],
        ..Rule::of("src", "components")
    },
    Rule {
        own: Own::Only(&["flow"]),
        foreign: BROWSER,
        ..Rule::of("src", "flow")
    },
    Rule {
        except: &["app", "client", "popup"],
        own: Own::AnythingBut(&["client", "popup"]),
        ..Rule::of("src", "")
    },
    // The server.
    Rule {
        own: Own::Only(&["domain", "clock", "entropy", "secret", "vault"]),
        foreign: HTTP,
        ..Rule::of("server/src", "domain")
    },
    Rule {
        own: Own::Only(&["store", "domain", "clock", "entropy", "secret", "vault"]),
        foreign: HTTP,
        ..Rule::of("server/src", "store")
    },
    Rule {
        own: Own::AnythingBut(&["routes", "cli", "server"]),
        foreign: HTTP,
        ..Rule::of("server/src", "lifecycle")
    },
    Rule {
        own: Own::AnythingBut(&["routes", "cli", "lifecycle", "store"]),
        ..Rule::of("server/src", "oauth")
    },
    Rule {
        own: Own::Only(&["outgoing"]),
        foreign: HTTP,
        ..Rule::of("server/src", "outgoing")
    },
    Rule {
        own: Own::Only(&["webhook", "outgoing", "domain", "entropy", "keyed"]),
        foreign: HTTP,
        ..Rule::of("server/src", "webhook")
    },
    Rule {
        own: Own::AnythingBut(&["cli"]),
        ..Rule::of("server/src", "routes")
    },
    Rule {
        except: &["store"],
        foreign: &["sqlx"],
        ..Rule::of("server/src", "")
    },
    // The server uses the widget in one way only: to render the first step.
    Rule {
        except: &["painting"],
        foreign: &["railhead_widget"],
        ..Rule::of("server/src", "")
    },
    Rule {
        own: Own::Only(&[]),
        foreign: HTTP,
        narrow: Some(("railhead_widget", "first_paint")),
        ..Rule::of("server/src", "painting")
    },
];

/// A source file: its path below the folder of sources, and its text.
type Source = (PathBuf, String);

/// Every crossing in the repository, as a sentence.
pub(super) fn crossings(root: &Path) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for folder in ["src", "server/src"] {
        let mut sources = Vec::new();
        read(&root.join(folder), Path::new(""), &mut sources)
            .with_context(|| format!("cannot read the sources in {folder}"))?;
        for rule in RULES.iter().filter(|rule| rule.sources == folder) {
            found.extend(crossings_of(rule, &sources));
        }
    }
    Ok(found)
}

fn read(folder: &Path, below: &Path, sources: &mut Vec<Source>) -> Result<()> {
    let mut entries = fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = below.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            read(&entry.path(), &path, sources)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            sources.push((path, fs::read_to_string(entry.path())?));
        }
    }
    Ok(())
}

fn crossings_of(rule: &Rule, sources: &[Source]) -> Vec<String> {
    let modules: BTreeSet<&str> = sources.iter().map(|(path, _)| top_module(path)).collect();
    let mut found = Vec::new();
    for (path, text) in sources
        .iter()
        .filter(|(path, _)| rule.covers(top_module(path)))
    {
        let file = format!("{}/{}", rule.sources, path.display());
        for name in modules_named(text, depth(path)) {
            if modules.contains(name.as_str()) && !rule.own.allows(&name) {
                found.push(format!("{file} names crate::{name}"));
            }
        }
        for name in rule.foreign.iter().filter(|name| names_crate(text, name)) {
            found.push(format!("{file} names {name}"));
        }
        if let Some((name, module)) = rule.narrow
            && names_beyond(text, name, module)
        {
            found.push(format!("{file} names more of {name} than {module}"));
        }
    }
    found
}

impl Rule {
    /// A rule that forbids nothing yet.
    const fn of(sources: &'static str, place: &'static str) -> Self {
        Self {
            sources,
            place,
            except: &[],
            own: Own::Anything,
            foreign: &[],
            narrow: None,
        }
    }

    fn covers(&self, module: &str) -> bool {
        (self.place.is_empty() || self.place == module) && !self.except.contains(&module)
    }
}

impl Own {
    fn allows(&self, module: &str) -> bool {
        match self {
            Self::Anything => true,
            Self::Only(allowed) => allowed.contains(&module),
            Self::AnythingBut(forbidden) => !forbidden.contains(&module),
        }
    }
}

/// `steps` for `steps/picker.rs`, `steps/mod.rs` and `steps.rs`.
fn top_module(path: &Path) -> &str {
    let first = path
        .components()
        .next()
        .and_then(|first| first.as_os_str().to_str());
    first.map_or("", |first| first.strip_suffix(".rs").unwrap_or(first))
}

/// How deep a file's module lies below the crate's root.
fn depth(path: &Path) -> usize {
    let components = path.components().count();
    match path.file_name().and_then(|name| name.to_str()) {
        Some("mod.rs" | "lib.rs" | "main.rs") => components - 1,
        _ => components,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn widget(changed: &str, text: &str) -> Vec<String> {
        let mut sources: Vec<Source> = [
            (
                "lib.rs",
                "mod app; mod client; mod flow; mod popup; mod steps; mod text;",
            ),
            (
                "app.rs",
                "use crate::client::Client; use crate::{popup, steps};",
            ),
            ("client.rs", "use gloo_net::http::Request;"),
            (
                "flow/mod.rs",
                "mod step; use railhead_protocol::ServiceCard;",
            ),
            ("popup.rs", "use web_sys::Window;"),
            ("steps/mod.rs", "mod picker; pub(crate) use picker::Picker;"),
            ("steps/picker.rs", "use crate::{flow::Step, text};"),
            ("text/mod.rs", ""),
        ]
        .map(|(path, text)| (PathBuf::from(path), text.to_owned()))
        .into();
        sources.retain(|(path, _)| path != Path::new(changed));
        sources.push((PathBuf::from(changed), text.to_owned()));
        let rules = RULES.iter().filter(|rule| rule.sources == "src");
        rules
            .flat_map(|rule| crossings_of(rule, &sources))
            .collect()
    }

    #[test]
    fn the_drawn_borders_are_kept() {
        assert!(widget("text/mod.rs", "").is_empty());
    }

    #[test]
    fn a_step_may_not_call_the_client() {
        let found = widget("steps/picker.rs", "use crate::{flow, client::Client};");
        assert_eq!(
            found.len(),
            2,
            "by the rule of steps and by the rule of the client: {found:?}"
        );
        assert_eq!(found[0], "src/steps/picker.rs names crate::client");
    }

    #[test]
    fn a_step_may_not_reach_around_through_super() {
        assert!(!widget("steps/picker.rs", "use super::super::app::App;").is_empty());
        assert!(!widget("steps/mod.rs", "use super::popup::Popup;").is_empty());
    }

    #[test]
    fn the_flow_knows_no_browser() {
        let found = widget("flow/mod.rs", "use web_sys::Window;");
        assert_eq!(found, ["src/flow/mod.rs names web_sys"]);
        assert_eq!(
            widget("flow/mod.rs", "use crate::text::en;"),
            ["src/flow/mod.rs names crate::text"]
        );
    }

    #[test]
    fn only_the_app_opens_windows() {
        assert_eq!(
            widget("text/mod.rs", "fn f() { crate::popup::open() }"),
            ["src/text/mod.rs names crate::popup"]
        );
    }

    fn server(sources: &[(&str, &str)]) -> Vec<String> {
        let sources: Vec<Source> = sources
            .iter()
            .map(|(path, text)| (PathBuf::from(path), (*text).to_owned()))
            .collect();
        let rules = RULES.iter().filter(|rule| rule.sources == "server/src");
        rules
            .flat_map(|rule| crossings_of(rule, &sources))
            .collect()
    }

    #[test]
    fn the_server_paints_in_one_place_and_knows_nothing_else_of_the_widget() {
        let paints = ("painting.rs", "use railhead_widget::first_paint;");
        assert!(server(&[paints]).is_empty());
        assert_eq!(
            server(&[paints, ("app.rs", "use railhead_widget::first_paint;")]),
            ["server/src/app.rs names railhead_widget"]
        );
        assert_eq!(
            server(&[("painting.rs", "use railhead_widget::flow::Step;")]),
            ["server/src/painting.rs names more of railhead_widget than first_paint"]
        );
    }

    #[test]
    fn the_servers_domain_knows_no_http_and_no_sql() {
        let found = server(&[
            (
                "domain/session.rs",
                "use axum::Json; use crate::store::Store;",
            ),
            ("routes/start.rs", "let row = sqlx::query(sql);"),
            ("store/sqlite.rs", "use sqlx::Row;"),
        ]);
        assert_eq!(
            found,
            [
                "server/src/domain/session.rs names crate::store",
                "server/src/domain/session.rs names axum",
                "server/src/routes/start.rs names sqlx"
            ]
        );
    }
}
