//! Generated files, written or compared with what is there: TypeScript from the crate `protocol`, the OpenAPI document
//! from the server's routes, the keys of all sentences from the widget's English, services' marks from the npm package `simple-icons`,
//! the stylesheets of the components from their rules.

use std::fs;
use std::io::ErrorKind;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::browser_build;
use crate::command;
use crate::progress;
use crate::steps::SSR;
use crate::texts::Texts;
use crate::tools;
use crate::workspace::Workspace;

const TYPESCRIPT: &str = "packages/connect/src/protocol.generated.ts";
const OPENAPI: &str = "docs/openapi.json";
const MESSAGES: &str = "packages/connect/src/messages.generated.ts";
const KEYS: &str = "docs/TEXTS.md";

/// What to do with the generated files.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Only says whether they are up to date.
    #[arg(long)]
    check: bool,
}

/// Writes the files, or checks them.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    if options.check {
        check(workspace)
    } else {
        write(workspace)
    }
}

/// Fails when a file differs from what would be written.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    for (name, wanted) in texts(workspace)? {
        let found = match fs::read_to_string(workspace.path(name)) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
            Err(error) => return Err(error).context(name),
        };
        if let Some(line) = first_difference(&found, &wanted) {
            bail!("{name} is out of date from line {line}: run `cargo xtask generate`");
        }
        progress::done(format!("{name} is up to date"));
    }
    marks(workspace, &["--check"])?;
    progress::done("services/icons/ is up to date");
    Ok(())
}

fn write(workspace: &Workspace) -> Result<()> {
    for (name, text) in texts(workspace)? {
        let path = workspace.path(name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).context(name)?;
        }
        fs::write(&path, text).context(name)?;
        progress::done(format!("{name} written"));
    }
    marks(workspace, &[])?;
    progress::done("services/icons/ written");
    styles(workspace)?;
    progress::done("style/components.css and style/later.css written");
    Ok(())
}

/// The stylesheets of the components, which the widget's own tests compare with its rules.
fn styles(workspace: &Workspace) -> Result<()> {
    let mut test = workspace.cargo("test")?;
    test.args(["--quiet", "--package", "railhead-widget", "--lib"]);
    test.args(SSR).arg("styles").env("RAILHEAD_UPDATE", "1");
    command::run(&mut test)
}

/// The files that are text, and what belongs into them.
fn texts(workspace: &Workspace) -> Result<[(&'static str, String); 4]> {
    browser_build::host_binaries(workspace)?;
    let mut server = workspace.command(workspace.binary("railhead"))?;
    let document = command::capture(server.arg("openapi"))?;
    let texts = Texts::read(workspace)?;
    Ok([
        (MESSAGES, texts.typescript()),
        (KEYS, texts.table()),
        (TYPESCRIPT, railhead_protocol::typescript::declarations()),
        (OPENAPI, document),
    ])
}

fn marks(workspace: &Workspace, options: &[&str]) -> Result<()> {
    tools::npm(workspace)?;
    command::run(
        workspace
            .command("node")?
            .arg("services/icons.mjs")
            .args(options),
    )
}

/// The number of the first line that differs.
fn first_difference(found: &str, wanted: &str) -> Option<usize> {
    if found == wanted {
        return None;
    }
    let same = found
        .lines()
        .zip(wanted.lines())
        .take_while(|(found, wanted)| found == wanted);
    Some(same.count() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_first_line_that_differs() {
        assert_eq!(first_difference("a\nb\n", "a\nb\n"), None);
        assert_eq!(first_difference("a\nb\n", "a\nc\n"), Some(2));
        assert_eq!(first_difference("", "a\n"), Some(1));
        assert_eq!(first_difference("a", "a\n"), Some(2));
    }
}
