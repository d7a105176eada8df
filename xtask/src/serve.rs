//! `cargo xtask serve`: the widget on its demo page, rebuilt at each change, beside a demo that runs already.

use anyhow::Result;

use crate::command;
use crate::tools;
use crate::workspace::Workspace;

/// Runs until it is stopped.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    tools::trunk(workspace)?;
    command::run(workspace.command("trunk")?.arg("serve"))
}
