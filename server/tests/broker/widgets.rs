//! Widgets: their settings, and what the server does by them.

use crate::support::visit::Visit;
use crate::support::{HOST, World, told};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac as _};
use reqwest::Method;
use serde_json::{Value, json};
use sha2::Sha256;

async fn create(world: &World, key: &str, mut body: Value) -> (String, Value) {
    body["companyName"] = json!("Northwind Lending");
    body["origins"] = json!([HOST]);
    let (status, created) = world.ask(Method::POST, key, "/v1/widgets", body).await;
    assert_eq!(status, 201, "{created}");
    (
        created["widget"]["widgetId"].as_str().unwrap().to_owned(),
        created,
    )
}

async fn update(world: &World, key: &str, id: &str, body: Value) -> (u16, Value) {
    world
        .ask(Method::PATCH, key, &format!("/v1/widgets/{id}"), body)
        .await
}

fn names<'v>(visit: &'v Visit<'_>) -> Vec<&'v str> {
    visit
        .session
        .services
        .iter()
        .map(|service| service.service_name.as_str())
        .collect()
}

#[tokio::test]
async fn a_change_touches_what_it_names_and_null_is_the_default_again() {
    let world = World::new().await;
    let key = world.sandbox_key();
    let settings = json!({
        "name": "Checkout", "successUrl": "https://lender.test/done", "validityMonths": 24, "mayDisconnect": true,
        "theme": { "primary": "#0f5c4d" }, "links": { "help": "https://lender.test/help" },
        "kinds": ["banking", "accounting"], "requiredKinds": ["banking"], "skippable": false, "overview": true,
        "sessionPolicy": "signed",
        "messages": { "pick.title": "Choose your books" },
    });
    let (id, created) = create(&world, &key, settings).await;
    let widget = &created["widget"];
    assert_eq!(
        (&widget["environment"], &widget["validityMonths"]),
        (&json!("sandbox"), &json!(24))
    );

    assert_eq!(
        (&widget["skippable"], &widget["overview"]),
        (&json!(false), &json!(true))
    );
    let change = json!({
        "successUrl": null, "validityMonths": null, "companyName": "Northwind", "skippable": null, "overview": null,
    });
    let (status, changed) = update(&world, &key, &id, change).await;
    let mut expected = widget.clone();
    expected.as_object_mut().unwrap().remove("successUrl");
    expected.as_object_mut().unwrap().remove("overview");
    expected["skippable"] = json!(true);
    expected["validityMonths"] = json!(12);
    expected["companyName"] = json!("Northwind");
    assert_eq!((status, &changed), (200, &expected));
    assert_eq!(
        world.manage(&key, &format!("/v1/widgets/{id}")).await,
        (200, expected.clone())
    );
    let (_, listed) = world.manage(&key, "/v1/widgets").await;
    assert!(
        listed["data"].as_array().unwrap().contains(&expected),
        "{listed}"
    );
}

#[tokio::test]
async fn services_and_kinds_decide_what_is_offered() {
    let world = World::new().await;
    let key = world.sandbox_key();
    let (id, _) = create(&world, &key, json!({ "services": { "include": ["xero", "shopify", "sandbox"], "exclude": ["sandbox"] } })).await;
    let visit = Visit::begin(&world, &id, Some("Harbor Coffee")).await;
    assert_eq!(names(&visit), ["xero", "shopify"]);
    let path = "/v1/connect/authorizations";
    let refused = visit
        .call(
            Method::POST,
            path,
            Some(json!({ "serviceName": "sandbox" })),
        )
        .await;
    assert_eq!(
        (refused.0, &refused.1["code"]),
        (409, &json!("service_not_offered"))
    );

    update(
        &world,
        &key,
        &id,
        json!({
            "services": null, "kinds": ["payroll", "commerce"], "requiredKinds": ["payroll"], "skippable": false,
            "overview": false, "validityMonths": 3,
        }),
    )
    .await;
    let (_, state) = visit.call(Method::GET, "/v1/connect/session", None).await;
    let card = &state["widget"];
    assert_eq!(
        (&card["kinds"], &card["requiredKinds"]),
        (&json!(["payroll", "commerce"]), &json!(["payroll"]))
    );
    assert_eq!(
        (
            &card["skippable"],
            &card["overview"],
            &card["validityMonths"]
        ),
        (&json!(false), &json!(false), &json!(3))
    );
    let services = state["services"].as_array().unwrap();
    assert!(!services.is_empty());
    let fits = |service: &Value| service["kind"] == "payroll" || service["kind"] == "commerce";
    assert!(services.iter().all(fits), "{state}");
}

