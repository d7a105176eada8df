//! Finds what the end user may choose after consent: organisations, companies, entities.

use super::answer::scalar;
use super::http::{Http, HttpError};
use super::observed::observed;
use super::provider::Provider;
use super::token::{Tokens, Unavailable};
use crate::catalogue::AccountSource;
use railhead_protocol::Account;
use secrecy::SecretString;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use url::Url;

/// The most accounts that are offered to choose from.
pub const MAX_ACCOUNTS: usize = 500;

/// The most characters of an account's id; a longer one is none.
const MAX_ID: usize = 200;

/// The most characters of an account's name; a longer one is cut.
const MAX_NAME: usize = 200;

/// The accounts that a consent opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Accounts {
    /// The service knows no choice of accounts: the consent is for what it is for.
    NotApplicable,
    /// These, each once; none if the end user has no organisation there.
    Found(Vec<Account>),
}

/// Why the accounts are not known. Holds neither a secret nor anything of the answer but its status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccountsError {
    /// Not now: 5xx, 429, time-out, network.
    #[error("the service is not available ({0})")]
    Unavailable(Unavailable),
    /// The service refuses to list them to this user (HTTP 401 or 403).
    #[error("the service does not let this user list accounts (HTTP {0})")]
    Forbidden(u16),
    /// The answer, the callback or the token answer is not as the service's file says.
    #[error("the accounts cannot be found: {0}")]
    Malformed(&'static str),
    /// The address is not one to talk to.
    #[error("the address of the accounts is refused: {0}")]
    Blocked(&'static str),
}

/// Finds the accounts. `callback` is what [`super::callback::CallbackOutcome::Code`] stored.
pub async fn discover(
    http: &Http,
    provider: &Provider,
    tokens: &Tokens,
    callback: &BTreeMap<String, String>,
) -> Result<Accounts, AccountsError> {
    let accounts = match &provider.account {
        None => return Ok(Accounts::NotApplicable),
        Some(AccountSource::Callback { id, name }) => {
            named_by(provider, callback, id, name.as_deref()).ok_or(AccountsError::Malformed(
                "the callback does not name the account",
            ))?
        }
        Some(AccountSource::Token { id, name }) => {
            named_by(provider, &tokens.extra, id, name.as_deref()).ok_or(
                AccountsError::Malformed("the token answer does not name the account"),
            )?
        }
        Some(AccountSource::Request {
            url,
            list,
            id,
            name,
        }) => {
            let answer = request(http, provider, url, &tokens.access_token).await?;
            listed(provider, &answer, list, id, name.as_deref())?
        }
    };
    Ok(Accounts::Found(accounts))
}

/// The one account that the callback or the token answer names.
fn named_by(
    provider: &Provider,
    stored: &BTreeMap<String, String>,
    id: &str,
    name: Option<&str>,
) -> Option<Vec<Account>> {
    let name = name.and_then(|name| stored.get(name)).cloned();
    Some(vec![account(provider, stored.get(id)?.clone(), name)?])
}

async fn request(
    http: &Http,
    provider: &Provider,
    url: &Url,
    token: &SecretString,
) -> Result<Value, AccountsError> {
    let answer = observed(provider, http.get(url, token)).await?;
    match answer.status.as_u16() {
        200..=299 => serde_json::from_slice(&answer.body)
            .map_err(|_| AccountsError::Malformed("the answer is not JSON")),
        status @ (401 | 403) => Err(AccountsError::Forbidden(status)),
        status @ (408 | 429 | 500..) => {
            Err(AccountsError::Unavailable(Unavailable::Status(status)))
        }
        300..=399 => Err(AccountsError::Malformed("the answer is a redirect")),
        _ => Err(AccountsError::Malformed(
            "the service does not know the address",
        )),
    }
}

/// The accounts in an answer. What has no id is left out, unless nothing has.
fn listed(
    provider: &Provider,
    answer: &Value,
    list: &str,
    id: &str,
    name: Option<&str>,
) -> Result<Vec<Account>, AccountsError> {
    let items = match answer.pointer(list) {
        Some(Value::Array(items)) => items.as_slice(),
        Some(item @ Value::Object(_)) => std::slice::from_ref(item),
        _ => {
            return Err(AccountsError::Malformed(
                "the answer has no list where it should",
            ));
        }
    };
    let mut seen = BTreeSet::new();
    let accounts: Vec<Account> = items
        .iter()
        .filter_map(|item| {
            let name = name.and_then(|name| scalar(item.pointer(name)?));
            account(provider, scalar(item.pointer(id)?)?, name)
        })
        .filter(|account| seen.insert(account.account_id.clone()))
        .take(MAX_ACCOUNTS)
        .collect();
    if accounts.is_empty() && !items.is_empty() {
        return Err(AccountsError::Malformed(
            "no account has an id where it should",
        ));
    }
    Ok(accounts)
}

/// An account that can be shown; one without a name is called after the service.
fn account(provider: &Provider, account_id: String, name: Option<String>) -> Option<Account> {
    let usable = !account_id.is_empty()
        && account_id.chars().count() <= MAX_ID
        && !account_id.chars().any(char::is_control);
    let printable = |name: String| -> String {
        let visible = name.chars().filter(|c| !c.is_control());
        visible.take(MAX_NAME).collect::<String>().trim().to_owned()
    };
    let name = name
        .map(printable)
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| format!("{} {account_id}", provider.display_name));
    usable.then_some(Account { account_id, name })
}

