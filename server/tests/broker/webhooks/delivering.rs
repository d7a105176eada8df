//! Attempts, one after another for a day; what an endpoint may answer, and what follows from it.

use super::{Scene, moment};
use crate::support::receiver::Reply;
use crate::support::{Setup, World};
use reqwest::Method;
use serde_json::{Value, json};
use time::Duration;

#[tokio::test]
async fn a_message_is_tried_for_a_day_and_can_be_replayed_then() {
    let scene = Scene::new().await;
    scene.receiver.reply("/hook", Reply::Status(500));
    scene.connect("Harbor Coffee").await;
    scene.world.server.deliver().await.unwrap();
    let kind = "connection.created";
    let mut delivery = scene.api.delivery(&scene.webhook, kind).await;
    let mut waits = Vec::new();
    while delivery["status"] == "pending" {
        let last = delivery["attempts"].as_array().unwrap().last().unwrap();
        let next = moment(&delivery["nextAttemptAt"]);
        waits.push((next - moment(&last["at"])).whole_seconds());
        // Not a moment sooner.
        let before = scene.receiver.received().len();
        scene.at(next - Duration::SECOND).await;
        let sooner = scene.api.delivery(&scene.webhook, kind).await;
        assert_eq!(sooner["attempts"], delivery["attempts"]);
        scene.at(next + Duration::SECOND).await;
        assert!(scene.receiver.received().len() > before);
        delivery = scene.api.delivery(&scene.webhook, kind).await;
    }
    assert_eq!(delivery["status"], "failed");
    let attempts = delivery["attempts"].as_array().unwrap();
    assert_eq!(attempts.len(), 11, "{waits:?}");
    for (wait, least) in waits
        .iter()
        .zip([5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 28_800])
    {
        let most = least + least / 10 + 2;
        assert!((least - 1..=most).contains(wait), "{waits:?}");
    }
    let lasted = moment(&attempts[10]["at"]) - moment(&attempts[0]["at"]);
    assert!(
        (lasted - Duration::hours(24)).abs() < Duration::MINUTE,
        "{lasted}"
    );
    for attempt in attempts {
        assert_eq!(
            (&attempt["statusCode"], &attempt["error"]),
            (&json!(500), &json!("status"))
        );
        assert!(attempt["durationMs"].is_u64());
    }
    let log = scene.api.deliveries(&scene.webhook).await;
    assert!(!json!(log).to_string().contains("nobody keeps this"));

    scene.receiver.reply("/hook", Reply::Status(200));
    let id = delivery["deliveryId"].as_str().unwrap();
    let path = scene.path(&format!("/deliveries/{id}/replay"));
    let (status, replayed) = scene.api.post(&path, Value::Null).await;
    assert_eq!(
        (status, &replayed["status"]),
        (202, &json!("pending")),
        "{replayed}"
    );
    scene.world.server.deliver().await.unwrap();
    let received = scene.receiver.received();
    assert_eq!(
        received.last().unwrap().id(),
        delivery["eventId"].as_str().unwrap()
    );
    let delivery = scene.api.delivery(&scene.webhook, kind).await;
    assert_eq!(
        (&delivery["status"], &delivery["nextAttemptAt"]),
        (&json!("delivered"), &json!(null))
    );
    assert_eq!(delivery["attempts"].as_array().unwrap().len(), 12);
}

#[tokio::test]
async fn an_endpoint_may_ask_for_time_and_a_redirect_is_not_followed() {
    let scene = Scene::new().await;
    let elsewhere = scene.receiver.url("/elsewhere");
    let reply = Reply::With(503, "retry-after", "3600".to_owned());
    scene.receiver.reply("/hook", reply);
    scene.connect("Harbor Coffee").await;
    scene.world.server.deliver().await.unwrap();
    let delivery = scene
        .api
        .delivery(&scene.webhook, "connection.created")
        .await;
    let wait = moment(&delivery["nextAttemptAt"]) - moment(&delivery["attempts"][0]["at"]);
    assert_eq!(wait, Duration::HOUR);

    for status in [302, 307] {
        let reply = Reply::With(status, "location", elsewhere.clone());
        scene.receiver.reply("/hook", reply);
        scene.at(moment(&delivery["nextAttemptAt"])).await;
    }
    let delivery = scene
        .api
        .delivery(&scene.webhook, "connection.created")
        .await;
    assert_eq!(delivery["attempts"][1]["error"], "redirected");
    assert_eq!(delivery["attempts"][1]["statusCode"], 302);
    let paths = scene
        .receiver
        .received()
        .into_iter()
        .map(|message| message.path);
    assert!(paths.into_iter().all(|path| path == "/hook"));
}

