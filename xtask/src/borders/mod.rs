//! Who may import whom: the borders of docs/ARCHITECTURE.md, proved on every run.
//!
//! Two kinds of evidence: what cargo would link (`crates`), and what the sources of a module name (`modules`,
//! read by `source`).

mod crates;
mod modules;
mod source;

use anyhow::{Result, bail};

use crate::progress;
use crate::workspace::Workspace;

/// Fails when a border is crossed, naming each place.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let mut crossings = crates::crossings(workspace)?;
    crossings.extend(modules::crossings(workspace.root())?);
    if crossings.is_empty() {
        progress::done("nobody imports across a border");
        return Ok(());
    }
    for crossing in &crossings {
        println!("   {crossing}");
    }
    bail!(
        "{} imports cross a border; the borders are drawn in docs/ARCHITECTURE.md",
        crossings.len()
    )
}
