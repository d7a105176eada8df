//! Authorizations. Each change is saved only onto the revision it was made from.

use super::SqlStore;
use super::read::{Columns, json, millis};
use crate::domain::authorization::{Authorization, Phase};
use crate::domain::handoff::Handoff;
use crate::domain::homecoming::Homecoming;
use crate::domain::id::{AuthorizationId, ConnectionId};
use crate::domain::tenant::WorkspaceName;
use crate::secret::Digest;
use crate::store::{
    Added, AuthorizationStore, Claim, Landing, NewConnection, Saved, StoreError, Success,
};
use async_trait::async_trait;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, Row as _};
use time::OffsetDateTime;

/// What an authorization is read from; a `WHERE` follows.
macro_rules! select {
    ($condition:literal) => {
        concat!(
            "SELECT ",
            columns!(authorizations),
            ", workspaces.name AS workspace_name FROM authorizations
             JOIN workspaces ON workspaces.id = authorizations.workspace_id WHERE ",
            $condition
        )
    };
}

#[async_trait]
impl AuthorizationStore for SqlStore {
    async fn add_authorization(
        &self,
        authorization: &Authorization,
        most: usize,
    ) -> Result<Added, StoreError> {
        self.retried(|| self.add_where_there_is_room(authorization, most))
            .await
    }

    async fn authorization(
        &self,
        id: &AuthorizationId,
    ) -> Result<Option<Authorization>, StoreError> {
        let row = sqlx::query(select!("authorizations.id = $1"))
            .bind(id.as_str())
            .fetch_optional(&self.pool)
            .await?;
        row.as_ref().map(authorization).transpose()
    }

    async fn authorization_by_state(
        &self,
        state: Digest,
    ) -> Result<Option<Authorization>, StoreError> {
        let row = sqlx::query(select!("state_digest = $1"))
            .bind(state.as_bytes())
            .fetch_optional(&self.pool)
            .await?;
        row.as_ref().map(authorization).transpose()
    }

    async fn save_authorization(&self, authorization: &Authorization) -> Result<Saved, StoreError> {
        let transaction = || async {
            let mut transaction = self.begin().await?;
            let saved = update(&mut transaction, authorization).await?;
            if saved == Saved::Done {
                transaction.commit().await?;
            }
            Ok(saved)
        };
        self.retried(transaction).await
    }

    async fn consume_state(
        &self,
        state: Digest,
        landing: &Landing,
        claim: Claim<'_>,
        now: OffsetDateTime,
    ) -> Result<Option<Authorization>, StoreError> {
        let (phase, code, failure, seen, end) = match landing {
            Landing::Code(sealed) => ("accepted", Some(sealed.as_str()), None, 0_i64, None),
            Landing::Kept(sealed, end) => ("pending", Some(sealed.as_str()), None, 0, Some(*end)),
            Landing::Failed(code) => ("failed", None, Some(code.as_str()), 1, None),
        };
        let consumed = sqlx::query(AssertSqlSafe(format!(
            "UPDATE authorizations SET phase = $1, sealed_code = $2, failure_code = $3, consumed_at = $4,
                 version = version + $5, revision = revision + 1, claimed_by = $7, claimed_until = {} + $8,
                 expires_at = COALESCE($9, expires_at)
             WHERE state_digest = $6 AND consumed_at IS NULL AND phase = 'pending' AND expires_at > $4 RETURNING id",
            self.dialect.clock()
        )))
        .bind(phase)
        .bind(code)
        .bind(failure)
        .bind(millis(now))
        .bind(seen)
        .bind(state.as_bytes())
        .bind(claim.server.as_str())
        .bind(i64::try_from(claim.lasting.as_millis()).unwrap_or(i64::MAX))
        .bind(end.map(millis))
        .fetch_optional(&self.pool)
        .await?;
        match consumed {
            Some(row) => {
                self.authorization(&row.try_get::<String, _>("id")?.into())
                    .await
            }
            None => Ok(None),
        }
    }

