//! What ends, and the grants that are given back for it.

use super::place::{NOW, changed, event, for_a_year, removed, success};
use super::{Place, contract};
use futures_util::future::join_all;
use railhead_protocol::{BusinessStatus, ConnectionStatus, DisconnectReason, Revocation};
use railhead_server::domain::business::Business;
use railhead_server::domain::connection::Connection;
use railhead_server::domain::id::RevocationId;
use railhead_server::entropy::SystemEntropy;
use railhead_server::store::{
    AuthorizationStore as _, BusinessRemoval, BusinessStore as _, ConnectionStore as _,
    Disconnection, Event, EventFilter, EventKind, EventStore as _, Page, RevocationJob,
    RevocationStore as _, Saved, SealedCredentials,
};
use time::{Duration, OffsetDateTime};

contract!(
    one_of_many_disconnects_wipes_the_credentials_and_keeps_the_grant_aside,
    nothing_is_wiped_where_the_grant_cannot_be_kept_aside,
    a_refresh_or_a_disconnect_comes_first_and_no_token_is_lost,
    a_grant_is_one_workers_until_its_claim_runs_out_or_it_is_put_off,
    what_became_of_a_grant_stands_at_its_connection_unless_that_is_active_again,
    only_a_connection_that_ended_is_removed,
    a_business_goes_with_its_connections_unless_they_changed_meanwhile,
);

/// Until when whoever ended it has the grant to itself.
const CLAIMED: OffsetDateTime = NOW.saturating_add(Duration::minutes(2));

/// How `connection`, with credentials of the first version, ends; what its business is then; and what is told of that.
pub(super) fn ending(
    connection: &Connection,
    business: &Business,
) -> (Disconnection, Business, Event) {
    let (connection, fields) = (connection.clone(), [("region".to_owned(), "Ø".to_owned())]);
    let job = RevocationJob {
        id: RevocationId::generate(&SystemEntropy),
        tenant: connection.tenant.clone(),
        connection: connection.id.clone(),
        service_name: connection.service_name.clone(),
        account_id: connection.standing.account().unwrap().account_id.clone(),
        fields: fields.into(),
        credentials: SealedCredentials {
            sealed: "sealed 1".to_owned(),
            version: 1,
        },
        attempts: 0,
        created_at: NOW,
    };
    let reason = DisconnectReason::DisconnectedByCustomer;
    let connection = connection.disconnect(reason).unwrap();
    let ending = Disconnection {
        event: event(&connection, EventKind::ConnectionDisconnected),
        connection,
        version: Some(1),
        revocation: Revocation::Pending,
        job: Some(job),
    };
    let deactivated = business.clone().activate().deactivate();
    let told = changed(&deactivated);
    (ending, deactivated, told)
}

/// Ends it; the first attempt to give its grant back is whoever's did.
async fn disconnect(place: &Place, connection: &Connection, business: &Business) -> Saved {
    let (ending, deactivated, told) = ending(connection, business);
    let saved = place
        .store
        .disconnect(&ending, &deactivated, &told, CLAIMED);
    saved.await.unwrap()
}

async fn claimed(place: &Place, now: OffsetDateTime) -> Vec<RevocationJob> {
    let until = now + Duration::minutes(2);
    let jobs = place.store.claim_revocations(now, until, 10).await;
    jobs.unwrap()
}

async fn stored(place: &Place, connection: &Connection) -> Connection {
    let found = place.store.connection(&place.tenant, &connection.id).await;
    found.unwrap().unwrap()
}

/// How often something like this happened.
async fn told(place: &Place, kind: EventKind) -> usize {
    let filter = EventFilter {
        kind: Some(kind),
        ..EventFilter::default()
    };
    let (after, limit) = (None, 100);
    let page = Page { after, limit };
    let events = place.store.events(&place.tenant, &filter, &page).await;
    events.unwrap().len()
}

