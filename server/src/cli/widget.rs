//! `railhead widget create` and `list`.

use super::{Place, Workplace, say};
use crate::config::Config;
use crate::domain::id::WidgetId;
use crate::domain::tenant::{Tenant, WorkspaceName, environment_name};
use crate::domain::widget::{Origin, Settings, Widget, web_address};
use crate::domain::widget_settings::company_name;
use crate::entropy;
use crate::store::{Saved, TenantStore as _};
use anyhow::{Context as _, bail, ensure};
use clap::{Args, Subcommand};
use railhead_protocol::{Environment, Links};
use serde_json::json;
use std::process::ExitCode;

#[derive(Debug, Subcommand)]
pub(super) enum WidgetCommand {
    /// Makes a widget, or changes the one with the given id: options left out keep what they were, empty ones remove
    /// it.
    Create(Box<Create>),
    /// Shows all widgets.
    List {
        /// Prints JSON.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Args)]
pub(super) struct Create {
    #[command(flatten)]
    place: Place,
    /// Your company's name, as your customers know it.
    #[arg(long, value_name = "NAME")]
    company: String,
    /// A page that may embed the widget, such as https://app.example.com; may be given several times.
    #[arg(long = "origin", required = true, value_name = "ORIGIN")]
    origins: Vec<String>,
    // Below, a widget that is there already keeps what is left out, and loses what is given as an empty text.
    /// Where your customers go when they are done.
    #[arg(long, value_name = "URL")]
    success_url: Option<String>,
    /// Where your customers go when they leave before.
    #[arg(long, value_name = "URL")]
    close_url: Option<String>,
    /// Your logo.
    #[arg(long, value_name = "URL")]
    logo: Option<String>,
    /// Your terms of use.
    #[arg(long, value_name = "URL")]
    terms_url: Option<String>,
    /// Your privacy notice.
    #[arg(long, value_name = "URL")]
    privacy_url: Option<String>,
    /// Your help page.
    #[arg(long, value_name = "URL")]
    help_url: Option<String>,
    /// The widget's id: wid_ and 1 to 60 letters, digits, - or _; made up when left out.
    #[arg(long, value_name = "ID")]
    id: Option<String>,
}

pub(super) async fn run(config: &Config, command: WidgetCommand) -> anyhow::Result<ExitCode> {
    match command {
        WidgetCommand::Create(create) => save(config, *create).await,
        WidgetCommand::List { json } => list(config, json).await,
    }
}

/// What was given, checked: nothing is made before all of it has been.
struct Checked {
    id: Option<WidgetId>,
    workspace: WorkspaceName,
    environment: Environment,
    company_name: String,
    origins: Vec<Origin>,
}

impl Checked {
    fn of(create: &Create) -> anyhow::Result<Self> {
        settings(create, Settings::default())?;
        Ok(Self {
            id: create.id.as_deref().map(checked_id).transpose()?,
            workspace: WorkspaceName::parse(&create.place.workspace)?,
            environment: create.place.environment.into(),
            company_name: company_name(&create.company)?,
            origins: origins(&create.origins)?,
        })
    }
}

async fn save(config: &Config, create: Create) -> anyhow::Result<ExitCode> {
    let checked = Checked::of(&create)?;
    let workplace = Workplace::open(config).await?;
    let store = &workplace.opened.store;
    let entropy = workplace.entropy.as_ref();
    let id = checked.id.unwrap_or_else(|| WidgetId::generate(entropy));
    let known = store.widget(&id).await?;
    let elsewhere = |known: &Widget| {
        known.workspace_name != checked.workspace || known.tenant.environment != checked.environment
    };
    if known.as_ref().is_some_and(elsewhere) {
        bail!("the widget {id} is in another workspace or environment");
    }
    let secret = format!("sig_{}", entropy::token(entropy));
    let kept = known.as_ref().map(|known| known.settings.clone());
    let mut widget = Widget {
        id,
        tenant: Tenant {
            workspace: workplace.workspace(&checked.workspace).await?.id,
            environment: checked.environment,
        },
        workspace_name: checked.workspace,
        company_name: checked.company_name,
        origins: checked.origins,
        settings: settings(&create, kept.unwrap_or_default())?,
        sealed_signing_secret: String::new(),
        signing_secret_version: known
            .as_ref()
            .map_or(1, |known| known.signing_secret_version),
        revision: known.as_ref().map_or(0, |known| known.revision),
        created_at: workplace.now,
    };
    widget.sealed_signing_secret = match &known {
        Some(known) => known.sealed_signing_secret.clone(),
        None => workplace
            .opened
            .vault
            .seal(&widget.secret_place(), &secret.clone().into())?,
    };
    ensure!(
        store.save_widget(&widget).await? == Saved::Done,
        "the widget {} was made or changed elsewhere just now",
        widget.id
    );
    store.close().await;
    let secret = if known.is_none() { Some(secret) } else { None };
    report(&widget, secret.as_deref(), create.place.json)?;
    Ok(ExitCode::SUCCESS)
}

fn report(widget: &Widget, secret: Option<&str>, as_json: bool) -> std::io::Result<()> {
    if as_json {
        let mut shown = described(widget);
        shown["created"] = secret.is_some().into();
        if let Some(secret) = secret {
            shown["signingSecret"] = secret.into();
        }
        return say(&format!("{shown}\n"));
    }
    let done = if secret.is_some() {
        "created"
    } else {
        "updated"
    };
    say(&format!("{done} {}\n", widget.id))?;
    match secret {
        Some(secret) => say(&format!(
            "signing secret: {secret}\n\nKeep it: it is not shown again. Your success page checks results with it.\n"
        )),
        None => Ok(()),
    }
}

fn described(widget: &Widget) -> serde_json::Value {
    let settings = &widget.settings;
    json!({
        "widgetId": widget.id.as_str(),
        "environment": environment_name(widget.tenant.environment),
        "workspace": widget.workspace_name.as_str(),
        "companyName": widget.company_name,
        "origins": widget.origins.iter().map(Origin::as_str).collect::<Vec<_>>(),
        "logo": settings.logo,
        "successUrl": settings.success_url,
        "closeUrl": settings.close_url,
        "links": settings.links,
    })
}

async fn list(config: &Config, as_json: bool) -> anyhow::Result<ExitCode> {
    let workplace = Workplace::open(config).await?;
    let widgets = workplace.opened.store.widgets().await?;
    workplace.opened.store.close().await;
    let text: String = if as_json {
        format!(
            "{}\n",
            serde_json::Value::from(widgets.iter().map(described).collect::<Vec<_>>())
        )
    } else {
        widgets.iter().map(line).collect()
    };
    say(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn line(widget: &Widget) -> String {
    let Widget {
        id, company_name, ..
    } = widget;
    let environment = environment_name(widget.tenant.environment);
    let origins: Vec<_> = widget.origins.iter().map(Origin::as_str).collect();
    let workspace = widget.workspace_name.as_str();
    format!(
        "{id}  {environment}  {workspace}  {company_name}  {}\n",
        origins.join(" ")
    )
}

fn checked_id(id: &str) -> anyhow::Result<WidgetId> {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let rest = id.strip_prefix("wid_").unwrap_or_default();
    ensure!(
        (1..=60).contains(&rest.len()) && rest.chars().all(plain),
        "a widget's id is wid_ and 1 to 60 letters, digits, - or _"
    );
    Ok(id.into())
}

fn origins(given: &[String]) -> anyhow::Result<Vec<Origin>> {
    let mut origins = Vec::new();
    for text in given {
        let origin = Origin::parse(text)
            .with_context(|| format!("{text} is not an origin such as https://app.example.com"))?;
        if !origins.contains(&origin) {
            origins.push(origin);
        }
    }
    Ok(origins)
}

/// The settings given, over those `kept`.
fn settings(create: &Create, kept: Settings) -> anyhow::Result<Settings> {
    let chosen = |option: &str, given: &Option<String>, kept: Option<String>| match given.as_deref()
    {
        None => Ok(kept),
        Some("") => Ok(None),
        Some(url) => {
            ensure!(
                web_address(url).is_some(),
                "{option} must be an http or https address, not {url}"
            );
            Ok(Some(url.to_owned()))
        }
    };
    Ok(Settings {
        logo: chosen("--logo", &create.logo, kept.logo)?,
        success_url: chosen("--success-url", &create.success_url, kept.success_url)?,
        close_url: chosen("--close-url", &create.close_url, kept.close_url)?,
        links: Links {
            terms: chosen("--terms-url", &create.terms_url, kept.links.terms)?,
            privacy: chosen("--privacy-url", &create.privacy_url, kept.links.privacy)?,
            help: chosen("--help-url", &create.help_url, kept.links.help)?,
        },
        ..kept
    })
}
