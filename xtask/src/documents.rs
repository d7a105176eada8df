//! The paths and links that the documents name exist: a document that leads nowhere is worse than none.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::progress;
use crate::workspace::Workspace;

const DOCUMENTS: [&str; 8] = [
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "docs/ARCHITECTURE.md",
    "docs/BACKUP.md",
    "docs/OPERATIONS.md",
    "docs/REPLICAS.md",
    "docs/SECURITY.md",
];
/// Where tests are.
const SOURCES: [&str; 7] = [
    "server",
    "vault",
    "protocol",
    "tests",
    "src",
    "packages",
    "demo-provider",
];
/// Made by the commands, so a fresh checkout has none of them.
const MADE: [&str; 4] = [".tools/", "node_modules/", "dist/", "target/bench/"];

/// Fails when a document names a path or a test that isn't there.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let mut missing = Vec::new();
    let sources = sources(workspace)?;
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
        for test in tests_named(&text) {
            if !sources
                .iter()
                .any(|(path, source)| holds(path, source, test))
            {
                missing.push(format!("{document} names the test {test}"));
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
    bail!(
        "{} paths or tests in the documents lead nowhere",
        missing.len()
    )
}

/// Words in backticks that are tests: a module, and a sentence written with underscores.
fn tests_named(text: &str) -> Vec<&str> {
    let words = text
        .lines()
        .flat_map(|line| line.split('`').skip(1).step_by(2));
    let is_test = |word: &&str| {
        let written = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        word.split_once("::").is_some_and(|(module, name)| {
            [module, name].iter().all(|part| part.chars().all(written))
                && name.matches('_').count() > 1
        })
    };
    words.filter(is_test).collect()
}

/// Is `test` in the file at `path`, or in one of the folder it names?
fn holds(path: &Path, source: &str, test: &str) -> bool {
    let Some((module, name)) = test.split_once("::") else {
        return false;
    };
    let is_module = |part: &std::ffi::OsStr| Path::new(part).file_stem() == Some(module.as_ref());
    path.iter().any(is_module) && source.contains(&format!("fn {name}("))
}

/// Every Rust source that may hold tests.
fn sources(workspace: &Workspace) -> Result<Vec<(PathBuf, String)>> {
    let mut found = Vec::new();
    let mut folders: Vec<_> = SOURCES.iter().map(|name| workspace.path(name)).collect();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default();
            if path.is_dir() && name != "node_modules" && name != "target" {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let source = fs::read_to_string(&path)?;
                found.push((path, source));
            }
        }
    }
    Ok(found)
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
    fn finds_tests() {
        let text = "`polling::a_poll_ends_well`, `Store::add`, `a::b_c`, `vault/src/`";
        assert_eq!(tests_named(text), ["polling::a_poll_ends_well"]);
        let path = Path::new("server/tests/broker/polling.rs");
        assert!(holds(
            path,
            "async fn a_poll_ends_well() {",
            "polling::a_poll_ends_well"
        ));
        assert!(!holds(
            path,
            "async fn a_poll_ends() {",
            "polling::a_poll_ends_well"
        ));
        assert!(!holds(
            path,
            "fn a_poll_ends_well() {",
            "killed::a_poll_ends_well"
        ));
    }

    #[test]
    fn code_fences_are_no_backticks() {
        assert_eq!(paths("```sh\nx\n```\n`style/`"), ["style/"]);
    }
}