async fn one_of_many_disconnects_wipes_the_credentials_and_keeps_the_grant_aside(place: Place) {
    let owner = place.business("Harbor Coffee").await;
    let connection = place.connected(&owner, "account").await;
    let ended = join_all((0..20).map(|_| disconnect(&place, &connection, &owner))).await;
    let done = ended.iter().filter(|saved| **saved == Saved::Done);
    assert_eq!(done.count(), 1);

    let standing = stored(&place, &connection).await.standing;
    assert_eq!(standing.status(), ConnectionStatus::Disconnected);
    let (store, id) = (&place.store, &connection.id);
    let kept = store.credentials(&place.tenant, id).await.unwrap();
    assert!(kept.is_none());
    let version = store.credentials_version(&place.tenant, id).await.unwrap();
    assert_eq!(version, 2, "tokens that are renewed just now come too late");
    assert_eq!(place.refresh(&connection, 2).await, Saved::Conflict);
    let revocation = store.revocation(&place.tenant, id).await.unwrap();
    assert_eq!(revocation, Some(Revocation::Pending));
    let found = store.business(&place.tenant, &owner.id).await.unwrap();
    assert_eq!(found.unwrap().status, BusinessStatus::Inactive);
    assert_eq!(told(&place, EventKind::ConnectionDisconnected).await, 1);
    // Active when it was connected, inactive now.
    assert_eq!(told(&place, EventKind::BusinessUpdated).await, 2);

    assert!(claimed(&place, NOW).await.is_empty(), "somebody is at it");
    let jobs = claimed(&place, CLAIMED).await;
    let [job] = jobs.as_slice() else {
        panic!("{jobs:?}");
    };
    assert_eq!((&job.connection, &job.tenant), (id, &place.tenant));
    assert_eq!((job.account_id.as_str(), job.attempts), ("account", 0));
    assert_eq!((job.fields["region"].as_str(), job.created_at), ("Ø", NOW));
    let SealedCredentials { sealed, version } = &job.credentials;
    assert_eq!((sealed.as_str(), *version), ("sealed 1", 1));
}

async fn nothing_is_wiped_where_the_grant_cannot_be_kept_aside(place: Place) {
    let owner = place.business("Harbor Coffee").await;
    let (one, two) = (
        place.connected(&owner, "one").await,
        place.connected(&owner, "two").await,
    );
    let (first, business, first_told) = ending(&one, &owner);
    let saved = place
        .store
        .disconnect(&first, &business, &first_told, CLAIMED)
        .await;
    assert_eq!(saved.unwrap(), Saved::Done);
    let (mut second, business, second_told) = ending(&two, &owner);
    // The database refuses a second one with this id.
    second.job.as_mut().unwrap().id = first.job.unwrap().id;
    let refused = place
        .store
        .disconnect(&second, &business, &second_told, CLAIMED)
        .await;
    assert!(refused.is_err());
    assert_eq!(stored(&place, &two).await, two);
    let kept = place.store.credentials(&place.tenant, &two.id).await;
    assert!(kept.unwrap().is_some());
    let found = place.store.business(&place.tenant, &owner.id).await;
    assert_eq!(found.unwrap().unwrap().status, BusinessStatus::Active);
    assert_eq!(told(&place, EventKind::ConnectionDisconnected).await, 1);
}

async fn a_refresh_or_a_disconnect_comes_first_and_no_token_is_lost(place: Place) {
    for number in 0..15 {
        let owner = place.business(&format!("Business {number}")).await;
        let connection = place.connected(&owner, "account").await;
        let (refreshed, ended) = tokio::join!(
            place.refresh(&connection, 2),
            disconnect(&place, &connection, &owner)
        );
        assert_ne!(refreshed, ended);
        let kept = place.store.credentials(&place.tenant, &connection.id).await;
        let version = kept.unwrap().map(|kept| kept.credentials.version);
        assert_eq!(version, (refreshed == Saved::Done).then_some(2));
    }
}

async fn a_grant_is_one_workers_until_its_claim_runs_out_or_it_is_put_off(place: Place) {
    let owner = place.business("Harbor Coffee").await;
    for number in 0..30 {
        let connection = place.connected(&owner, &format!("account {number}")).await;
        assert_eq!(disconnect(&place, &connection, &owner).await, Saved::Done);
    }
    let other = place.again().await;
    let (now, until) = (CLAIMED, CLAIMED + Duration::MINUTE);
    let worked = join_all((0..6).map(|number| {
        let store = if number % 2 == 0 {
            &*place.store
        } else {
            &other
        };
        async move { store.claim_revocations(now, until, 10).await.unwrap() }
    }))
    .await;
    let mut jobs = worked.concat();
    for _ in 0..3 {
        jobs.extend(other.claim_revocations(now, until, 10).await.unwrap());
    }
    let mut ids: Vec<_> = jobs.iter().map(|job| job.id.clone()).collect();
    ids.sort();
    ids.dedup();
    assert_eq!((jobs.len(), ids.len()), (30, 30), "each once");

    let (late, off) = (&jobs[0], &jobs[1]);
    for job in &jobs[2..] {
        let over = place.store.end_revocation(job, Revocation::Done).await;
        over.unwrap();
    }
    let due_at = until + Duration::HOUR;
    place.store.delay_revocation(off, due_at).await.unwrap();
    assert!(
        claimed(&place, until - Duration::MILLISECOND)
            .await
            .is_empty()
    );
    let again = claimed(&place, until).await;
    assert_eq!(again.len(), 1);
    assert_eq!((&again[0].id, again[0].attempts), (&late.id, 0));
    place
        .store
        .end_revocation(late, Revocation::Done)
        .await
        .unwrap();
    let again = claimed(&place, due_at).await;
    assert_eq!(again.len(), 1);
    assert_eq!((&again[0].id, again[0].attempts), (&off.id, 1));
}

