//! Each persona behaves as the sign-in page says.

use crate::browser::{Answer, Browser, start, text};
use demo_provider::{Config, GrantStatus, Provider};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// The token answer for a code of this user.
async fn token_answer(user: &str) -> Answer {
    let provider = start().await;
    let mut browser = Browser::at(&provider);
    let code = browser.code("xero", user).await;
    browser.redeem("xero", &code).await
}

/// The organisations of this user.
async fn accounts(user: &str) -> Value {
    let provider = start().await;
    let mut browser = Browser::at(&provider);
    let code = browser.code("xero", user).await;
    let access = text(&browser.redeem("xero", &code).await, "access_token");
    browser.api("/xero/accounts", &access).await.json()["accounts"].clone()
}

#[tokio::test]
async fn gives_olga_three_organisations_nora_none_and_strangers_one() {
    let harbor_coffee = json!({ "id": "org_harbor_coffee", "name": "Harbor Coffee Ltd" });
    assert_eq!(
        accounts("olga").await,
        json!([
            harbor_coffee,
            { "id": "org_harbor_roastery", "name": "Harbor Roastery Ltd" },
            { "id": "org_quayside_events", "name": "Quayside Events LLP" },
        ])
    );
    assert_eq!(accounts("nora").await, json!([]));
    assert_eq!(accounts("Zoë O'Hara").await, json!([harbor_coffee]));
}

#[tokio::test]
async fn answers_erin_with_a_server_error() {
    let answer = token_answer("erin").await;
    assert_eq!(
        (answer.status.as_u16(), text(&answer, "error").as_str()),
        (500, "server_error")
    );
}

#[tokio::test]
async fn answers_gary_with_html() {
    let answer = token_answer("gary").await;
    assert_eq!(answer.status, 200);
    assert!(answer.header("content-type").starts_with("text/html"));
    assert!(answer.text.starts_with("<!DOCTYPE html>"));
}

#[tokio::test]
async fn answers_tina_with_text_for_a_number_and_an_array_for_text() {
    let answer = token_answer("tina").await.json();
    assert_eq!(answer["expires_in"], "3600");
    assert_eq!(
        answer["scope"],
        json!(["accounting.read", "offline_access"])
    );
}

#[tokio::test]
async fn answers_mona_with_an_error_under_status_200() {
    let answer = token_answer("mona").await;
    assert_eq!(
        (answer.status.as_u16(), text(&answer, "error").as_str()),
        (200, "invalid_grant")
    );
    assert!(answer.json().get("access_token").is_none());
}

#[tokio::test]
async fn answers_lars_with_a_megabyte_of_valid_json() {
    let answer = token_answer("lars").await;
    assert!(answer.text.len() > 1024 * 1024);
    assert!(answer.json()["access_token"].is_string());
}

#[tokio::test]
async fn lets_rita_connect_and_refuses_her_refresh() {
    let provider = start().await;
    let mut browser = Browser::at(&provider);
    let code = browser.code("xero", "rita").await;
    let tokens = browser.redeem("xero", &code).await;
    let access = text(&tokens, "access_token");
    assert_eq!(browser.api("/xero/accounts", &access).await.status, 200);
    let refreshed = browser
        .refresh("xero", &text(&tokens, "refresh_token"))
        .await;
    assert_eq!(
        (
            refreshed.status.as_u16(),
            text(&refreshed, "error").as_str()
        ),
        (400, "invalid_grant")
    );
    assert_eq!(provider.records().grants[0].status, GrantStatus::Revoked);
}

#[tokio::test]
#[expect(
    clippy::disallowed_methods,
    reason = "how long a real answer takes is what is tested"
)]
async fn keeps_sam_waiting_and_others_not() {
    let slow_delay = Duration::from_millis(400);
    let provider = Provider::start(Config {
        slow_delay,
        ..Config::default()
    })
    .await
    .unwrap();
    let mut browser = Browser::at(&provider);
    let code = browser.code("xero", "sam").await;
    let start = Instant::now();
    assert_eq!(browser.redeem("xero", &code).await.status, 200);
    assert!(start.elapsed() >= slow_delay);
}

#[tokio::test]
async fn cuts_carls_window_off_from_sign_in_to_return() {
    let provider = start().await;
    let mut browser = Browser::at(&provider);
    let isolation = |answer: &Answer| answer.header("cross-origin-opener-policy").to_owned();
    let login = browser.authorize("xero", &[]).await;
    assert_eq!(isolation(&login), "", "nobody knows yet that it is carl");
    let consent = browser.sign_in(&login, "carl").await;
    assert_eq!(isolation(&consent), "same-origin");
    let back = browser
        .post(&consent.form_of("Allow"), &[("decision", "allow")])
        .await;
    assert_eq!(isolation(&back), "same-origin");
    assert_eq!(
        isolation(&browser.authorize("xero", &[]).await),
        "same-origin",
        "signed in from the start"
    );
}
