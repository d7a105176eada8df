//! Services that grant what is asked, and then answer anything but what the standard says.

use crate::support::peers::{CLIENT_SECRET, Fault, MockPeer};
use railhead_protocol::{AuthorizationStatus, ErrorCode};
use serde_json::Value;

/// Answers that hold tokens, in their own way.
const READABLE: [Fault; 4] = [
    Fault::TextLifetime,
    Fault::ArrayScope,
    Fault::NoRefreshToken,
    Fault::Drip,
];

/// Answers that say nothing about the grant: the service is not itself.
const UNUSABLE: [Fault; 12] = [
    Fault::Broken,
    Fault::Busy,
    Fault::Away,
    Fault::FailedInSuccess,
    Fault::Page,
    Fault::HalfJson,
    Fault::NoAccessToken,
    Fault::Redirect,
    Fault::Huge,
    Fault::HugeStream,
    Fault::Dropped,
    Fault::DroppedMidway,
];

async fn credentials(peer: &MockPeer, connection: &str) -> (u16, Value) {
    let path = format!("/v1/connections/{connection}/credentials");
    peer.world.manage(&peer.key, &path).await
}

async fn status(peer: &MockPeer, connection: &str) -> Value {
    let path = format!("/v1/connections/{connection}");
    let (_, shown) = peer.world.manage(&peer.key, &path).await;
    shown["status"].clone()
}

/// Connects at a peer that behaves.
async fn connected(peer: &MockPeer, business: &str) -> String {
    peer.fault(Fault::None).await;
    let visit = peer.visit(business).await;
    let (started, _) = peer.authorize(&visit).await;
    let state = visit.state(&started).await;
    state.connection.unwrap().connection_id
}

#[tokio::test]
async fn an_authorization_ends_well_or_with_a_reason_whatever_the_token_endpoint_answers() {
    let peer = MockPeer::start().await;
    for fault in READABLE {
        peer.fault(fault).await;
        let visit = peer.visit(&format!("{fault:?}")).await;
        let (started, _) = peer.authorize(&visit).await;
        let state = visit.state(&started).await;
        assert_eq!(state.status, AuthorizationStatus::Succeeded, "{fault:?}");
    }
    let denied = [Fault::Denied, Fault::DeniedInSuccess];
    let refused = UNUSABLE.iter().chain(&denied);
    let refused = refused.map(|fault| (*fault, ErrorCode::ServiceUnavailable));
    for (fault, code) in refused.chain([(Fault::UnknownClient, ErrorCode::UnauthorizedClient)]) {
        peer.fault(fault).await;
        let visit = peer.visit(&format!("{fault:?}")).await;
        let (started, landing) = peer.authorize(&visit).await;
        assert_eq!(landing.status, 200, "{fault:?}: {}", landing.html);
        let failure = visit.state(&started).await.failure;
        assert_eq!(failure.map(|failure| failure.code), Some(code), "{fault:?}");
        assert!(!visit.browser.seen().contains(CLIENT_SECRET));
    }
    let (_, all) = peer
        .world
        .manage(&peer.key, "/v1/connections?limit=100")
        .await;
    assert_eq!(all["data"].as_array().unwrap().len(), READABLE.len());
}

#[tokio::test]
async fn a_refresh_reads_what_can_be_read_and_keeps_the_refresh_token_that_is_not_replaced() {
    let peer = MockPeer::start().await;
    let connection = connected(&peer, "Harbor Coffee").await;
    let mut before = credentials(&peer, &connection).await.1;
    for fault in READABLE {
        peer.fault(fault).await;
        peer.world.clock.advance(time::Duration::hours(2));
        let (status, fresh) = credentials(&peer, &connection).await;
        assert_eq!(status, 200, "{fault:?}: {fresh}");
        assert_ne!(fresh["accessToken"], before["accessToken"], "{fault:?}");
        before = fresh;
    }
    let requests = peer.requests().await;
    let used: Vec<&Value> = requests
        .iter()
        .map(|request| &request["form"]["refresh_token"])
        .filter(|token| token.is_string())
        .collect();
    // In the order of READABLE: the third answer brought none, so the fourth request uses the third's once more.
    assert_eq!(used.len(), 4);
    assert!(used[0] != used[1] && used[1] != used[2] && used[2] == used[3]);
}

#[tokio::test]
async fn a_refresh_that_fails_leaves_the_connection_for_the_service_to_come_back() {
    let peer = MockPeer::start().await;
    let connection = connected(&peer, "Harbor Coffee").await;
    let faults = UNUSABLE.map(|fault| (fault, "service_unavailable"));
    for (fault, code) in faults
        .into_iter()
        .chain([(Fault::UnknownClient, "unauthorized_client")])
    {
        peer.fault(fault).await;
        peer.world.clock.advance(time::Duration::hours(2));
        let (answered, problem) = credentials(&peer, &connection).await;
        assert_eq!(
            (answered, problem["code"].as_str()),
            (502, Some(code)),
            "{fault:?}"
        );
        assert_eq!(status(&peer, &connection).await, "active", "{fault:?}");
    }
    peer.fault(Fault::None).await;
    peer.world.clock.advance(time::Duration::hours(2));
    assert_eq!(credentials(&peer, &connection).await.0, 200);
    let requests = peer.requests().await;
    let elsewhere = requests
        .iter()
        .filter(|request| request["path"] == "/-/elsewhere");
    assert_eq!(
        elsewhere.count(),
        0,
        "no redirect is followed: it would carry the client's secret"
    );
}

#[tokio::test]
async fn a_grant_refused_with_success_is_refused_all_the_same() {
    let peer = MockPeer::start().await;
    for fault in [Fault::Denied, Fault::DeniedInSuccess] {
        let connection = connected(&peer, &format!("{fault:?}")).await;
        peer.fault(fault).await;
        peer.world.clock.advance(time::Duration::hours(2));
        let (answered, problem) = credentials(&peer, &connection).await;
        let refused = (answered, problem["code"].as_str());
        assert_eq!(refused, (409, Some("connection_not_active")), "{fault:?}");
        assert_eq!(status(&peer, &connection).await, "invalid", "{fault:?}");
    }
}
