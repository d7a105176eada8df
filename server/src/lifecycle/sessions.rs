//! Sessions that the company's server asks for, and the link to the hosted page that comes with each.

use super::businesses::{BusinessError, Named, find_or_create};
use super::widgets::{self, WidgetError};
use crate::app::App;
use crate::domain::business::Business;
use crate::domain::id::{SessionId, WidgetId};
use crate::domain::session::{
    BadSession, LINK_PREFIX, Session, TOKEN_PREFIX, checked_locale, checked_metadata, lifetime,
};
use crate::domain::tenant::Tenant;
use crate::domain::widget::{Origin, Widget};
use crate::entropy;
use crate::secret::Digest;
use crate::store::{Saved, SessionLink, StoreError};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac as _};
use railhead_protocol::Metadata;
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Sha256;

/// What a session is asked for with.
#[derive(Debug)]
pub struct Wanted {
    /// The widget.
    pub widget: WidgetId,
    /// Whose accounts are connected.
    pub business: Named,
    /// The page that may use the token.
    pub origin: Option<String>,
    /// For how many seconds.
    pub expires_in: Option<u64>,
    /// Facts of the company's own.
    pub metadata: Metadata,
    /// The end user's language.
    pub locale: Option<String>,
}

/// A minted session and what opens it.
#[derive(Debug)]
pub struct Minted {
    /// The session.
    pub session: Session,
    /// Its business.
    pub business: Business,
    /// For the widget on a page of the company.
    pub token: SecretString,
    /// For the address of the hosted page.
    pub link: SecretString,
}

/// Why there is none.
#[derive(Debug, thiserror::Error)]
pub enum MintError {
    /// The widget.
    #[error(transparent)]
    Widget(#[from] WidgetError),
    /// The business.
    #[error(transparent)]
    Business(#[from] BusinessError),
    /// The origin is not one.
    #[error("An origin is written like https://app.example.com, without a path.")]
    Origin,
    /// The origin is not one of the widget's.
    #[error("This origin is not registered for the widget.")]
    OriginNotRegistered,
    /// Something else that was asked for.
    #[error(transparent)]
    Session(#[from] BadSession),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Mints a session of `tenant`. Everything is checked before a business is made for it.
pub async fn mint(app: &App, tenant: &Tenant, wanted: Wanted) -> Result<Minted, MintError> {
    let widget = widgets::own(app, tenant, &wanted.widget).await?;
    let origin = origin(app, &widget, wanted.origin.as_deref())?;
    let lifetime = lifetime(wanted.expires_in)?;
    let metadata = checked_metadata(wanted.metadata)?;
    let locale = checked_locale(wanted.locale)?;
    let business = find_or_create(app, tenant, wanted.business).await?;
    let now = app.now();
    let session = Session {
        id: SessionId::generate(app.entropy.as_ref()),
        tenant: tenant.clone(),
        widget: widget.id,
        business: business.id.clone(),
        origin,
        created_at: now,
        expires_at: now + lifetime,
        metadata,
        locale,
        minted: true,
        minted_from: None,
    };
    let random = |prefix: &str| format!("{prefix}{}", entropy::token(app.entropy.as_ref()));
    let (token, link) = (random(TOKEN_PREFIX), random(LINK_PREFIX));
    app.store
        .add_minted_session(&session, Digest::of(&token), Digest::of(&link))
        .await?;
    Ok(Minted {
        session,
        business,
        token: token.into(),
        link: link.into(),
    })
}

fn origin(app: &App, widget: &Widget, asked: Option<&str>) -> Result<Origin, MintError> {
    let Some(asked) = asked else {
        return Ok(app.own_origin.clone());
    };
    let origin = Origin::parse(asked).ok_or(MintError::Origin)?;
    if widget.is_registered(&origin) || origin == app.own_origin {
        Ok(origin)
    } else {
        Err(MintError::OriginNotRegistered)
    }
}

/// Why a link does not open.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// It leads nowhere, or its session is over.
    #[error("The link is unknown or has expired: ask for a new one.")]
    Over,
    /// Another browser has opened it.
    #[error("The link was opened in another browser: ask for a new one.")]
    OtherBrowser,
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A link that a browser may open, and what it opens.
pub struct Openable {
    /// The session it was given out with.
    pub session: Session,
    /// Its widget.
    pub widget: Widget,
    link: SessionLink,
}

/// The link `token`, if the browser that holds the cookie `held` may open it. Looking changes nothing: previews of
/// messages look, too.
pub async fn look(app: &App, token: &str, held: Option<&str>) -> Result<Openable, LinkError> {
    let link = app.store.session_link(Digest::of(token)).await?;
    let link = link.ok_or(LinkError::Over)?;
    let session = app.store.session_by_id(&link.session).await?;
    let session = session.and_then(|session| session.at(app.now()).ok());
    let session = session.ok_or(LinkError::Over)?;
    if link.cookie.is_some() && link.cookie != held.map(Digest::of) {
        return Err(LinkError::OtherBrowser);
    }
    let widget = app.store.widget(&session.widget).await?;
    Ok(Openable {
        session,
        widget: widget.ok_or(LinkError::Over)?,
        link,
    })
}

/// A link that was opened.
pub struct Opened {
    /// The session it was given out with.
    pub session: Session,
    /// The token of the hosted page's own session.
    pub token: SecretString,
    /// By which the browser is recognised when it opens the link again.
    pub cookie: SecretString,
}

/// Opens the link `token` in the browser that holds the cookie `held`. The first one keeps it, and gets the same
/// session again whenever it comes back.
pub async fn open(app: &App, token: &str, held: Option<&str>) -> Result<Opened, LinkError> {
    let Openable { session, link, .. } = look(app, token, held).await?;
    if let (Some(_), Some(held)) = (link.cookie, held) {
        return Ok(Opened {
            session,
            token: token_of(token, held),
            cookie: held.into(),
        });
    }
    let cookie = entropy::token(app.entropy.as_ref());
    let opened = token_of(token, &cookie);
    let hosted = Session {
        id: SessionId::generate(app.entropy.as_ref()),
        origin: app.own_origin.clone(),
        created_at: app.now(),
        minted_from: Some(session.id.clone()),
        ..session.clone()
    };
    let digest = Digest::of(opened.expose_secret());
    let saved = app
        .store
        .open_link(Digest::of(token), Digest::of(&cookie), &hosted, digest)
        .await?;
    match saved {
        Saved::Done => Ok(Opened {
            session,
            token: opened,
            cookie: cookie.into(),
        }),
        Saved::Conflict => Err(LinkError::OtherBrowser),
    }
}

/// The session token of the browser that holds `cookie`: made from that and the link, so that it need not be kept.
fn token_of(link: &str, cookie: &str) -> SecretString {
    // HMAC takes keys of any length.
    let mac = Hmac::<Sha256>::new_from_slice(cookie.as_bytes());
    let mac = mac.map(|mac| mac.chain_update(b"railhead session "));
    let tag = mac.map(|mac| mac.chain_update(link).finalize().into_bytes());
    format!(
        "{TOKEN_PREFIX}{}",
        URL_SAFE_NO_PAD.encode(tag.unwrap_or_default())
    )
    .into()
}
