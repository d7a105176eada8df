//! One attempt to connect one service within a session, from the click to its end.

pub use super::deadline::{LIFETIME, LIFETIME_AWAY, MAX_LIFETIME};
use super::failure::failure;
use super::handoff::Handoff;
use super::homecoming::Homecoming;
use super::id::{AuthorizationId, BusinessId, ConnectionId, SessionId, WidgetId};
use super::tenant::{Tenant, WorkspaceName};
use super::timestamp;
use crate::secret::Digest;
use railhead_protocol::{Account, AuthorizationState, AuthorizationStatus, ErrorCode};
use std::collections::BTreeMap;
use time::OffsetDateTime;

/// An authorization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authorization {
    /// Its id.
    pub id: AuthorizationId,
    /// Whose data it works on.
    pub tenant: Tenant,
    /// The workspace's name, which stands in the callback's address.
    pub workspace_name: WorkspaceName,
    /// The session it belongs to.
    pub session: SessionId,
    /// The widget of that session.
    pub widget: WidgetId,
    /// The business that connects.
    pub business: BusinessId,
    /// The service to connect.
    pub service_name: String,
    /// What the end user entered in the service's fields; no secrets.
    pub fields: BTreeMap<String, String>,
    /// The connection to authorize again.
    pub reauthorizes: Option<ConnectionId>,
    /// Which browser it belongs to.
    pub handoff: Handoff,
    /// The page the browser comes back to, where it goes on in the widget's own tab.
    pub home: Option<Homecoming>,
    /// Of the OAuth `state` the browser was sent off with.
    pub state: Option<Digest>,
    /// The PKCE verifier, sealed.
    pub sealed_verifier: Option<String>,
    /// Where it stands.
    pub phase: Phase,
    /// Grows with every change that the widget can see.
    pub version: u32,
    /// Grows with every change; a change is saved only onto the revision it was made from.
    pub revision: u32,
    /// When it began.
    pub created_at: OffsetDateTime,
    /// Until when it can be finished.
    pub expires_at: OffsetDateTime,
}

/// Where an authorization stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phase {
    /// The end user is at the service, or on the way there.
    Pending,
    /// The end user consented in a tab of which nobody knows yet that it is the widget's own: the code is kept, and
    /// exchanged once the page that began has claimed it.
    Landed {
        /// The code and what came with it, sealed.
        sealed_code: String,
    },
    /// The callback was accepted; its code waits to be exchanged.
    Accepted {
        /// The code and what came with it, sealed.
        sealed_code: String,
    },
    /// The code was exchanged; the tokens are with a pending connection, whose account is not known yet.
    Authorized {
        /// The pending connection.
        pending: ConnectionId,
    },
    /// The end user has to choose one of several accounts.
    Choosing {
        /// The pending connection.
        pending: ConnectionId,
        /// The accounts.
        accounts: Vec<Account>,
    },
    /// Connected.
    Succeeded {
        /// The connection.
        connection: ConnectionId,
    },
    /// Over, for this reason.
    Failed(ErrorCode),
    /// Given up by the end user.
    Cancelled,
    /// Nobody finished in time.
    Expired,
}

/// The authorization is not at the point where this could happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("The authorization is over, or not at this point.")]
pub struct NotOpen;

impl Phase {
    /// Where it stands, as it travels.
    #[must_use]
    pub fn status(&self) -> AuthorizationStatus {
        match self {
            Self::Pending
            | Self::Landed { .. }
            | Self::Accepted { .. }
            | Self::Authorized { .. } => AuthorizationStatus::Pending,
            Self::Choosing { .. } => AuthorizationStatus::ChooseAccount,
            Self::Succeeded { .. } => AuthorizationStatus::Succeeded,
            Self::Failed(_) => AuthorizationStatus::Failed,
            Self::Cancelled => AuthorizationStatus::Cancelled,
            Self::Expired => AuthorizationStatus::Expired,
        }
    }

