//! A business connects: the whole way, and the ways it can end.

use crate::support::World;
use crate::support::visit::Visit;
use railhead_protocol::{
    AuthorizationKind, AuthorizationStatus, BusinessStatus, ConnectionStatus, ErrorCode,
};
use reqwest::Method;
use serde_json::json;

#[tokio::test]
async fn connects_a_service_from_the_click_to_the_credentials() {
    let world = World::new().await;
    let visit = world.visit("Harbor Coffee").await;
    assert_eq!(visit.session.business.status, BusinessStatus::New);
    assert!(
        visit
            .session
            .services
            .iter()
            .any(|service| service.service_name == "xero")
    );

    let started = visit.start(json!({ "serviceName": "xero" })).await;
    assert_eq!(started.kind, AuthorizationKind::Popup);
    assert_eq!(started.authorization.status, AuthorizationStatus::Pending);
    let authorize = visit.hand_over(&started).await;
    let callback = visit.browser.consent(&authorize, "alice", "allow").await;
    assert_eq!(callback.path(), "/v1/callback/default/xero");
    let done = visit.browser.open(&callback).await;
    assert!(done.url.path().starts_with("/v1/connect/done/ath_") && done.url.query().is_none());
    assert!(done.html.contains("Xero is connected"), "{}", done.html);

    let state = visit.state(&started).await;
    let connection = state.connection.unwrap();
    assert_eq!(state.status, AuthorizationStatus::Succeeded);
    assert_eq!(connection.status, ConnectionStatus::Active);
    assert_eq!(
        connection.account.as_ref().unwrap().name,
        "Harbor Coffee Ltd"
    );

    let key = world.sandbox_key();
    let path = format!("/v1/connections/{}/credentials", connection.connection_id);
    let (status, credentials) = world.manage(&key, &path).await;
    assert_eq!(status, 200, "{credentials}");
    assert_eq!(credentials["account"]["name"], "Harbor Coffee Ltd");
    let (_, business) = world
        .manage(
            &key,
            &format!("/v1/businesses/{}", connection.business_uuid),
        )
        .await;
    assert_eq!(business["status"], "active");

    // The token is good at the service.
    let accounts = format!("{}/xero/accounts", world.provider.url);
    let token = credentials["accessToken"].as_str().unwrap();
    let answer = crate::support::http()
        .get(accounts)
        .bearer_auth(token)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
}

#[tokio::test]
async fn says_so_when_the_end_user_declines() {
    let world = World::new().await;
    let visit = world.visit("Harbor Coffee").await;
    for (user, decision) in [("alice", "deny"), ("denise", "deny")] {
        let (state, done) = visit
            .connect(json!({ "serviceName": "xero" }), user, decision)
            .await;
        assert_eq!(state.failure.unwrap().code, ErrorCode::Denied);
        assert!(
            done.html.contains("You declined access at Xero"),
            "{}",
            done.html
        );
    }
    assert_eq!(world.provider.records().token_requests, 0);
    let (_, again) = visit.call(Method::GET, "/v1/connect/session", None).await;
    assert_eq!(again["connections"], json!([]));
    assert_eq!(again["business"]["status"], "new");
    assert_eq!(again.get("sessionToken"), None);
}

#[tokio::test]
async fn says_what_went_wrong_at_the_service() {
    let world = World::new().await;
    for (user, code) in [
        ("erin", ErrorCode::ServiceUnavailable),
        ("gary", ErrorCode::ServiceUnavailable),
        ("mona", ErrorCode::ServiceUnavailable),
        ("lars", ErrorCode::ServiceUnavailable),
        ("nora", ErrorCode::NoAccount),
    ] {
        let visit = world.visit(&format!("Business of {user}")).await;
        let (state, done) = visit
            .connect(json!({ "serviceName": "xero" }), user, "allow")
            .await;
        assert_eq!(
            state.failure.map(|failure| failure.code),
            Some(code),
            "{user}"
        );
        assert_eq!(done.status, 200);
        let (_, connections) = world.manage(&world.sandbox_key(), "/v1/connections").await;
        assert_eq!(
            connections["data"],
            json!([]),
            "nothing half-done stays behind {user}"
        );
    }
}

