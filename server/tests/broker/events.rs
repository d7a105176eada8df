//! What happened, read back by the workspace.

use crate::support::browser::Browser;
use crate::support::visit::Visit;
use crate::support::{HOST, World};
use crate::webhooks::{Api, Scene};
use demo_provider::Config;
use railhead_protocol::EventType;
use reqwest::Method;
use serde_json::{Value, json};
use time::Duration;

fn kinds(page: &Value) -> Vec<&str> {
    let data = page["data"].as_array().unwrap().iter();
    data.map(|event| event["type"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn the_life_of_a_connection_can_be_read_back() {
    let setup = crate::support::Setup {
        provider: Config {
            access_token_lifetime: std::time::Duration::from_secs(30),
            ..Config::default()
        },
        ..crate::support::Setup::default()
    };
    let world = World::with(setup).await;
    let api = Api::of(&world);
    let minute = || world.clock.advance(Duration::MINUTE);
    let connection = world
        .visit("Harbor Coffee")
        .await
        .connected("xero", "alice")
        .await;
    let id = &connection.connection_id;
    minute();
    let token = api.get(&format!("/v1/connections/{id}/credentials")).await;
    minute();
    let again = json!({ "serviceName": "xero", "connectionId": id });
    let visit = world.visit("Harbor Coffee").await;
    visit.connect(again, "alice", "allow").await;
    minute();
    world.clock.advance(Duration::days(366));
    world.server.sweep().await.unwrap();

    let page = api.get(&format!("/v1/events?connectionId={id}")).await;
    assert_eq!(
        kinds(&page),
        [
            "connection.updated",
            "connection.refreshed",
            "connection.created"
        ]
    );
    let created = &page["data"][2];
    assert_eq!(created["businessUuid"], connection.business_uuid);
    assert_eq!(created["data"]["connectionId"], **id);
    assert!(created["authorizationId"].is_string(), "{created}");
    let one = format!("/v1/events/{}", created["eventId"].as_str().unwrap());
    assert_eq!(&api.get(&one).await, created);
    assert!(
        !page
            .to_string()
            .contains(token["accessToken"].as_str().unwrap())
    );

    let of_business = format!("/v1/events?businessUuid={}", connection.business_uuid);
    let updates = api
        .get(&format!("{of_business}&type=business.updated"))
        .await;
    let statuses = updates["data"].as_array().unwrap().iter();
    let statuses: Vec<_> = statuses
        .map(|event| event["data"]["status"].clone())
        .collect();
    assert_eq!(statuses, [json!("inactive"), json!("active")]);
}

/// A visit of a page that begins its session like this.
async fn begun<'w>(world: &'w World, begin: &Value) -> Visit<'w> {
    let headers = [("origin", HOST)];
    let begin = begin.to_string();
    let loaded = world.send(Method::POST, "/v1/connect/sessions", &headers, &begin);
    Visit {
        world,
        browser: Browser::new(),
        session: loaded.await.json().await.unwrap(),
    }
}

#[tokio::test]
async fn what_a_session_was_given_along_comes_back_with_its_connection() {
    let scene = Scene::new().await;
    let (world, api) = (&scene.world, &scene.api);
    // As much as it may be.
    let metadata =
        json!({ "applicationId": "4711", "notes": "x".repeat(1900), "of": [{ "any": null }] });
    let minted = json!({ "widgetId": "wid_sandbox", "businessName": "Harbor Coffee", "origin": HOST, "metadata": metadata });
    let (status, minted) = api.post("/v1/sessions", minted).await;
    assert_eq!(status, 201, "{minted}");
    // What the page says counts for less than what the company's server has said.
    let other = r#"{"page":true}"#;
    let begin = json!({ "widgetId": "wid_sandbox", "sessionToken": minted["sessionToken"], "metadata": other });
    let visit = begun(world, &begin).await;
    let connection = visit.connected("xero", "alice").await;
    world.server.deliver().await.unwrap();

    let of_connection = format!("/v1/events?connectionId={}", connection.connection_id);
    let page = api.get(&of_connection).await;
    assert_eq!(kinds(&page), ["connection.created"]);
    assert_eq!(page["data"][0]["data"]["metadata"], metadata);
    let told = scene.receiver.received();
    let told = told.iter().find(|one| one.kind() == "connection.created");
    assert_eq!(told.unwrap().message()["data"]["metadata"], metadata);
    // The connection itself does not keep it, and a session without any gives none along.
    world.clock.advance(Duration::MINUTE);
    let again = json!({ "serviceName": "xero", "connectionId": connection.connection_id });
    let visit = world.visit("Harbor Coffee").await;
    visit.connect(again, "alice", "allow").await;
    let page = api.get(&of_connection).await;
    assert_eq!(kinds(&page), ["connection.updated", "connection.created"]);
    assert_eq!(page["data"][0]["data"].get("metadata"), None);
    // A session that the page begins by itself gives along what the page says.
    let begin =
        json!({ "widgetId": "wid_sandbox", "businessName": "Harbor Coffee", "metadata": other });
    let visit = begun(world, &begin).await;
    world.clock.advance(Duration::MINUTE);
    let again = json!({ "serviceName": "xero", "connectionId": connection.connection_id });
    visit.connect(again, "alice", "allow").await;
    let page = api.get(&of_connection).await;
    assert_eq!(page["data"][0]["data"]["metadata"], json!({ "page": true }));
}

#[tokio::test]
async fn a_connection_that_the_service_refuses_ends_with_an_event_and_so_does_its_business() {
    let setup = crate::support::Setup {
        provider: Config {
            access_token_lifetime: std::time::Duration::from_secs(30),
            ..Config::default()
        },
        ..crate::support::Setup::default()
    };
    let world = World::with(setup).await;
    let api = Api::of(&world);
    let connection = world
        .visit("Harbor Coffee")
        .await
        .connected("xero", "rita")
        .await;
    world.clock.advance(Duration::MINUTE);
    let path = format!("/v1/connections/{}/credentials", connection.connection_id);
    let (status, _) = api.call(Method::GET, &path, Value::Null).await;
    assert_eq!(status, 409);
    let page = api.get("/v1/events?type=connection.disconnected").await;
    assert_eq!(
        page["data"][0]["data"]["disconnectReason"],
        "reauthorization_required"
    );
    let page = api.get("/v1/events?type=business.updated").await;
    assert_eq!(page["data"][0]["data"]["status"], "inactive", "{page}");
}

#[tokio::test]
async fn a_business_that_never_connected_leaves_an_event_behind() {
    let world = World::new().await;
    let api = Api::of(&world);
    let orphan = world.visit("Orphan").await.session.business;
    world.clock.advance(Duration::hours(24) + Duration::SECOND);
    assert_eq!(world.server.sweep().await.unwrap().businesses, 1);
    let page = api.get("/v1/events?type=business.removed").await;
    assert_eq!(page["data"][0]["businessUuid"], orphan.business_uuid);
    assert_eq!(page["data"][0]["data"]["businessName"], "Orphan");
}

#[tokio::test]
async fn events_come_in_pages_and_between_two_moments_and_go_after_their_time() {
    let world = World::new().await;
    let api = Api::of(&world);
    let mut moments = Vec::new();
    for number in 0..3 {
        world
            .visit(&format!("Harbor {number}"))
            .await
            .connected("xero", "alice")
            .await;
        let page = api.get("/v1/events?limit=1").await;
        moments.push(page["data"][0]["createdAt"].as_str().unwrap().to_owned());
        world.clock.advance(Duration::HOUR);
    }
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = api.get(&format!("/v1/events?limit=4{cursor}")).await;
        seen.extend(page["data"].as_array().unwrap().clone());
        let Some(next) = page["nextCursor"].as_str() else {
            break;
        };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(seen.len(), 9);
    assert!(seen.is_sorted_by_key(|event| std::cmp::Reverse(event["createdAt"].to_string())));
    let between = format!("/v1/events?since={}&until={}", moments[1], moments[2]);
    let page = api.get(&between).await;
    assert_eq!(page["data"].as_array().unwrap().len(), 3, "{page}");
    for (query, field) in [
        ("type=nothing", "type"),
        ("since=yesterday", "since"),
        ("until=1", "until"),
        ("cursor=x", "cursor"),
        ("limit=0", "limit"),
        ("colour=red", "colour"),
    ] {
        let (status, problem) = api
            .call(Method::GET, &format!("/v1/events?{query}"), Value::Null)
            .await;
        assert_eq!(
            (status, &problem["field"]),
            (400, &json!(field)),
            "{problem}"
        );
    }
    let (status, problem) = api.call(Method::GET, "/v1/events/evt_1", Value::Null).await;
    assert_eq!((status, &problem["code"]), (404, &json!("event_not_found")));

    world
        .clock
        .advance(Duration::days(400) - Duration::hours(2) - Duration::MINUTE);
    assert_eq!(world.server.sweep().await.unwrap().events, 3);
    let expected = EventType::ConnectionCreated.as_str();
    let page = api.get(&format!("/v1/events?type={expected}")).await;
    assert_eq!(page["data"].as_array().unwrap().len(), 2);
}
