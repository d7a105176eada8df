//! Businesses: names, pages, and which of them are swept away.

use super::place::{NOW, business, changed, made, removed};
use super::{Place, contract};
use futures_util::future::join_all;
use railhead_protocol::{BusinessName, BusinessStatus};
use railhead_server::domain::business::Business;
use railhead_server::secret::Digest;
use railhead_server::store::{
    AuthorizationStore as _, BusinessFilter, BusinessStore as _, ConnectionStore as _, Page, Saved,
    SessionStore as _,
};
use time::Duration;

contract!(
    one_of_many_at_the_same_time_gets_a_name,
    reads_texts_and_times_as_they_were_written,
    renaming_onto_a_name_that_is_taken_changes_nothing,
    pages_are_stable_while_others_are_added,
    orphans_go_with_all_that_hangs_on_them_and_others_stay,
    an_orphan_is_swept_away_or_visited_and_never_both,
    two_sweeps_at_the_same_time_remove_each_orphan_once,
    a_business_is_inactive_once_its_last_connection_has_expired,
);

async fn one_of_many_at_the_same_time_gets_a_name(place: Place) {
    let added = join_all((0..20).map(|_| {
        let store = place.store.clone();
        let business = business(&place.tenant, "Harbor Coffee", NOW);
        async move {
            store
                .add_business(&business, &made(&business))
                .await
                .unwrap()
        }
    }))
    .await;
    let done = added.iter().filter(|saved| **saved == Saved::Done);
    assert_eq!(done.count(), 1);
}

async fn reads_texts_and_times_as_they_were_written(place: Place) {
    for name in [
        "Café Ü & Söhne",
        "株式会社ハーバー",
        "Ωmega 🦀 'quoted'; --",
    ] {
        let written = place.business(name).await;
        let read = place.store.business(&place.tenant, &written.id).await;
        assert_eq!(read.unwrap(), Some(written.clone()));
        let by_name = place.store.business_by_name(&place.tenant, &written.name);
        assert_eq!(by_name.await.unwrap(), Some(written));
    }
    let lower = BusinessName::parse("café ü & söhne").unwrap();
    let found = place.store.business_by_name(&place.tenant, &lower).await;
    assert_eq!(found.unwrap(), None, "names are compared letter by letter");
}

async fn renaming_onto_a_name_that_is_taken_changes_nothing(place: Place) {
    let one = place.business("Harbor Coffee").await;
    let other = place.business("Quayside").await;
    let rename = async |name: &str| {
        let name = BusinessName::parse(name).unwrap();
        let renamed = Business {
            name,
            ..one.clone()
        };
        let saved = place
            .store
            .rename_business(&renamed, &changed(&renamed))
            .await;
        saved.unwrap()
    };
    assert_eq!(rename("Quayside").await, Saved::Conflict);
    assert_eq!(rename("Harbor Coffee").await, Saved::Done);
    assert_eq!(rename("Harbor Roastery").await, Saved::Done);
    let kept = place.store.business(&place.tenant, &other.id).await;
    assert_eq!(kept.unwrap(), Some(other));
}

async fn pages_are_stable_while_others_are_added(place: Place) {
    let mut written = Vec::new();
    for number in 0..25_u32 {
        // Some at the same moment, so that the id decides.
        let at = NOW + Duration::milliseconds(i64::from(number / 4));
        let business = business(&place.tenant, &format!("Business {number}"), at);
        let added = place.store.add_business(&business, &made(&business)).await;
        assert_eq!(added.unwrap(), Saved::Done);
        written.push(business);
    }
    let any = BusinessFilter::default();
    let mut read: Vec<Business> = Vec::new();
    loop {
        let after = read.last().map(|last| {
            let millis = last.created_at.unix_timestamp_nanos() / 1_000_000;
            (i64::try_from(millis).unwrap(), last.id.to_string())
        });
        let page = Page { after, limit: 7 };
        let found = place
            .store
            .businesses(&place.tenant, &any, &page)
            .await
            .unwrap();
        assert!(found.len() <= 7);
        if found.is_empty() {
            break;
        }
        read.extend(found);
        let newer = business(
            &place.tenant,
            &format!("Newer {}", read.len()),
            NOW + Duration::hours(1),
        );
        let added = place.store.add_business(&newer, &made(&newer)).await;
        assert_eq!(added.unwrap(), Saved::Done);
    }
    assert!(read.is_sorted_by(|one, next| one.created_at >= next.created_at));
    // How ids of one moment are ordered is the database's affair.
    read.sort_by_key(|business| business.id.clone());
    written.sort_by_key(|business| business.id.clone());
    assert_eq!(read, written);
}

