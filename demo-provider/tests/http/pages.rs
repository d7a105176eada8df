//! What people and machines see outside the token endpoint: pages, cookies, metadata and records.

use crate::browser::{Browser, CHALLENGE, start};
use demo_provider::{Config, Provider, Records};
use reqwest::StatusCode;
use serde_json::json;

#[tokio::test]
async fn shows_a_page_and_redirects_nowhere_when_the_way_back_is_not_trusted() {
    let provider = start().await;
    let mut browser = Browser::at(&provider);
    for changes in [
        ("client_id", ""),
        ("client_id", "someone"),
        ("redirect_uri", ""),
        (
            "redirect_uri",
            "https://evil.example/v1/callback/default/xero",
        ),
        ("redirect_uri", "javascript:alert(1)"),
    ] {
        let page = browser.authorize("xero", &[changes]).await;
        assert_eq!(
            (page.status, page.header("location")),
            (StatusCode::BAD_REQUEST, ""),
            "{changes:?}"
        );
        assert!(page.text.contains("This request can't go on"));
    }
    assert!(provider.records().services.is_empty());
}

#[tokio::test]
async fn sends_other_problems_of_the_request_back_to_the_client() {
    let provider = start().await;
    let mut browser = Browser::at(&provider);
    for (changes, error) in [
        (("response_type", "token"), "unsupported_response_type"),
        (("code_challenge", ""), "invalid_request"),
        (("code_challenge", "too-short"), "invalid_request"),
        (("code_challenge_method", ""), "invalid_request"),
        (("code_challenge_method", "plain"), "invalid_request"),
        (("scope", "quo\"te"), "invalid_scope"),
    ] {
        let back = browser.authorize("xero", &[changes]).await;
        assert_eq!(back.status, StatusCode::FOUND);
        assert_eq!(
            back.returned("error").as_deref(),
            Some(error),
            "{changes:?}"
        );
        assert_eq!(back.returned("state").as_deref(), Some("the state & more"));
    }
    let twice = browser
        .authorize("xero", &[("state", "1"), ("state", "2")])
        .await;
    assert_eq!(
        (twice.returned("error").as_deref(), twice.returned("state")),
        (Some("invalid_request"), None)
    );
}

#[tokio::test]
async fn goes_straight_to_consent_the_second_time_and_offers_another_user() {
    let provider = start().await;
    let mut browser = Browser::at(&provider);
    browser.code("xero", "alice").await;
    let consent = browser.authorize("xero", &[]).await;
    assert!(consent.has_button("Allow") && consent.text.contains("<strong>alice</strong>"));

    let link = consent
        .text
        .split("href=\"")
        .find(|rest| rest.contains(">Use another user<"))
        .unwrap();
    let login = browser.get(link.split('"').next().unwrap()).await;
    let consent = browser.sign_in(&login, "olga").await;
    assert!(consent.text.contains("<strong>olga</strong>"));
    assert!(consent.text.contains("Quayside Events LLP"));
}

#[tokio::test]
async fn keeps_the_login_to_its_service_in_a_cookie_scripts_cannot_read() {
    let provider = start().await;
    let mut browser = Browser::at(&provider);
    let login = browser.authorize("xero", &[]).await;
    let done = browser
        .post(
            &login.form_of("Sign in"),
            &[("user", "alice"), ("password", "x")],
        )
        .await;
    let cookie = done.header("set-cookie");
    for attribute in ["HttpOnly", "SameSite=Lax", "Path=/xero"] {
        assert!(cookie.split("; ").any(|part| part == attribute), "{cookie}");
    }
    // This browser keeps cookies by name only and sends it elsewhere all the same.
    assert!(browser.authorize("sage", &[]).await.has_button("Sign in"));
}