#[tokio::test]
async fn understands_token_answers_with_odd_types() {
    let world = World::new().await;
    let visit = world.visit("Harbor Coffee").await;
    assert_eq!(
        visit.connected("xero", "tina").await.status,
        ConnectionStatus::Active
    );
}

#[tokio::test]
async fn lets_the_end_user_choose_between_several_accounts() {
    let world = World::new().await;
    let visit = world.visit("Harbor Coffee").await;
    let (started, callback) = visit.window("xero", "olga").await;
    visit.browser.open(&callback).await;
    let state = visit.state(&started).await;
    assert_eq!(state.status, AuthorizationStatus::ChooseAccount);
    assert_eq!(state.accounts.len(), 3);

    let (status, problem) = visit.choose(&started, "org_of_somebody_else").await;
    assert_eq!(
        (status, problem["field"].as_str()),
        (400, Some("accountId"))
    );
    let chosen = &state.accounts[1];
    let (status, answer) = visit.choose(&started, &chosen.account_id).await;
    assert_eq!(
        (status, answer["status"].as_str()),
        (200, Some("succeeded"))
    );
    assert_eq!(
        answer["connection"]["account"]["name"],
        chosen.name.as_str()
    );
    let (status, problem) = visit.choose(&started, &chosen.account_id).await;
    assert_eq!(status, 409);
    assert_eq!(problem["code"], "authorization_not_open");
}

#[tokio::test]
async fn a_choice_nobody_makes_expires_and_leaves_nothing_behind() {
    let world = World::new().await;
    let visit = world.visit("Harbor Coffee").await;
    let (started, callback) = visit.window("xero", "olga").await;
    visit.browser.open(&callback).await;
    let key = world.sandbox_key();
    let (_, connections) = world.manage(&key, "/v1/connections?status=pending").await;
    assert_eq!(connections["data"].as_array().unwrap().len(), 1);

    world.clock.advance(time::Duration::minutes(10));
    assert_eq!(
        visit.state(&started).await.status,
        AuthorizationStatus::Expired
    );
    let (_, connections) = world.manage(&key, "/v1/connections").await;
    assert_eq!(connections["data"], json!([]));
}

#[tokio::test]
async fn connects_the_sandbox_service_at_once_in_every_use_case() {
    let world = World::new().await;
    for (use_case, expected) in [
        (None, Ok(())),
        (Some("good"), Ok(())),
        (Some("data_empty"), Ok(())),
        (
            Some("duplicate_connection"),
            Err(ErrorCode::DuplicateAccount),
        ),
        (
            Some("failed_connection"),
            Err(ErrorCode::ServiceUnavailable),
        ),
        (
            Some("invalid_credentials"),
            Err(ErrorCode::InvalidCredentials),
        ),
    ] {
        let visit = Visit::begin(&world, "wid_sandbox", None).await;
        let fields = use_case.map_or(json!({}), |use_case| json!({ "useCase": use_case }));
        let started = visit
            .start(json!({ "serviceName": "sandbox", "fields": fields }))
            .await;
        assert_eq!(
            (started.kind, &started.nonce),
            (AuthorizationKind::Instant, &None)
        );
        let failed = started.authorization.failure.map(|failure| failure.code);
        assert_eq!(failed, expected.err(), "{use_case:?}");
        assert_eq!(started.authorization.connection.is_some(), expected.is_ok());
    }
}

#[tokio::test]
async fn cancelling_ends_it_for_good() {
    let world = World::new().await;
    let visit = world.visit("Harbor Coffee").await;
    let (started, callback) = visit.window("xero", "alice").await;
    let path = format!(
        "/v1/connect/authorizations/{}/cancel",
        started.authorization.authorization_id
    );
    let (status, state) = visit.call(Method::POST, &path, None).await;
    assert_eq!((status, state["status"].as_str()), (200, Some("cancelled")));
    let done = visit.browser.open(&callback).await;
    assert!(done.html.contains("You cancelled this"), "{}", done.html);
    assert_eq!(world.provider.records().token_requests, 0);
}
