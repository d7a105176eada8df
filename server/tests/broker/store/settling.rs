//! How authorizations end, several at a time.

use super::place::{NOW, changed, event, for_a_year, removed, sealed, success};
use super::{Place, contract};
use futures_util::future::join_all;
use railhead_protocol::{BusinessStatus, ConnectionStatus, DisconnectReason};
use railhead_server::domain::authorization::{Authorization, Phase};
use railhead_server::domain::business::Business;
use railhead_server::domain::connection::Connection;
use railhead_server::domain::id::ConnectionId;
use railhead_server::store::{
    AuthorizationStore as _, BusinessStore as _, ConnectionStore as _, EventKind, NewConnection,
    Saved, SealedCredentials, Success,
};
use time::Duration;

contract!(
    one_of_many_authorizations_gets_an_account,
    an_authorization_ends_once_with_or_without_success,
    credentials_that_were_replaced_meanwhile_are_not_overwritten,
    a_connection_authorized_again_while_it_is_refused_leaves_an_active_business,
    a_business_that_is_gone_gets_no_connection,
    discarding_and_cancelling_at_the_same_time_leaves_no_pending_connection,
);

async fn one_of_many_authorizations_gets_an_account(place: Place) {
    let owner = place.business("Harbor Coffee").await;
    let mut begun = Vec::new();
    for _ in 0..10 {
        let session = place.session(&owner).await;
        begun.push(place.authorization(&session).await);
    }
    let settled = join_all(begun.iter().map(|authorization| {
        let (store, success) = (
            place.store.clone(),
            success(authorization, &owner, "account", 1),
        );
        async move { store.settle(&success).await.unwrap() }
    }))
    .await;
    let done = settled.iter().filter(|saved| **saved == Saved::Done);
    assert_eq!(done.count(), 1);
    let known = place.store.connections_of(&place.tenant, &owner.id).await;
    assert_eq!(known.unwrap().len(), 1);
    for (authorization, saved) in begun.iter().zip(settled) {
        let is_over = place.stored(authorization).await.phase.is_over();
        assert_eq!(is_over, saved == Saved::Done);
    }
}

async fn an_authorization_ends_once_with_or_without_success(place: Place) {
    for number in 0..10 {
        let owner = place.business(&format!("Business {number}")).await;
        let begun = place.authorization(&place.session(&owner).await).await;
        let success = success(&begun, &owner, "account", 1);
        let cancelled = begun.clone().cancel().unwrap();
        let (settled, saved) = tokio::join!(
            place.store.settle(&success),
            place.store.save_authorization(&cancelled)
        );
        let (settled, saved) = (settled.unwrap(), saved.unwrap());
        assert_ne!(settled, saved);
        let stored = place.stored(&begun).await;
        assert_eq!(stored.phase == Phase::Cancelled, saved == Saved::Done);
        let known = place.store.connections_of(&place.tenant, &owner.id).await;
        assert_eq!(known.unwrap().len(), usize::from(settled == Saved::Done));
    }
}

/// The success of `authorization` with the connection that was there before.
fn renewed(
    authorization: &Authorization,
    owner: &Business,
    connection: &Connection,
    credentials: SealedCredentials,
) -> Success {
    let account = connection.standing.account().unwrap().clone();
    let connection = connection.clone().renew(account, for_a_year()).unwrap();
    let succeeded = authorization.clone().succeed(connection.id.clone());
    let business = owner.clone().activate();
    Success {
        authorization: succeeded.unwrap(),
        event: event(&connection, EventKind::ConnectionUpdated),
        activated: changed(&business),
        connection: NewConnection {
            renew_at: None,
            connection,
            credentials,
            fields: [].into(),
        },
        business,
        discard: None,
    }
}

