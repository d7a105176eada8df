//! Who is asking, in the Management API: a company's server, by its API key.

use super::problem::{Refusal, refuses};
use super::visitor::bearer;
use crate::app::SharedApp;
use crate::domain::tenant::Tenant;
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
            CallerError::Store(error) => Self::internal(error),
        }
    }
}
refuses!(CallerError: 401 Unauthorized);

impl FromRequestParts<SharedApp> for Caller {
    type Rejection = CallerError;

    async fn from_request_parts(parts: &mut Parts, app: &SharedApp) -> Result<Self, CallerError> {
        let key = bearer(&parts.headers).ok_or(CallerError::NoKey)?;
        let digest = Digest::of(key);
        let found = app.store.api_key(digest).await?.ok_or(CallerError::NoKey)?;
        // The index compared the digests byte by byte; this comparison is the one that counts.
        if found.digest == digest {
            Ok(Self(found.tenant))
        } else {
            Err(CallerError::NoKey)
        }
    }
}
