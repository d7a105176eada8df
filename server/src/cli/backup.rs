//! `railhead backup`: a copy of the SQLite database, whole and consistent, while a server goes on.

use super::say;
use crate::config::Config;
use crate::store::SqlStore;
use anyhow::{Context as _, bail, ensure};
use std::path::Path;
use std::process::ExitCode;

pub(super) async fn backup(config: &Config, to: &Path) -> anyhow::Result<ExitCode> {
    if let Some(database) = &config.database {
        bail!("{database} is backed up by PostgreSQL's own tools: pg_dump --format=custom");
    }
    let file = config.database_file();
    ensure!(file.is_file(), "{} is not there", file.display());
    let store = SqlStore::open_file_to_read(&file)
        .await
        .with_context(|| file.display().to_string())?;
    let store = store.with_context(|| format!("{} is empty", file.display()))?;
    private(to).with_context(|| format!("{} cannot be made", to.display()))?;
    let copied = store.copy_to(to).await;
    store.close().await;
    if copied.is_err() {
        // Half a copy must not be taken for one.
        let _ = std::fs::remove_file(to);
    }
    copied.with_context(|| format!("no copy was made at {}", to.display()))?;
    say(&format!(
        "{}\n\nOf use only together with the vault's keys, which are not in it.\n",
        to.display()
    ))?;
    Ok(ExitCode::SUCCESS)
}

/// Makes a new file for its owner only.
fn private(file: &Path) -> std::io::Result<()> {
    let mut options = std::fs::File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file).map(drop)
}