async fn what_became_of_a_grant_stands_at_its_connection_unless_that_is_active_again(place: Place) {
    let owner = place.business("Harbor Coffee").await;
    let (one, two) = (
        place.connected(&owner, "one").await,
        place.connected(&owner, "two").await,
    );
    for connection in [&one, &two] {
        assert_eq!(disconnect(&place, connection, &owner).await, Saved::Done);
    }
    let again = place.authorization(&place.session(&owner).await).await;
    let mut success = success(&again, &owner, "two", 3);
    let account = two.standing.account().unwrap().clone();
    let ended = stored(&place, &two).await;
    let renewed = ended.renew(account, for_a_year()).unwrap();
    success.authorization = again.succeed(renewed.id.clone()).unwrap();
    success.connection.connection = renewed;
    assert_eq!(place.store.settle(&success).await.unwrap(), Saved::Done);
    let use_of = async |but| {
        let store = &place.store;
        let used = store.is_account_in_use(&place.tenant, "xero", "two", but);
        used.await.unwrap()
    };
    assert!(use_of(None).await && use_of(Some(&one.id)).await);
    assert!(!use_of(Some(&two.id)).await);
    for job in claimed(&place, CLAIMED).await {
        let over = place.store.end_revocation(&job, Revocation::Failed).await;
        over.unwrap();
    }
    let known = async |connection: &Connection| {
        let known = place.store.revocation(&place.tenant, &connection.id).await;
        known.unwrap()
    };
    assert_eq!(known(&one).await, Some(Revocation::Failed));
    assert_eq!(known(&two).await, None);
    assert!(claimed(&place, CLAIMED + Duration::DAY).await.is_empty());
}

async fn only_a_connection_that_ended_is_removed(place: Place) {
    let owner = place.business("Harbor Coffee").await;
    let connection = place.connected(&owner, "account").await;
    let remove = async || {
        let removed = place
            .store
            .remove_connection(&place.tenant, &connection.id)
            .await;
        removed.unwrap()
    };
    assert_eq!(remove().await, Saved::Conflict);
    assert_eq!(stored(&place, &connection).await, connection);
    assert_eq!(disconnect(&place, &connection, &owner).await, Saved::Done);
    assert_eq!(remove().await, Saved::Done);
    let found = place.store.connection(&place.tenant, &connection.id).await;
    assert_eq!(found.unwrap(), None);
    assert_eq!(
        claimed(&place, CLAIMED).await.len(),
        1,
        "its grant is not lost"
    );
}

async fn a_business_goes_with_its_connections_unless_they_changed_meanwhile(place: Place) {
    let owner = place.business("Harbor Coffee").await;
    let one = place.connected(&owner, "one").await;
    let begun = place.authorization(&place.session(&owner).await).await;
    let removal = |connections: &[&Connection]| BusinessRemoval {
        business: owner.clone(),
        disconnections: connections
            .iter()
            .map(|connection| ending(connection, &owner).0)
            .collect(),
        event: removed(&owner),
    };
    let early = removal(&[&one]);
    let two = place.connected(&owner, "two").await;
    let saved = place.store.remove_business(&early, CLAIMED).await;
    assert_eq!(saved.unwrap(), Saved::Conflict);
    assert_eq!(stored(&place, &one).await, one, "all of it or nothing");
    assert!(claimed(&place, CLAIMED).await.is_empty());

    let (all, success) = (removal(&[&one, &two]), success(&begun, &owner, "three", 1));
    let (saved, settled) = tokio::join!(
        place.store.remove_business(&all, CLAIMED),
        place.store.settle(&success)
    );
    assert_ne!(saved.as_ref().unwrap(), settled.as_ref().unwrap());
    if saved.unwrap() == Saved::Conflict {
        let all = removal(&[&one, &two, &success.connection.connection]);
        let saved = place.store.remove_business(&all, CLAIMED).await;
        assert_eq!(saved.unwrap(), Saved::Done);
    }
    let found = place.store.business(&place.tenant, &owner.id).await;
    assert_eq!(found.unwrap(), None);
    let left = place.store.connections_of(&place.tenant, &owner.id).await;
    assert_eq!(left.unwrap(), []);
    let found = place.store.authorization(&begun.id).await.unwrap();
    assert_eq!(found, None);
    assert_eq!(told(&place, EventKind::BusinessRemoved).await, 1);
    let grants = claimed(&place, CLAIMED).await.len();
    assert_eq!(
        grants,
        if settled.unwrap() == Saved::Done {
            3
        } else {
            2
        }
    );
    // Its name is free.
    place.business("Harbor Coffee").await;
}
