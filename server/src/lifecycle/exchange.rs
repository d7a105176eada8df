//! After the callback: code for tokens, tokens for accounts. Each step is in the database before the next begins, so
//! that a server that is killed on the way, or the next one, carries on.

use super::claim;
use super::grant::{Grant, GrantError};
use super::live;
use super::send_off::verifier_place;
use super::settle::{self, Authorized, SettleError};
use crate::app::{App, ServiceGone, SharedApp};
use crate::catalogue::{PkceMode, Service};
use crate::domain::authorization::{Authorization, NotOpen, Phase};
use crate::domain::connection::Connection;
use crate::domain::id::{AuthorizationId, ConnectionId};
use crate::log::chain;
use crate::oauth::accounts::{self, Accounts, AccountsError};
use crate::oauth::{Provider, TokenError, token};
use crate::store::{NewConnection, Saved, StoreError};
use crate::trace;
use crate::vault::Place;
use backon::{ExponentialBuilder, Retryable as _};
use railhead_protocol::{Account, ErrorCode};
use railhead_vault::{OpenError, SealError};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashSet};
use tracing::Instrument as _;
use zeroize::Zeroizing;

/// How often the database is asked again when it fails.
const STORE_ATTEMPTS: usize = 4;
/// How many exchanges are taken up at a time, so that several servers share those of one that is gone.
const BATCH: u32 = 20;

