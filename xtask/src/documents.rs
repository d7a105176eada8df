//! The paths and links that the documents name exist: a document that leads nowhere is worse than none.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::progress;
use crate::workspace::Workspace;

const DOCUMENTS: [&str; 5] = [
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "docs/ARCHITECTURE.md",
    "docs/OPERATIONS.md",
];
/// Made by the commands, so a fresh checkout has none of them.
const MADE: [&str; 3] = [".tools/", "node_modules/", "dist/"];

/// Fails when a document names a path that isn't there.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let mut missing = Vec::new();
    for document in DOCUMENTS {
        let text = fs::read_to_string(workspace.path(document)).context(document)?;
        let folder = Path::new(document).parent().unwrap_or(Path::new(""));
        let links = links(&text).into_iter().map(|link| folder.join(link));
        let paths = paths(&text)
            .into_iter()
            .map(|path| Path::new(path).to_owned());
        for path in links.chain(paths) {
            if !workspace.path(&path).exists() {
                missing.push(format!("{document} names {}", path.display()));
            }
        }
    }
    if missing.is_empty() {
        progress::done("the documents name nothing that isn't there");
        return Ok(());
    }
    for line in &missing {
        println!("   {line}");
    }
    bail!("{} paths in the documents lead nowhere", missing.len())
}

/// Targets of Markdown links within the repository.
fn links(text: &str) -> Vec<&str> {
    text.split("](")
        .skip(1)
        .filter_map(|rest| rest.split_once(')'))
        .map(|(link, _)| link.split('#').next().unwrap_or_default())
        .filter(|link| !link.is_empty() && !link.contains("://"))
        .collect()
}

/// Words in backticks that are paths from the root: they have a slash, and end with one or with an extension.
fn paths(text: &str) -> Vec<&str> {
    text.lines()
        .filter(|line| !line.starts_with("```"))
        .flat_map(|line| line.split('`').skip(1).step_by(2))
        .filter(|word| word.contains('/') && !word.starts_with('/'))
        .filter(|word| !word.contains([' ', '<', '{', '@', '*']) && !word.contains("://"))
        .filter(|word| word.ends_with('/') || Path::new(word).extension().is_some())
        .filter(|word| !MADE.contains(word))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_links_and_paths() {
        let text = "see [this](docs/A.md#there) and [that](https://example.com/a.md), in `src/flow/` or `src/app.rs`, not `/v1/start`, `a/b` or `cargo x a/`";
        assert_eq!(links(text), ["docs/A.md"]);
        assert_eq!(paths(text), ["src/flow/", "src/app.rs"]);
    }

    #[test]
    fn code_fences_are_no_backticks() {
        assert_eq!(paths("```sh\nx\n```\n`style/`"), ["style/"]);
    }
}
