//! What happens to tokens after they were issued.

use crate::browser::{Browser, start, text};
use demo_provider::GrantStatus;

#[tokio::test]
async fn rotates_refresh_tokens_and_revokes_the_family_when_an_old_one_returns() {
    let provider = start().await;
    let mut browser = Browser::at(&provider);
    let code = browser.code("xero", "alice").await;
    let first = browser.redeem("xero", &code).await;
    let old = text(&first, "refresh_token");
    let second = browser.refresh("xero", &old).await;
    assert_eq!(second.status, 200);
    let new = text(&second, "refresh_token");
    assert_ne!(old, new);
    let access = text(&second, "access_token");
    assert_eq!(browser.api("/xero/whoami", &access).await.status, 200);

    let reused = browser.refresh("xero", &old).await;
    assert_eq!(
        (reused.status.as_u16(), text(&reused, "error").as_str()),
        (400, "invalid_grant")
    );
    assert_eq!(
        text(&browser.refresh("xero", &new).await, "error"),
        "invalid_grant"
    );
    assert_eq!(browser.api("/xero/whoami", &access).await.status, 401);
    assert_eq!(provider.records().grants[0].status, GrantStatus::Revoked);
}

#[tokio::test]
async fn narrows_the_scope_on_refresh_but_never_widens_it() {
    let provider = start().await;
    let mut browser = Browser::at(&provider);
    let code = browser.code("xero", "alice").await;
    let refresh = text(&browser.redeem("xero", &code).await, "refresh_token");
    let asked = |scope| {
        [
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh.as_str()),
            ("scope", scope),
        ]
    };
    let wider = browser
        .token("xero", &asked("accounting.read payroll"))
        .await;
    assert_eq!(text(&wider, "error"), "invalid_scope");
    let narrower = browser.token("xero", &asked("accounting.read")).await;
    assert_eq!(narrower.json()["scope"], "accounting.read");
    let access = text(&narrower, "access_token");
    assert_eq!(
        browser.api("/xero/whoami", &access).await.json()["scope"],
        "accounting.read"
    );
}

#[tokio::test]
async fn revokes_an_access_token_alone_and_a_refresh_token_with_everything() {
    let provider = start().await;
    let mut browser = Browser::at(&provider);
    let code = browser.code("xero", "alice").await;
    let tokens = browser.redeem("xero", &code).await;
    let (access, refresh) = (
        text(&tokens, "access_token"),
        text(&tokens, "refresh_token"),
    );

    assert_eq!(browser.revoke("sage", &access).await.status, 200);
    assert_eq!(
        browser.api("/xero/whoami", &access).await.status,
        200,
        "another service revokes nothing"
    );
    assert_eq!(browser.revoke("xero", &access).await.status, 200);
    assert_eq!(browser.api("/xero/whoami", &access).await.status, 401);

    let renewed = browser.refresh("xero", &refresh).await;
    assert_eq!(
        browser
            .revoke("xero", &text(&renewed, "refresh_token"))
            .await
            .status,
        200
    );
    assert_eq!(
        browser
            .api("/xero/whoami", &text(&renewed, "access_token"))
            .await
            .status,
        401
    );
    assert_eq!(browser.revoke("xero", "never seen").await.status, 200);
    assert_eq!(provider.records().services["xero"].revocation_requests, 3);

    let stranger = browser
        .call("/xero/revoke", "someone", "else", &[("token", &refresh)])
        .await;
    assert_eq!(
        (stranger.status.as_u16(), text(&stranger, "error").as_str()),
        (401, "invalid_client")
    );
}
