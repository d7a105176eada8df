//! `GET /v1/callback/{workspace}/{service}`: the service sends the browser back. Judged in this order: is it the
//! browser that started, is it this service's answer, is it the first time. Only then is a code exchanged.

use super::border::path::Path;
use super::border::problem::Refusal;
use super::pages::render::{Page, language};
use super::pages::{held_cookie, homeward};
use crate::app::{App, ServiceGone, SharedApp};
use crate::domain::authorization::{Authorization, Phase};
use crate::domain::homecoming::CLAIM_LIFETIME;
use crate::lifecycle::homecoming::way_back;
use crate::lifecycle::{exchange, live};
use crate::measure;
use crate::oauth::callback::{CallbackError, CallbackOutcome, CallbackQuery};
use crate::secret::Digest;
use crate::store::{Landing, StoreError};
use crate::text::{Key, Text};
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use railhead_protocol::ErrorCode;
use railhead_vault::SealError;
use std::time::Duration;

/// How long the browser waits here for the outcome; then it waits on the next page.
const PATIENCE: Duration = Duration::from_secs(20);

/// Why a callback is refused. No token request is made for any of these.
#[derive(Debug, thiserror::Error)]
pub(super) enum CallbackRefused {
    #[error("a prefetch, or a look at the headers only")]
    Glance,
    #[error("the address is not text")]
    Address,
    #[error(transparent)]
    Query(#[from] CallbackError),
    #[error("the state is missing or unknown")]
    UnknownState,
    #[error("the browser is not the one that started")]
    OtherBrowser,
    #[error("the state belongs to another workspace or service")]
    MixUp,
    #[error(transparent)]
    Seal(#[from] SealError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl CallbackRefused {
    /// The page that says so.
    fn shown(self, text: Text) -> Response {
        tracing::info!(reason = %self, "callback refused");
        let page = |status, why| {
            let paragraphs = [why, Key::CallbackAgain];
            Page::notice(text, status, Key::CallbackTitle, &paragraphs).answer()
        };
        match self {
            // A browser that prefetched asks again when the person really goes there.
            Self::Glance => StatusCode::SERVICE_UNAVAILABLE.into_response(),
            Self::Address | Self::Query(_) | Self::UnknownState | Self::MixUp => {
                page(StatusCode::BAD_REQUEST, Key::CallbackAddress)
            }
            Self::OtherBrowser => page(StatusCode::FORBIDDEN, Key::CallbackBrowser),
            Self::Seal(error) => Page::failure(text, error),
            Self::Store(error) => Page::failure(text, error),
        }
    }
}

/// Come back from the service
///
/// The redirect URI of one workspace at one service. The browser has to hold the cookie of the authorization that the
/// `state` belongs to. Parameters that are not known are passed over.
#[utoipa::path(
    get,
    path = "/v1/callback/{workspace}/{service}",
    tag = "Pages",
    operation_id = "callback",
    params(
        ("workspace" = String, Path, description = "The workspace's name.", example = "default"),
        ("service" = String, Path, description = "The service's name.", example = "xero"),
        ("state" = Option<String>, Query, description = "As it was sent to the service."),
        ("code" = Option<String>, Query, description = "The authorization code, where access was allowed."),
        ("error" = Option<String>, Query, description = "Why there is no code, for example `access_denied`."),
        ("iss" = Option<String>, Query, description = "Who answers, where the service says so (RFC 9207).")
    ),
    responses(
        (
            status = 200,
            description = "A page that leads back to the one that was left for the service, at once and by itself.",
            body = String,
            content_type = "text/html",
            headers(("Refresh" = String, description = "`0;url=`, and an address of the origin that began"))
        ),
        (
            status = 303,
            description = "On to the last page.",
            headers(("Location" = String, description = "`/v1/connect/done/…`"))
        ),
        (status = 400, description = "A page: no sign-in under way has this address.", body = String, content_type = "text/html"),
        (status = 403, description = "A page: another browser began.", body = String, content_type = "text/html"),
        (status = 500, description = "A page: the server failed.", body = String, content_type = "text/html"),
        (status = 503, description = "Empty: only looked at, or fetched ahead of time; nothing was consumed.")
    )
)]
pub(super) async fn callback(
    State(app): State<SharedApp>,
    method: Method,
    path: Result<Path<(String, String)>, Refusal>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let text = language(None, &headers);
    let come_back = come_back(&app, &method, path, &headers, query);
    come_back
        .await
        .unwrap_or_else(|refused| refused.shown(text))
}

