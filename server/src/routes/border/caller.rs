//! Who is asking, in the Management API: a company's server, by its API key.

use super::problem::{Refusal, refuses};
use super::visitor::bearer;
use crate::app::{App, SharedApp};
use crate::domain::tenant::{ApiKey, Tenant};
use crate::lifecycle::rates;
use crate::limits::ClientAddress;
use crate::secret::Digest;
use crate::store::StoreError;
use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use railhead_protocol::ErrorCode;

/// The tenant whose key was shown: all that may be read or changed.
pub(in crate::routes) struct Caller(pub(in crate::routes) Tenant);

/// Why there is no caller.
#[derive(Debug, thiserror::Error)]
pub(in crate::routes) enum CallerError {
    #[error("Send an API key as Authorization: Bearer; `railhead key create` makes one.")]
    NoKey,
    #[error("This address sends too many wrong API keys; try again later.")]
    TooMany(u64),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<CallerError> for Refusal {
    fn from(error: CallerError) -> Self {
        let detail = error.to_string();
        match error {
            CallerError::NoKey => {
                Self::new(StatusCode::UNAUTHORIZED, ErrorCode::Unauthorized, detail)
            }
            CallerError::TooMany(seconds) => {
                let status = StatusCode::TOO_MANY_REQUESTS;
                Self::new(status, ErrorCode::RateLimited, detail).retry_after(seconds)
            }
            CallerError::Store(error) => Self::internal(error),
        }
    }
}
refuses!(CallerError: 401 Unauthorized, 429 RateLimited);

impl FromRequestParts<SharedApp> for Caller {
    type Rejection = CallerError;

    /// Leaves the key's id with the request.
    async fn from_request_parts(parts: &mut Parts, app: &SharedApp) -> Result<Self, CallerError> {
        let key = bearer(&parts.headers).ok_or(CallerError::NoKey)?;
        let Some(found) = known(app, key).await? else {
            return Err(wrong(app, parts.extensions.get()).await?);
        };
        parts.extensions.insert(found.id);
        Ok(Self(found.tenant))
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
    Ok(counted.map_or_else(CallerError::TooMany, |()| CallerError::NoKey))
}