async fn orphans_go_with_all_that_hangs_on_them_and_others_stay(place: Place) {
    let orphan = place.business("Orphan").await;
    let session = place.session(&orphan).await;
    let over = place.authorization(&session).await;
    let cancelled = over.clone().cancel().unwrap();
    assert_eq!(place.save(&cancelled).await, Saved::Done);
    let connected = place.business("Connected").await;
    place.connected(&connected, "account").await;
    let busy = place.business("Busy").await;
    place.authorization(&place.session(&busy).await).await;

    let later = NOW + Duration::MILLISECOND;
    let young = place
        .store
        .remove_orphans(NOW, later, &removed)
        .await
        .unwrap();
    assert_eq!(young, [], "none is older than this");
    let gone = place
        .store
        .remove_orphans(later, later, &removed)
        .await
        .unwrap();
    assert_eq!(gone, std::slice::from_ref(&orphan.id));
    let digest = Digest::of(session.id.as_str());
    assert_eq!(place.store.session(digest).await.unwrap(), None);
    assert_eq!(place.store.authorization(&over.id).await.unwrap(), None);
    place.business("Orphan").await;
    // Nobody can finish the other one's authorization any more.
    let much_later = NOW + Duration::hours(1);
    let gone = place
        .store
        .remove_orphans(later, much_later, &removed)
        .await
        .unwrap();
    assert!(gone.contains(&busy.id) && !gone.contains(&connected.id));
}

async fn an_orphan_is_swept_away_or_visited_and_never_both(place: Place) {
    let later = NOW + Duration::MILLISECOND;
    for number in 0..15 {
        let orphan = place.business(&format!("Orphan {number}")).await;
        let session = place.session_of(&orphan);
        let visit = async {
            let added = place
                .store
                .add_session(&session, Digest::of(session.id.as_str()));
            if added.await.unwrap() == Saved::Conflict {
                return false;
            }
            let authorization = place.authorization_of(&session);
            let added = place.store.add_authorization(&authorization, 20).await;
            added.unwrap() == railhead_server::store::Added::Done
        };
        let (gone, began) = tokio::join!(place.store.remove_orphans(later, later, &removed), visit);
        let is_removed = gone.unwrap().contains(&orphan.id);
        let kept = place
            .store
            .business(&place.tenant, &orphan.id)
            .await
            .unwrap();
        assert_eq!(kept.is_none(), is_removed);
        assert!(
            !(is_removed && began),
            "its authorization would hang on nothing"
        );
    }
}

async fn two_sweeps_at_the_same_time_remove_each_orphan_once(place: Place) {
    for number in 0..20 {
        place.business(&format!("Orphan {number}")).await;
    }
    let later = NOW + Duration::MILLISECOND;
    let other = place.again().await;
    let (one, two) = tokio::join!(
        place.store.remove_orphans(later, later, &removed),
        other.remove_orphans(later, later, &removed)
    );
    let rest = place
        .store
        .remove_orphans(later, later, &removed)
        .await
        .unwrap();
    let mut gone = [one.unwrap(), two.unwrap(), rest].concat();
    assert_eq!(gone.len(), 20);
    gone.sort();
    gone.dedup();
    assert_eq!(gone.len(), 20);
}

async fn a_business_is_inactive_once_its_last_connection_has_expired(place: Place) {
    let owner = place.business("Harbor Coffee").await;
    let connection = place.connected(&owner, "account").await;
    let status = async || {
        let found = place.store.business(&place.tenant, &owner.id).await;
        found.unwrap().unwrap().status
    };
    assert_eq!(status().await, BusinessStatus::Active);
    let before = connection.expires_at - Duration::MILLISECOND;
    assert_eq!(
        place
            .store
            .deactivate_expired(before, &changed)
            .await
            .unwrap(),
        0
    );
    let at = connection.expires_at;
    assert_eq!(
        place.store.deactivate_expired(at, &changed).await.unwrap(),
        1
    );
    assert_eq!(status().await, BusinessStatus::Inactive);
    assert_eq!(
        place.store.deactivate_expired(at, &changed).await.unwrap(),
        0
    );
    let known = place.store.connections_of(&place.tenant, &owner.id).await;
    assert_eq!(known.unwrap(), [connection]);
}
