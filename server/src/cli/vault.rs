//! `railhead vault`: rotates the keys that seal credentials, and proves that everything opens.

use super::{Workplace, say};
use crate::config::Config;
use crate::lifecycle::rotation::{self, Broken, Report};
use crate::vault::{KeySource, Vault};
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
    /// Shows the keys and how much each of them seals.
    Status(Output),
    /// Opens everything that is sealed, and names what does not open.
    Verify(Output),
    /// Makes a new key and seals everything with it, while servers go on. Begun again, it goes on where it stopped.
    Rotate(Output),
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
    let workplace = Workplace::open(config).await?;
    let result = match command {
        VaultCommand::Status(output) => status(&workplace, &output).await,
        VaultCommand::Verify(output) => verify(&workplace, &output).await,
        VaultCommand::Rotate(output) => rotate(&workplace, &output).await,
        VaultCommand::AddKey => add_key(&workplace),
        VaultCommand::Activate { key } => activate(&workplace, &key),
        VaultCommand::Retire => retire(&workplace).await,
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

async fn rotate(workplace: &Workplace, output: &Output) -> anyhow::Result<ExitCode> {
    let opened = &workplace.opened;
    let usage = rotation::usage(opened.store.as_ref()).await?;
    let active = opened.vault.keys().active().clone();
    // Something sealed with another key: a rotation has begun already, here or by `activate`.
    let begun = usage.keys().any(|key| *key != active.as_str());
    if !begun {
        let KeySource::File(_) = opened.vault.source() else {
            bail!(
                "the keys come from {}, where they cannot be written: `railhead vault add-key` prints them with a new \
                 key, `railhead vault activate` has it seal; after each, give them to every server and restart it; \
                 then rotate again",
                opened.vault.source()
            );
        };
        let random = |buffer: &mut [u8]| workplace.entropy.fill(buffer);
        change(workplace, |ring| Ok(drop(ring.rotate(&random)?)))?;
        opened.vault.refresh()?;
    }
    let active = opened.vault.keys().active().clone();
    eprintln!("Sealing everything with {active}");
    let progress = |report: &Report| {
        eprintln!(
            "  {} values, {} sealed anew",
            report.values, report.rewrapped
        );
    };
    let report = rotation::rewrap(opened.store.as_ref(), &opened.vault, progress).await?;
    tell(&report, output)
}

fn tell(report: &Report, output: &Output) -> anyhow::Result<ExitCode> {
    if output.json {
        let broken = report.broken.iter().map(|Broken { value, why }| {
            let column = value.column.column;
            json!({ "table": value.column.table, "column": column, "id": value.id, "why": why.to_string() })
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
    if unused.is_empty() {
        say("Every key is in use; nothing was taken away.\n")?;
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
    let vault: &Vault = &workplace.opened.vault;
    let mut ring = vault.source().load()?;
    change(&mut ring)?;
    if let KeySource::File(path) = vault.source() {
        let random = |buffer: &mut [u8]| workplace.entropy.fill(buffer);
        return key_file::replace(path, &ring, &random).context("the keys are as they were");
    }
    Ok(say(&ring.to_text())?)
}
