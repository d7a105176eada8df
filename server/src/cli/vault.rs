//! `railhead vault`: rotates the keys that seal credentials, and proves that everything opens.

use super::{Workplace, say};
use crate::config::Config;
use crate::entropy::{Entropy as _, SystemEntropy};
use crate::lifecycle::rotation::{self, Broken, Report};
use crate::store::ReplicaStore as _;
use crate::vault::KeySource;
use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use railhead_vault::{Key, KeyId, KeyRing, key_file};
use serde_json::json;
use std::process::ExitCode;
use std::time::Duration;

/// Within which time running servers notice that the key file has changed.
const NOTICE: Duration = Duration::from_secs(3);

#[derive(Debug, Subcommand)]
pub(super) enum VaultCommand {
    /// Prints new keys for a new database: for a variable or a secret store; a server makes its key file itself.
    Generate,
    #[command(flatten)]
    OnData(DataCommand),
}

#[derive(Debug, Subcommand)]
pub(super) enum DataCommand {
    /// Shows the keys and how much each of them seals.
    Status(Output),
    /// Opens everything that is sealed, and names what does not open.
    Verify(Output),
    /// Makes a new key and seals everything with it, while servers go on. Begun again, it goes on where it stopped.
    Rotate {
        /// Every server on this PostgreSQL database reads this very key file, or there is only one.
        #[arg(long)]
        same_file: bool,
        #[command(flatten)]
        output: Output,
    },
    /// Adds a key that opens and does not seal yet: the first step where servers have copies of the keys.
    AddKey,
    /// Has a key of the ring seal from now on: the second step.
    Activate {
        /// The key's id.
        key: KeyId,
    },
    /// Takes away the keys that seal nothing any more.
    Retire,
}

#[derive(Debug, Args)]
pub(super) struct Output {
    /// Prints JSON.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(config: &Config, command: VaultCommand) -> anyhow::Result<ExitCode> {
    let VaultCommand::OnData(command) = command else {
        let random = |buffer: &mut [u8]| SystemEntropy.fill(buffer);
        say(&KeyRing::generate(&random).to_text())?;
        return Ok(ExitCode::SUCCESS);
    };
    let workplace = Workplace::open(config).await?;
    let result = match command {
        DataCommand::Status(output) => status(&workplace, &output).await,
        DataCommand::Verify(output) => verify(&workplace, &output).await,
        DataCommand::Rotate { same_file, output } => rotate(&workplace, same_file, &output).await,
        DataCommand::AddKey => add_key(&workplace),
        DataCommand::Activate { key } => activate(&workplace, &key),
        DataCommand::Retire => retire(&workplace).await,
    };
    workplace.opened.store.close().await;
    result
}

