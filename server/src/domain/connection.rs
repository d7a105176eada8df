//! The lasting result: a business's account at a service.

use super::id::{BusinessId, ConnectionId};
use super::tenant::Tenant;
use super::timestamp;
use super::widget_settings::DEFAULT_VALIDITY;
use railhead_protocol::{Account, ConnectionStatus, DisconnectReason};
use time::{Date, Duration, Month, OffsetDateTime};

/// A connection, without its credentials: those are in the vault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connection {
    /// Its id, which stays the same when it is authorized again.
    pub id: ConnectionId,
    /// Whose customer's it is.
    pub tenant: Tenant,
    /// The business it belongs to.
    pub business: BusinessId,
    /// That business's name.
    pub business_name: String,
    /// The service connected to.
    pub service_name: String,
    /// Where it stands.
    pub standing: Standing,
    /// When it was first authorized.
    pub created_at: OffsetDateTime,
    /// When it was last authorized.
    pub authorized_at: OffsetDateTime,
    /// Until when it is authorized.
    pub expires_at: OffsetDateTime,
}

/// Where a connection stands in its life.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Authorized, but its account is not chosen yet.
    Pending,
    /// Usable.
    Active(Account),
    /// Ended by the customer, the workspace or the service.
    Disconnected(Account, DisconnectReason),
    /// Its authorization ran out.
    Expired(Account),
    /// The service no longer accepts its credentials.
    Invalid(Account, DisconnectReason),
    /// Another connection took its place.
    Superseded(Account),
}

/// The connection is not at the point where this could happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("The connection is not at this point of its life.")]
pub struct NotPossible;

impl Standing {
    /// As it travels.
    #[must_use]
    pub fn status(&self) -> ConnectionStatus {
        match self {
            Self::Pending => ConnectionStatus::Pending,
            Self::Active(_) => ConnectionStatus::Active,
            Self::Disconnected(..) => ConnectionStatus::Disconnected,
            Self::Expired(_) => ConnectionStatus::Expired,
            Self::Invalid(..) => ConnectionStatus::Invalid,
            Self::Superseded(_) => ConnectionStatus::Superseded,
        }
    }

    /// What was chosen at the service.
    #[must_use]
    pub fn account(&self) -> Option<&Account> {
        match self {
            Self::Pending => None,
            Self::Active(account)
            | Self::Disconnected(account, _)
            | Self::Expired(account)
            | Self::Invalid(account, _)
            | Self::Superseded(account) => Some(account),
        }
    }

    /// Why it ended.
    #[must_use]
    pub fn reason(&self) -> Option<DisconnectReason> {
        match self {
            Self::Disconnected(_, reason) | Self::Invalid(_, reason) => Some(*reason),
            Self::Pending | Self::Active(_) | Self::Expired(_) | Self::Superseded(_) => None,
        }
    }
}

impl Connection {
    /// A connection that is authorized, but whose account is not known yet.
    #[must_use]
    pub fn begin(
        id: ConnectionId,
        owner: Owner,
        service_name: String,
        now: OffsetDateTime,
    ) -> Self {
        Self {
            id,
            tenant: owner.tenant,
            business: owner.business,
            business_name: owner.business_name,
            service_name,
            standing: Standing::Pending,
            created_at: now,
            authorized_at: now,
            expires_at: months_after(now, DEFAULT_VALIDITY),
        }
    }

    /// Its account is known: it is usable.
    pub fn connect(self, account: Account, granted: Granted) -> Result<Self, NotPossible> {
        match self.standing {
            Standing::Pending => Ok(self.authorized(account, granted)),
            _ => Err(NotPossible),
        }
    }

    /// The same account was authorized again.
    pub fn renew(self, account: Account, granted: Granted) -> Result<Self, NotPossible> {
        match &self.standing {
            Standing::Active(known)
            | Standing::Disconnected(known, _)
            | Standing::Expired(known)
            | Standing::Invalid(known, _)
                if known.account_id == account.account_id =>
            {
                Ok(self.authorized(account, granted))
            }
            _ => Err(NotPossible),
        }
    }

