//! The whole client against the demo provider: authorization, callback, tokens, accounts, refresh, revocation.

use super::accounts::{Accounts, discover};
use super::callback::{CallbackError, CallbackOutcome, CallbackQuery};
use super::revoke::{Revocation, TokenKind, revoke};
use super::testing::http;
use super::token::{TokenError, Tokens, exchange, refresh};
use super::{AuthorizeRequest, Provider, pkce};
use crate::catalogue::parse_for_tests;
use crate::entropy::SystemEntropy;
use axum::http::header::{COOKIE, LOCATION, SET_COOKIE};
use demo_provider::{Config, Running};
use secrecy::SecretString;
use std::collections::BTreeMap;
use url::Url;

const REDIRECT_URI: &str = "http://localhost:4400/v1/callback/default/ledger";

/// The demo provider in the place of a service, and a user who goes there.
struct Demo {
    running: Running,
    provider: Provider,
}

/// What the user comes back with.
struct Visit {
    query: String,
    verifier: SecretString,
}

impl Demo {
    async fn start() -> Self {
        let running = demo_provider::Provider::start(Config::default())
            .await
            .unwrap();
        let service = parse_for_tests(
            r#"
            service_name = "ledger"
            display_name = "Ledger"
            kind = "accounting"
            authorization = "oauth2_code"
            [oauth]
            authorize_url = "https://ledger.example/authorize"
            token_url = "https://ledger.example/token"
            scopes = ["read"]
            "#,
        );
        let provider = Provider::sandbox(&service, &running.url.parse().unwrap()).unwrap();
        Self { running, provider }
    }

    /// Sends `user` to the provider, where they sign in and press the button for `decision`.
    #[expect(clippy::disallowed_methods, reason = "the test plays the browser")]
    async fn visit(&self, user: &str, decision: &str) -> Visit {
        let verifier = pkce::verifier(&SystemEntropy);
        let redirect_uri = Url::parse(REDIRECT_URI).unwrap();
        let address = self.provider.authorize_url(&AuthorizeRequest {
            redirect_uri: &redirect_uri,
            state: "STATE",
            code_challenge: Some(&pkce::challenge(&verifier)),
        });
        let no_redirects = reqwest::redirect::Policy::none();
        let browser = reqwest::Client::builder()
            .redirect(no_redirects)
            .build()
            .unwrap();
        let page = browser.get(address).send().await.unwrap();
        let login = form(&page.text().await.unwrap(), "login");
        let login = self.provider.authorize_url.join(&login).unwrap();
        let entered = [("user", user), ("password", "any")];
        let signed_in = browser.post(login).form(&entered).send().await.unwrap();
        let cookie = signed_in.headers()[SET_COOKIE].to_str().unwrap();
        let cookie = cookie.split(';').next().unwrap().to_owned();
        let consent = signed_in.headers()[LOCATION].to_str().unwrap();
        let consent = self.provider.authorize_url.join(consent).unwrap();
        let page = browser
            .get(consent)
            .header(COOKIE, &cookie)
            .send()
            .await
            .unwrap();
        let answer = form(&page.text().await.unwrap(), "decision");
        let answer = self.provider.authorize_url.join(&answer).unwrap();
        let decided = browser
            .post(answer)
            .header(COOKIE, cookie)
            .form(&[("decision", decision)]);
        let back = decided.send().await.unwrap();
        let back: Url = back.headers()[LOCATION].to_str().unwrap().parse().unwrap();
        assert!(back.as_str().starts_with(REDIRECT_URI), "{back}");
        Visit {
            query: back.query().unwrap().to_owned(),
            verifier,
        }
    }

    async fn exchange(&self, visit: &Visit) -> Result<Tokens, TokenError> {
        let query = CallbackQuery::parse(&visit.query).unwrap();
        assert_eq!(query.state(), Some("STATE"));
        let outcome = query.outcome(&self.provider).unwrap();
        let CallbackOutcome::Code { code, .. } = outcome else {
            panic!("{outcome:?}")
        };
        let redirect_uri = REDIRECT_URI.parse().unwrap();
        exchange(
            &http(),
            &self.provider,
            &code,
            &redirect_uri,
            Some(&visit.verifier),
        )
        .await
    }

