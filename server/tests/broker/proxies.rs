//! Whose word on a client's address counts.

use crate::support::{HOST, Setup, World};
use railhead_server::config::Config;
use reqwest::Method;

/// A world where an address begins one session a minute, and the test's own address is a proxy's if `trusted`.
async fn world(trusted: &'static str) -> World {
    let configure = move |config: &mut Config| {
        config.limits.sessions_per_minute = 1;
        let variables = [("RAILHEAD_TRUSTED_PROXIES".into(), trusted.into())];
        config.trusted_proxies = Config::load(None, variables).unwrap().trusted_proxies;
    };
    World::with(Setup {
        configure: Box::new(configure),
        ..Setup::default()
    })
    .await
}

/// Begins a session as the `forwarded` client; is it let?
async fn begins(world: &World, header: &str, forwarded: &str) -> bool {
    let headers = [("origin", HOST), (header, forwarded)];
    let path = "/v1/connect/sessions";
    let body = r#"{"widgetId":"wid_sandbox"}"#;
    let answer = world.send(Method::POST, path, &headers, body).await;
    match answer.status().as_u16() {
        201 => true,
        429 => false,
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn each_client_behind_a_trusted_proxy_counts_by_itself() {
    let world = world("127.0.0.0/8").await;
    let begins = async |forwarded| begins(&world, "x-forwarded-for", forwarded).await;
    assert!(begins("192.0.2.1").await);
    assert!(begins("192.0.2.2").await);
    assert!(!begins("192.0.2.1").await);
    // What the client wrote there itself, left of its address, changes nothing.
    assert!(!begins("203.0.113.5, 192.0.2.2").await);
    assert!(!begins("127.0.0.9, 192.0.2.2").await);
    assert!(begins("192.0.2.2, 203.0.113.5").await);
}

#[tokio::test]
async fn what_others_say_of_their_address_is_ignored() {
    let world = world("10.0.0.0/8").await;
    assert!(begins(&world, "x-forwarded-for", "192.0.2.1").await);
    assert!(!begins(&world, "x-forwarded-for", "192.0.2.2").await);
    assert!(!begins(&world, "forwarded", "for=192.0.2.3").await);
    assert!(!begins(&world, "x-real-ip", "192.0.2.4").await);
}

#[tokio::test]
async fn a_header_that_the_proxy_does_not_write_is_ignored() {
    let world = world("127.0.0.1").await;
    assert!(begins(&world, "forwarded", "for=192.0.2.1").await);
    assert!(!begins(&world, "forwarded", "for=192.0.2.2").await);
}
