//! `railhead widget create` and `list`.

use super::{Place, Workplace, say};
use crate::config::Config;
use crate::domain::id::WidgetId;
use crate::domain::tenant::{Tenant, WorkspaceName, environment_name};
use crate::domain::widget::{Origin, Settings, Widget, web_address};
use crate::entropy;
use crate::store::{Saved, TenantStore as _};
use anyhow::{Context as _, bail, ensure};
use clap::{Args, Subcommand};
use railhead_protocol::Links;
use serde_json::json;
use std::process::ExitCode;

#[derive(Debug, Subcommand)]
pub(super) enum WidgetCommand {
    /// Makes a widget, or changes the one with the given id.
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

async fn save(config: &Config, create: Create) -> anyhow::Result<ExitCode> {
    let workplace = Workplace::open(config, &create.place.workspace).await?;
    let store = &workplace.opened.store;
    let entropy = workplace.entropy.as_ref();
    let id = match &create.id {
        Some(id) => checked_id(id)?,
        None => WidgetId::generate(entropy),
    };
    let known = store.widget(&id).await?;
    let secret = format!("sig_{}", entropy::token(entropy));
    let mut widget = Widget {
        id,
        tenant: Tenant {
            workspace: workplace.workspace.id.clone(),
            environment: create.place.environment.into(),
        },
        workspace_name: workplace.workspace.name.clone(),
        company_name: company_name(&create.company)?,
        origins: origins(&create.origins)?,
        settings: settings(&create)?,
        sealed_signing_secret: String::new(),
        created_at: workplace.now,
    };
    widget.sealed_signing_secret = match &known {
        Some(known) => known.sealed_signing_secret.clone(),
        None => workplace
            .opened
            .vault
            .seal(&widget.secret_place(), &secret.clone().into())?,
    };
    if store.save_widget(&widget).await? == Saved::Conflict {
        bail!(
            "the widget {} is in another workspace or environment",
            widget.id
        );
    }
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
    json!({
        "widgetId": widget.id.as_str(),
        "environment": environment_name(widget.tenant.environment),
        "workspace": widget.workspace_name.as_str(),
        "companyName": widget.company_name,
        "origins": widget.origins.iter().map(Origin::as_str).collect::<Vec<_>>(),
    })
}

async fn list(config: &Config, as_json: bool) -> anyhow::Result<ExitCode> {
    let workplace = Workplace::open(config, WorkspaceName::DEFAULT).await?;
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

fn company_name(name: &str) -> anyhow::Result<String> {
    let name = name.trim();
    let fits = (1..=80).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    ensure!(fits, "a company's name has 1 to 80 characters");
    Ok(name.to_owned())
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

fn settings(create: &Create) -> anyhow::Result<Settings> {
    let checked = |option: &str, value: &Option<String>| {
        if let Some(value) = value {
            ensure!(
                web_address(value).is_some(),
                "{option} must be an http or https address, not {value}"
            );
        }
        Ok(value.clone())
    };
    Ok(Settings {
        logo: checked("--logo", &create.logo)?,
        success_url: checked("--success-url", &create.success_url)?,
        close_url: checked("--close-url", &create.close_url)?,
        theme: [].into(),
        links: Links {
            terms: checked("--terms-url", &create.terms_url)?,
            privacy: checked("--privacy-url", &create.privacy_url)?,
            help: checked("--help-url", &create.help_url)?,
        },
    })
}