    /// The tokens of a user who allows.
    async fn connect(&self, user: &str) -> Result<Tokens, TokenError> {
        self.exchange(&self.visit(user, "allow").await).await
    }

    async fn accounts_of(&self, user: &str) -> Vec<String> {
        let tokens = self.connect(user).await.unwrap();
        let found = discover(&http(), &self.provider, &tokens, &BTreeMap::new())
            .await
            .unwrap();
        let Accounts::Found(accounts) = found else {
            panic!("{found:?}")
        };
        accounts.into_iter().map(|account| account.name).collect()
    }
}

/// Where the form with `purpose` in its address is sent.
fn form(page: &str, purpose: &str) -> String {
    let actions = page
        .split("action=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap());
    let mut actions = actions.filter(|action| action.ends_with(purpose));
    actions
        .next()
        .unwrap_or_else(|| panic!("no {purpose} in {page}"))
        .to_owned()
}

#[tokio::test]
async fn connects_refreshes_and_gives_back() {
    let demo = Demo::start().await;
    let tokens = demo.connect("alice").await.unwrap();
    assert_eq!(tokens.scopes, ["read"]);
    let first = tokens.refresh_token.unwrap();
    let renewed = refresh(&http(), &demo.provider, &first).await.unwrap();
    let second = renewed.refresh_token.unwrap();
    let outcome = revoke(&http(), &demo.provider, &second, TokenKind::Refresh).await;
    assert_eq!(outcome, Ok(Revocation::Revoked));
    let error = refresh(&http(), &demo.provider, &second).await.unwrap_err();
    assert_eq!(
        error,
        TokenError::Denied {
            code: "invalid_grant",
            denial: crate::oauth::Denial::Unsaid,
        }
    );
    assert_eq!(demo.running.records().token_requests, 3);
}

#[tokio::test]
async fn finds_none_one_and_several_accounts() {
    let demo = Demo::start().await;
    assert_eq!(demo.accounts_of("alice").await, ["Harbor Coffee Ltd"]);
    assert_eq!(demo.accounts_of("olga").await.len(), 3);
    assert!(demo.accounts_of("nora").await.is_empty());
}

#[tokio::test]
async fn a_code_is_worth_nothing_twice_or_without_its_verifier() {
    let demo = Demo::start().await;
    let denied = Some(TokenError::Denied {
        code: "invalid_grant",
        denial: crate::oauth::Denial::Unsaid,
    });
    let visit = demo.visit("alice", "allow").await;
    assert!(demo.exchange(&visit).await.is_ok());
    assert_eq!(demo.exchange(&visit).await.err(), denied);
    let stolen = demo.visit("alice", "allow").await;
    let stolen = Visit {
        verifier: pkce::verifier(&SystemEntropy),
        ..stolen
    };
    assert_eq!(demo.exchange(&stolen).await.err(), denied);
}

#[tokio::test]
async fn tells_denial_failure_and_garbage_apart() {
    let demo = Demo::start().await;
    for (user, decision) in [("alice", "deny"), ("denise", "deny")] {
        let visit = demo.visit(user, decision).await;
        let query = CallbackQuery::parse(&visit.query).unwrap();
        assert!(
            matches!(query.outcome(&demo.provider), Ok(CallbackOutcome::Denied)),
            "{user}"
        );
    }
    assert!(demo.connect("erin").await.unwrap_err().is_temporary());
    assert!(matches!(
        demo.connect("gary").await,
        Err(TokenError::Malformed(_))
    ));
}

#[tokio::test]
async fn a_callback_of_another_service_is_refused() {
    let mut demo = Demo::start().await;
    let visit = demo.visit("alice", "allow").await;
    demo.provider.issuer = Some(format!("{}/other", demo.running.url));
    let outcome = CallbackQuery::parse(&visit.query)
        .unwrap()
        .outcome(&demo.provider);
    assert_eq!(outcome.unwrap_err(), CallbackError::WrongIssuer);
}
