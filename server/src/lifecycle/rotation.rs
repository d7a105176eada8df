//! Rotation of the vault's keys, while servers go on: every sealed value gets the active key, one by one. It can stop
//! anywhere and begin again, for values with either key open as long as both are in the ring.

use crate::store::{Saved, SealedColumn, SealedValue, Store, StoreError};
use crate::vault::{Place, Vault};
use railhead_vault::{OpenError, SealError, Sealed};
use std::collections::BTreeMap;
use std::time::Duration;

/// Values that are read at a time.
const BATCH: u32 = 200;
/// How often everything is looked through: what was under way, or a server that has not read the new keys yet, may still
/// write what an older key has sealed.
const PASSES: u32 = 10;
/// How long after one look the next one comes; servers look at the key file each second.
const PAUSE: Duration = Duration::from_secs(3);

/// Why a rotation stopped.
#[derive(Debug, thiserror::Error)]
pub enum RotationError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Nothing could be sealed.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// Values were still being sealed with an older key: some server does not read the new keys.
    #[error(
        "a server goes on sealing with an older key: give the new keys to all of them, then rotate again"
    )]
    Behind,
}

/// A value that does not open.
#[derive(Debug)]
pub struct Broken {
    /// Where it is.
    pub value: SealedValue,
    /// Why.
    pub why: OpenError,
}

/// What was looked at.
#[derive(Debug, Default)]
pub struct Report {
    /// How many values.
    pub values: u64,
    /// How many got the active key, the value the keys are recognised by included.
    pub rewrapped: u64,
    /// Those that do not open.
    pub broken: Vec<Broken>,
}

/// Gives every sealed value the active key. Tells `progress` after each batch.
pub async fn rewrap(
    store: &dyn Store,
    vault: &Vault,
    mut progress: impl FnMut(&Report),
) -> Result<Report, RotationError> {
    let mut total = 0;
    for _ in 0..PASSES {
        let mut report = Report::default();
        for column in store.sealed_columns() {
            let mut after = String::new();
            loop {
                let values = store.sealed_values(column, &after, BATCH).await?;
                let Some(last) = values.last() else { break };
                after.clone_from(&last.id);
                for value in values {
                    give_active_key(store, vault, value, &mut report).await?;
                }
                progress(&report);
            }
        }
        total += report.rewrapped;
        if report.rewrapped == 0 {
            report.rewrapped = total + renew_check(store, vault).await?;
            return Ok(report);
        }
        tokio::time::sleep(PAUSE).await;
    }
    Err(RotationError::Behind)
}

async fn give_active_key(
    store: &dyn Store,
    vault: &Vault,
    value: SealedValue,
    report: &mut Report,
) -> Result<(), StoreError> {
    report.values += 1;
    match vault.rewrap(&place(&value), &value.sealed) {
        Ok(None) => {}
        Ok(Some(sealed)) => {
            report.rewrapped += 1;
            if store.replace_sealed(&value, &sealed).await? == Saved::Conflict {
                tracing::debug!(
                    record = value.record,
                    "changed meanwhile; the next pass sees it"
                );
            }
        }
        Err(why) => report.broken.push(Broken { value, why }),
    }
    Ok(())
}

/// The value by which the keys are recognised at the next start must not need an older key. Says how many it renewed.
async fn renew_check(store: &dyn Store, vault: &Vault) -> Result<u64, RotationError> {
    while let Some(before) = store.vault_check().await? {
        let active = before.parse::<Sealed>();
        if active.is_ok_and(|check| check.key_id() == vault.keys().active()) {
            return Ok(0);
        }
        let check = vault.check_value()?;
        if store.replace_vault_check(&before, &check).await? == Saved::Done {
            return Ok(1);
        }
    }
    Ok(0)
}

/// Opens everything, or the first `limit` values of each kind, and forgets it again.
pub async fn verify(
    store: &dyn Store,
    vault: &Vault,
    limit: Option<u32>,
) -> Result<Report, StoreError> {
    let mut report = Report::default();
    for column in store.sealed_columns() {
        let mut left = limit;
        let mut after = String::new();
        while left != Some(0) {
            let batch = left.map_or(BATCH, |left| left.min(BATCH));
            left = left.map(|left| left - batch);
            let values = store.sealed_values(column, &after, batch).await?;
            let Some(last) = values.last() else { break };
            after.clone_from(&last.id);
            for value in values {
                report.values += 1;
                if let Err(why) = vault.unseal(&place(&value), &value.sealed) {
                    report.broken.push(Broken { value, why });
                }
            }
        }
    }
    Ok(report)
}

/// How many values each key seals, by its id, the value the keys are recognised by included.
pub async fn usage(store: &dyn Store) -> Result<BTreeMap<String, u64>, StoreError> {
    let mut usage = BTreeMap::new();
    let mut count = |sealed: &str| {
        let key = sealed.parse::<Sealed>().map_or_else(
            |_| "unreadable".to_owned(),
            |sealed| sealed.key_id().to_string(),
        );
        *usage.entry(key).or_default() += 1;
    };
    for column in store.sealed_columns() {
        let mut after = String::new();
        loop {
            let values = store.sealed_values(column, &after, BATCH).await?;
            let Some(last) = values.last() else { break };
            after.clone_from(&last.id);
            for value in &values {
                count(&value.sealed);
            }
        }
    }
    if let Some(check) = store.vault_check().await? {
        count(&check);
    }
    Ok(usage)
}

fn place(value: &SealedValue) -> Place<'_> {
    let SealedColumn { field, .. } = *value.column;
    Place {
        tenant: &value.tenant,
        record: &value.record,
        field,
        version: value.version,
    }
}
