//! What becomes of an account that was just authorized: a new connection, a renewed one, or a refusal.

use super::connection::{Connection, Standing};
use super::id::ConnectionId;
use railhead_protocol::{Account, ErrorCode};

/// What becomes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settlement {
    /// A new connection.
    Create,
    /// This connection is authorized again and keeps its id.
    Renew(Box<Connection>),
    /// Nothing, for this reason.
    Refuse(ErrorCode),
}

/// Decides for `account`, given what the business has `connected` at the same service (as it is now), and which of
/// these connections the end user set out to renew.
#[must_use]
pub fn settle(
    account: &Account,
    renews: Option<&ConnectionId>,
    connected: Vec<Connection>,
) -> Settlement {
    let is_this = |connection: &Connection| {
        connection
            .standing
            .account()
            .is_some_and(|known| known.account_id == account.account_id)
    };
    let same_account = connected.into_iter().find(|connection| {
        is_this(connection) && !matches!(connection.standing, Standing::Superseded(_))
    });
    match (renews, same_account) {
        (Some(target), Some(found)) if found.id == *target => Settlement::Renew(Box::new(found)),
        (Some(_), _) => Settlement::Refuse(ErrorCode::WrongAccount),
        (None, None) => Settlement::Create,
        (None, Some(found)) => match found.standing {
            Standing::Active(_) => Settlement::Refuse(ErrorCode::DuplicateAccount),
            _ => Settlement::Renew(Box::new(found)),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::{Settlement, settle};
    use crate::domain::connection::{Connection, Granted, Owner};
    use crate::domain::tenant::Tenant;
    use railhead_protocol::{Account, DisconnectReason, Environment, ErrorCode};
    use time::OffsetDateTime;

    fn account(id: &str) -> Account {
        Account {
            account_id: id.to_owned(),
            name: id.to_owned(),
        }
    }

    fn active(id: &str, account_id: &str) -> Connection {
        let tenant = Tenant {
            workspace: "wsp_1".into(),
            environment: Environment::Sandbox,
        };
        let owner = Owner {
            tenant,
            business: "biz_1".into(),
            business_name: "Harbor".to_owned(),
        };
        let now = OffsetDateTime::UNIX_EPOCH;
        Connection::begin(id.into(), owner, "xero".to_owned(), now)
            .connect(
                account(account_id),
                Granted {
                    at: now,
                    months: 12,
                },
            )
            .unwrap()
    }

    #[test]
    fn makes_a_second_connection_for_a_second_account_only() {
        let connected = vec![active("con_1", "a")];
        assert_eq!(
            settle(&account("b"), None, connected.clone()),
            Settlement::Create
        );
        let duplicate = Settlement::Refuse(ErrorCode::DuplicateAccount);
        assert_eq!(settle(&account("a"), None, connected), duplicate);
    }

    #[test]
    fn renews_only_the_account_it_was_meant_for() {
        let connected = vec![active("con_1", "a"), active("con_2", "b")];
        let renews = Some("con_1".into());
        let wrong = Settlement::Refuse(ErrorCode::WrongAccount);
        assert_eq!(
            settle(&account("b"), renews.as_ref(), connected.clone()),
            wrong
        );
        assert_eq!(
            settle(&account("c"), renews.as_ref(), connected.clone()),
            wrong
        );
        let renewed = Settlement::Renew(Box::new(active("con_1", "a")));
        assert_eq!(settle(&account("a"), renews.as_ref(), connected), renewed);
    }

    #[test]
    fn revives_a_connection_that_ended() {
        let ended = active("con_1", "a")
            .invalidate(DisconnectReason::ReauthorizationRequired)
            .unwrap();
        let revived = Settlement::Renew(Box::new(ended.clone()));
        assert_eq!(settle(&account("a"), None, vec![ended]), revived);
    }
}