#[tokio::test]
async fn an_authorization_is_good_for_as_long_as_the_widget_says() {
    let world = World::new().await;
    let key = world.sandbox_key();
    let (id, _) = create(&world, &key, json!({ "validityMonths": 3 })).await;
    let visit = Visit::begin(&world, &id, Some("Harbor Coffee")).await;
    let connection = visit.connected("xero", "alice").await;
    let path = format!("/v1/connections/{}", connection.connection_id);
    world.clock.advance(time::Duration::days(89));
    assert_eq!(world.manage(&key, &path).await.1["status"], "active");
    world.clock.advance(time::Duration::days(4));
    assert_eq!(world.manage(&key, &path).await.1["status"], "expired");
}

#[tokio::test]
async fn end_users_disconnect_where_the_widget_lets_them() {
    let world = World::new().await;
    let key = world.sandbox_key();
    let (id, _) = create(&world, &key, json!({})).await;
    let visit = Visit::begin(&world, &id, Some("Harbor Coffee")).await;
    let connection = visit.connected("xero", "alice").await;
    let path = format!("/v1/connect/connections/{}", connection.connection_id);
    let refused = visit.call(Method::DELETE, &path, None).await;
    assert_eq!(
        told(&refused),
        "403 disconnect_not_allowed -: This widget does not let its visitors disconnect."
    );

    update(&world, &key, &id, json!({ "mayDisconnect": true })).await;
    let stranger = Visit::begin(&world, &id, Some("Quayside")).await;
    let refused = stranger.call(Method::DELETE, &path, None).await;
    assert_eq!(
        (refused.0, &refused.1["code"]),
        (404, &json!("connection_not_found"))
    );
    for _ in 0..2 {
        let (status, ended) = visit.call(Method::DELETE, &path, None).await;
        assert_eq!(
            (status, &ended["revocation"]),
            (200, &json!("done")),
            "{ended}"
        );
        assert_eq!(
            ended["connection"]["disconnectReason"],
            "disconnected_by_customer"
        );
    }
}

#[tokio::test]
async fn a_new_signing_secret_signs_from_then_on() {
    let world = World::new().await;
    let key = world.sandbox_key();
    let (id, created) = create(
        &world,
        &key,
        json!({ "successUrl": "https://lender.test/done" }),
    )
    .await;
    let path = format!("/v1/widgets/{id}/rotate-signing-secret");
    let (status, rotated) = world.ask(Method::POST, &key, &path, Value::Null).await;
    assert_eq!(status, 200, "{rotated}");
    // Settings that are changed afterwards leave the secret alone.
    update(&world, &key, &id, json!({ "name": "Checkout" })).await;
    let visit = Visit::begin(&world, &id, Some("Harbor Coffee")).await;
    let (_, finished) = visit
        .call(Method::POST, "/v1/connect/finish", Some(json!({})))
        .await;
    let url = finished["redirectUrl"].as_str().unwrap();
    let (signed, signature) = url
        .split("result=")
        .nth(1)
        .unwrap()
        .rsplit_once('.')
        .unwrap();
    let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    let fits = |secret: &Value| {
        let mac = Hmac::<Sha256>::new_from_slice(secret.as_str().unwrap().as_bytes()).unwrap();
        mac.chain_update(signed.as_bytes())
            .verify_slice(&signature)
            .is_ok()
    };
    assert!(fits(&rotated["signingSecret"]) && !fits(&created["signingSecret"]));
}

