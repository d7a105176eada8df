//! Webhook endpoints made and changed, and messages sent to them again.

use super::{event, rates};
use crate::app::App;
use crate::domain::id::{DeliveryId, WebhookId};
use crate::domain::tenant::Tenant;
use crate::domain::webhook::{SigningSecret, Webhook};
use crate::store::{EventKind, Saved, StoreError};
use crate::webhook::{BadUrl, new_secret};
use railhead_protocol::{DisabledReason, EventType, WebhookChange, WebhookRequest};
use railhead_vault::SealError;
use secrecy::SecretString;
use std::collections::HashSet;

/// The longest description, in characters.
const MAX_DESCRIPTION: usize = 200;

/// Why an endpoint cannot be made or changed.
#[derive(Debug, thiserror::Error)]
pub enum WebhookError {
    /// No such endpoint.
    #[error("No webhook endpoint has this id.")]
    Unknown,
    /// Its address.
    #[error(transparent)]
    Url(#[from] BadUrl),
    /// It would be told of nothing.
    #[error("Name at least one type, or leave `types` out to be told of everything.")]
    NoTypes,
    /// It cannot be told of this.
    #[error("`{0}` is for the audit trail only; endpoints are not told of it.")]
    NotPublic(EventType),
    /// Its description is too long.
    #[error("A description has at most {MAX_DESCRIPTION} characters.")]
    Description,
    /// There are as many as there may be.
    #[error("There are {0} webhook endpoints already, as many as there may be; remove one first.")]
    TooMany(u32),
    /// It is told nothing.
    #[error("The webhook endpoint is disabled; enable it first.")]
    Disabled,
    /// It was sent many tests just now; the seconds to wait.
    #[error("This webhook endpoint was sent many tests in the last minute; try again later.")]
    TooManyTests(u64),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The vault.
    #[error(transparent)]
    Seal(#[from] SealError),
}

/// Makes an endpoint; answers it with its secret, which is not shown again.
pub async fn create(
    app: &App,
    tenant: Tenant,
    request: WebhookRequest,
) -> Result<(Webhook, SecretString), WebhookError> {
    let mut webhook = Webhook {
        id: WebhookId::generate(app.entropy.as_ref()),
        tenant,
        url: app.webhooks.sender.address(&request.url)?.into(),
        types: request.types.map(checked_types).transpose()?,
        description: request.description.map(checked_description).transpose()?,
        disabled: None,
        failing_since: None,
        secret: SigningSecret {
            sealed: String::new(),
            version: 1,
        },
        previous: None,
        revision: 1,
        created_at: app.now(),
    };
    let (secret, sealed) = seal_new(app, &webhook, 1)?;
    webhook.secret.sealed = sealed;
    let most = u32::try_from(app.config.limits.webhooks).unwrap_or(u32::MAX);
    match app.store.add_webhook(&webhook, most).await? {
        Saved::Done => Ok((webhook, secret)),
        Saved::Conflict => Err(WebhookError::TooMany(most)),
    }
}

/// The endpoint `id` of `tenant`.
pub async fn find(app: &App, tenant: &Tenant, id: &WebhookId) -> Result<Webhook, WebhookError> {
    let found = app.store.webhook(tenant, id).await?;
    found.ok_or(WebhookError::Unknown)
}

/// Changes what `change` names.
pub async fn change(
    app: &App,
    tenant: &Tenant,
    id: &WebhookId,
    change: WebhookChange,
) -> Result<Webhook, WebhookError> {
    let url = change.url.map(|url| app.webhooks.sender.address(&url));
    let url = url.transpose()?.map(String::from);
    let types = change
        .types
        .map(|types| types.map(checked_types).transpose());
    let types = types.transpose()?;
    let description = change
        .description
        .map(|text| text.map(checked_description).transpose());
    let description = description.transpose()?;
    save(app, tenant, id, |known| {
        let disabled = match (change.enabled, known.disabled) {
            (Some(true), _) => None,
            (Some(false), None) => Some(DisabledReason::Workspace),
            (_, reason) => reason,
        };
        Webhook {
            url: url.clone().unwrap_or(known.url),
            types: types.clone().unwrap_or(known.types),
            description: description.clone().unwrap_or(known.description),
            disabled,
            ..known
        }
    })
    .await
}

/// Makes a new secret, beside which the one before signs for another day; answers it, for it is not shown again.
pub async fn rotate_secret(
    app: &App,
    tenant: &Tenant,
    id: &WebhookId,
) -> Result<(Webhook, SecretString), WebhookError> {
    loop {
        let known = find(app, tenant, id).await?;
        let (secret, sealed) = seal_new(app, &known, known.secret.version + 1)?;
        let now = app.now();
        let rotated = known.rotate(sealed, now);
        if app.store.save_webhook(&rotated, now).await? == Saved::Done {
            return Ok((rotated, secret));
        }
    }
}

/// Queues a test for the endpoint.
pub async fn test(app: &App, tenant: &Tenant, id: &WebhookId) -> Result<DeliveryId, WebhookError> {
    let webhook = enabled(app, tenant, id).await?;
    let limit = app.config.limits.webhook_tests_per_minute;
    let name = format!("webhook tests {id}");
    rates::count(app, &app.webhook_tests, id.clone(), &name, limit)
        .await?
        .map_err(WebhookError::TooManyTests)?;
    let event = event::of_webhook(app, EventKind::WebhookTest, &webhook);
    Ok(app.store.queue_test(&webhook.id, &event).await?)
}

/// The endpoint `id`, which must be enabled: else nothing could be sent to it.
pub async fn enabled(app: &App, tenant: &Tenant, id: &WebhookId) -> Result<Webhook, WebhookError> {
    let webhook = find(app, tenant, id).await?;
    match webhook.disabled {
        None => Ok(webhook),
        Some(_) => Err(WebhookError::Disabled),
    }
}

async fn save(
    app: &App,
    tenant: &Tenant,
    id: &WebhookId,
    changed: impl Fn(Webhook) -> Webhook,
) -> Result<Webhook, WebhookError> {
    loop {
        let webhook = changed(find(app, tenant, id).await?);
        if app.store.save_webhook(&webhook, app.now()).await? == Saved::Done {
            return find(app, tenant, id).await;
        }
    }
}

fn seal_new(
    app: &App,
    webhook: &Webhook,
    version: u32,
) -> Result<(SecretString, String), SealError> {
    let secret = new_secret(app.entropy.as_ref());
    let sealed = app.vault.seal(&webhook.secret_place(version), &secret)?;
    Ok((secret, sealed))
}

fn checked_types(types: Vec<EventType>) -> Result<Vec<EventType>, WebhookError> {
    if types.is_empty() {
        return Err(WebhookError::NoTypes);
    }
    if let Some(kind) = types.iter().find(|kind| !kind.is_public()) {
        return Err(WebhookError::NotPublic(*kind));
    }
    let mut seen = HashSet::new();
    Ok(types
        .into_iter()
        .filter(|kind| seen.insert(*kind))
        .collect())
}

fn checked_description(text: String) -> Result<String, WebhookError> {
    if text.chars().count() <= MAX_DESCRIPTION {
        Ok(text)
    } else {
        Err(WebhookError::Description)
    }
}