    /// Can nothing happen any more?
    #[must_use]
    pub fn is_over(&self) -> bool {
        match self {
            Self::Pending
            | Self::Landed { .. }
            | Self::Accepted { .. }
            | Self::Authorized { .. }
            | Self::Choosing { .. } => false,
            Self::Succeeded { .. } | Self::Failed(_) | Self::Cancelled | Self::Expired => true,
        }
    }

    /// The connection that holds tokens until an account is known.
    #[must_use]
    pub fn pending_connection(&self) -> Option<&ConnectionId> {
        match self {
            Self::Authorized { pending } | Self::Choosing { pending, .. } => Some(pending),
            Self::Pending
            | Self::Landed { .. }
            | Self::Accepted { .. }
            | Self::Succeeded { .. }
            | Self::Failed(_)
            | Self::Cancelled
            | Self::Expired => None,
        }
    }
}

impl Authorization {
    /// The browser with this cookie is sent to the service with this state and verifier. With a claim, nothing comes of
    /// it until the page that began shows what this is the digest of.
    pub fn send_off(
        self,
        cookie: Digest,
        claim: Option<Digest>,
        state: Digest,
        sealed_verifier: String,
    ) -> Result<Self, NotOpen> {
        match self.phase {
            Phase::Pending => Ok(Self {
                handoff: self.handoff.claimed_by(cookie),
                home: self.home.map(|home| Homecoming { claim, ..home }),
                state: Some(state),
                sealed_verifier: Some(sealed_verifier),
                ..self
            }),
            _ => Err(NotOpen),
        }
    }

    /// Goes on in the widget's own tab, which comes back to `address`; gives out the nonce for that.
    pub fn leave_from(
        self,
        address: String,
        nonce: Digest,
        now: OffsetDateTime,
    ) -> Result<Self, NotOpen> {
        // A browser that was sent off before still has to show what it was sent off with.
        let claim = self.home.as_ref().and_then(|home| home.claim);
        let offered = self.offer_nonce(nonce)?;
        Ok(Self {
            home: Some(Homecoming { address, claim }),
            ..offered.until(now + LIFETIME_AWAY)
        })
    }

    /// Gives out another nonce, to open the window again.
    pub fn offer_nonce(self, nonce: Digest) -> Result<Self, NotOpen> {
        match self.phase {
            Phase::Pending => Ok(Self {
                handoff: self.handoff.renew(nonce),
                ..self
            }),
            _ => Err(NotOpen),
        }
    }

    /// The code was exchanged for tokens, which are with the connection `pending`.
    pub fn authorize(self, pending: ConnectionId) -> Result<Self, NotOpen> {
        match self.phase {
            Phase::Accepted { .. } => Ok(self.moved(Phase::Authorized { pending })),
            _ => Err(NotOpen),
        }
    }

    /// The service knows several accounts.
    pub fn offer_accounts(self, accounts: Vec<Account>) -> Result<Self, NotOpen> {
        match self.phase.clone() {
            Phase::Authorized { pending } => Ok(self.moved(Phase::Choosing { pending, accounts })),
            _ => Err(NotOpen),
        }
    }

    /// Connected.
    pub fn succeed(self, connection: ConnectionId) -> Result<Self, NotOpen> {
        if self.phase.is_over() {
            Err(NotOpen)
        } else {
            Ok(self.moved(Phase::Succeeded { connection }))
        }
    }

    /// Over, without a connection.
    pub fn fail(self, code: ErrorCode) -> Result<Self, NotOpen> {
        if self.phase.is_over() {
            Err(NotOpen)
        } else {
            Ok(self.moved(Phase::Failed(code)))
        }
    }

    /// Given up by the end user.
    pub fn cancel(self) -> Result<Self, NotOpen> {
        if self.phase.is_over() {
            Err(NotOpen)
        } else {
            Ok(self.moved(Phase::Cancelled))
        }
    }

