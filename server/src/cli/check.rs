//! `railhead check`: what is configured, and what in it would keep something from working.

mod operation;

use super::say;
use crate::catalogue::Catalogue;
use crate::config::{Config, is_local};
use crate::entropy::SystemEntropy;
use crate::log::chain;
use crate::offer::Offer;
use crate::store::{SqlStore, TenantStore as _};
use crate::vault::{KeySource, KeySourceError, Vault};
use railhead_protocol::Environment;
use railhead_vault::key_file::KeyFileError;
use std::fmt::Write as _;
use std::process::ExitCode;
use std::sync::Arc;
use url::Url;

/// What was found: its text, and whether something in it is broken rather than merely not configured.
#[derive(Debug, Default)]
struct Report {
    text: String,
    broken: bool,
}

impl Report {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn setting(&mut self, key: &str, value: &str) {
        self.line(&format!("  {key:<22}{value}"));
    }

    fn broken(&mut self, what: &str) {
        self.line(&format!("  broken: {what}"));
        self.broken = true;
    }
}

/// Prints what it finds; fails when something is broken.
pub(super) async fn check(config: &Config) -> anyhow::Result<ExitCode> {
    let mut report = Report::default();
    configuration(&mut report, config);
    operation::operation(&mut report, config);
    catalogue(&mut report, config)?;
    data(&mut report, config).await;
    let verdict = if report.broken {
        "Something is broken, see above."
    } else {
        "Nothing is broken."
    };
    report.line(&format!("\n{verdict}"));
    say(&report.text)?;
    Ok(if report.broken {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

fn configuration(report: &mut Report, config: &Config) {
    let public_url = config.public_url_at(config.listen.port());
    let public_url = public_url.map_or_else(String::new, |url| url.to_string());
    let sandbox = config
        .sandbox
        .provider_url
        .as_ref()
        .map(ToString::to_string);
    let directories: Vec<_> = config
        .services_dirs
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    report.line("Configuration");
    for (key, value) in [
        ("listen", config.listen.to_string()),
        ("public_url", public_url),
        ("database", config.database_name()),
        ("data_dir", config.data_dir.display().to_string()),
        ("vault", KeySource::of(config).to_string()),
        ("assets_dir", config.assets_dir.display().to_string()),
        ("services_dirs", directories.join(", ")),
        (
            "log",
            format!("{}, {:?}", config.log, config.log_format).to_lowercase(),
        ),
        (
            "sandbox.provider_url",
            sandbox.unwrap_or_else(|| "not set".to_owned()),
        ),
    ] {
        report.setting(key, &value);
    }
    for (service, client) in &config.clients {
        report.line(&format!(
            "  clients.{service}: client_id {}, secret not shown",
            client.client_id
        ));
    }
    let is_public = |url: &Url| !is_local(url);
    if config.public_url.as_ref().is_some_and(is_public)
        && let Some(provider) = &config.sandbox.provider_url
        && provider.scheme() == "http"
    {
        report.line(&format!(
            "  warning: a server with a public `public_url` refuses http, so nothing connects at {provider}"
        ));
    }
    for name in &config.passed_over {
        report.line(&format!(
            "  note: {name} is not a setting; container platforms set it"
        ));
    }
    if !config.assets_dir.join("railhead.js").is_file() {
        let directory = config.assets_dir.display();
        report.line(&format!(
            "  note: {directory} holds no railhead.js, so the widget is not built"
        ));
    }
}

fn catalogue(report: &mut Report, config: &Config) -> anyhow::Result<()> {
    let catalogue = Catalogue::load(&config.services_dirs)?.current();
    report.line(&format!(
        "\nCatalogue: {} services",
        catalogue.iter().count()
    ));
    for problem in catalogue.problems() {
        report.broken(&problem.to_string());
    }
    let environments = [
        (Environment::Production, "production"),
        (Environment::Sandbox, "sandbox"),
    ];
    for (environment, name) in environments {
        report.line(&format!("\nA {name} widget"));
        let offer = Offer::new(config, environment, Arc::default());
        for service in catalogue.iter() {
            let shown = &service.service_name;
            report.line(&match offer.check(service) {
                Ok(()) => format!("  offers         {shown}"),
                Err(reason) => format!("  does not offer {shown}: {reason}"),
            });
        }
    }
    for service in config
        .clients
        .keys()
        .filter(|name| catalogue.get(name).is_none())
    {
        writeln!(
            report.text,
            "  note: `clients.{service}` names a service that is not in the catalogue"
        )?;
    }
    Ok(())
}

/// Looks at the data without making anything that is missing.
async fn data(report: &mut Report, config: &Config) {
    report.line("\nData");
    let name = config.database_name();
    let file = config.database_file();
    let opened = match &config.database {
        Some(url) => SqlStore::open_postgres_to_read(url.address()).await,
        None if file.is_file() => SqlStore::open_file_to_read(&file).await,
        None => {
            report.line(&format!(
                "  {name} is not there yet; the first start makes it"
            ));
            first_keys(report, config);
            return;
        }
    };
    let store = match opened {
        Ok(Some(store)) => store,
        Ok(None) => {
            report.line(&format!("  {name} is empty; the first start fills it"));
            first_keys(report, config);
            return;
        }
        Err(error) => {
            report.broken(&format!("{name}: {}", chain(&error)));
            return;
        }
    };
    match vault(config, &store).await {
        Ok(line) => report.line(&format!("  {line}")),
        Err(error) => report.broken(&format!("{error:#}")),
    }
    store.close().await;
}

/// The keys of a database with nothing in it: those that no start can make have to be there already.
fn first_keys(report: &mut Report, config: &Config) {
    let source = KeySource::of(config);
    match (&source, source.load()) {
        (_, Ok(keys)) => report.line(&format!(
            "  the vault's keys in {source} are there; {} seals",
            keys.active()
        )),
        (KeySource::File(_), Err(KeySourceError::File(KeyFileError::Missing { .. }))) => {
            report.line(&format!(
                "  the first start makes the vault's key in {source}"
            ));
        }
        (_, Err(error)) => report.broken(&chain(&error)),
    }
}

async fn vault(config: &Config, store: &SqlStore) -> anyhow::Result<String> {
    let source = KeySource::of(config);
    if store.vault_check().await?.is_none() {
        return Ok("nothing is sealed yet".to_owned());
    }
    let (vault, _) = Vault::open(source, store, Arc::new(SystemEntropy)).await?;
    let (source, keys) = (vault.source(), vault.keys());
    Ok(format!(
        "the vault's keys in {source} fit the database; {} seals",
        keys.active()
    ))
}