async fn come_back(
    app: &SharedApp,
    method: &Method,
    path: Result<Path<(String, String)>, Refusal>,
    headers: &HeaderMap,
    query: Option<String>,
) -> Result<Response, CallbackRefused> {
    if method == Method::HEAD || is_prefetch(headers) {
        return Err(CallbackRefused::Glance);
    }
    let Path((workspace, service)) = path.map_err(|_| CallbackRefused::Address)?;
    let query = CallbackQuery::parse(query.as_deref().unwrap_or_default())?;
    let state = Digest::of(query.state().ok_or(CallbackRefused::UnknownState)?);
    let found = app.store.authorization_by_state(state).await?;
    let found = found.ok_or(CallbackRefused::UnknownState)?;
    let held = held_cookie(app, headers, &found.id).unwrap_or_default();
    if !found.handoff.belongs_to(Some(Digest::of(&held))) {
        return Err(CallbackRefused::OtherBrowser);
    }
    if found.workspace_name.as_str() != workspace || found.service_name != service {
        return Err(CallbackRefused::MixUp);
    }
    if let Phase::Pending = found.phase {
        let landing = landing(app, &found, &query).await?;
        // Of any number of callers with this state, one consumes it; the others wait for what becomes of it.
        if let Some(landed) = app
            .store
            .consume_state(state, &landing, app.claim(), app.now())
            .await?
        {
            measure::authorization_saved(&landed);
            app.waker.wake(&landed.id);
            if !matches!(landed.phase, Phase::Landed { .. }) {
                exchange::spawn(app, landed.id);
            }
        }
    }
    let settled = |authorization: &Authorization| {
        let phase = &authorization.phase;
        phase.is_over() || matches!(phase, Phase::Choosing { .. } | Phase::Landed { .. })
    };
    if let Some(settled) = live::wait_for(app, &found.id, PATIENCE, settled).await?
        && let Some(home) = way_back(app, &settled, &held.into()).await?
    {
        return Ok(homeward(app, headers, &settled, home).await?);
    }
    Ok(Redirect::to(&format!("/v1/connect/done/{}", found.id)).into_response())
}

async fn landing(
    app: &App,
    authorization: &Authorization,
    query: &CallbackQuery,
) -> Result<Landing, CallbackRefused> {
    // Taken out of the configuration while the end user was there: there is nobody to ask for tokens.
    let (_, provider) = match app.provider_of(authorization).await {
        Ok(found) => found,
        Err(ServiceGone::Store(error)) => return Err(error.into()),
        Err(gone) => {
            tracing::warn!(authorization = %authorization.id, reason = %gone, "the service is gone");
            return Ok(Landing::Failed(ErrorCode::ServiceNotOffered));
        }
    };
    Ok(match query.outcome(&provider)? {
        CallbackOutcome::Code { code, stored } => {
            let sealed = exchange::seal_code(app, authorization, &code, stored)?;
            let home = authorization.home.as_ref();
            if home.is_some_and(|home| home.claim.is_some()) {
                Landing::Kept(sealed, app.now() + CLAIM_LIFETIME)
            } else {
                Landing::Code(sealed)
            }
        }
        CallbackOutcome::Denied => Landing::Failed(ErrorCode::Denied),
        CallbackOutcome::ProviderError { error, .. } => {
            tracing::warn!(authorization = %authorization.id, error, "the service answered an error");
            Landing::Failed(match error.as_str() {
                "unauthorized_client" | "invalid_client" => ErrorCode::UnauthorizedClient,
                _ => ErrorCode::ServiceUnavailable,
            })
        }
    })
}

/// Does the browser fetch this page before anybody asked for it?
fn is_prefetch(headers: &HeaderMap) -> bool {
    ["sec-purpose", "purpose", "x-moz"].iter().any(|name| {
        let value = headers.get(*name).and_then(|value| value.to_str().ok());
        value.is_some_and(|value| value.contains("prefetch") || value.contains("prerender"))
    })
}
