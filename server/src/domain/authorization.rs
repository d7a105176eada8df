//! One attempt to connect one service within a session, from the click to its end.

use super::handoff::Handoff;
use super::id::{AuthorizationId, BusinessId, ConnectionId, SessionId, WidgetId};
use super::tenant::{Tenant, WorkspaceName};
use super::timestamp;
use crate::secret::Digest;
use railhead_protocol::{Account, AuthorizationState, AuthorizationStatus, ErrorCode, Failure};
use std::collections::BTreeMap;
use time::{Duration, OffsetDateTime};

/// How long the end user may take.
pub const LIFETIME: Duration = Duration::minutes(10);

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
            Self::Pending | Self::Accepted { .. } | Self::Authorized { .. } => {
                AuthorizationStatus::Pending
            }
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
            | Self::Accepted { .. }
            | Self::Succeeded { .. }
            | Self::Failed(_)
            | Self::Cancelled
            | Self::Expired => None,
        }
    }
}

impl Authorization {
    /// The browser with this cookie is sent to the service with this state and verifier.
    pub fn send_off(
        self,
        cookie: Digest,
        state: Digest,
        sealed_verifier: String,
    ) -> Result<Self, NotOpen> {
        match self.phase {
            Phase::Pending => Ok(Self {
                handoff: self.handoff.claimed_by(cookie),
                state: Some(state),
                sealed_verifier: Some(sealed_verifier),
                ..self
            }),
            _ => Err(NotOpen),
        }
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

    /// Is it too late at `now`? An accepted callback is finished even if that takes a little longer.
    #[must_use]
    pub fn is_due(&self, now: OffsetDateTime) -> bool {
        let waits_for_the_user = matches!(self.phase, Phase::Pending | Phase::Choosing { .. });
        waits_for_the_user && now >= self.expires_at
    }

    /// Nobody finished in time.
    pub fn expire(self, now: OffsetDateTime) -> Result<Self, NotOpen> {
        if self.is_due(now) {
            Ok(self.moved(Phase::Expired))
        } else {
            Err(NotOpen)
        }
    }

    fn moved(self, phase: Phase) -> Self {
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

/// What a failed authorization says for the developer, and whether trying again is worth it.
#[must_use]
pub fn failure(code: ErrorCode) -> Failure {
    let (message, recoverable) = match code {
        ErrorCode::Denied => ("The end user declined access at the service.", true),
        ErrorCode::InsufficientPermission => (
            "The end user's role at the service does not allow connecting it.",
            true,
        ),
        ErrorCode::InvalidCredentials => ("The service refused the credentials.", true),
        ErrorCode::UnauthorizedClient => (
            "The service does not accept the configured client id or secret; check both.",
            false,
        ),
        ErrorCode::NoAccount => (
            "The login at the service holds no company to connect.",
            true,
        ),
        ErrorCode::DuplicateAccount => (
            "This account is connected already; to renew it, give its connectionId.",
            false,
        ),
        ErrorCode::WrongAccount => (
            "Another account was authorized than that of the connection to renew.",
            true,
        ),
        ErrorCode::ServiceUnavailable => (
            "The service did not answer, refused, or answered in a way that cannot be understood.",
            true,
        ),
        ErrorCode::ServiceNotOffered => (
            "The service was taken out of the configuration meanwhile; `railhead check` says why.",
            false,
        ),
        ErrorCode::Internal => (
            "The server was interrupted while it finished the authorization, or failed; its log says which.",
            true,
        ),
        _ => ("The authorization could not be finished.", true),
    };
    Failure {
        code,
        message: message.to_owned(),
        recoverable,
    }
}

#[cfg(test)]
mod tests {
    use super::{Authorization, LIFETIME, NotOpen, Phase};
    use crate::domain::handoff::Handoff;
    use crate::domain::tenant::{Tenant, WorkspaceName};
    use crate::secret::Digest;
    use railhead_protocol::{AuthorizationStatus, Environment, ErrorCode};
    use time::OffsetDateTime;

    fn pending() -> Authorization {
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
    fn an_accepted_callback_does_not_expire() {
        let late = OffsetDateTime::UNIX_EPOCH + LIFETIME;
        let accepted = Phase::Accepted {
            sealed_code: "sealed".to_owned(),
        };
        assert!(
            Authorization {
                phase: accepted,
                ..pending()
            }
            .expire(late)
            .is_err()
        );
        assert_eq!(pending().expire(late).unwrap().phase, Phase::Expired);
        assert!(pending().expire(late - time::Duration::SECOND).is_err());
    }
}
