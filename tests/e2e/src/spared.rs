//! Tests that an engine is spared because its driver has no means for them: not silently, but noted for the summary.

use crate::{Ability, Engine, Parts};
use anyhow::Result;
use std::fs::{self, OpenOptions};
use std::io::Write;

/// Is something missing that the test needs? Then it is noted in `target/e2e/<engine>/left-out`, which the test command
/// counts and names.
pub(crate) fn leave_out(name: &str, needs: &[Ability]) -> Result<bool> {
    let engine = Engine::from_environment()?;
    let missing: Vec<_> = needs.iter().filter(|need| !engine.can(**need)).collect();
    if missing.is_empty() {
        return Ok(false);
    }
    let folder = Parts::find()?.traces()?;
    fs::create_dir_all(&folder)?;
    let mut notes = OpenOptions::new()
        .create(true)
        .append(true)
        .open(folder.join("left-out"))?;
    notes.write_all(format!("{name} {missing:?}\n").as_bytes())?;
    Ok(true)
}
