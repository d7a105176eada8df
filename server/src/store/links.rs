//! Sessions that companies' servers ask for, and the links to the hosted page that come with them.

use super::{Saved, StoreError};
use crate::domain::id::SessionId;
use crate::domain::session::Session;
use crate::domain::tenant::Tenant;
use crate::secret::Digest;
use async_trait::async_trait;
use time::OffsetDateTime;

/// A link to the hosted page.
#[derive(Clone, Debug)]
pub struct SessionLink {
    /// The session it was given out with.
    pub session: SessionId,
    /// By which the browser that opened it first is recognised.
    pub cookie: Option<Digest>,
}

/// Minted sessions and their links.
#[async_trait]
pub trait LinkStore: Send + Sync + 'static {
    /// Adds a session, to be recognised by the digest of its token, together with its link.
    async fn add_minted_session(
        &self,
        session: &Session,
        digest: Digest,
        link: Digest,
    ) -> Result<(), StoreError>;

    /// The link with this digest.
    async fn session_link(&self, link: Digest) -> Result<Option<SessionLink>, StoreError>;

    /// A browser opens a link: of any number at the same time, one keeps it, by its cookie, and gets the session
    /// `opened`, which ends when the one it was minted from does.
    async fn open_link(
        &self,
        link: Digest,
        cookie: Digest,
        opened: &Session,
        digest: Digest,
    ) -> Result<Saved, StoreError>;

    /// Ends a session, and those opened with its link, at `now`. Is there such a session?
    async fn end_session(
        &self,
        tenant: &Tenant,
        id: &SessionId,
        now: OffsetDateTime,
    ) -> Result<bool, StoreError>;
}
