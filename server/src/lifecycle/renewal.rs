//! One refresh: the service is asked, and whatever it answers is in the database before anybody acts upon it.
//!
//! Where each use of a refresh token ends it (`rotate_strict`), a server that dies after the service answered and before
//! the new tokens are committed has lost them: the next refresh is refused, and the connection becomes invalid. No order
//! of steps prevents that; it is why nothing stands between the answer and the commit. With the other semantics the old
//! refresh token works on, for a while or until the new access token is used, and the next refresh succeeds.

use super::back_off;
use super::event;
use super::grant::Grant;
use super::refresh::{Found, Fresh, RefreshError, find, provider};
use crate::app::App;
use crate::catalogue::RefreshRule;
use crate::entropy::fraction;
use crate::oauth::{Denial, Provider, TokenError, token};
use crate::store::{EventKind, Hold, Saved, StoreError};
use railhead_protocol::{DisconnectReason, ErrorCode};
use time::{Duration, OffsetDateTime};

/// When credentials are looked at again whose service cannot be asked at all.
const LOOK_AGAIN: Duration = Duration::days(1);

/// When to renew `grant` next though nobody asks for it.
pub(super) fn plan(app: &App, rule: &RefreshRule, grant: &Grant) -> Option<OffsetDateTime> {
    let window = rule.keep_alive(&grant.times())?;
    Some(window.at(fraction(app.entropy.as_ref())))
}

/// Plans the next renewal of what was claimed too early: its rule has changed, or somebody else renewed it.
pub(super) async fn postpone(app: &App, found: &Found) -> Result<(), StoreError> {
    let soon = app.now() + LOOK_AGAIN;
    let at = match provider(app, found).await {
        Ok(provider) => plan(app, &provider.refresh, &found.grant).map(|at| at.max(app.now())),
        Err(_) => Some(soon),
    };
    let id = &found.connection.id;
    app.store.plan_renewal(id, found.version, at).await
}

/// Asks the service for the next tokens of `found`.
pub(super) async fn ask(
    app: &App,
    found: Found,
    provider: &Provider,
) -> Result<Fresh, RefreshError> {
    let Some(refresh_token) = &found.grant.refresh_token else {
        return Ok(found.fresh());
    };
    let answer = token::refresh(&app.http, provider, refresh_token).await;
    let (tenant, id) = (found.connection.tenant.clone(), found.connection.id.clone());
    let tokens = match answer {
        Ok(tokens) => tokens,
        Err(TokenError::Denied { code, denial }) => {
            tracing::warn!(connection = %id, code, ?denial, "refresh refused, connection is invalid now");
            return match invalidate(app, found, denial).await? {
                Saved::Done => Err(RefreshError::NotActive),
                Saved::Conflict => Ok(find(app, &tenant, &id).await?.fresh()),
            };
        }
        Err(error) => return hold(app, found, provider, error).await,
    };
    let Found {
        connection,
        grant,
        version,
        ..
    } = found;
    let renewed = grant.renewed(tokens, app.now());
    let sealed = renewed.seal(&app.vault, &connection, version + 1)?;
    let renew_at = plan(app, &provider.refresh, &renewed);
    let event = event::of_connection(app, EventKind::ConnectionRefreshed, &connection, None);
    let saved = app
        .store
        .replace_credentials(&id, &sealed, renew_at, &event)
        .await?;
    match saved {
        Saved::Done => Ok(Fresh {
            connection,
            grant: renewed,
        }),
        // Authorized again meanwhile: those tokens are newer.
        Saved::Conflict => Ok(find(app, &tenant, &id).await?.fresh()),
    }
}

/// The service gave neither tokens nor a verdict on the grant: the connection stays, and the service is left alone.
async fn hold(
    app: &App,
    found: Found,
    provider: &Provider,
    error: TokenError,
) -> Result<Fresh, RefreshError> {
    let (code, asked) = match error {
        TokenError::InvalidClient { code } => {
            let tenant = &found.connection.tenant;
            app.alerts
                .client_refused(tenant, &provider.service_name, code, app.now());
            (ErrorCode::UnauthorizedClient, None)
        }
        TokenError::Unavailable { retry_after, .. } => (ErrorCode::ServiceUnavailable, retry_after),
        _ => (ErrorCode::ServiceUnavailable, None),
    };
    let wait = back_off::wait(
        &provider.refresh,
        found.failures,
        asked,
        app.entropy.as_ref(),
    );
    let until = app.now() + wait;
    let (tenant, id) = (found.connection.tenant.clone(), found.connection.id.clone());
    tracing::warn!(connection = %id, %error, wait = wait.as_secs(), "refresh failed, connection is kept");
    let hold = Hold { until, code };
    match app.store.hold_renewal(&id, found.version, &hold).await? {
        Saved::Done => found.held(&hold, app.now()),
        Saved::Conflict => Ok(find(app, &tenant, &id).await?.fresh()),
    }
}

/// The service refuses the credentials for good.
async fn invalidate(app: &App, found: Found, denial: Denial) -> Result<Saved, RefreshError> {
    let Found {
        connection,
        version,
        ..
    } = found;
    let business = app
        .store
        .business(&connection.tenant, &connection.business)
        .await?;
    let deactivated = business.ok_or(RefreshError::Unknown)?.deactivate();
    let invalid = connection.invalidate(match denial {
        Denial::Unsaid => DisconnectReason::ReauthorizationRequired,
        Denial::Expired => DisconnectReason::ExpiredCredentials,
        Denial::Revoked => DisconnectReason::AuthorizationRevoked,
    });
    let invalid = invalid.map_err(|_| RefreshError::NotActive)?;
    let event = event::of_connection(app, EventKind::ConnectionDisconnected, &invalid, None);
    let business_event = event::of_business(app, EventKind::BusinessUpdated, &deactivated);
    Ok(app
        .store
        .save_invalid(&invalid, version, &event, &deactivated, &business_event)
        .await?)
}