    /// The service no longer accepts its credentials.
    pub fn invalidate(self, reason: DisconnectReason) -> Result<Self, NotPossible> {
        match self.standing {
            Standing::Active(account) => Ok(Self {
                standing: Standing::Invalid(account, reason),
                ..self
            }),
            _ => Err(NotPossible),
        }
    }

    /// The customer, or the workspace for them, ends it.
    pub fn disconnect(self, reason: DisconnectReason) -> Result<Self, NotPossible> {
        match self.standing {
            Standing::Active(account)
            | Standing::Expired(account)
            | Standing::Invalid(account, _) => Ok(Self {
                standing: Standing::Disconnected(account, reason),
                ..self
            }),
            Standing::Pending | Standing::Disconnected(..) | Standing::Superseded(_) => {
                Err(NotPossible)
            }
        }
    }

    /// The connection as it is at `now`: an active one whose authorization ran out has expired.
    #[must_use]
    pub fn at(self, now: OffsetDateTime) -> Self {
        match self.standing {
            Standing::Active(account) if now >= self.expires_at => Self {
                standing: Standing::Expired(account),
                ..self
            },
            standing => Self { standing, ..self },
        }
    }

    /// The connection if its authorization ends at `end` at the latest, because the service ends it then.
    #[must_use]
    pub fn ending_by(self, end: OffsetDateTime) -> Self {
        Self {
            expires_at: self.expires_at.min(end),
            ..self
        }
    }

    /// The first moment after `after` at which the workspace is told that the authorization runs out: 30 days and 7
    /// days before, as far as it lasts for longer than that; a day before where it lasts for a week only.
    #[must_use]
    pub fn notice_after(&self, after: OffsetDateTime) -> Option<OffsetDateTime> {
        let lasts = self.expires_at - self.authorized_at;
        let days: &[i64] = if lasts > Duration::days(7) {
            &[30, 7]
        } else {
            &[1]
        };
        let moments = days
            .iter()
            .map(|days| self.expires_at - Duration::days(*days));
        moments
            .filter(|at| *at > self.authorized_at && *at > after)
            .min()
    }

    /// Its authorization has run out; that is written down now.
    pub fn expire(self) -> Result<Self, NotPossible> {
        match self.standing {
            Standing::Active(account) => Ok(Self {
                standing: Standing::Expired(account),
                ..self
            }),
            _ => Err(NotPossible),
        }
    }

    fn authorized(self, account: Account, granted: Granted) -> Self {
        Self {
            standing: Standing::Active(account),
            authorized_at: granted.at,
            expires_at: months_after(granted.at, granted.months),
            ..self
        }
    }

    /// As it travels.
    #[must_use]
    pub fn wire(&self) -> railhead_protocol::Connection {
        railhead_protocol::Connection {
            connection_id: self.id.to_string(),
            service_name: self.service_name.clone(),
            business_name: self.business_name.clone(),
            business_uuid: self.business.to_string(),
            status: self.standing.status(),
            account: self.standing.account().cloned(),
            disconnect_reason: self.standing.reason(),
            created_at: timestamp(self.created_at),
            authorized_at: timestamp(self.authorized_at),
            expires_at: timestamp(self.expires_at),
        }
    }
}

/// Whose a new connection is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// The tenant.
    pub tenant: Tenant,
    /// The business.
    pub business: BusinessId,
    /// The business's name.
    pub business_name: String,
}

/// When something was authorized, and for how many months that is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Granted {
    /// When.
    pub at: OffsetDateTime,
    /// For how many months.
    pub months: u8,
}

/// The same day and time so many months later; the last day of the month where it has no such day.
#[must_use]
pub fn months_after(at: OffsetDateTime, months: u8) -> OffsetDateTime {
    let ahead = u8::from(at.month()) - 1 + months % 12;
    let year = at.year() + i32::from(months / 12) + i32::from(ahead / 12);
    let month = Month::January.nth_next(ahead % 12);
    let day = at.day().min(month.length(year));
    Date::from_calendar_date(year, month, day).map_or(at, |date| at.replace_date(date))
}