#[tokio::test]
async fn an_endpoint_that_is_gone_is_disabled_and_catches_up_when_it_is_back() {
    let scene = Scene::new().await;
    scene.receiver.reply("/hook", Reply::Status(410));
    let first = scene.connect("Harbor Coffee").await;
    scene.world.server.deliver().await.unwrap();
    let shown = scene.api.get(&scene.path("")).await;
    assert_eq!(
        (&shown["enabled"], &shown["disabledReason"]),
        (&json!(false), &json!("gone"))
    );
    for delivery in scene.api.deliveries(&scene.webhook).await {
        assert_eq!(delivery["status"], "failed", "{delivery}");
    }
    let told = scene.api.get("/v1/events?type=webhook.disabled").await;
    assert_eq!(
        told["data"][0]["data"]["webhookId"], scene.webhook,
        "{told}"
    );
    assert_eq!(told["data"].as_array().unwrap().len(), 1);
    for path in ["/test", "/replay"] {
        let body = json!({ "since": "2020-01-01T00:00:00Z" });
        let body = if path == "/replay" { body } else { Value::Null };
        let (status, problem) = scene.api.post(&scene.path(path), body).await;
        assert_eq!(
            (status, &problem["code"]),
            (409, &json!("webhook_disabled"))
        );
    }

    // What happens meanwhile is not queued, and not lost either.
    let came = scene.receiver.received().len();
    let second = scene.connect("Second Harbor").await;
    scene.world.server.deliver().await.unwrap();
    assert_eq!(scene.receiver.received().len(), came);
    scene.receiver.reply("/hook", Reply::Status(200));
    let enable = json!({ "enabled": true });
    let (status, shown) = scene.api.call(Method::PATCH, &scene.path(""), enable).await;
    assert_eq!((status, &shown["enabled"]), (200, &json!(true)), "{shown}");
    let since = json!({ "since": "2020-01-01T00:00:00Z" });
    let (status, replayed) = scene.api.post(&scene.path("/replay"), since.clone()).await;
    assert_eq!(
        (status, &replayed["queued"]),
        (202, &json!(6)),
        "{replayed}"
    );
    scene.world.server.deliver().await.unwrap();
    let received = scene.receiver.received().split_off(came);
    for id in [&first.connection_id, &second.connection_id] {
        let about = received
            .iter()
            .filter(|message| message.message()["data"]["connectionId"] == **id);
        assert_eq!(about.count(), 1, "{id}");
    }
    // Delivered is delivered, unless everything is asked for.
    let (_, replayed) = scene.api.post(&scene.path("/replay"), since.clone()).await;
    assert_eq!(replayed["queued"], 0);
    let everything = json!({ "since": "2020-01-01T00:00:00Z", "scope": "all" });
    let (_, replayed) = scene.api.post(&scene.path("/replay"), everything).await;
    assert_eq!(replayed["queued"], 6);
}

#[tokio::test]
async fn an_endpoint_that_failed_for_five_days_is_disabled_and_one_success_starts_over() {
    let scene = Scene::new().await;
    let fail_for_a_day = async |business: &str| {
        scene.connect(business).await;
        for _ in 0..30 {
            scene.world.clock.advance(Duration::hours(1));
            scene.world.server.deliver().await.unwrap();
        }
        scene.api.get(&scene.path("")).await
    };
    scene.receiver.reply("/hook", Reply::Status(500));
    for business in ["One", "Two", "Three"].map(|number| format!("Harbor {number}")) {
        let shown = fail_for_a_day(&business).await;
        assert_eq!(shown["enabled"], true, "{shown}");
        assert!(shown["failingSince"].is_string(), "{shown}");
    }
    scene.receiver.reply("/hook", Reply::Status(200));
    scene.connect("Harbor Four").await;
    scene.world.server.deliver().await.unwrap();
    assert_eq!(
        scene.api.get(&scene.path("")).await["failingSince"],
        json!(null)
    );

    scene.receiver.reply("/hook", Reply::Status(500));
    for business in ["Five", "Six", "Seven", "Eight"].map(|number| format!("Harbor {number}")) {
        let shown = fail_for_a_day(&business).await;
        assert_eq!(shown["enabled"], true, "{business} {shown}");
    }
    let shown = fail_for_a_day("Harbor Nine").await;
    assert_eq!(
        (&shown["enabled"], &shown["disabledReason"]),
        (&json!(false), &json!("failing"))
    );
    let told = scene.api.get("/v1/events?type=webhook.disabled").await;
    assert_eq!(told["data"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_that_never_answers_holds_no_other_up() {
    let world = World::with(Setup {
        configure: Box::new(|config| config.webhooks.timeout_seconds = 60),
        ..Setup::default()
    });
    let scene = Scene::of(world.await).await;
    scene.receiver.reply("/stuck", Reply::Never);
    scene.api.endpoint(&scene.receiver.url("/stuck")).await;
    for number in 0..6 {
        scene.connect(&format!("Harbor {number}")).await;
    }
    // Six connections and twice their businesses at one endpoint, as many as are sent at a time at the other.
    let received = scene.receiver.wait_for(18 + 8).await;
    let at = |path: &str| {
        received
            .iter()
            .filter(|message| message.path == path)
            .count()
    };
    assert_eq!((at("/hook"), at("/stuck")), (18, 8));
}

#[tokio::test]
async fn a_test_is_sent_at_once_and_a_single_time() {
    let scene = Scene::new().await;
    scene.receiver.reply("/hook", Reply::Status(500));
    let (status, queued) = scene.api.post(&scene.path("/test"), Value::Null).await;
    assert_eq!(status, 202, "{queued}");
    scene.receiver.wait_for(1).await;
    scene.world.server.deliver().await.unwrap();
    assert_eq!(scene.receiver.kinds(), ["webhook.test"]);
    let delivery = scene.api.delivery(&scene.webhook, "webhook.test").await;
    assert_eq!(delivery["deliveryId"], queued["deliveryId"]);
    assert_eq!(delivery["status"], "failed", "{delivery}");
}