impl From<HttpError> for AccountsError {
    fn from(error: HttpError) -> Self {
        match error {
            HttpError::Refused(why) => Self::Blocked(why),
            HttpError::Unreachable => Self::Unavailable(Unavailable::Network),
            HttpError::TimedOut => Self::Unavailable(Unavailable::TimedOut),
            HttpError::TooLarge => Self::Malformed("the answer is too large"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oauth::testing::{http, provider, serve};
    use axum::Router;
    use axum::http::{HeaderMap, StatusCode, header};
    use axum::routing::get;

    fn tokens(extra: &[(&str, &str)]) -> Tokens {
        Tokens {
            access_token: "AT".into(),
            refresh_token: None,
            token_type: "Bearer".to_owned(),
            expires_in: None,
            refresh_expires_in: None,
            scopes: Vec::new(),
            extra: map(extra),
        }
    }

    fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    fn found(accounts: &[(&str, &str)]) -> Accounts {
        let account = |(id, name): &(&str, &str)| Account {
            account_id: (*id).to_owned(),
            name: (*name).to_owned(),
        };
        Accounts::Found(accounts.iter().map(account).collect())
    }

    /// What is found when the service answers this to the right access token.
    async fn requested(list: &str, status: u16, body: &str) -> Result<Accounts, AccountsError> {
        let (status, body) = (StatusCode::from_u16(status).unwrap(), body.to_owned());
        let accounts = async move |headers: HeaderMap| {
            let proven = headers
                .get(header::AUTHORIZATION)
                .is_some_and(|v| v == "Bearer AT");
            if proven {
                (status, body)
            } else {
                (StatusCode::UNAUTHORIZED, String::new())
            }
        };
        let base = serve(Router::new().route("/accounts", get(accounts))).await;
        let mut provider = provider(base.as_str());
        provider.account = Some(AccountSource::Request {
            url: base.join("accounts").unwrap(),
            list: list.to_owned(),
            id: "/id".to_owned(),
            name: Some("/info/name".to_owned()),
        });
        discover(&http(), &provider, &tokens(&[]), &BTreeMap::new()).await
    }

    #[tokio::test]
    async fn asks_the_service_for_a_list() {
        let body =
            r#"[{"id":"a","info":{"name":" Harbor\n Coffee "}},{"id":7,"info":{}},{"id":"a"},{}]"#;
        assert_eq!(
            requested("", 200, body).await,
            Ok(found(&[("a", "Harbor Coffee"), ("7", "Service 7")]))
        );
        let body = r#"{"data":{"me":{"id":"a"}}}"#;
        assert_eq!(
            requested("/data/me", 200, body).await,
            Ok(found(&[("a", "Service a")]))
        );
        assert_eq!(
            requested("/accounts", 200, r#"{"accounts":[]}"#).await,
            Ok(found(&[]))
        );
    }

    #[tokio::test]
    async fn offers_a_bounded_number_of_accounts() {
        let items: Vec<_> = (0..MAX_ACCOUNTS + 10)
            .map(|n| format!(r#"{{"id":{n}}}"#))
            .collect();
        let Ok(Accounts::Found(accounts)) =
            requested("", 200, &format!("[{}]", items.join(","))).await
        else {
            panic!();
        };
        assert_eq!(accounts.len(), MAX_ACCOUNTS);
    }

    #[tokio::test]
    async fn tells_why_there_is_no_list() {
        use AccountsError::{Forbidden, Malformed, Unavailable as Not};
        assert_eq!(requested("", 403, "").await, Err(Forbidden(403)));
        assert_eq!(
            requested("", 503, "").await,
            Err(Not(Unavailable::Status(503)))
        );
        for (list, status, body) in [
            ("", 200, "<html>"),
            ("/list", 200, "{}"),
            ("", 200, r#"[{"key":"a"}]"#),
            ("", 302, "[]"),
            ("", 404, "[]"),
        ] {
            let outcome = requested(list, status, body).await;
            assert!(
                matches!(outcome, Err(Malformed(_))),
                "{status} {body}: {outcome:?}"
            );
        }
    }

    #[tokio::test]
    async fn takes_the_account_from_the_callback_or_the_token_answer() {
        let mut provider = provider("https://service.example");
        let nothing = BTreeMap::new();
        let discover = async |provider: &Provider, extra, callback| {
            discover(&http(), provider, &tokens(extra), callback).await
        };
        assert_eq!(
            discover(&provider, &[], &nothing).await,
            Ok(Accounts::NotApplicable)
        );
        let (id, name) = ("realmId".to_owned(), Some("realmName".to_owned()));
        provider.account = Some(AccountSource::Callback {
            id: id.clone(),
            name: name.clone(),
        });
        let callback = map(&[("realmId", "123")]);
        assert_eq!(
            discover(&provider, &[], &callback).await,
            Ok(found(&[("123", "Service 123")]))
        );
        assert!(
            discover(&provider, &[("realmId", "123")], &nothing)
                .await
                .is_err()
        );
        provider.account = Some(AccountSource::Token { id, name });
        let extra = [("realmId", "123"), ("realmName", "Harbor")];
        assert_eq!(
            discover(&provider, &extra, &nothing).await,
            Ok(found(&[("123", "Harbor")]))
        );
        assert!(discover(&provider, &[], &callback).await.is_err());
    }
}