/// Why an exchange could not be finished.
#[derive(Debug, thiserror::Error)]
enum ExchangeError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Settle(#[from] SettleError),
    #[error(transparent)]
    Grant(#[from] GrantError),
    #[error(transparent)]
    NotOpen(#[from] NotOpen),
    #[error(transparent)]
    Service(#[from] ServiceGone),
    #[error("the code or the verifier does not open")]
    Open(#[from] OpenError),
    #[error("the code is not of a form this version knows")]
    Form(#[from] serde_json::Error),
    #[error("the token endpoint: {0}")]
    Token(#[from] TokenError),
    #[error("the accounts: {0}")]
    Accounts(#[from] AccountsError),
    #[error("the login holds no account")]
    NoAccount,
    #[error("the pending connection is gone")]
    PendingGone,
}

/// What a callback brought, as it is sealed.
#[derive(Serialize, Deserialize)]
struct Code {
    code: Zeroizing<String>,
    stored: BTreeMap<String, String>,
}

/// Seals what a callback brought for `authorization`.
pub fn seal_code(
    app: &App,
    authorization: &Authorization,
    code: &SecretString,
    stored: BTreeMap<String, String>,
) -> Result<String, SealError> {
    let code = Code {
        code: Zeroizing::new(code.expose_secret().to_owned()),
        stored,
    };
    // Text and a map of texts are always JSON.
    let json = serde_json::to_string(&code).unwrap_or_default();
    app.vault.seal(&code_place(authorization), &json.into())
}

fn code_place(authorization: &Authorization) -> Place<'_> {
    Place {
        tenant: &authorization.tenant,
        record: authorization.id.as_str(),
        field: "code",
        version: 1,
    }
}

/// Has the code of an exchange perhaps been sent to the service before?
#[derive(Clone, Copy, PartialEq, Eq)]
enum Attempt {
    First,
    Again,
}

/// Finishes the exchange of `id`, which this server claims, in the background: whoever asked for it may go away.
pub fn spawn(app: &SharedApp, id: AuthorizationId) {
    start(app, id, Attempt::First);
}

/// Takes up exchanges that no server works on: those a server that is gone left unfinished, and those that ended early,
/// when the database failed. Says how many.
pub async fn resume(app: &SharedApp) -> Result<usize, StoreError> {
    let unclaimed = app.store.claim_exchanges(app.claim(), BATCH).await?;
    let taken_up = unclaimed
        .into_iter()
        .filter(|id| start(app, id.clone(), Attempt::Again));
    Ok(taken_up.count())
}

/// Begins to finish `id`, unless that is under way.
fn start(app: &SharedApp, id: AuthorizationId, attempt: Attempt) -> bool {
    let Some(held) = app.exchanges.hold(&id, 1) else {
        return false;
    };
    let task = app.clone();
    let work = async move {
        let work = Box::pin(finish(&task, &id, attempt));
        claim::hold(&task, &id, work).await;
        drop(held);
    };
    let work = work.in_current_span().instrument(trace::work("exchange"));
    app.tasks.spawn(work);
    true
}

async fn finish(app: &App, id: &AuthorizationId, mut attempt: Attempt) {
    let attempts = ExponentialBuilder::new().with_max_times(STORE_ATTEMPTS);
    let result = (|| proceed(app, id))
        .retry(attempts)
        .when(|error| code_of(error, Attempt::First).is_none())
        .notify(|error, _| {
            attempt = Attempt::Again;
            tracing::warn!(authorization = %id, error = chain(error), "trying again");
        })
        .await;
    let Err(error) = result else { return };
    match code_of(&error, attempt) {
        // The database did not take it: the sweep or the next start takes it up again.
        None => {
            tracing::error!(authorization = %id, error = chain(&error), "exchange interrupted");
        }
        Some(code) => {
            tracing::warn!(authorization = %id, %code, error = chain(&error), "authorization failed");
            if let Err(error) = give_up(app, id, code).await {
                tracing::error!(authorization = %id, error = chain(&error), "failure not saved");
            }
        }
    }
}

async fn give_up(app: &App, id: &AuthorizationId, code: ErrorCode) -> Result<(), SettleError> {
    if let Some(authorization) = live::authorization(app, id).await? {
        settle::fail(app, authorization, code).await?;
    }
    Ok(())
}

async fn proceed(app: &App, id: &AuthorizationId) -> Result<(), ExchangeError> {
    loop {
        let Some(authorization) = live::authorization(app, id).await? else {
            return Ok(());
        };
        match &authorization.phase {
            Phase::Accepted { sealed_code } => exchange(app, &authorization, sealed_code).await?,
            Phase::Authorized { pending } => return discover(app, &authorization, pending).await,
            Phase::Pending
            | Phase::Landed { .. }
            | Phase::Choosing { .. }
            | Phase::Succeeded { .. }
            | Phase::Failed(_)
            | Phase::Cancelled
            | Phase::Expired => return Ok(()),
        }
    }
}

async fn exchange(
    app: &App,
    authorization: &Authorization,
    sealed: &str,
) -> Result<(), ExchangeError> {
    let (_, provider) = app.provider_of(authorization).await?;
    let opened = app.vault.unseal(&code_place(authorization), sealed)?;
    let Code { code, stored } = serde_json::from_str(opened.expose_secret())?;
    let verifier = match (&authorization.sealed_verifier, provider.pkce) {
        (Some(sealed), PkceMode::S256) => {
            Some(app.vault.unseal(&verifier_place(authorization), sealed)?)
        }
        _ => None,
    };
    let redirect_uri = app.redirect_uri(&authorization.workspace_name, &authorization.service_name);
    let code = SecretString::from(code.as_str());
    let tokens = token::exchange(
        &app.http,
        &provider,
        &code,
        &redirect_uri,
        verifier.as_ref(),
    )
    .await?;
    let grant = Grant::first(tokens, stored, app.now());
    let connection = settle::begin_connection(app, authorization).await?;
    let credentials = grant.seal(&app.vault, &connection, 1)?;
    let changed = authorization.clone().authorize(connection.id.clone())?;
    let pending = NewConnection {
        connection,
        credentials,
        fields: authorization.fields.clone(),
        renew_at: None,
    };
    // Tokens of an authorization that was cancelled meanwhile, or that settles as a duplicate or the wrong account, are
    // forgotten, not revoked: at some services, revoking one grant ends every connection of the same account and client,
    // and with it the one that is in use.
    if app.store.save_authorized(&changed, &pending).await? == Saved::Conflict {
        tracing::info!(authorization = %authorization.id, "ended while its code was exchanged");
    }
    Ok(())
}

async fn discover(
    app: &App,
    authorization: &Authorization,
    pending: &ConnectionId,
) -> Result<(), ExchangeError> {
    let (service, provider) = app.provider_of(authorization).await?;
    let (connection, grant) = open_pending(app, authorization, pending).await?;
    let found = accounts::discover(
        &app.http,
        &provider,
        &grant.tokens(app.now()),
        &grant.callback,
    )
    .await?;
    let account = match found {
        Accounts::NotApplicable => sole_account(&service, &provider, &grant),
        Accounts::Found(accounts) => {
            let mut accounts = distinct(accounts);
            if accounts.len() > 1 {
                let choosing = authorization.clone().offer_accounts(accounts)?;
                if app.store.save_authorization(&choosing).await? == Saved::Done {
                    app.waker.wake(&authorization.id);
                }
                return Ok(());
            }
            accounts.pop().ok_or(ExchangeError::NoAccount)?
        }
    };
    let authorized = Authorized {
        account,
        grant,
        pending: Some(connection),
    };
    settle::settle(app, authorization.clone(), authorized).await?;
    Ok(())
}

/// The accounts, each once: some services list one for every role a person has in it.
fn distinct(accounts: Vec<Account>) -> Vec<Account> {
    let mut seen = HashSet::new();
    accounts
        .into_iter()
        .filter(|account| seen.insert(account.account_id.clone()))
        .collect()
}

/// The pending connection and the tokens it holds.
async fn open_pending(
    app: &App,
    authorization: &Authorization,
    pending: &ConnectionId,
) -> Result<(Connection, Grant), ExchangeError> {
    let tenant = &authorization.tenant;
    let connection = app
        .store
        .connection(tenant, pending)
        .await?
        .ok_or(ExchangeError::PendingGone)?;
    let stored = app
        .store
        .credentials(tenant, pending)
        .await?
        .ok_or(ExchangeError::PendingGone)?;
    Ok((
        connection,
        Grant::open(&app.vault, tenant, pending, &stored.credentials)?,
    ))
}

/// Ends an authorization that waits for a choice with the account `chosen`.
pub async fn choose(
    app: &App,
    authorization: Authorization,
    chosen: &str,
) -> Result<Authorization, ChooseError> {
    let Phase::Choosing { pending, accounts } = &authorization.phase else {
        return Err(NotOpen.into());
    };
    let account = accounts
        .iter()
        .find(|account| account.account_id == chosen)
        .cloned();
    let account = account.ok_or(ChooseError::NotOffered)?;
    let opened = open_pending(app, &authorization, pending).await;
    let (connection, grant) = opened.map_err(|error| ChooseError::Tokens(Box::new(error)))?;
    let authorized = Authorized {
        account,
        grant,
        pending: Some(connection),
    };
    Ok(settle::settle(app, authorization, authorized).await?)
}

/// Why a choice is refused.
#[derive(Debug, thiserror::Error)]
pub enum ChooseError {
    /// There is nothing to choose any more, or yet.
    #[error(transparent)]
    NotOpen(#[from] NotOpen),
    /// It is none of those offered.
    #[error("The account is none of those offered.")]
    NotOffered,
    /// The tokens could not be read.
    #[error("the tokens of the pending connection cannot be read")]
    Tokens(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// It could not be settled.
    #[error(transparent)]
    Settle(#[from] SettleError),
}

/// The account where the service knows no choice of them: what the callback or the token answer named, or the
/// service itself.
fn sole_account(service: &Service, provider: &Provider, grant: &Grant) -> Account {
    let callback = provider
        .callback_store
        .iter()
        .filter_map(|name| grant.callback.get(name));
    let answer = provider
        .token_store
        .iter()
        .filter_map(|name| grant.extra.get(name));
    let account_id = callback
        .chain(answer)
        .next()
        .unwrap_or(&service.service_name)
        .clone();
    Account {
        account_id,
        name: service.display_name.clone(),
    }
}

/// What the end user is told; `None` when the authorization is to be taken up again later.
fn code_of(error: &ExchangeError, attempt: Attempt) -> Option<ErrorCode> {
    match error {
        ExchangeError::Store(_)
        | ExchangeError::Settle(SettleError::Store(_))
        | ExchangeError::Service(ServiceGone::Store(_)) => None,
        ExchangeError::Service(_) => Some(ErrorCode::ServiceNotOffered),
        // The service has used the code up already, and its answer was lost with whoever asked.
        ExchangeError::Token(TokenError::Denied { .. }) if attempt == Attempt::Again => {
            Some(ErrorCode::Internal)
        }
        ExchangeError::Token(TokenError::InvalidClient { .. }) => {
            Some(ErrorCode::UnauthorizedClient)
        }
        ExchangeError::Accounts(AccountsError::Forbidden(_)) => {
            Some(ErrorCode::InsufficientPermission)
        }
        ExchangeError::Token(_) | ExchangeError::Accounts(_) => Some(ErrorCode::ServiceUnavailable),
        ExchangeError::NoAccount => Some(ErrorCode::NoAccount),
        ExchangeError::NotOpen(_)
        | ExchangeError::Settle(_)
        | ExchangeError::Grant(_)
        | ExchangeError::Open(_)
        | ExchangeError::Form(_)
        | ExchangeError::PendingGone => Some(ErrorCode::Internal),
    }
}
