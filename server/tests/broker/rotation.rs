//! Refresh tokens that work once: at a certified server that ends the grant when one is used again.

use crate::support::peers::StrictPeer;
use serde_json::{Value, json};

async fn credentials(peer: &StrictPeer, connection: &str) -> (u16, Value) {
    let path = format!("/v1/connections/{connection}/credentials");
    peer.world.manage(&peer.key, &path).await
}

fn refresh_grants(issued: &Value) -> usize {
    let grants = issued["issued"].as_array().unwrap().iter();
    let refreshed = grants.filter(|grant| grant["grantType"] == "refresh_token");
    refreshed.count()
}

#[tokio::test(flavor = "multi_thread")]
async fn three_readers_at_once_are_one_refresh_and_the_grant_lives_on() {
    let peer = StrictPeer::start().await;
    let connection = peer.connected("Harbor Coffee").await;
    let first = credentials(&peer, &connection).await.1;
    for round in 1..=2 {
        peer.world.clock.advance(time::Duration::minutes(11));
        let ask = || credentials(&peer, &connection);
        let answers: [(u16, Value); 3] = tokio::join!(ask(), ask(), ask()).into();
        let token = answers[0].1["accessToken"].as_str().unwrap();
        assert!(
            answers
                .iter()
                .all(|(status, shown)| *status == 200 && shown["accessToken"] == token)
        );
        assert_ne!(first["accessToken"], token);
        assert!(peer.accepts(token).await, "the grant was ended");
        let issued = peer.issued().await;
        assert_eq!(refresh_grants(&issued), round);
        assert_eq!(issued["refused"], json!([]));
    }
}

#[tokio::test]
async fn a_refresh_token_that_somebody_else_used_again_ends_the_connection() {
    let peer = StrictPeer::start().await;
    let connection = peer.connected("Harbor Coffee").await;
    peer.world.clock.advance(time::Duration::minutes(11));
    let fresh = credentials(&peer, &connection).await.1;
    let issued = peer.issued().await;
    let used_up = issued["issued"][0]["refreshToken"].as_str().unwrap();
    assert_eq!(peer.replay(used_up).await, 400);
    assert!(!peer.accepts(fresh["accessToken"].as_str().unwrap()).await);

    peer.world.clock.advance(time::Duration::minutes(11));
    let (status, problem) = credentials(&peer, &connection).await;
    let refused = (status, problem["code"].as_str());
    assert_eq!(refused, (409, Some("connection_not_active")));
    let path = format!("/v1/connections/{connection}");
    let (_, shown) = peer.world.manage(&peer.key, &path).await;
    assert_eq!(shown["disconnectReason"], "reauthorization_required");
}
