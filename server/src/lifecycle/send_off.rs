//! The window shows its nonce and is sent on to the service, with a cookie that ties it to this browser.

use super::live;
use crate::app::{App, ServiceGone};
use crate::catalogue::PkceMode;
use crate::domain::authorization::{Authorization, NotOpen};
use crate::domain::handoff::{Claim, NonceRefused};
use crate::domain::homecoming::NONCE_PREFIX;
use crate::domain::id::{AuthorizationId, SessionId};
use crate::entropy;
use crate::oauth::{AuthorizeRequest, pkce};
use crate::secret::Digest;
use crate::store::{Saved, StoreError};
use crate::vault::Place;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac as _};
use railhead_protocol::Language;
use railhead_vault::{OpenError, SealError};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Sha256;
use url::Url;

/// Where the window goes, and the cookie it takes along.
#[derive(Debug)]
pub struct SentOff {
    /// The service's own page.
    pub location: Url,
    /// The cookie's value.
    pub cookie: SecretString,
    /// The session that it is for.
    pub session: SessionId,
}

/// Why the window is not sent on.
#[derive(Debug, thiserror::Error)]
pub enum SendOffError {
    /// No such authorization.
    #[error("No authorization has this id.")]
    Unknown,
    /// Not with this nonce.
    #[error(transparent)]
    Nonce(#[from] NonceRefused),
    /// It is over.
    #[error(transparent)]
    NotOpen(#[from] NotOpen),
    /// The service.
    #[error(transparent)]
    Service(#[from] ServiceGone),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Sealing the verifier.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// Opening the verifier.
    #[error("the verifier does not open")]
    Open(#[from] OpenError),
}

/// Sends the window on that shows `nonce` and holds the cookie `held`.
pub async fn send_off(
    app: &App,
    id: &AuthorizationId,
    nonce: &str,
    held: Option<&str>,
) -> Result<SentOff, SendOffError> {
    loop {
        let authorization = live::authorization(app, id)
            .await?
            .ok_or(SendOffError::Unknown)?;
        let claim = authorization
            .handoff
            .judge(Digest::of(nonce), held.map(Digest::of))?;
        let kept = authorization.sealed_verifier.as_deref().zip(held);
        // The same browser keeps its state and verifier, so that an older window of it can still finish.
        let (cookie, verifier) = match (claim, kept) {
            (Claim::SameBrowser, Some((sealed, held))) => (
                held.into(),
                app.vault.unseal(&verifier_place(&authorization), sealed)?,
            ),
            _ => (
                entropy::token(app.entropy.as_ref()).into(),
                pkce::verifier(app.entropy.as_ref()),
            ),
        };
        let state = state_of(&cookie);
        let (_, provider) = app.provider_of(&authorization).await?;
        let challenge = (provider.pkce == PkceMode::S256).then(|| pkce::challenge(&verifier));
        let location = provider.authorize_url(&AuthorizeRequest {
            redirect_uri: &app
                .redirect_uri(&authorization.workspace_name, &authorization.service_name),
            state: &state,
            code_challenge: challenge.as_deref(),
        });
        let sealed = app.vault.seal(&verifier_place(&authorization), &verifier)?;
        // Without an opener nobody vouches for this browser: it has to come back to the page that began.
        let claim = nonce
            .starts_with(NONCE_PREFIX)
            .then(|| Digest::of(&claim_of(&cookie)));
        let session = authorization.session.clone();
        let sent = authorization.send_off(
            Digest::of(cookie.expose_secret()),
            claim,
            Digest::of(&state),
            sealed,
        )?;
        if app.store.save_authorization(&sent).await? == Saved::Done {
            return Ok(SentOff {
                location,
                cookie,
                session,
            });
        }
    }
}

/// The window speaks `language`: so will its last page, whatever the session was begun in.
pub async fn speak(app: &App, id: &SessionId, language: Language) -> Result<(), StoreError> {
    let session = app.store.session_by_id(id).await?;
    let spoken = session.and_then(|session| session.locale);
    // What the session has may say more than the page does: `fr-BE`.
    if spoken.and_then(|tag| Language::best(&tag)) == Some(language) {
        return Ok(());
    }
    app.store.set_session_locale(id, language.id()).await
}

/// The OAuth `state` of the browser that holds `cookie`: 256 bits that lead back to the cookie for nobody.
fn state_of(cookie: &SecretString) -> String {
    derived(cookie, b"railhead state")
}

/// What the browser that holds `cookie` brings back to the page that began; it leads back to the cookie for nobody.
#[must_use]
pub fn claim_of(cookie: &SecretString) -> String {
    derived(cookie, b"railhead claim")
}

fn derived(cookie: &SecretString, purpose: &[u8]) -> String {
    // HMAC takes keys of any length.
    let mac = Hmac::<Sha256>::new_from_slice(cookie.expose_secret().as_bytes());
    let tag = mac.map(|mac| mac.chain_update(purpose).finalize().into_bytes());
    URL_SAFE_NO_PAD.encode(tag.unwrap_or_default())
}

/// Where the PKCE verifier of an authorization is kept.
#[must_use]
pub fn verifier_place(authorization: &Authorization) -> Place<'_> {
    Place {
        tenant: &authorization.tenant,
        record: authorization.id.as_str(),
        field: "verifier",
        version: 1,
    }
}