#[tokio::test]
async fn a_removed_widget_takes_its_sessions_along_and_leaves_connections_alone() {
    let world = World::new().await;
    let key = world.sandbox_key();
    let (id, _) = create(&world, &key, json!({})).await;
    let visit = Visit::begin(&world, &id, Some("Harbor Coffee")).await;
    let connection = visit.connected("xero", "alice").await;
    let (_, callback) = visit.window("quickbooks_online", "olga").await;
    visit.browser.open(&callback).await;
    let path = format!("/v1/widgets/{id}");
    assert_eq!(
        world.ask(Method::DELETE, &key, &path, Value::Null).await.0,
        204
    );
    assert_eq!(
        world.ask(Method::DELETE, &key, &path, Value::Null).await.0,
        404
    );
    assert_eq!(
        visit.call(Method::GET, "/v1/connect/session", None).await.0,
        401
    );
    let (_, left) = world.manage(&key, "/v1/connections").await;
    let ids: Vec<_> = left["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|left| &left["connectionId"])
        .collect();
    assert_eq!(
        ids,
        [connection.connection_id.as_str()],
        "no pending one is left over"
    );
}

#[tokio::test]
async fn refuses_settings_that_cannot_be() {
    let world = World::new().await;
    let key = world.sandbox_key();
    let mut lines = Vec::new();
    for body in [
        json!({}),
        json!({ "companyName": " " }),
        json!({ "companyName": null }),
        json!({ "origins": ["https://a.example", "https://a.example/path"] }),
        json!({ "origins": "https://a.example" }),
        json!({ "successUrl": "javascript:alert(1)" }),
        json!({ "closeUrl": "/relative" }),
        json!({ "logo": "ftp://a.example/logo.svg" }),
        json!({ "links": { "terms": "nowhere" } }),
        json!({ "links": { "imprint": "https://a.example" } }),
        json!({ "services": { "include": ["xerox"] } }),
        json!({ "services": { "only": ["xero"] } }),
        json!({ "kinds": ["accounting", "accounting"] }),
        json!({ "kinds": ["books"] }),
        json!({ "kinds": ["accounting"], "requiredKinds": ["banking"] }),
        json!({ "theme": { "primary": "url(https://evil.example)" } }),
        json!({ "theme": { "colour": "red" } }),
        json!({ "messages": { "pick title": "x" } }),
        json!({ "messages": { "pick.title": "a\u{1}" } }),
        json!({ "sessionPolicy": "closed" }),
        json!({ "validityMonths": 0 }),
        json!({ "validityMonths": 61 }),
        json!({ "validityMonths": 300 }),
        json!({ "environment": "production" }),
    ] {
        let mut whole = json!({ "companyName": "Northwind Lending" });
        if body == json!({}) {
            whole = body;
        } else {
            whole
                .as_object_mut()
                .unwrap()
                .extend(body.as_object().unwrap().clone());
        }
        lines.push(told(
            &world.ask(Method::POST, &key, "/v1/widgets", whole).await,
        ));
    }
    lines.push(told(&world.manage(&key, "/v1/widgets/wid_none").await));
    lines.push(told(&update(&world, &key, "wid_none", json!({})).await));
    insta::assert_snapshot!(lines.join("\n"), @r#"
    400 invalid_request companyName: A company's name has 1 to 80 characters.
    400 invalid_request companyName: A company's name has 1 to 80 characters.
    400 invalid_request companyName: A company's name has 1 to 80 characters.
    400 invalid_request origins[1]: An origin is written like https://app.example.com, without a path.
    400 invalid_request origins: The body is not as it should be: invalid type: string "https://a.example", expected an array.
    400 invalid_request successUrl: This has to be an http or https address.
    400 invalid_request closeUrl: This has to be an http or https address.
    400 invalid_request logo: This has to be an http or https address.
    400 invalid_request links.terms: This has to be an http or https address.
    400 invalid_request links.imprint: The body is not as it should be: unknown field `imprint`, expected one of `terms`, `privacy`, `help`.
    400 unknown_service services.include: No service is named "xerox".
    400 invalid_request services.only: The body is not as it should be: unknown field `only`, expected `include` or `exclude`.
    400 invalid_request kinds: Each kind can be named once.
    400 invalid_request kinds[0]: The body is not as it should be: unknown variant `books`, expected one of `accounting`, `banking`, `commerce`, `payments`, `payroll`.
    400 invalid_request requiredKinds[0]: A kind that is required has to be one of `kinds`.
    400 invalid_request theme.primary: This has to be a CSS value such as #0f5c4d or 10px; addresses are not taken.
    400 invalid_request theme.colour: There is no design token of this name.
    400 invalid_request messages.pick title: The key of a message has 1 to 60 letters, digits, -, _, @ or dots.
    400 invalid_request messages.pick.title: A message has at most 1000 characters, none of them a control character.
    400 invalid_request sessionPolicy: The body is not as it should be: unknown variant `closed`, expected `open` or `signed`.
    400 invalid_request validityMonths: An authorization is good for 1 to 60 months.
    400 invalid_request validityMonths: An authorization is good for 1 to 60 months.
    400 invalid_request validityMonths: The body is not as it should be: invalid value: integer `300`, expected a small whole number.
    400 invalid_request environment: The body is not as it should be: unknown field `environment`, expected one of `companyName`, `name`, `origins`, `successUrl`, `closeUrl`, `services`, `kinds`, `requiredKinds`, `skippable`, `overview`, `theme`, `messages`, `links`, `logo`, `sessionPolicy`, `mayDisconnect`, `validityMonths`.
    404 unknown_widget -: No widget has this id.
    404 unknown_widget -: No widget has this id.
    "#);
    let (_, left) = world.manage(&key, "/v1/widgets").await;
    assert_eq!(
        left["data"].as_array().unwrap().len(),
        1,
        "nothing half-done stays"
    );
}
