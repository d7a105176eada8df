//! The demo's widgets and API keys: made once through the server's command line, then kept in `demo.json`.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::place::Place;
use crate::command;
use crate::progress;
use crate::workspace::Workspace;

/// What the demo needs to know of each environment.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Seeds {
    /// Connects at the demo provider, and at the built-in service.
    pub(super) sandbox: Seed,
    /// Behaves as in production; offers what has a client.
    pub(super) production: Seed,
}

/// One widget and the key that reads its connections.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Seed {
    /// The widget's id.
    pub(super) widget_id: String,
    /// What its results are signed with.
    pub(super) signing_secret: String,
    /// A key to the management API.
    pub(super) api_key: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct MadeWidget {
    widget_id: String,
    signing_secret: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct MadeKey {
    api_key: String,
}

/// Reads the seeds, or makes them in a new database.
pub(super) fn ensure(workspace: &Workspace, place: &Place) -> Result<Seeds> {
    let file = place.data().join("demo.json");
    if file.exists() {
        let text = fs::read_to_string(&file)?;
        let seeds = serde_json::from_str(&text).with_context(|| {
            format!("{} cannot be read: start over with --fresh", file.display())
        })?;
        progress::done("widgets and keys are there from an earlier start");
        return Ok(seeds);
    }
    // Whatever an interrupted first start has left would be in the way of the same widget ids.
    remove_database(place.data())?;
    let seeds = Seeds {
        sandbox: seed(workspace, place, "sandbox", &place.sandbox_site())?,
        production: seed(workspace, place, "production", &place.production_site())?,
    };
    write_private(&file, &serde_json::to_string_pretty(&seeds)?)
        .with_context(|| format!("cannot write {}", file.display()))?;
    progress::done("a sandbox widget, a production-like widget and their keys");
    Ok(seeds)
}

fn seed(workspace: &Workspace, place: &Place, environment: &str, site: &str) -> Result<Seed> {
    let widget: MadeWidget = answer(
        railhead(workspace, place)?
            .args(["widget", "create", "--json", "--environment", environment])
            .args(["--id", &format!("wid_demo_{environment}")])
            .args(["--company", "Northwind Lending", "--origin", site])
            // The page of `cargo xtask serve`, for working on the widget against a running demo.
            .args(["--origin", "http://localhost:8080"])
            .args(["--success-url", &format!("{site}/success")]),
    )?;
    let key: MadeKey = answer(railhead(workspace, place)?.args([
        "key",
        "create",
        "--json",
        "--environment",
        environment,
    ]))?;
    Ok(Seed {
        widget_id: widget.widget_id,
        signing_secret: widget.signing_secret,
        api_key: key.api_key,
    })
}

fn railhead(workspace: &Workspace, place: &Place) -> Result<Command> {
    let mut command = workspace.command(workspace.binary("railhead"))?;
    command.env("RAILHEAD_CONFIG", place.settings_file());
    Ok(command)
}

fn answer<T: for<'de> Deserialize<'de>>(command: &mut Command) -> Result<T> {
    let text = command::capture(command)?;
    serde_json::from_str(&text)
        .with_context(|| format!("`{}` answered something else", command::line(command)))
}

fn remove_database(data: &Path) -> Result<()> {
    for entry in fs::read_dir(data)? {
        let entry = entry?;
        if entry
            .file_name()
            .to_string_lossy()
            .starts_with("railhead.sqlite")
        {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// Writes a file that only its owner reads.
fn write_private(file: &Path, text: &str) -> Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    Ok(options.open(file)?.write_all(text.as_bytes())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn keys_are_for_their_owner_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("demo.json");
        write_private(&file, "{}").unwrap();
        assert_eq!(
            fs::metadata(&file).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }

    #[test]
    fn an_interrupted_first_start_leaves_no_database() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["railhead.sqlite", "railhead.sqlite-wal", "railhead.toml"] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        remove_database(folder.path()).unwrap();
        let left: Vec<_> = fs::read_dir(folder.path()).unwrap().flatten().collect();
        assert_eq!(left.len(), 1);
        assert_eq!(left[0].file_name(), "railhead.toml");
    }
}
