//! Requests that may be sent twice: with the header `Idempotency-Key` a POST of the Management API is done once, and its
//! answer is given again for a day. Works across servers: the claim and the answer, sealed, are in the store.

use super::body::whole;
use super::problem::{KeptRefusal, Refusal, refuses};
use crate::app::{App, SharedApp};
use crate::domain::api_key::ApiKey;
use crate::domain::id::IdempotencyId;
use crate::domain::tenant::Tenant;
use crate::log::chain;
use crate::secret::Digest;
use crate::store::{Claimed, IdempotencyClaim, StoreError};
use crate::vault::Place;
use axum::Extension;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use railhead_protocol::ErrorCode;
use railhead_vault::{OpenError, SealError};
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use time::Duration;

const HEADER: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// How long a request is one server's; if that dies, another one may do it then.
const CLAIM: Duration = Duration::MINUTE;
/// How long an answer is kept.
const KEPT_FOR: Duration = Duration::DAY;
/// The most of an answer that is kept. None comes near it.
const ANSWER_LIMIT: usize = 256 * 1024;

/// Why a request is not done.
#[derive(Debug, thiserror::Error)]
pub(in crate::routes) enum IdempotencyError {
    #[error("An idempotency key has 1 to 255 visible ASCII characters, and is sent once.")]
    Key,
    #[error("This idempotency key was sent with another request, or by another API key.")]
    Reused,
    #[error("The request with this idempotency key is being worked on; ask again.")]
    InProgress(u64),
    #[error("{0:?}")]
    Body(Box<Refusal>),
    #[error("the request was interrupted")]
    Interrupted(#[from] tokio::task::JoinError),
    #[error("the answer could not be read")]
    Answer(#[from] axum::Error),
    #[error("the answer is not of a form this version knows")]
    Form(#[from] serde_json::Error),
    #[error("the answer does not open")]
    Open(#[from] OpenError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<IdempotencyError> for Refusal {
    fn from(error: IdempotencyError) -> Self {
        let detail = error.to_string();
        match error {
            IdempotencyError::Key => Self::invalid(detail).field("Idempotency-Key"),
            IdempotencyError::Reused => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                ErrorCode::IdempotencyKeyReused,
                detail,
            )
            .field("Idempotency-Key"),
            IdempotencyError::InProgress(seconds) => Self::new(
                StatusCode::CONFLICT,
                ErrorCode::IdempotencyInProgress,
                detail,
            )
            .retry_after(seconds),
            IdempotencyError::Body(refusal) => *refusal,
            error => Self::internal(error),
        }
    }
}
refuses!(
    IdempotencyError:
    400 InvalidRequest, 408 RequestTimeout, 409 IdempotencyInProgress, 413 TooLarge, 422 IdempotencyKeyReused
);

/// An answer as it is kept, under the seal: it may hold a new API key.
#[derive(Serialize, Deserialize)]
enum Kept {
    Answer {
        status: u16,
        content_type: Option<String>,
        body: String,
    },
    Refusal(KeptRefusal),
}

pub(in crate::routes) async fn once(
    Extension(app): Extension<SharedApp>,
    request: Request,
    next: Next,
) -> Result<Response, IdempotencyError> {
    if request.method() != Method::POST {
        return Ok(next.run(request).await);
    }
    let Some(key) = key_of(request.headers())? else {
        return Ok(next.run(request).await);
    };
    let Some(caller) = request.extensions().get::<ApiKey>().cloned() else {
        return Ok(next.run(request).await);
    };
    let (parts, body) = request.into_parts();
    let read = Request::from_parts(parts.clone(), body);
    let body = whole(read, &()).await;
    let body = body.map_err(|refusal| IdempotencyError::Body(Box::new(refusal)))?;
    let now = app.now();
    let claim = IdempotencyClaim {
        id: IdempotencyId::generate(app.entropy.as_ref()),
        tenant: caller.tenant.clone(),
        key,
        request: digest(&caller, parts.uri.path(), &body),
        claimed_until: now + CLAIM,
        expires_at: now + KEPT_FOR,
    };
    match app.store.claim_request(&claim, now).await? {
        Claimed::OtherRequest => Err(IdempotencyError::Reused),
        Claimed::UnderWay(_) => Err(IdempotencyError::InProgress(1)),
        Claimed::Answered(id, sealed) => replay(&app, &claim.tenant, &id, &sealed),
        Claimed::Mine => {
            let request = Request::from_parts(parts, Body::from(body));
            let task = app.clone();
            // In a task of its own: whoever asked may go away, but what was done must be known when they come back.
            let done = app.tasks.spawn(async move {
                let response = next.run(request).await;
                keep(&task, &claim, response).await
            });
            done.await?
        }
    }
}

/// The key that was sent.
fn key_of(headers: &HeaderMap) -> Result<Option<String>, IdempotencyError> {
    let mut sent = headers.get_all(HEADER).iter();
    let Some(first) = sent.next() else {
        return Ok(None);
    };
    let key = first.to_str().map_err(|_| IdempotencyError::Key)?;
    let visible = key.bytes().all(|byte| byte.is_ascii_graphic());
    if sent.next().is_none() && (1..=255).contains(&key.len()) && visible {
        Ok(Some(key.to_owned()))
    } else {
        Err(IdempotencyError::Key)
    }
}

/// What the request is. The API key belongs to it: an answer may be one that another key must not see.
fn digest(caller: &ApiKey, path: &str, body: &Bytes) -> Digest {
    let of_body = URL_SAFE_NO_PAD.encode(Sha256::digest(body));
    Digest::of(&format!("POST {path}\n{}\n{of_body}", caller.id))
}

fn place<'a>(tenant: &'a Tenant, id: &'a IdempotencyId) -> Place<'a> {
    Place {
        tenant,
        record: id.as_str(),
        field: "answer",
        version: 1,
    }
}

/// Keeps the answer and gives it back. A failure of the server is not kept: the request can be sent again.
async fn keep(
    app: &App,
    claim: &IdempotencyClaim,
    response: Response,
) -> Result<Response, IdempotencyError> {
    if response.status().is_server_error() {
        if let Err(error) = app.store.release_request(&claim.id).await {
            tracing::warn!(
                error = chain(&error),
                "an idempotency key stays claimed for a minute"
            );
        }
        return Ok(response);
    }
    let refusal = response.extensions().get::<Refusal>().map(Refusal::kept);
    let (kept, response) = match refusal {
        Some(refusal) => (Kept::Refusal(refusal), response),
        None => split(response).await?,
    };
    if let Err(error) = save(app, claim, &kept).await {
        // Done is done: who asked must learn of it.
        tracing::error!(
            error = chain(&error),
            "an answer could not be kept for its idempotency key"
        );
    }
    Ok(response)
}

/// The answer for keeping and for giving.
async fn split(response: Response) -> Result<(Kept, Response), IdempotencyError> {
    let (parts, body) = response.into_parts();
    let body = axum::body::to_bytes(body, ANSWER_LIMIT).await?;
    let content_type = parts.headers.get(CONTENT_TYPE);
    let kept = Kept::Answer {
        status: parts.status.as_u16(),
        content_type: content_type.and_then(|value| Some(value.to_str().ok()?.to_owned())),
        body: String::from_utf8_lossy(&body).into_owned(),
    };
    Ok((kept, Response::from_parts(parts, Body::from(body))))
}

/// Why an answer is not kept.
#[derive(Debug, thiserror::Error)]
enum SaveError {
    #[error(transparent)]
    Form(#[from] serde_json::Error),
    #[error(transparent)]
    Seal(#[from] SealError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

async fn save(app: &App, claim: &IdempotencyClaim, kept: &Kept) -> Result<(), SaveError> {
    let written = serde_json::to_string(kept)?.into();
    let sealed = app.vault.seal(&place(&claim.tenant, &claim.id), &written)?;
    Ok(app.store.keep_answer(&claim.id, &sealed).await?)
}

/// The answer once more.
fn replay(
    app: &App,
    tenant: &Tenant,
    id: &IdempotencyId,
    sealed: &str,
) -> Result<Response, IdempotencyError> {
    let opened = app.vault.unseal(&place(tenant, id), sealed)?;
    let mut response = match serde_json::from_str(opened.expose_secret())? {
        Kept::Refusal(refusal) => Refusal::from(refusal).into_response(),
        Kept::Answer {
            status,
            content_type,
            body,
        } => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
            let mut response = (status, body).into_response();
            match content_type.and_then(|value| HeaderValue::from_str(&value).ok()) {
                Some(value) => response.headers_mut().insert(CONTENT_TYPE, value),
                None => response.headers_mut().remove(CONTENT_TYPE),
            };
            response
        }
    };
    response
        .headers_mut()
        .insert(REPLAYED, HeaderValue::from_static("true"));
    Ok(response)
}