    async fn claim_code(
        &self,
        id: &AuthorizationId,
        value: Digest,
        claim: Claim<'_>,
        now: OffsetDateTime,
    ) -> Result<Option<Authorization>, StoreError> {
        self.accept_claimed(id, value, claim, now).await
    }

    async fn save_authorized(
        &self,
        authorization: &Authorization,
        pending: &NewConnection,
    ) -> Result<Saved, StoreError> {
        self.retried(|| self.write_authorized(authorization, pending))
            .await
    }

    async fn settle(&self, success: &Success) -> Result<Saved, StoreError> {
        self.retried(|| self.write_success(success)).await
    }

    async fn due_authorizations(
        &self,
        now: OffsetDateTime,
        limit: u32,
    ) -> Result<Vec<Authorization>, StoreError> {
        let rows = sqlx::query(select!(
            "phase IN ('pending', 'choosing') AND expires_at <= $1 LIMIT $2"
        ))
        .bind(millis(now))
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(authorization).collect()
    }
}

/// Writes a change onto the revision it was made from; ending without success removes the pending connection.
pub(super) async fn update(
    connection: &mut AnyConnection,
    authorization: &Authorization,
) -> Result<Saved, StoreError> {
    let handoff = Handover::of(&authorization.handoff);
    let phase = PhaseColumns::of(&authorization.phase);
    let home = authorization.home.as_ref();
    if authorization.phase.is_over() && phase.connection.is_none() {
        sqlx::query(
            "DELETE FROM connections WHERE status = 'pending' AND id =
                 (SELECT connection_id FROM authorizations WHERE id = $1 AND revision = $2)",
        )
        .bind(authorization.id.as_str())
        .bind(i64::from(authorization.revision))
        .execute(&mut *connection)
        .await?;
    }
    let updated = sqlx::query(
        "UPDATE authorizations SET nonce_digest = $1, nonce_used = $2, cookie_digest = $3, state_digest = $4,
             sealed_verifier = $5, phase = $6, sealed_code = $7, accounts = $8, connection_id = $9, failure_code = $10,
             version = $11, expires_at = $14, return_url = $15, claim_digest = $16, revision = revision + 1
         WHERE id = $12 AND revision = $13",
    )
    .bind(handoff.nonce.as_bytes())
    .bind(i64::from(handoff.used))
    .bind(handoff.cookie.as_ref().map(Digest::as_bytes))
    .bind(authorization.state.as_ref().map(Digest::as_bytes))
    .bind(&authorization.sealed_verifier)
    .bind(phase.name)
    .bind(phase.sealed_code)
    .bind(phase.accounts)
    .bind(phase.connection.map(ConnectionId::as_str))
    .bind(phase.failure_code)
    .bind(i64::from(authorization.version))
    .bind(authorization.id.as_str())
    .bind(i64::from(authorization.revision))
    .bind(millis(authorization.expires_at))
    .bind(home.map(|home| home.address.as_str()))
    .bind(home.and_then(|home| home.claim.as_ref()).map(Digest::as_bytes))
    .execute(connection)
    .await?;
    Ok(if updated.rows_affected() == 1 {
        Saved::Done
    } else {
        Saved::Conflict
    })
}

pub(super) struct Handover {
    pub(super) nonce: Digest,
    pub(super) used: bool,
    cookie: Option<Digest>,
}

impl Handover {
    pub(super) fn of(handoff: &Handoff) -> Self {
        match *handoff {
            Handoff::Offered { nonce } => Self {
                nonce,
                used: false,
                cookie: None,
            },
            Handoff::Claimed {
                cookie,
                nonce,
                used,
            } => Self {
                nonce,
                used,
                cookie: Some(cookie),
            },
        }
    }
}

#[derive(Default)]
pub(super) struct PhaseColumns<'a> {
    pub(super) name: &'static str,
    sealed_code: Option<&'a str>,
    accounts: Option<String>,
    connection: Option<&'a ConnectionId>,
    pub(super) failure_code: Option<&'static str>,
}

