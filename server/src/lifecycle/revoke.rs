//! Grants are given back to their services: at once when a connection ends, and where the service is away, again and
//! again for a day.

use super::grant::{Grant, GrantError};
use crate::app::{App, SharedApp};
use crate::catalogue::{FieldError, Method};
use crate::domain::id::ConnectionId;
use crate::log::chain;
use crate::oauth::{Provider, ProviderError, TokenError, revoke};
use crate::offer::NotOffered;
use crate::store::{RevocationJob, StoreError};
use railhead_protocol::Revocation;
use std::time::Duration as Span;
use time::{Duration, OffsetDateTime};
use tokio::task::JoinHandle;

/// For how long a server keeps a job to itself.
const CLAIM: Duration = Duration::minutes(2);
/// How long it is tried.
const GIVE_UP_AFTER: Duration = Duration::DAY;
/// The first wait and the longest one; each is twice the one before.
const WAITS: (Duration, Duration) = (Duration::seconds(30), Duration::hours(4));
/// How often jobs are looked for.
const INTERVAL: Span = Span::from_secs(15);
/// How many are taken at a time.
const BATCH: u32 = 20;

/// Why a grant was not given back.
#[derive(Debug, thiserror::Error)]
enum RevokeError {
    #[error("the catalogue has no service `{0}`")]
    Unknown(String),
    #[error(transparent)]
    NotOffered(#[from] NotOffered),
    #[error(transparent)]
    Fields(#[from] FieldError),
    #[error(transparent)]
    Provider(#[from] ProviderError),
    #[error(transparent)]
    Grant(#[from] GrantError),
    #[error("the revocation endpoint: {0}")]
    Token(#[from] TokenError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl RevokeError {
    /// Can it go better later? What an operator can put right, can.
    fn is_temporary(&self) -> bool {
        match self {
            Self::Token(error) => {
                error.is_temporary() || matches!(error, TokenError::InvalidClient { .. })
            }
            Self::Grant(_) => false,
            Self::Unknown(_)
            | Self::NotOffered(_)
            | Self::Fields(_)
            | Self::Provider(_)
            | Self::Store(_) => true,
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Token(TokenError::Unavailable { retry_after, .. }) => {
                retry_after.and_then(|wait| wait.try_into().ok())
            }
            _ => None,
        }
    }
}

/// Until when a server that begins now has a job to itself.
#[must_use]
pub fn claim(now: OffsetDateTime) -> OffsetDateTime {
    now + CLAIM
}

/// What becomes of the grant when that is known without asking the service. `own` is the connection that ends with it.
pub async fn without_asking(
    app: &App,
    job: &RevocationJob,
    own: Option<&ConnectionId>,
) -> Result<Option<Revocation>, StoreError> {
    // At some services, revoking one grant ends every connection of the same account and client.
    let shared = app
        .store
        .is_account_in_use(&job.tenant, &job.service_name, &job.account_id, own)
        .await?;
    if shared {
        return Ok(Some(Revocation::SkippedShared));
    }
    Ok(match provider(app, job).await {
        Ok(Some(provider)) if provider.revoke_url.is_some() => None,
        Ok(_) => Some(Revocation::Unsupported),
        Err(RevokeError::Store(error)) => return Err(error),
        Err(_) => None,
    })
}

/// Tries in the background, whatever becomes of who asked.
pub fn spawn(app: &SharedApp, job: RevocationJob) -> JoinHandle<Revocation> {
    let task = app.clone();
    app.tasks.spawn(async move {
        let outcome = attempt(&task, &job).await;
        outcome.unwrap_or_else(|error| {
            // Nothing is lost: the job is there until it is over.
            tracing::error!(connection = %job.connection, error = chain(&error), "revocation interrupted");
            Revocation::Pending
        })
    })
}

/// Tries once, and writes down what came of it.
async fn attempt(app: &App, job: &RevocationJob) -> Result<Revocation, StoreError> {
    let connection = &job.connection;
    // Authorized again meanwhile, here or for another business: then the grant may be in use.
    let error = match without_asking(app, job, None).await? {
        Some(known) => return end(app, job, known).await,
        None => match give_back(app, job).await {
            Ok(outcome) => return end(app, job, outcome).await,
            Err(error) => error,
        },
    };
    let tried_for = app.now() - job.created_at;
    if error.is_temporary() && tried_for < GIVE_UP_AFTER {
        tracing::warn!(%connection, attempts = job.attempts + 1, error = chain(&error), "not revoked yet");
        let wait = wait(app, job.attempts).max(error.retry_after().unwrap_or_default());
        let last = job.created_at + GIVE_UP_AFTER;
        let due_at = (app.now() + wait).min(last.max(app.now()));
        app.store.delay_revocation(job, due_at).await?;
        return Ok(Revocation::Pending);
    }
    tracing::error!(%connection, service = job.service_name, error = chain(&error), "revocation given up");
    end(app, job, Revocation::Failed).await
}

async fn end(
    app: &App,
    job: &RevocationJob,
    outcome: Revocation,
) -> Result<Revocation, StoreError> {
    app.store.end_revocation(job, outcome).await?;
    Ok(outcome)
}

async fn give_back(app: &App, job: &RevocationJob) -> Result<Revocation, RevokeError> {
    let Some(provider) = provider(app, job).await? else {
        return Ok(Revocation::Unsupported);
    };
    let grant = Grant::open(&app.vault, &job.tenant, &job.connection, &job.credentials)?;
    let (token, kind) = match &grant.refresh_token {
        Some(token) => (token, revoke::TokenKind::Refresh),
        None => (&grant.access_token, revoke::TokenKind::Access),
    };
    Ok(
        match revoke::revoke(&app.http, &provider, token, kind).await? {
            revoke::Revocation::Revoked => Revocation::Done,
            revoke::Revocation::NotSupported => Revocation::Unsupported,
        },
    )
}

/// The job's provider; `None` where there is nothing to give back.
async fn provider(app: &App, job: &RevocationJob) -> Result<Option<Provider>, RevokeError> {
    let catalogue = app.catalogue.current();
    let name = &job.service_name;
    let service = catalogue
        .get(name)
        .ok_or_else(|| RevokeError::Unknown(name.clone()))?;
    let Method::OAuth2Code(_) = service.method else {
        return Ok(None);
    };
    let offer = app.offer(&job.tenant).await?;
    offer.check(service)?;
    let fields = service.check_fields(&job.fields)?;
    Ok(Some(offer.provider(service, &fields)?))
}

/// How long to wait after so many attempts: twice as long each time, give or take a quarter.
fn wait(app: &App, attempts: u32) -> Duration {
    let (first, longest) = WAITS;
    let doubled = first * 2_i32.saturating_pow(attempts.min(16));
    let mut random = [0_u8; 1];
    app.entropy.fill(&mut random);
    doubled.min(longest) * (0.75 + f64::from(random[0]) / 512.0)
}

/// Gives back what is due now; says how many services were asked.
pub async fn due(app: &SharedApp) -> Result<usize, StoreError> {
    let now = app.now();
    let jobs = app.store.claim_revocations(now, claim(now), BATCH).await?;
    let count = jobs.len();
    let under_way: Vec<_> = jobs.into_iter().map(|job| spawn(app, job)).collect();
    for outcome in under_way {
        if let Err(error) = outcome.await {
            tracing::error!(%error, "a revocation ended early");
        }
    }
    Ok(count)
}

/// Gives back what is due, until the server ends.
pub async fn run(app: SharedApp) {
    let mut interval = tokio::time::interval(INTERVAL);
    loop {
        let result = tokio::select! {
            _ = interval.tick() => due(&app).await,
            () = app.ending.cancelled() => return,
        };
        if let Err(error) = result {
            tracing::error!(error = chain(&error), "grants could not be given back");
        }
    }
}
