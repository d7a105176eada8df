//! Borders between crates, seen in what cargo would link.

use anyhow::Result;

use crate::command;
use crate::workspace::{WASM_TARGET, Workspace};

/// One crate and what must not be linked into it.
struct Rule {
    package: &'static str,
    target: Option<&'static str>,
    /// The features it is built with, where they are not its own choice.
    features: Option<&'static str>,
    forbidden: &'static [&'static str],
}

/// The crates of this repository.
const OURS: [&str; 8] = [
    "railhead-widget",
    "railhead-protocol",
    "railhead-vault",
    "railhead-server",
    "railhead-e2e",
    "railhead-bench",
    "demo-provider",
    "xtask",
];

/// What must not come into the widget, in whichever way it is built.
const FOREIGN_TO_THE_WIDGET: &[&str] = &[
    "railhead-vault",
    "railhead-server",
    "demo-provider",
    "sqlx",
    "axum",
    "reqwest",
    "tokio",
    "utoipa",
];

const RULES: [Rule; 6] = [
    // As the server uses it, to render the first step.
    Rule {
        package: "railhead-widget",
        target: None,
        features: Some("ssr"),
        forbidden: FOREIGN_TO_THE_WIDGET,
    },
    Rule {
        package: "railhead-widget",
        target: Some(WASM_TARGET),
        features: None,
        forbidden: FOREIGN_TO_THE_WIDGET,
    },
    Rule {
        package: "railhead-protocol",
        target: Some(WASM_TARGET),
        features: None,
        forbidden: &OURS,
    },
    Rule {
        package: "railhead-protocol",
        target: None,
        features: None,
        forbidden: &OURS,
    },
    Rule {
        package: "railhead-vault",
        target: None,
        features: None,
        forbidden: &OURS,
    },
    Rule {
        package: "railhead-server",
        target: None,
        features: None,
        forbidden: &["demo-provider", "ring"],
    },
];

/// Every forbidden crate that would be linked, as a sentence.
pub(super) fn crossings(workspace: &Workspace) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for rule in &RULES {
        let mut tree = workspace.cargo("tree")?;
        tree.args([
            "--package",
            rule.package,
            "--edges",
            "normal",
            "--prefix",
            "none",
        ]);
        if let Some(target) = rule.target {
            tree.args(["--target", target]);
        }
        if let Some(features) = rule.features {
            tree.args(["--no-default-features", "--features", features]);
        }
        let tree = command::capture(&mut tree)?;
        found.extend(
            linked(&tree, rule.package, rule.forbidden)
                .into_iter()
                .map(|name| format!("{} links {name}", rule.package)),
        );
    }
    Ok(found)
}

/// The forbidden names among the lines of `cargo tree --prefix none`, which are `name vVERSION …`.
fn linked<'a>(tree: &str, package: &str, forbidden: &[&'a str]) -> Vec<&'a str> {
    let names: Vec<&str> = tree
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    forbidden
        .iter()
        .copied()
        .filter(|name| *name != package && names.contains(name))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TREE: &str = "railhead-widget v0.1.0 (/src)\nserde v1.0.229\nsqlx-core v0.9.0\n\
        railhead-protocol v0.1.0 (/src/protocol)\nserde v1.0.229 (*)\n";

    #[test]
    fn a_forbidden_crate_is_found() {
        assert_eq!(
            linked(
                TREE,
                "railhead-widget",
                &["railhead-vault", "railhead-protocol"]
            ),
            ["railhead-protocol"]
        );
    }

    #[test]
    fn a_crate_may_link_itself_and_names_are_whole() {
        assert!(linked(TREE, "railhead-widget", &["railhead-widget", "sqlx"]).is_empty());
    }
}