#[cfg(test)]
mod tests {
    use super::{Connection, Granted, NotPossible, Owner, Standing, months_after};
    use crate::domain::tenant::Tenant;
    use railhead_protocol::{Account, ConnectionStatus, DisconnectReason, Environment};
    use time::macros::datetime;

    fn for_a_year(at: time::OffsetDateTime) -> Granted {
        Granted { at, months: 12 }
    }

    fn account(id: &str) -> Account {
        Account {
            account_id: id.to_owned(),
            name: "Harbor Coffee Ltd".to_owned(),
        }
    }

    fn active() -> Connection {
        let tenant = Tenant {
            workspace: "wsp_1".into(),
            environment: Environment::Sandbox,
        };
        let owner = Owner {
            tenant,
            business: "biz_1".into(),
            business_name: "Harbor".to_owned(),
        };
        let now = datetime!(2026-11-22 09:30 UTC);
        Connection::begin("con_1".into(), owner, "xero".to_owned(), now)
            .connect(account("a"), for_a_year(now))
            .unwrap()
    }

    #[test]
    fn expires_after_twelve_months_and_is_revived_for_twelve_more() {
        let expired = active().at(datetime!(2027-11-22 09:30 UTC));
        assert_eq!(expired.standing.status(), ConnectionStatus::Expired);
        let renewed = expired
            .renew(account("a"), for_a_year(datetime!(2027-12-01 00:00 UTC)))
            .unwrap();
        assert_eq!(renewed.standing, Standing::Active(account("a")));
        assert_eq!(renewed.expires_at, datetime!(2028-12-01 00:00 UTC));
        assert_eq!(active().at(datetime!(2027-11-22 09:29:59 UTC)), active());
    }

    #[test]
    fn says_that_it_runs_out_30_and_7_days_before_or_once_where_it_lasts_a_week() {
        let year = active();
        let notices = |connection: &Connection| {
            let mut notices = Vec::new();
            let mut last = connection.authorized_at;
            while let Some(at) = connection.notice_after(last) {
                notices.push(at);
                last = at;
            }
            notices
        };
        let (month, week) = (
            datetime!(2027-10-23 09:30 UTC),
            datetime!(2027-11-15 09:30 UTC),
        );
        assert_eq!(notices(&year), [month, week]);
        // Slept through both: what is left to say is that it has expired.
        assert_eq!(year.notice_after(week), None);
        let weekly = active().ending_by(datetime!(2026-11-29 09:30 UTC));
        assert_eq!(notices(&weekly), [datetime!(2026-11-28 09:30 UTC)]);
        let monthly = active().ending_by(datetime!(2026-12-22 09:30 UTC));
        assert_eq!(notices(&monthly), [datetime!(2026-12-15 09:30 UTC)]);
        let daily = active().ending_by(datetime!(2026-11-23 09:30 UTC));
        assert!(notices(&daily).is_empty());
    }

    #[test]
    fn is_never_renewed_with_another_account() {
        let now = for_a_year(datetime!(2026-12-01 00:00 UTC));
        assert_eq!(active().renew(account("b"), now), Err(NotPossible));
        let invalid = active()
            .invalidate(DisconnectReason::ReauthorizationRequired)
            .unwrap();
        assert_eq!(invalid.clone().renew(account("b"), now), Err(NotPossible));
        assert!(invalid.renew(account("a"), now).is_ok());
    }

    #[test]
    fn months_end_on_the_last_day_where_there_is_no_such_day() {
        let leap = datetime!(2028-02-29 12:00 UTC);
        assert_eq!(months_after(leap, 12), datetime!(2029-02-28 12:00 UTC));
        assert_eq!(months_after(leap, 48), datetime!(2032-02-29 12:00 UTC));
        let last = datetime!(2026-12-31 12:00 UTC);
        assert_eq!(months_after(last, 1), datetime!(2027-01-31 12:00 UTC));
        assert_eq!(months_after(last, 2), datetime!(2027-02-28 12:00 UTC));
        assert_eq!(months_after(last, 60), datetime!(2031-12-31 12:00 UTC));
    }
}
