//! The demo's `railhead.toml` and its own service, written once and then left to whoever edits them.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::place::Place;
use crate::progress;
use crate::workspace::Workspace;

/// Services that only the demo has.
const SERVICES: &str = "examples/demo-services";
/// The address that those files are written for.
const PROVIDER_IN_FILES: &str = "http://localhost:4401";

/// Writes what is missing.
pub(super) fn write(workspace: &Workspace, place: &Place) -> Result<()> {
    let data = place.data();
    fs::create_dir_all(data).with_context(|| format!("cannot create {}", data.display()))?;
    copy_services(
        &workspace.path(SERVICES),
        &data.join("services"),
        &place.provider(),
    )
    .with_context(|| format!("cannot copy {SERVICES}"))?;
    let file = place.settings_file();
    if file.exists() {
        progress::done(format!("settings: {}", file.display()));
        return Ok(());
    }
    fs::write(&file, settings(place, &place.shown_data(workspace)))
        .with_context(|| format!("cannot write {}", file.display()))?;
    progress::done(format!("settings written: {}", file.display()));
    Ok(())
}

/// Copies the service files, with the demo provider at its real address.
fn copy_services(from: &Path, to: &Path, provider: &str) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_services(&entry.path(), &target, provider)?;
            continue;
        }
        let text = fs::read_to_string(entry.path())?.replace(PROVIDER_IN_FILES, provider);
        // Unchanged files stay as they are: a new date would make the server read them again.
        if !fs::read_to_string(&target).is_ok_and(|found| found == text) {
            fs::write(&target, text)?;
        }
    }
    Ok(())
}

fn settings(place: &Place, data: &str) -> String {
    format!(
        r#"# Settings of `cargo xtask demo`, written on its first start. Yours to change; paths are relative to the repository.
listen = "127.0.0.1:{port}"
public_url = "{server}"
data_dir = "{data}"
assets_dir = "dist"
services_dirs = ["services", "{data}/services"]

# In the sandbox environment every service authorizes at the demo provider.
[sandbox]
provider_url = "{provider}"

# In the production environment a service is offered once it has a client: this one is the demo provider itself.
[clients.demo_ledger]
client_id = "railhead-sandbox"
client_secret = "railhead-sandbox-secret+/:="
"#,
        port = place.server_port(),
        server = place.server(),
        provider = place.provider(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn demo_services_lead_to_the_demo_provider_that_runs() {
        let (from, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::create_dir(from.path().join("icons")).unwrap();
        fs::write(from.path().join("icons/a.svg"), "<svg/>").unwrap();
        fs::write(
            from.path().join("a.toml"),
            "url = \"http://localhost:4401/a\"",
        )
        .unwrap();
        copy_services(from.path(), to.path(), "http://localhost:5401").unwrap();
        let copied = fs::read_to_string(to.path().join("a.toml")).unwrap();
        assert_eq!(copied, "url = \"http://localhost:5401/a\"");
        assert!(to.path().join("icons/a.svg").exists());
    }
}
