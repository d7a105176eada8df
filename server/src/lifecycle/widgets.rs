//! Widgets are made, changed and removed, and get new signing secrets.

use crate::app::App;
use crate::domain::id::WidgetId;
use crate::domain::tenant::Tenant;
use crate::domain::widget::{Settings, Widget};
use crate::domain::widget_settings::{BadSetting, change};
use crate::entropy;
use crate::store::{Saved, StoreError};
use railhead_protocol::{Change, WidgetRequest};
use railhead_vault::SealError;
use secrecy::SecretString;

/// Why it cannot be done.
#[derive(Debug, thiserror::Error)]
pub enum WidgetError {
    /// No widget of the tenant has the id.
    #[error("No widget has this id.")]
    Unknown,
    /// A setting.
    #[error(transparent)]
    Setting(#[from] BadSetting),
    /// A service that is in- or excluded does not exist.
    #[error("No service is named \"{name}\".")]
    UnknownService {
        /// Where it is named.
        field: &'static str,
        /// What it is called there.
        name: String,
    },
    /// The vault.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A new widget with its signing secret.
pub async fn create(
    app: &App,
    tenant: &Tenant,
    mut request: WidgetRequest,
) -> Result<(Widget, SecretString), WidgetError> {
    check_services(app, &request)?;
    if request.company_name.is_keep() {
        request.company_name = Change::Reset;
    }
    let workspace_name = app.store.workspace_name(&tenant.workspace).await?;
    let blank = Widget {
        id: WidgetId::generate(app.entropy.as_ref()),
        tenant: tenant.clone(),
        workspace_name,
        company_name: String::new(),
        origins: Vec::new(),
        settings: Settings::default(),
        sealed_signing_secret: String::new(),
        signing_secret_version: 0,
        revision: 0,
        created_at: app.now(),
    };
    let (widget, secret) = with_new_secret(app, change(blank, request)?)?;
    // Nobody else knows its id yet.
    let _ = app.store.save_widget(&widget).await?;
    Ok((widget, secret))
}

/// The widget `id` of `tenant`.
pub async fn own(app: &App, tenant: &Tenant, id: &WidgetId) -> Result<Widget, WidgetError> {
    let found = app.store.widget(id).await?;
    found
        .filter(|widget| widget.tenant == *tenant)
        .ok_or(WidgetError::Unknown)
}

/// Changes the settings of the widget `id`.
pub async fn update(
    app: &App,
    tenant: &Tenant,
    id: &WidgetId,
    request: WidgetRequest,
) -> Result<Widget, WidgetError> {
    check_services(app, &request)?;
    loop {
        let changed = change(own(app, tenant, id).await?, request.clone())?;
        if app.store.save_widget(&changed).await? == Saved::Done {
            return Ok(changed);
        }
    }
}

/// Gives the widget `id` a new signing secret.
pub async fn rotate(
    app: &App,
    tenant: &Tenant,
    id: &WidgetId,
) -> Result<SecretString, WidgetError> {
    loop {
        let (widget, secret) = with_new_secret(app, own(app, tenant, id).await?)?;
        if app.store.save_widget(&widget).await? == Saved::Done {
            return Ok(secret);
        }
    }
}

fn with_new_secret(app: &App, mut widget: Widget) -> Result<(Widget, SecretString), SealError> {
    let secret = SecretString::from(format!("sig_{}", entropy::token(app.entropy.as_ref())));
    widget.signing_secret_version += 1;
    widget.sealed_signing_secret = app.vault.seal(&widget.secret_place(), &secret)?;
    Ok((widget, secret))
}

/// A misspelt service would silently be offered, or missing.
fn check_services(app: &App, request: &WidgetRequest) -> Result<(), WidgetError> {
    let Change::Set(choice) = &request.services else {
        return Ok(());
    };
    let catalogue = app.catalogue.current();
    for (field, names) in [
        ("services.include", &choice.include),
        ("services.exclude", &choice.exclude),
    ] {
        if let Some(name) = names.iter().find(|name| catalogue.get(name).is_none()) {
            let name = name.chars().take(100).collect();
            return Err(WidgetError::UnknownService { field, name });
        }
    }
    Ok(())
}
