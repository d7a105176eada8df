//! Who is asking, in the Management API: a company's server, by its API key. The layer [`known_key`] recognises the key,
//! counts its requests, and each route says by the type of its [`Caller`] which scope it needs.

use super::problem::{Refusal, refuses};
use super::visitor::bearer;
use crate::app::{App, SharedApp};
use crate::domain::api_key::ApiKey;
use crate::domain::tenant::Tenant;
use crate::lifecycle::rates;
use crate::limits::ClientAddress;
use crate::log::chain;
use crate::secret::Digest;
use crate::store::StoreError;
use axum::Extension;
use axum::extract::{FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;
use railhead_protocol::{ErrorCode, Scope};
use std::marker::PhantomData;

/// The key that was shown, which may do what `S` names, and its tenant: all that may be read or changed.
pub(in crate::routes) struct Caller<S> {
    pub(in crate::routes) tenant: Tenant,
    pub(in crate::routes) key: ApiKey,
    needs: PhantomData<S>,
}

/// The scopes as types.
pub(in crate::routes) mod scope {
    use railhead_protocol::Scope;

    /// What a route needs.
    pub(in crate::routes) trait Needed: Send + Sync + 'static {
        /// The scope.
        const SCOPE: Scope;
    }

    macro_rules! needed {
        ($($scope:ident),+ $(,)?) => {$(
            #[doc = concat!("[`Scope::", stringify!($scope), "`]")]
            pub(in crate::routes) enum $scope {}

            impl Needed for $scope {
                const SCOPE: Scope = Scope::$scope;
            }
        )+};
    }

    needed!(
        BusinessesRead,
        BusinessesWrite,
        ConnectionsRead,
        ConnectionsWrite,
        CredentialsRead,
        EventsRead,
        KeysRead,
        KeysWrite,
        ServicesRead,
        ServicesWrite,
        SessionsWrite,
        WebhooksRead,
        WebhooksWrite,
        WidgetsRead,
        WidgetsWrite,
    );
}

/// Why there is no caller.
#[derive(Debug, thiserror::Error)]
pub(in crate::routes) enum CallerError {
    #[error("Send an API key as Authorization: Bearer; `railhead key create` makes one.")]
    NoKey,
    #[error("This API key was revoked or has expired; send another one.")]
    Ended,
    #[error("This API key lacks the scope {0}.")]
    Scope(Scope),
    #[error("This address sends too many wrong API keys; try again later.")]
    TooManyWrong(u64),
    #[error("This API key asks too often; try again later.")]
    TooMany(u64),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<CallerError> for Refusal {
    fn from(error: CallerError) -> Self {
        let detail = error.to_string();
        match error {
            CallerError::NoKey | CallerError::Ended => {
                Self::new(StatusCode::UNAUTHORIZED, ErrorCode::Unauthorized, detail)
            }
            CallerError::Scope(_) => {
                Self::new(StatusCode::FORBIDDEN, ErrorCode::InsufficientScope, detail)
            }
            CallerError::TooMany(seconds) | CallerError::TooManyWrong(seconds) => {
                let status = StatusCode::TOO_MANY_REQUESTS;
                Self::new(status, ErrorCode::RateLimited, detail).retry_after(seconds)
            }
            CallerError::Store(error) => Self::internal(error),
        }
    }
}
refuses!(CallerError: 401 Unauthorized, 403 InsufficientScope, 429 RateLimited);

/// Lets requests with a good key pass, at most as many a minute as the settings say.
pub(in crate::routes) async fn known_key(
    Extension(app): Extension<SharedApp>,
    mut request: Request,
    next: Next,
) -> Result<Response, CallerError> {
    let shown = bearer(request.headers()).ok_or(CallerError::NoKey)?;
    let Some(key) = known(&app, shown).await? else {
        return Err(wrong(&app, request.extensions().get()).await?);
    };
    let now = app.now();
    if !key.is_good(now) {
        return Err(CallerError::Ended);
    }
    if key.is_use_news(now)
        && let Err(error) = app.store.save_use(&key.id, now).await
    {
        tracing::warn!(key = %key.id, error = chain(&error), "its use could not be written down");
    }
    app.requests
        .count(key.id.clone(), app.config.limits.requests_per_minute, now)
        .map_err(CallerError::TooMany)?;
    request.extensions_mut().insert(key);
    Ok(next.run(request).await)
}

impl<S: scope::Needed> FromRequestParts<SharedApp> for Caller<S> {
    type Rejection = CallerError;

    async fn from_request_parts(parts: &mut Parts, _app: &SharedApp) -> Result<Self, CallerError> {
        let key = parts.extensions.get::<ApiKey>().cloned();
        let key = key.ok_or(CallerError::NoKey)?;
        if !key.scopes.allow(S::SCOPE) {
            return Err(CallerError::Scope(S::SCOPE));
        }
        Ok(Self {
            tenant: key.tenant.clone(),
            key,
            needs: PhantomData,
        })
    }
}

async fn known(app: &App, key: &str) -> Result<Option<ApiKey>, StoreError> {
    let digest = Digest::of(key);
    let found = app.store.api_key(digest).await?;
    // The index compared the digests byte by byte; this comparison is the one that counts.
    Ok(found.filter(|found| found.digest == digest))
}

/// The answer to a wrong key. A right one is never refused for the wrong ones of others behind the same address: it
/// has 256 bits and cannot be guessed, however often anybody tries.
async fn wrong(app: &App, client: Option<&ClientAddress>) -> Result<CallerError, StoreError> {
    let Some(client) = client else {
        return Ok(CallerError::NoKey);
    };
    let (name, limit) = (
        format!("wrong keys {client}"),
        app.config.limits.wrong_keys_per_minute,
    );
    let counted = rates::count(app, &app.wrong_keys, *client, &name, limit).await?;
    Ok(counted.map_or_else(CallerError::TooManyWrong, |()| CallerError::NoKey))
}