async fn credentials_that_were_replaced_meanwhile_are_not_overwritten(place: Place) {
    let owner = place.business("Harbor Coffee").await;
    let connection = place.connected(&owner, "account").await;
    let again = place.authorization(&place.session(&owner).await).await;
    let late = renewed(&again, &owner, &connection, sealed(2));
    assert_eq!(place.refresh(&connection, 2).await, Saved::Done);
    // One version would stand for two tokens, and a refusal of the one would end the other.
    assert_eq!(place.store.settle(&late).await.unwrap(), Saved::Conflict);
    let reread = renewed(&again, &owner, &connection, sealed(3));
    assert_eq!(place.store.settle(&reread).await.unwrap(), Saved::Done);
    let kept = place.store.credentials(&place.tenant, &connection.id).await;
    assert_eq!(kept.unwrap().unwrap().credentials.version, 3);
}

async fn a_connection_authorized_again_while_it_is_refused_leaves_an_active_business(place: Place) {
    for number in 0..10 {
        let owner = place.business(&format!("Business {number}")).await;
        let connection = place.connected(&owner, "account").await;
        let again = place.authorization(&place.session(&owner).await).await;
        let renewed = renewed(&again, &owner, &connection, sealed(2));
        let reason = DisconnectReason::ReauthorizationRequired;
        let invalid = connection.clone().invalidate(reason).unwrap();
        let event = event(&invalid, EventKind::ConnectionDisconnected);
        let inactive = owner.clone().activate().deactivate();
        let told = changed(&inactive);
        let (settled, _) = tokio::join!(
            place.store.settle(&renewed),
            place
                .store
                .save_invalid(&invalid, 1, &event, &inactive, &told)
        );
        assert_eq!(settled.unwrap(), Saved::Done);
        let found = place.store.business(&place.tenant, &owner.id).await;
        assert_eq!(found.unwrap().unwrap().status, BusinessStatus::Active);
        let found = place.store.connection(&place.tenant, &connection.id).await;
        let status = found.unwrap().unwrap().standing.status();
        assert_eq!(status, ConnectionStatus::Active);
    }
}

async fn a_business_that_is_gone_gets_no_connection(place: Place) {
    let owner = place.business("Harbor Coffee").await;
    let session = place.session(&owner).await;
    let accepted = place.accepted(&session, &"srv_1".into()).await;
    let cancelled = accepted.clone().cancel().unwrap();
    assert_eq!(place.save(&cancelled).await, Saved::Done);
    let later = NOW + Duration::MILLISECOND;
    let gone = place
        .store
        .remove_orphans(later, later, &removed)
        .await
        .unwrap();
    assert_eq!(gone, std::slice::from_ref(&owner.id));
    let success = success(&accepted, &owner, "account", 1);
    assert_eq!(place.store.settle(&success).await.unwrap(), Saved::Conflict);
    let pending = super::place::pending(&owner);
    let authorized = accepted.authorize(pending.connection.id.clone()).unwrap();
    let saved = place.store.save_authorized(&authorized, &pending).await;
    assert_eq!(saved.unwrap(), Saved::Conflict);
}

async fn discarding_and_cancelling_at_the_same_time_leaves_no_pending_connection(place: Place) {
    let owner = place.business("Harbor Coffee").await;
    let mut connection = place.connected(&owner, "account").await;
    for number in 0..10 {
        let session = place.session(&owner).await;
        let accepted = place.accepted(&session, &"srv_1".into()).await;
        let pending = super::place::pending(&owner);
        let id: ConnectionId = pending.connection.id.clone();
        let authorized = accepted.authorize(id.clone()).unwrap();
        let saved = place.store.save_authorized(&authorized, &pending).await;
        assert_eq!(saved.unwrap(), Saved::Done);
        let authorized = place.stored(&authorized).await;
        let stored = place.store.credentials(&place.tenant, &connection.id).await;
        let version = stored.unwrap().unwrap().credentials.version + 1;
        let mut renewed = renewed(&authorized, &owner, &connection, sealed(version));
        renewed.discard = Some(id.clone());
        let cancelled = authorized.clone().cancel().unwrap();
        let (settled, cancelled) = tokio::join!(
            place.store.settle(&renewed),
            place.store.save_authorization(&cancelled)
        );
        assert_ne!(settled.unwrap(), cancelled.unwrap(), "attempt {number}");
        let left = place.store.connection(&place.tenant, &id).await.unwrap();
        assert_eq!(left, None);
        let found = place.store.connection(&place.tenant, &connection.id).await;
        connection = found.unwrap().unwrap();
    }
}