impl<'a> PhaseColumns<'a> {
    pub(super) fn of(phase: &'a Phase) -> Self {
        let none = Self::default();
        match phase {
            Phase::Pending => Self {
                name: "pending",
                ..none
            },
            // Nothing that other servers may take up: to them, the end user is still away.
            Phase::Landed { sealed_code } => Self {
                name: "pending",
                sealed_code: Some(sealed_code),
                ..none
            },
            Phase::Accepted { sealed_code } => Self {
                name: "accepted",
                sealed_code: Some(sealed_code),
                ..none
            },
            Phase::Authorized { pending } => Self {
                name: "authorized",
                connection: Some(pending),
                ..none
            },
            Phase::Choosing { pending, accounts } => Self {
                name: "choosing",
                connection: Some(pending),
                accounts: Some(json(accounts)),
                ..none
            },
            Phase::Succeeded { connection } => Self {
                name: "succeeded",
                connection: Some(connection),
                ..none
            },
            Phase::Failed(code) => Self {
                name: "failed",
                failure_code: Some(code.as_str()),
                ..none
            },
            Phase::Cancelled => Self {
                name: "cancelled",
                ..none
            },
            Phase::Expired => Self {
                name: "expired",
                ..none
            },
        }
    }
}

fn authorization(row: &AnyRow) -> Result<Authorization, StoreError> {
    let columns = Columns {
        row,
        table: "authorizations",
    };
    let workspace_name: String = columns.text("workspace_name")?;
    let nonce = columns.digest("nonce_digest")?;
    let handoff = match columns.optional_digest("cookie_digest")? {
        Some(cookie) => Handoff::Claimed {
            cookie,
            nonce,
            used: columns.flag("nonce_used")?,
        },
        None => Handoff::Offered { nonce },
    };
    let home = match columns.optional("return_url")? {
        Some(address) => Some(Homecoming {
            address,
            claim: columns.optional_digest("claim_digest")?,
        }),
        None => None,
    };
    Ok(Authorization {
        id: columns.text("id")?,
        tenant: columns.tenant()?,
        workspace_name: WorkspaceName::parse(&workspace_name)
            .map_err(|_| columns.unreadable("workspace_name"))?,
        session: columns.text("session_id")?,
        widget: columns.text("widget_id")?,
        business: columns.text("business_id")?,
        service_name: columns.text("service_name")?,
        fields: columns.json("fields")?,
        reauthorizes: columns.optional("reauthorizes")?,
        handoff,
        home,
        state: columns.optional_digest("state_digest")?,
        sealed_verifier: columns.optional("sealed_verifier")?,
        phase: phase(&columns)?,
        version: columns.number("version")?,
        revision: columns.number("revision")?,
        created_at: columns.time("created_at")?,
        expires_at: columns.time("expires_at")?,
    })
}

fn phase(columns: &Columns<'_>) -> Result<Phase, StoreError> {
    let connection = || {
        let id = columns.optional::<ConnectionId>("connection_id")?;
        id.ok_or_else(|| columns.unreadable("connection_id"))
    };
    Ok(match columns.text::<String>("phase")?.as_str() {
        "pending" => match columns.optional("sealed_code")? {
            Some(sealed_code) => Phase::Landed { sealed_code },
            None => Phase::Pending,
        },
        "accepted" => Phase::Accepted {
            sealed_code: columns.text("sealed_code")?,
        },
        "authorized" => Phase::Authorized {
            pending: connection()?,
        },
        "choosing" => Phase::Choosing {
            pending: connection()?,
            accounts: columns.json("accounts")?,
        },
        "succeeded" => Phase::Succeeded {
            connection: connection()?,
        },
        "failed" => Phase::Failed(columns.named("failure_code")?),
        "cancelled" => Phase::Cancelled,
        "expired" => Phase::Expired,
        _ => return Err(columns.unreadable("phase")),
    })
}