async fn status(workplace: &Workplace, output: &Output) -> anyhow::Result<ExitCode> {
    let usage = rotation::usage(workplace.opened.store.as_ref()).await?;
    let keys = workplace.opened.vault.keys();
    let sealed_by = |id: &str| usage.get(id).copied().unwrap_or_default();
    if output.json {
        let ids = keys.ids().map(|id| {
            let active = id == keys.active();
            json!({ "key": id.as_str(), "active": active, "seals": sealed_by(id.as_str()) })
        });
        say(&format!("{}\n", json!({ "keys": ids.collect::<Vec<_>>() })))?;
        return Ok(ExitCode::SUCCESS);
    }
    say(&format!("Keys from {}\n", workplace.opened.vault.source()))?;
    for id in keys.ids() {
        let mark = if id == keys.active() {
            "active"
        } else {
            "opens "
        };
        say(&format!(
            "  {mark}  {id}  seals {} values\n",
            sealed_by(id.as_str())
        ))?;
    }
    for (id, count) in usage {
        if !keys.ids().any(|known| known.as_str() == id) {
            say(&format!(
                "  MISSING {id}  seals {count} values, which do not open\n"
            ))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn verify(workplace: &Workplace, output: &Output) -> anyhow::Result<ExitCode> {
    let opened = &workplace.opened;
    let report = rotation::verify(opened.store.as_ref(), &opened.vault, None).await?;
    tell(&report, output)
}

async fn rotate(
    workplace: &Workplace,
    same_file: bool,
    output: &Output,
) -> anyhow::Result<ExitCode> {
    let opened = &workplace.opened;
    // What a rotation left that was ended before its end, or what `activate` has begun.
    let begun = seal_anew(workplace).await?;
    if begun.rewrapped > 0 {
        return tell(&begun, output);
    }
    let source = opened.vault.source();
    let steps = "`railhead vault add-key` makes a key that only opens, `railhead vault activate` has it seal; after each, \
                 give the keys to every server; then rotate again";
    let KeySource::File(file) = source else {
        bail!("the keys come from {source}, where they cannot be written: {steps}");
    };
    if opened.store.is_shared() && !same_file {
        bail!(
            "other servers may use this database, and would not open what is sealed with a key they lack: {steps}. Where \
             there is no other, or each of them reads {} itself, say so with --same-file",
            file.display()
        );
    }
    let random = |buffer: &mut [u8]| workplace.entropy.fill(buffer);
    change(workplace, |ring| {
        ring.rotate(&random)?;
        Ok(())
    })?;
    opened.vault.refresh()?;
    tell(&seal_anew(workplace).await?, output)
}

/// Seals everything with the active key, and tells how far it is.
async fn seal_anew(workplace: &Workplace) -> anyhow::Result<Report> {
    let opened = &workplace.opened;
    let active = opened.vault.keys().active().clone();
    let progress = |report: &Report| {
        let (values, rewrapped) = (report.values, report.rewrapped);
        if rewrapped > 0 {
            eprintln!("{values} values looked at, {rewrapped} of them sealed with {active} now");
        }
    };
    Ok(rotation::rewrap(opened.store.as_ref(), &opened.vault, progress).await?)
}

fn tell(report: &Report, output: &Output) -> anyhow::Result<ExitCode> {
    if output.json {
        let broken = report.broken.iter().map(|Broken { value, why }| {
            let column = value.column.column;
            json!({ "table": value.column.table, "column": column, "id": value.id, "reason": why.to_string() })
        });
        let broken: Vec<_> = broken.collect();
        let shown =
            json!({ "values": report.values, "rewrapped": report.rewrapped, "broken": broken });
        say(&format!("{shown}\n"))?;
    } else {
        for Broken { value, why } in &report.broken {
            let (table, column) = (value.column.table, value.column.column);
            say(&format!("{table} {} {column}: {why}\n", value.id))?;
        }
        let (values, broken) = (report.values, report.broken.len());
        let outcome = match broken {
            0 => "all of them open".to_owned(),
            _ => format!("{broken} of them do not open"),
        };
        say(&format!(
            "{values} sealed values, {} sealed anew; {outcome}\n",
            report.rewrapped
        ))?;
    }
    Ok(match report.broken.len() {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    })
}

fn add_key(workplace: &Workplace) -> anyhow::Result<ExitCode> {
    let random = |buffer: &mut [u8]| workplace.entropy.fill(buffer);
    let id = KeyId::generate(&random);
    change(workplace, |ring| {
        Ok(ring.add(id.clone(), Key::generate(&random))?)
    })?;
    eprintln!("Added {id}. Give the keys to every server before `railhead vault activate {id}`.");
    Ok(ExitCode::SUCCESS)
}

fn activate(workplace: &Workplace, key: &KeyId) -> anyhow::Result<ExitCode> {
    change(workplace, |ring| Ok(ring.activate(key)?))?;
    eprintln!(
        "{key} seals from now on. Give the keys to every server, then `railhead vault rotate`."
    );
    Ok(ExitCode::SUCCESS)
}

async fn retire(workplace: &Workplace) -> anyhow::Result<ExitCode> {
    let opened = &workplace.opened;
    // A server that has not noticed the new keys yet would go on sealing with one of those taken away.
    tokio::time::sleep(NOTICE).await;
    let usage = rotation::usage(opened.store.as_ref()).await?;
    let keys = opened.vault.keys();
    let unused: Vec<_> = keys
        .ids()
        .filter(|id| *id != keys.active() && !usage.contains_key(id.as_str()))
        .cloned()
        .collect();
    for id in keys.ids().filter(|id| *id != keys.active()) {
        if let Some(count) = usage.get(id.as_str()) {
            eprintln!(
                "{id} still seals {count} values and stays: rotate, or see `railhead vault verify`."
            );
        }
    }
    if unused.is_empty() {
        eprintln!("Nothing was taken away.");
        return Ok(ExitCode::SUCCESS);
    }
    change(workplace, |ring| {
        unused.iter().try_for_each(|id| Ok(ring.remove(id)?))
    })?;
    for id in unused {
        eprintln!(
            "Took away {id}. Backups made before the rotation need it: keep an old copy with them."
        );
    }
    Ok(ExitCode::SUCCESS)
}

/// Changes the ring: in its file, or by printing it for whoever keeps it.
fn change(
    workplace: &Workplace,
    change: impl FnOnce(&mut KeyRing) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let source = workplace.opened.vault.source();
    if let KeySource::File(path) = source {
        let random = |buffer: &mut [u8]| workplace.entropy.fill(buffer);
        key_file::change(path, &random, change).context("the keys are as they were")?;
        return Ok(());
    }
    let mut ring = source.load()?;
    change(&mut ring)?;
    Ok(say(&ring.to_text())?)
}