#[tokio::test]
async fn needs_the_login_to_answer_and_answers_the_same_when_pressed_twice() {
    let provider = start().await;
    let mut browser = Browser::at(&provider);
    let login = browser.authorize("xero", &[]).await;
    let consent = browser.sign_in(&login, "alice").await;
    let decision = consent.form_of("Allow");
    let stranger = Browser::at(&provider)
        .post(&decision, &[("decision", "allow")])
        .await;
    assert_eq!(
        stranger.status,
        StatusCode::SEE_OTHER,
        "sent to the sign-in page"
    );

    let first = browser.post(&decision, &[("decision", "allow")]).await;
    let second = browser.post(&decision, &[("decision", "allow")]).await;
    assert_eq!(first.location(), second.location());
    assert_eq!(provider.records().grants.len(), 1);
    let visit = decision.strip_suffix("/decision").unwrap();
    assert_eq!(browser.get(visit).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn asks_again_when_the_user_name_is_missing_or_endless() {
    let provider = start().await;
    let mut browser = Browser::at(&provider);
    let login = browser.authorize("xero", &[]).await;
    for name in ["  ".to_owned(), "a".repeat(65)] {
        let again = browser
            .post(
                &login.form_of("Sign in"),
                &[("user", &name), ("password", "x")],
            )
            .await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(again.text.contains("role=\"alert\"") && again.has_button("Sign in"));
    }
}

#[tokio::test]
async fn escapes_whatever_comes_from_outside() {
    let hostile = "\"><script>alert(1)</script>&'";
    let folder = tempfile::tempdir().unwrap();
    let file = format!(
        "service_name = \"xero\"\ndisplay_name = '''{hostile}'''\ncolor = \"red;}}</style>\"\n"
    );
    std::fs::write(folder.path().join("xero.toml"), file).unwrap();
    let config = Config {
        services: vec![folder.path().into()],
        ..Config::default()
    };
    let provider = Provider::start(config).await.unwrap();
    let mut browser = Browser::at(&provider);

    let changes = [("state", hostile), ("scope", "<script>alert(1)</script>")];
    let login = browser.authorize("xero", &changes).await;
    let consent = browser.sign_in(&login, hostile).await;
    let unsafe_request = browser
        .authorize("xero", &[("redirect_uri", hostile), ("client_id", hostile)])
        .await;
    for page in [&login, &consent, &unsafe_request] {
        assert!(!page.text.contains("<script"), "{}", page.text);
        assert!(page.text.contains("&lt;script&gt;"), "{}", page.text);
        let policy = page.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'; style-src 'self'")
                && !policy.contains("unsafe")
        );
    }
    let style = browser.get("/xero/brand.css").await.text;
    assert!(style.starts_with(":root{--brand:#33558b;") && !style.contains('<'));
    let back = browser
        .post(&consent.form_of("Allow"), &[("decision", "allow")])
        .await;
    assert_eq!(back.returned("state").as_deref(), Some(hostile));
}

#[tokio::test]
async fn shows_itself_under_the_name_and_colour_of_the_catalogue() {
    let folder = tempfile::tempdir().unwrap();
    let config = Config {
        services: vec![folder.path().into()],
        ..Config::default()
    };
    let provider = Provider::start(config).await.unwrap();
    let mut browser = Browser::at(&provider);
    assert!(
        browser
            .authorize("free_agent", &[])
            .await
            .text
            .contains("Sign in to Free Agent")
    );

    let file = "service_name = \"free_agent\"\ndisplay_name = \"FreeAgent\"\ncolor = \"#13B5EA\"\n";
    std::fs::write(folder.path().join("free_agent.toml"), file).unwrap();
    assert!(
        browser
            .authorize("free_agent", &[])
            .await
            .text
            .contains("Sign in to FreeAgent")
    );
    assert!(
        browser
            .get("/free_agent/brand.css")
            .await
            .text
            .contains("--brand:#13b5ea")
    );
    assert_eq!(
        browser.get("/Not-a-service/authorize").await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn describes_itself_at_both_places_of_the_metadata() {
    let provider = start().await;
    let mut browser = Browser::at(&provider);
    let near = browser
        .get("/xero/.well-known/oauth-authorization-server")
        .await
        .json();
    let far = browser
        .get("/.well-known/oauth-authorization-server/xero")
        .await
        .json();
    assert_eq!(near, far);
    let issuer = format!("{}/xero", provider.url);
    assert_eq!(near["issuer"], issuer);
    assert_eq!(near["token_endpoint"], format!("{issuer}/token"));
    assert_eq!(near["revocation_endpoint"], format!("{issuer}/revoke"));
    assert_eq!(near["code_challenge_methods_supported"], json!(["S256"]));
    assert_eq!(near["authorization_response_iss_parameter_supported"], true);
}

#[tokio::test]
async fn counts_token_requests_and_records_no_secret() {
    let provider = start().await;
    let mut browser = Browser::at(&provider);
    let code = browser.code("xero", "alice").await;
    let tokens = browser.redeem("xero", &code).await;
    browser.redeem("sage", "unknown").await;
    let answer = browser.get("/-/records").await;
    assert_eq!(
        answer.json(),
        json!({
            "tokenRequests": 2,
            "services": {
                "xero": { "authorizationRequests": 1, "tokenRequests": 1, "revocationRequests": 0 },
                "sage": { "authorizationRequests": 0, "tokenRequests": 1, "revocationRequests": 0 },
            },
            "grants": [{
                "grant": "grant_1", "service": "xero", "user": "alice", "status": "active",
                "codeRequests": 1, "refreshRequests": 0, "tokenRequests": 1,
            }],
        })
    );
    let tokens = tokens.json();
    let issued =
        [&tokens["access_token"], &tokens["refresh_token"]].map(|token| token.as_str().unwrap());
    for secret in issued
        .into_iter()
        .chain([code.as_str(), CHALLENGE, "the state"])
    {
        assert!(!answer.text.contains(secret));
    }
    assert_eq!(
        serde_json::from_str::<Records>(&answer.text).unwrap(),
        provider.records()
    );
}
