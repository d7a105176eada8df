//! Delivers what happened to the workspace's endpoints: what is due is claimed from the store, so that several servers
//! share the work and one that is killed loses nothing. A message may therefore come twice, under the same id.

use super::event;
use crate::app::{App, SharedApp};
use crate::domain::delivery::remember;
use crate::domain::timestamp;
use crate::domain::webhook::{DISABLED_AFTER, Webhook};
use crate::log::chain;
use crate::store::{Attempted, ClaimedDelivery, Disabling, EventKind, Outcome, Saved, StoreError};
use crate::webhook::{Answer, Message, SendError};
use railhead_protocol::{DeliveryAttempt, DeliveryError, DisabledReason};
use secrecy::SecretString;
use std::sync::Arc;
use std::time::Duration;
use time::OffsetDateTime;

/// How often a server looks for what is due, without anything having happened in it.
const INTERVAL: Duration = Duration::from_secs(1);
/// How many messages a server sends to one endpoint at a time.
const AT_ONCE: usize = 8;

/// Why a message could not be signed.
#[derive(Debug, thiserror::Error)]
enum SignError {
    #[error(transparent)]
    Open(#[from] railhead_vault::OpenError),
    #[error(transparent)]
    Secret(#[from] crate::webhook::BadSecret),
}

/// Begins to deliver what is due, as far as there is room; says how many messages.
pub async fn begin(app: &SharedApp) -> Result<usize, StoreError> {
    // What is claimed is under way already.
    let _under_way = app.webhooks.tasks.token();
    let mut begun = 0;
    for webhook in app.store.due_webhooks(app.now()).await? {
        let webhook = Arc::new(webhook);
        let endpoints = &app.webhooks.endpoints;
        let room = (0..AT_ONCE).map_while(|_| endpoints.hold(&webhook.id, AT_ONCE));
        let room: Vec<_> = room.collect();
        if room.is_empty() || app.ending.is_cancelled() {
            continue;
        }
        let jobs = claim(app, &webhook, room.len()).await?;
        for (job, place) in jobs.into_iter().zip(room) {
            let task = app.clone();
            app.webhooks.tasks.spawn(async move {
                let saved = attempt(&task, job).await;
                drop(place);
                match saved {
                    // There is room for another one.
                    Ok(()) => task.store.changed().notify_one(),
                    Err(error) => tracing::error!(error = chain(&error), "delivery failed"),
                }
            });
            begun += 1;
        }
    }
    Ok(begun)
}

/// Delivers until nothing is due any more.
pub async fn deliver(app: &SharedApp) -> Result<(), StoreError> {
    loop {
        app.webhooks.tasks.wait().await;
        if begin(app).await? == 0 && app.webhooks.tasks.is_empty() {
            return Ok(());
        }
    }
}

/// Delivers what is due, as soon as something happens in this server and every second, until the server ends.
pub async fn run(app: SharedApp) {
    let changed = app.store.changed();
    loop {
        if let Err(error) = begin(&app).await {
            tracing::error!(error = chain(&error), "cannot see what is to be delivered");
            tokio::time::sleep(INTERVAL).await;
        }
        tokio::select! {
            () = changed.notified() => {}
            () = tokio::time::sleep(INTERVAL) => {}
            () = app.ending.cancelled() => return,
        }
    }
}

/// What one attempt needs.
struct Job {
    webhook: Arc<Webhook>,
    claimed: ClaimedDelivery,
    until: OffsetDateTime,
}

/// At most `room` deliveries for this server alone.
async fn claim(app: &App, webhook: &Arc<Webhook>, room: usize) -> Result<Vec<Job>, StoreError> {
    let now = app.now();
    // Long enough for the attempt and for what it may have to wait for before.
    let until = now + app.webhooks.sender.timeout() * 2 + Duration::from_secs(5);
    let limit = u32::try_from(room).unwrap_or(u32::MAX);
    let claimed = app
        .store
        .claim_deliveries(&webhook.id, now, until, limit)
        .await?;
    let job = |claimed| Job {
        webhook: webhook.clone(),
        claimed,
        until,
    };
    Ok(claimed.into_iter().map(job).collect())
}

async fn attempt(app: &App, job: Job) -> Result<(), StoreError> {
    let _permit = app.webhooks.permits.acquire().await;
    let at = app.now();
    if at >= job.until {
        // It waited too long: it is another one's by now.
        return Ok(());
    }
    let sent = send(app, &job, at).await;
    let now = app.now();
    let (error, answer) = judge(sent);
    let attempt = DeliveryAttempt {
        at: timestamp(at),
        duration_ms: u64::try_from((now - at).whole_milliseconds()).unwrap_or_default(),
        status_code: answer.map(|answer| answer.status.as_u16()),
        error,
    };
    let Job {
        webhook, claimed, ..
    } = job;
    let id = claimed.delivery.id.clone();
    if let Some(error) = error {
        let status = attempt.status_code;
        tracing::warn!(webhook = %webhook.id, delivery = %id, ?error, status, "not delivered");
    }
    let round = claimed.delivery.round.attempted(at);
    let outcome = match error {
        None => Outcome::Delivered,
        Some(DeliveryError::Gone) => {
            Outcome::Failed(Some(disabling(app, &webhook, DisabledReason::Gone, None)))
        }
        // Whoever asked for it looks at the log now, not tomorrow.
        Some(_) if claimed.event.kind == EventKind::WebhookTest => Outcome::Failed(None),
        Some(_) => {
            let asked = answer.and_then(|answer| answer.retry_after);
            match round.next(now, asked, jitter(app)) {
                Some(next) => Outcome::Again(next),
                None => Outcome::Failed(given_up(app, &webhook, now)),
            }
        }
    };
    let attempted = Attempted {
        delivery: id,
        claim: claimed.claim,
        webhook: webhook.id.clone(),
        at: now,
        attempts: remember(claimed.delivery.attempts, attempt),
        round,
        outcome,
    };
    if app.store.save_attempt(&attempted).await? == Saved::Conflict {
        tracing::info!(delivery = %attempted.delivery, "attempted by another one or given up meanwhile");
    }
    Ok(())
}

async fn send(app: &App, job: &Job, at: OffsetDateTime) -> Result<Answer, DeliveryError> {
    let webhook = &job.webhook;
    let body = serde_json::to_string(&event::message(&job.claimed.event)).unwrap_or_default();
    let message = Message {
        id: job.claimed.event.id.as_str(),
        at,
        body: &body,
    };
    let signatures = sign(app, webhook, message).map_err(|error| {
        tracing::error!(webhook = %webhook.id, error = chain(&error), "the message cannot be signed");
        DeliveryError::Internal
    })?;
    let sent = app
        .webhooks
        .sender
        .send(&webhook.url, message, &signatures)
        .await;
    sent.map_err(|error| match error {
        SendError::Refused => DeliveryError::AddressRefused,
        SendError::Unreachable => DeliveryError::Unreachable,
        SendError::TimedOut => DeliveryError::TimedOut,
    })
}

fn sign(app: &App, webhook: &Webhook, message: Message<'_>) -> Result<String, SignError> {
    let open = |secret: &crate::domain::webhook::SigningSecret| {
        app.vault
            .unseal(&webhook.secret_place(secret.version), &secret.sealed)
    };
    let secrets: Result<Vec<SecretString>, _> = webhook.secrets_at(message.at).map(open).collect();
    Ok(message.signatures(&secrets?)?)
}

/// Was it a success?
fn judge(sent: Result<Answer, DeliveryError>) -> (Option<DeliveryError>, Option<Answer>) {
    let answer = match sent {
        Ok(answer) => answer,
        Err(error) => return (Some(error), None),
    };
    let error = match answer.status.as_u16() {
        200..=299 => None,
        300..=399 => Some(DeliveryError::Redirected),
        410 => Some(DeliveryError::Gone),
        _ => Some(DeliveryError::Status),
    };
    (error, Some(answer))
}

/// A whole day of attempts was for nothing: the endpoint is disabled if it was so for days before.
fn given_up(app: &App, webhook: &Webhook, now: OffsetDateTime) -> Option<Disabling> {
    let long_ago = now - DISABLED_AFTER;
    let failing = webhook.failing_since.is_some_and(|since| since <= long_ago);
    failing.then(|| disabling(app, webhook, DisabledReason::Failing, Some(long_ago)))
}

fn disabling(
    app: &App,
    webhook: &Webhook,
    reason: DisabledReason,
    failing_since: Option<OffsetDateTime>,
) -> Disabling {
    tracing::warn!(webhook = %webhook.id, ?reason, "the webhook endpoint is disabled");
    let disabled = Webhook {
        disabled: Some(reason),
        ..webhook.clone()
    };
    Disabling {
        reason,
        failing_since,
        event: event::of_webhook(app, EventKind::WebhookDisabled, &disabled),
    }
}

/// Between 0 and 1.
fn jitter(app: &App) -> f64 {
    let mut bytes = [0_u8; 2];
    app.entropy.fill(&mut bytes);
    f64::from(u16::from_le_bytes(bytes)) / f64::from(u16::MAX)
}
