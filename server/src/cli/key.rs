//! `railhead key create`, `list` and `revoke`. A key is shown when it is made, and never again.

use super::{Place, Workplace, say};
use crate::config::Config;
use crate::domain::api_key::{self, ApiKey, Scopes};
use crate::domain::tenant::{Tenant, WorkspaceName, environment_name};
use crate::store::KeyStore as _;
use anyhow::{Context as _, ensure};
use clap::{Args, Subcommand};
use railhead_protocol::Scope;
use serde_json::json;
use std::process::ExitCode;
use time::Duration;

#[derive(Debug, Subcommand)]
pub(super) enum KeyCommand {
    /// Makes an API key for your server; it is shown this once.
    Create(Box<Create>),
    /// Shows what is known of all API keys.
    List {
        /// Prints JSON.
        #[arg(long)]
        json: bool,
    },
    /// Revokes an API key, from its next request on.
    Revoke {
        /// The key's id, key_…; `railhead key list` shows it.
        #[arg(value_name = "ID")]
        id: String,
    },
}

#[derive(Debug, Args)]
pub(super) struct Create {
    #[command(flatten)]
    place: Place,
    /// What the key may do, such as connections:read; may be given several times. Without it, everything.
    #[arg(long = "scope", value_name = "SCOPE")]
    scopes: Vec<Scope>,
    /// For how long it is good, such as 90d, 12h or 30m. Without it, until it is revoked.
    #[arg(long, value_name = "TIME", value_parser = lifetime)]
    expires_in: Option<Duration>,
    /// What it is for.
    #[arg(long, value_name = "NAME", default_value = "")]
    name: String,
}

pub(super) async fn run(config: &Config, command: KeyCommand) -> anyhow::Result<ExitCode> {
    match command {
        KeyCommand::Create(create) => self::create(config, *create).await,
        KeyCommand::List { json } => list(config, json).await,
        KeyCommand::Revoke { id } => revoke(config, &id).await,
    }
}

async fn create(config: &Config, create: Create) -> anyhow::Result<ExitCode> {
    let Create {
        place,
        scopes,
        expires_in,
        name,
    } = create;
    let workspace = WorkspaceName::parse(&place.workspace)?;
    let name = api_key::name(&name)?;
    let scopes = if scopes.is_empty() {
        Scopes::All
    } else {
        Scopes::Only(scopes.into_iter().collect())
    };
    let now = crate::clock::Clock::now(&crate::clock::SystemClock);
    let expires_at = expires_in
        .map(|lifetime| api_key::end(lifetime, now))
        .transpose()?;
    let workplace = Workplace::open(config).await?;
    let tenant = Tenant {
        workspace: workplace.workspace(&workspace).await?.id,
        environment: place.environment.into(),
    };
    let entropy = workplace.entropy.as_ref();
    let (key, record) = ApiKey::make(entropy, tenant, name, scopes, (now, expires_at));
    workplace.opened.store.add_api_key(&record).await?;
    workplace.opened.store.close().await;
    if place.json {
        let mut shown = described(&record);
        shown["apiKey"] = key.into();
        shown["workspace"] = place.workspace.into();
        say(&format!("{shown}\n"))?;
    } else {
        say(&format!(
            "{key}\n\nKeep it: it is not shown again. Send it as Authorization: Bearer.\n"
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn described(key: &ApiKey) -> serde_json::Value {
    let mut shown = json!(key.wire());
    if key.scopes == Scopes::All {
        shown["scopes"] = "all".into();
    }
    shown
}

async fn list(config: &Config, as_json: bool) -> anyhow::Result<ExitCode> {
    let workplace = Workplace::open(config).await?;
    let keys = workplace.opened.store.all_api_keys().await?;
    workplace.opened.store.close().await;
    let text: String = if as_json {
        let keys: Vec<_> = keys.iter().map(described).collect();
        format!("{}\n", serde_json::Value::from(keys))
    } else {
        keys.iter().map(line).collect()
    };
    say(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn line(key: &ApiKey) -> String {
    let wire = key.wire();
    let scopes: Vec<_> = wire.scopes.iter().map(|scope| scope.as_str()).collect();
    let scopes = match &key.scopes {
        Scopes::All => "all".to_owned(),
        Scopes::Only(_) => scopes.join(","),
    };
    let end = match (&wire.revoked_at, &wire.expires_at) {
        (Some(at), _) => format!("revoked {at}"),
        (None, Some(at)) => format!("until {at}"),
        (None, None) => "no end".to_owned(),
    };
    let used = wire
        .last_used_at
        .map_or_else(|| "never used".to_owned(), |at| format!("used {at}"));
    let environment = environment_name(key.tenant.environment);
    format!(
        "{}  {environment}  {scopes}  {end}  {used}  {}\n",
        wire.key_id, wire.name
    )
}

async fn revoke(config: &Config, id: &str) -> anyhow::Result<ExitCode> {
    let workplace = Workplace::open(config).await?;
    let revoked = workplace
        .opened
        .store
        .revoke_api_key(None, &id.into(), workplace.now)
        .await?;
    workplace.opened.store.close().await;
    ensure!(
        revoked,
        "no API key has the id {id}; `railhead key list` shows them"
    );
    say(&format!("revoked {id}\n"))?;
    Ok(ExitCode::SUCCESS)
}

/// A span of time such as `90d`.
fn lifetime(text: &str) -> anyhow::Result<Duration> {
    let wrong = || format!("{text} is not a time such as 90d, 12h or 30m");
    let unit = text.chars().last().with_context(wrong)?;
    let count = text.strip_suffix(unit).unwrap_or_default();
    ensure!(count.bytes().all(|c| c.is_ascii_digit()), wrong());
    let count: u32 = count.parse().with_context(wrong)?;
    match unit {
        'd' => Ok(Duration::days(count.into())),
        'h' => Ok(Duration::hours(count.into())),
        'm' => Ok(Duration::minutes(count.into())),
        _ => anyhow::bail!(wrong()),
    }
}

#[cfg(test)]
mod tests {
    use super::lifetime;
    use time::Duration;

    #[test]
    fn reads_days_hours_and_minutes() {
        assert_eq!(lifetime("90d").unwrap(), Duration::days(90));
        assert_eq!(lifetime("12h").unwrap(), Duration::hours(12));
        assert_eq!(lifetime("30m").unwrap(), Duration::minutes(30));
        for wrong in [
            "",
            "d",
            "90",
            "-1d",
            "+1d",
            "1.5d",
            "90 d",
            "é",
            "99999999999d",
        ] {
            assert!(lifetime(wrong).is_err(), "{wrong}");
        }
    }
}
