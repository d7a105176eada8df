//! Bad input: each refusal is a problem document with a stable code, the field concerned and what to do.

use crate::support::{HOST, World};
use reqwest::Method;
use serde_json::Value;
use std::fmt::Write as _;

/// One line for an answer; ids of requests are left out.
async fn told(response: reqwest::Response) -> String {
    let status = response.status().as_u16();
    let content_type = response.headers()["content-type"]
        .to_str()
        .unwrap()
        .to_owned();
    let header = response.headers()["x-request-id"]
        .to_str()
        .unwrap()
        .to_owned();
    let mut problem: Value = response.json().await.unwrap();
    assert_eq!(content_type, "application/problem+json");
    assert_eq!(problem["requestId"], header.as_str());
    assert_eq!(problem["status"], status);
    assert_eq!(
        problem["type"],
        format!("/problems/{}", problem["code"].as_str().unwrap())
    );
    let field = problem["field"].take();
    let field = field.as_str().unwrap_or("-");
    format!(
        "{status} {} {field}: {}",
        problem["code"].as_str().unwrap(),
        problem["detail"].as_str().unwrap()
    )
}

#[tokio::test]
async fn refuses_sessions_that_cannot_be() {
    let world = World::new().await;
    let mut lines = String::new();
    for body in [
        r#"{"widgetId":"wid_none"}"#,
        r#"{"widgetId":5}"#,
        r#"{"businessName":"x"}"#,
        r#"{"widgetId":"wid_sandbox","businessname":"Harbor"}"#,
        r#"{"widgetId":"wid_sandbox","businessName":"H"}"#,
        r#"{"widgetId":"wid_sandbox","businessName":"Harbor (Coffee)"}"#,
        r#"{"widgetId":"wid_sandbox","businessName":["Harbor"]}"#,
        r#"{"widgetId":"wid_sandbox","businessUuid":"biz_none"}"#,
        r#"{"widgetId":"wid_sandbox","locale":"english please"}"#,
        r#"{"widgetId":"wid_sandbox","metadata":"[1]"}"#,
        r#"{"widgetId":"wid_sandbox","sessionToken":"ses_none"}"#,
        r#"{"widgetId":"wid_sandbox","widgetId":"wid_sandbox"}"#,
        "5",
        r#"{"widgetId":"wid_sandbox""#,
        "[]",
        "",
        "\u{0}",
    ] {
        let response = world
            .send(
                Method::POST,
                "/v1/connect/sessions",
                &[("origin", HOST)],
                body,
            )
            .await;
        writeln!(lines, "{}", told(response).await).unwrap();
    }
    let nowhere = world
        .send(
            Method::POST,
            "/v1/connect/sessions",
            &[],
            r#"{"widgetId":"wid_sandbox"}"#,
        )
        .await;
    writeln!(lines, "{}", told(nowhere).await).unwrap();
    let big = format!(r#"{{"widgetId":"{}"}}"#, "a".repeat(70_000));
    let big = world
        .send(
            Method::POST,
            "/v1/connect/sessions",
            &[("origin", HOST)],
            &big,
        )
        .await;
    writeln!(lines, "{}", told(big).await).unwrap();
    insta::assert_snapshot!(lines, @r#"
    404 unknown_widget widgetId: No widget has this id.
    400 invalid_request widgetId: The body is not as it should be: invalid type: integer `5`, expected a string.
    400 invalid_request widgetId: The body is not as it should be: missing field `widgetId`.
    400 invalid_request businessname: The body is not as it should be: unknown field `businessname`, expected one of `widgetId`, `businessName`, `businessUuid`, `sessionToken`, `locale`, `metadata`, `paint`.
    400 invalid_business_name businessName: A business name has 2 to 40 characters.
    400 invalid_business_name businessName: A business name must not contain (
    400 invalid_request businessName: The body is not as it should be: invalid type: sequence, expected a string.
    404 business_not_found businessUuid: No business has this id.
    400 invalid_request locale: A language is written like en or pt-BR.
    400 invalid_request metadata: Metadata is a JSON object of at most 2 KiB.
    401 session_expired sessionToken: The session's token is unknown, expired, or for another widget or page.
    400 invalid_request widgetId: The body is not as it should be: duplicate field `widgetId`.
    400 invalid_request -: The body is not as it should be: invalid type: integer `5`, expected an object.
    400 invalid_request -: The body is not JSON: EOF while parsing an object.
    400 invalid_request -: The body is a JSON array and not an object.
    400 invalid_request -: The body is not JSON: EOF while parsing a value.
    400 invalid_request -: The body is not JSON: expected value.
    403 origin_not_registered -: Pages of this origin may not embed the widget; register it: none sent
    413 too_large -: The body is larger than 64 KiB.
    "#);
    let (_, businesses) = world.manage(&world.sandbox_key(), "/v1/businesses").await;
    assert_eq!(
        businesses["data"],
        serde_json::json!([]),
        "nothing half-done stays"
    );
}

#[tokio::test]
async fn refuses_authorizations_that_cannot_be() {
    let world = World::new().await;
    let visit = world.visit("Harbor Coffee").await;
    let bearer = format!("Bearer {}", visit.token());
    let headers = [("origin", HOST), ("authorization", bearer.as_str())];
    let mut lines = String::new();
    for body in [
        r#"{"serviceName":"none"}"#,
        r#"{"serviceName":"plaid"}"#,
        r#"{"serviceName":"shopify"}"#,
        r#"{"serviceName":"shopify","fields":{"shop":"evil.example/"}}"#,
        r#"{"serviceName":"shopify","fields":{"shop":5}}"#,
        r#"{"serviceName":"xero","fields":{"colour":"red"}}"#,
        r#"{"serviceName":"sandbox","fields":{"useCase":"miracle"}}"#,
        r#"{"serviceName":"xero","connectionId":"con_none"}"#,
        r#"{"service":"xero"}"#,
    ] {
        let response = world
            .send(Method::POST, "/v1/connect/authorizations", &headers, body)
            .await;
        writeln!(lines, "{}", told(response).await).unwrap();
    }
    for (method, path) in [
        (Method::GET, "/v1/connect/authorizations/ath_none"),
        (Method::GET, "/v1/connect/authorizations/ath_none?wait=soon"),
        (
            Method::GET,
            "/v1/connect/authorizations/ath_none?colour=red",
        ),
        (Method::POST, "/v1/connect/authorizations/ath_none/cancel"),
        (Method::POST, "/v1/connect/authorizations/ath_none/nonce"),
        (Method::POST, "/v1/connect/authorizations/ath_none/account"),
    ] {
        let response = world.send(method, path, &headers, "{}").await;
        writeln!(lines, "{}", told(response).await).unwrap();
    }
    insta::assert_snapshot!(lines, @r#"
    404 unknown_service serviceName: No service is named "none".
    409 service_not_offered serviceName: This widget does not offer "plaid"; `railhead check` says why.
    400 invalid_request fields.shop: The field `shop` is required.
    400 invalid_request fields.shop: The field `shop` does not look right; an example is `harbor-coffee`.
    400 invalid_request fields.shop: The body is not as it should be: invalid type: integer `5`, expected a string.
    400 invalid_request fields.colour: The field `colour` is not a field of this service.
    400 invalid_request fields.useCase: The field `useCase` is none of the options.
    404 connection_not_found connectionId: This business has no connection con_none to this service.
    400 invalid_request service: The body is not as it should be: unknown field `service`, expected one of `serviceName`, `fields`, `connectionId`.
    404 authorization_not_found -: No authorization of this session has this id.
    400 invalid_request wait: The query is not as it should be: send a whole number, 0 or more.
    400 invalid_request colour: The query is not as it should be: unknown field `colour`, expected `wait` or `after`.
    404 authorization_not_found -: No authorization of this session has this id.
    404 authorization_not_found -: No authorization of this session has this id.
    400 invalid_request accountId: The body is not as it should be: missing field `accountId`.
    "#);
}

#[tokio::test]
async fn refuses_what_no_route_answers_and_what_has_no_session() {
    let world = World::new().await;
    let own = world.server.public_url.origin().ascii_serialization();
    let mut lines = String::new();
    for (method, path, origin) in [
        (Method::GET, "/v1/nothing", HOST),
        (Method::GET, "/nothing", HOST),
        (Method::GET, "/v1/connect/nothing", HOST),
        (Method::DELETE, "/v1/connect/sessions", HOST),
        (Method::PUT, "/healthz", HOST),
        (Method::GET, "/v1/connect/session", HOST),
        (Method::POST, "/v1/connect/finish", HOST),
        (Method::POST, "/v1/connect/start", HOST),
        (Method::POST, "/v1/connect/start", own.as_str()),
    ] {
        let body = r#"{"authorizationId":"ath_none","nonce":"n"}"#;
        let response = world.send(method, path, &[("origin", origin)], body).await;
        writeln!(lines, "{path}: {}", told(response).await).unwrap();
    }
    insta::assert_snapshot!(lines, @r#"
    /v1/nothing: 404 not_found -: There is nothing at this address.
    /nothing: 404 not_found -: There is nothing at this address.
    /v1/connect/nothing: 404 not_found -: There is nothing at this address.
    /v1/connect/sessions: 405 method_not_allowed -: This address exists, but not with this method; the header Allow says which it has.
    /healthz: 405 method_not_allowed -: This address exists, but not with this method; the header Allow says which it has.
    /v1/connect/session: 401 session_expired -: The session's token is missing, unknown or expired: load the widget again.
    /v1/connect/finish: 401 session_expired -: The session's token is missing, unknown or expired: load the widget again.
    /v1/connect/start: 403 origin_not_registered -: Only the start page may ask this.
    /v1/connect/start: 404 authorization_not_found authorizationId: No authorization has this id.
    "#);
}

#[tokio::test]
async fn refuses_management_requests_that_cannot_be() {
    let world = World::new().await;
    let key = world.sandbox_key();
    let bearer = format!("Bearer {key}");
    let headers = [("authorization", bearer.as_str())];
    let mut lines = String::new();
    world.visit("Harbor Coffee").await;
    world.clock.advance(time::Duration::SECOND);
    world.visit("Quayside").await;
    let (_, quayside) = world.manage(&key, "/v1/businesses?limit=1").await;
    let taken = format!(
        r#"{{"businessName":"Harbor Coffee","businessUuid":{}}}"#,
        quayside["data"][0]["businessUuid"]
    );
    for body in [
        r#"{"businessName":"Harbor Coffee"}"#,
        r#"{"businessName":"100%"}"#,
        r#"{"businessUuid":"biz_none"}"#,
        r#"{"businessUuid":"biz_none","businessName":"New name"}"#,
        r#"{"name":"Harbor"}"#,
        &taken,
    ] {
        let response = world
            .send(Method::POST, "/v1/businesses", &headers, body)
            .await;
        writeln!(lines, "{}", told(response).await).unwrap();
    }
    for path in [
        "/v1/businesses?limit=0",
        "/v1/businesses?limit=x",
        "/v1/businesses?cursor=x",
        "/v1/businesses?colour=red",
        "/v1/businesses/biz_none",
        "/v1/connections?status=fine",
        "/v1/connections?limit=1&limit=2",
        "/v1/connections/con_none",
        "/v1/connections/con_none/credentials",
    ] {
        let response = world.send(Method::GET, path, &headers, "").await;
        writeln!(lines, "{}", told(response).await).unwrap();
    }
    insta::assert_snapshot!(lines, @r#"
    409 business_name_taken businessName: Another business has this name.
    400 invalid_business_name businessName: A business name must not contain %
    400 invalid_request businessName: To rename a business, say how it is to be called.
    404 business_not_found businessUuid: No business has this id.
    400 invalid_request name: The body is not as it should be: unknown field `name`, expected `businessName` or `businessUuid`.
    409 business_name_taken businessName: Another business has this name.
    400 invalid_request limit: A page has 1 to 200 entries.
    400 invalid_request limit: The query is not as it should be: send a whole number, 0 or more.
    400 invalid_request cursor: The cursor is not one that was given out; begin without one.
    400 invalid_request colour: The query is not as it should be: unknown field `colour`, expected one of `status`, `namePrefix`, `limit`, `cursor`.
    404 business_not_found -: No business has this id.
    400 invalid_request status: The query is not as it should be: unknown variant `fine`, expected one of `pending`, `active`, `disconnected`, `expired`, `invalid`, `superseded`.
    400 invalid_request limit: The query is not as it should be: duplicate field `limit`.
    404 connection_not_found -: No connection has this id.
    404 connection_not_found -: No connection has this id.
    "#);
}
