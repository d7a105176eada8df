//! `railhead key create`: makes an API key, which is shown this once.

use super::{Place, Workplace, say};
use crate::config::Config;
use crate::domain::id::ApiKeyId;
use crate::domain::tenant::{ApiKey, Tenant, WorkspaceName, environment_name};
use crate::entropy;
use crate::secret::Digest;
use crate::store::TenantStore as _;
use clap::Subcommand;
use serde_json::json;
use std::process::ExitCode;

#[derive(Debug, Subcommand)]
pub(super) enum KeyCommand {
    /// Makes an API key for your server; it is shown this once.
    Create(Place),
}

pub(super) async fn run(config: &Config, command: KeyCommand) -> anyhow::Result<ExitCode> {
    let KeyCommand::Create(place) = command;
    let name = WorkspaceName::parse(&place.workspace)?;
    let workplace = Workplace::open(config).await?;
    let workspace = workplace.workspace(&name).await?;
    let Workplace {
        opened,
        entropy,
        now,
    } = workplace;
    let environment = place.environment.into();
    let key = format!(
        "{}{}",
        ApiKey::prefix(environment),
        entropy::token(entropy.as_ref())
    );
    let record = ApiKey {
        id: ApiKeyId::generate(entropy.as_ref()),
        tenant: Tenant {
            workspace: workspace.id,
            environment,
        },
        digest: Digest::of(&key),
        created_at: now,
    };
    opened.store.add_api_key(&record).await?;
    opened.store.close().await;
    if place.json {
        let environment = environment_name(environment);
        let shown =
            json!({ "apiKey": key, "environment": environment, "workspace": place.workspace });
        say(&format!("{shown}\n"))?;
    } else {
        say(&format!(
            "{key}\n\nKeep it: it is not shown again. Send it as Authorization: Bearer.\n"
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}
