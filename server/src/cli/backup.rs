//! `railhead backup`: a copy of the SQLite database, whole and consistent, while a server goes on.

use super::say;
use crate::config::Config;
use crate::store::SqlStore;
use anyhow::{Context as _, bail, ensure};
use std::fs::File;
use std::path::Path;
use std::process::ExitCode;

pub(super) async fn backup(config: &Config, to: &Path) -> anyhow::Result<ExitCode> {
    if let Some(database) = &config.database {
        bail!("{database} is backed up by PostgreSQL's own tools: pg_dump --format=custom");
    }
    let file = config.database_file();
    ensure!(file.is_file(), "{} is not there", file.display());
    // Before anything is made; the rename at the end is what counts.
    ensure!(!to.exists(), "{} is there already", to.display());
    let store = SqlStore::open_file_to_copy(&file)
        .await
        .with_context(|| file.display().to_string())?;
    let store = store.with_context(|| format!("{} is empty", file.display()))?;
    let copied = copy(&store, to).await;
    store.close().await;
    copied.with_context(|| format!("no copy was made at {}", to.display()))?;
    say(&format!(
        "{}\n\nOf use only together with the vault's keys, which are not in it.\n",
        to.display()
    ))?;
    Ok(ExitCode::SUCCESS)
}

/// Makes the copy under another name and gives it its own when it is whole and on the disk: half a copy must never be
/// taken for one.
async fn copy(store: &SqlStore, to: &Path) -> anyhow::Result<()> {
    let mut name = to.file_name().context("not a file name")?.to_owned();
    name.push(".partial");
    let partial = to.with_file_name(name);
    private(&partial).with_context(|| format!("{} cannot be made", partial.display()))?;
    let copied = async {
        store.copy_to(&partial).await?;
        File::open(&partial)?.sync_all()?;
        ensure!(!to.exists(), "it is there already");
        std::fs::rename(&partial, to)?;
        anyhow::Ok(())
    };
    let copied = copied.await;
    if copied.is_err() {
        // What failed is what is told.
        let _ = std::fs::remove_file(&partial);
    }
    copied
}

/// Makes a new file for its owner only.
fn private(file: &Path) -> std::io::Result<()> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file).map(drop)
}