    pub(super) fn moved(self, phase: Phase) -> Self {
        let seen = u32::from(phase.status() != self.phase.status());
        Self {
            version: self.version + seen,
            phase,
            // Of use until the code is exchanged; kept longer, it would go on needing its key.
            sealed_verifier: None,
            ..self
        }
    }

    /// As it travels; `connection` is the result, once there is one.
    #[must_use]
    pub fn wire(&self, connection: Option<railhead_protocol::Connection>) -> AuthorizationState {
        let accounts = match &self.phase {
            Phase::Choosing { accounts, .. } => accounts.clone(),
            _ => Vec::new(),
        };
        let failure = match self.phase {
            Phase::Failed(code) => Some(failure(code)),
            _ => None,
        };
        AuthorizationState {
            authorization_id: self.id.to_string(),
            service_name: self.service_name.clone(),
            version: self.version,
            status: self.phase.status(),
            expires_at: timestamp(self.expires_at),
            accounts,
            connection,
            failure,
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::{Authorization, LIFETIME, NotOpen, Phase};
    use crate::domain::handoff::Handoff;
    use crate::domain::tenant::{Tenant, WorkspaceName};
    use crate::secret::Digest;
    use railhead_protocol::{AuthorizationStatus, Environment, ErrorCode};
    use time::OffsetDateTime;

    pub(in crate::domain) fn pending() -> Authorization {
        Authorization {
            id: "ath_1".into(),
            tenant: Tenant {
                workspace: "wsp_1".into(),
                environment: Environment::Sandbox,
            },
            workspace_name: WorkspaceName::parse("default").unwrap(),
            session: "vis_1".into(),
            widget: "wid_1".into(),
            business: "biz_1".into(),
            service_name: "xero".to_owned(),
            fields: [].into(),
            reauthorizes: None,
            handoff: Handoff::Offered {
                nonce: Digest::of("n"),
            },
            home: None,
            state: None,
            sealed_verifier: None,
            phase: Phase::Pending,
            version: 1,
            revision: 1,
            created_at: OffsetDateTime::UNIX_EPOCH,
            expires_at: OffsetDateTime::UNIX_EPOCH + LIFETIME,
        }
    }

    #[test]
    fn counts_only_the_changes_a_widget_can_see() {
        let accepted = Phase::Accepted {
            sealed_code: "sealed".to_owned(),
        };
        let authorized = Authorization {
            phase: accepted,
            ..pending()
        }
        .authorize("con_1".into())
        .unwrap();
        assert_eq!(authorized.version, 1);
        let done = authorized.succeed("con_1".into()).unwrap();
        assert_eq!(
            (done.version, done.phase.status()),
            (2, AuthorizationStatus::Succeeded)
        );
    }

    #[test]
    fn is_over_once() {
        let cancelled = pending().cancel().unwrap();
        assert_eq!(cancelled.clone().fail(ErrorCode::Denied), Err(NotOpen));
        assert_eq!(cancelled.clone().succeed("con_1".into()), Err(NotOpen));
        assert_eq!(
            cancelled.clone().offer_nonce(Digest::of("n2")),
            Err(NotOpen)
        );
        assert_eq!(cancelled.cancel(), Err(NotOpen));
    }

    #[test]
    fn another_window_does_not_free_a_browser_of_what_it_has_to_show() {
        let start = OffsetDateTime::UNIX_EPOCH;
        let claim = Digest::of("claim");
        let home = |nonce| {
            let address = "https://lender.example/".to_owned();
            move |from: Authorization| from.leave_from(address, Digest::of(nonce), start).unwrap()
        };
        let sent = home("n2")(pending())
            .send_off(Digest::of("c"), Some(claim), Digest::of("s"), String::new())
            .unwrap();
        let asked_again = home("n3")(sent.offer_nonce(Digest::of("n4")).unwrap());
        assert_eq!(asked_again.home.unwrap().claim, Some(claim));
    }
}
