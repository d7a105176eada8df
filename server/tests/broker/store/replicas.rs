//! What servers agree upon: claims, leases, counts, and what they hear of each other.

use super::place::claim;
use super::{Place, contract};
use crate::support::database::Database;
use futures_util::future::join_all;
use railhead_server::domain::id::{AuthorizationId, ServerId};
use railhead_server::secret::Digest;
use railhead_server::store::{AuthorizationStore as _, Heard, ReplicaStore as _, Saved, SqlStore};
use time::Duration;

contract!(
    an_exchange_belongs_to_one_server_until_its_claim_runs_out,
    of_many_servers_one_takes_up_each_exchange,
    a_lease_has_one_holder_until_it_is_let_go_of_or_runs_out,
    what_is_counted_is_counted_over_all_servers,
    changes_that_a_widget_can_see_are_heard_once_they_are_committed,
);

fn servers() -> [ServerId; 2] {
    ["srv_one".into(), "srv_two".into()]
}

async fn claimed(store: &SqlStore, server: &ServerId) -> Vec<AuthorizationId> {
    store.claim_exchanges(claim(server), 10).await.unwrap()
}

async fn an_exchange_belongs_to_one_server_until_its_claim_runs_out(place: Place) {
    let [one, two] = servers();
    let database = Database::at(&place.url).await;
    let session = place.session(&place.business("Harbor Coffee").await).await;
    place.authorization(&session).await;
    let accepted = place.accepted(&session, &one).await;
    let (store, id) = (&place.store, &accepted.id);
    assert_eq!(claimed(store, &two).await, [], "its server is at work");
    database.later(Duration::seconds(59)).await;
    assert!(store.renew_claim(id, claim(&one)).await.unwrap());
    database.later(Duration::seconds(59)).await;
    assert_eq!(claimed(store, &two).await, []);
    database.later(Duration::seconds(2)).await;
    assert_eq!(claimed(store, &two).await, std::slice::from_ref(id));
    assert!(!store.renew_claim(id, claim(&one)).await.unwrap());

    store.release_claim(id, &one).await.unwrap();
    assert_eq!(claimed(store, &one).await, [], "it was not its own");
    store.release_claim(id, &two).await.unwrap();
    assert_eq!(claimed(store, &one).await, std::slice::from_ref(id));
    store.forget_server(Some(&two)).await.unwrap();
    assert_eq!(claimed(store, &two).await, []);
    store.forget_server(Some(&one)).await.unwrap();
    assert_eq!(claimed(store, &two).await, std::slice::from_ref(id));
    store.forget_server(None).await.unwrap();
    let over = place.stored(&accepted).await.cancel().unwrap();
    assert_eq!(store.save_authorization(&over).await.unwrap(), Saved::Done);
    assert_eq!(claimed(store, &one).await, []);
}

async fn of_many_servers_one_takes_up_each_exchange(place: Place) {
    let session = place.session(&place.business("Harbor Coffee").await).await;
    for _ in 0..30 {
        place.accepted(&session, &"srv_gone".into()).await;
    }
    let gone: ServerId = "srv_gone".into();
    place.store.forget_server(Some(&gone)).await.unwrap();
    let taken = join_all((0..6).map(|number| {
        let store = place.store.clone();
        async move { claimed(&store, &format!("srv_{number}").as_str().into()).await }
    }))
    .await;
    let rest = join_all((0..3).map(|_| claimed(&place.store, &gone))).await;
    let mut all = [taken.concat(), rest.concat()].concat();
    assert_eq!(all.len(), 30);
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 30);
}

async fn a_lease_has_one_holder_until_it_is_let_go_of_or_runs_out(place: Place) {
    let [one, two] = servers();
    let store = &place.store;
    let asked = join_all((0..20).map(|number| {
        let store = store.clone();
        async move {
            let server = format!("srv_{number}").as_str().into();
            store.take_lease("sweep", claim(&server)).await.unwrap()
        }
    }))
    .await;
    assert_eq!(asked.iter().filter(|taken| **taken).count(), 1);

    let take = async |server| store.take_lease("refresh", claim(server)).await.unwrap();
    assert!(take(&one).await && !take(&two).await);
    assert!(take(&one).await, "its holder may go on holding it");
    store.release_lease("refresh", &two).await.unwrap();
    assert!(!take(&two).await);
    store.release_lease("refresh", &one).await.unwrap();
    assert!(take(&two).await);
    let database = Database::at(&place.url).await;
    database.later(Duration::seconds(59)).await;
    assert!(!take(&one).await);
    database.later(Duration::seconds(2)).await;
    store.forget_the_past().await.unwrap();
    assert!(take(&one).await);
}

async fn what_is_counted_is_counted_over_all_servers(place: Place) {
    let other = place.again().await;
    let key = || Digest::of("sessions of an address");
    let counted = join_all((0..20).map(|number| {
        let store = if number % 2 == 0 {
            &*place.store
        } else {
            &other
        };
        async move { store.count(key(), 6).await.unwrap() }
    }))
    .await;
    let refused: Vec<u64> = counted.into_iter().filter_map(Result::err).collect();
    assert_eq!(refused.len(), 14);
    assert!(refused.iter().all(|wait| (1..=10_000).contains(wait)));
    let another = Digest::of("sessions of another address");
    assert_eq!(other.count(another, 6).await.unwrap(), Ok(()));
    let database = Database::at(&place.url).await;
    database.later(Duration::seconds(10)).await;
    assert_eq!(other.count(key(), 6).await.unwrap(), Ok(()));
    assert!(place.store.count(key(), 6).await.unwrap().is_err());
    database.later(Duration::seconds(70)).await;
    other.forget_the_past().await.unwrap();
    assert_eq!(place.store.count(key(), 1).await.unwrap(), Ok(()));
}

async fn changes_that_a_widget_can_see_are_heard_once_they_are_committed(place: Place) {
    let Some(mut listener) = place.again().await.listen().await.unwrap() else {
        assert!(!place.store.is_shared(), "others may change what is shared");
        return;
    };
    let session = place.session(&place.business("Harbor Coffee").await).await;
    // Neither the beginning, nor what follows up to the code is visible to the widget.
    let accepted = place.accepted(&session, &"srv_1".into()).await;
    let late = place.authorization(&session).await;
    let stale = late
        .clone()
        .send_off(Digest::of("c"), None, Digest::of("s"), String::new());
    assert_eq!(place.save(&stale.unwrap()).await, Saved::Done);
    let refused = late.clone().cancel().unwrap();
    assert_eq!(place.save(&refused).await, Saved::Conflict);
    let cancelled = accepted.clone().cancel().unwrap();
    assert_eq!(place.save(&cancelled).await, Saved::Done);
    let heard = listener.next().await.unwrap();
    assert_eq!(heard, Heard::Changed(accepted.id));
    let server = "srv_1".into();
    let taken = place.store.take_lease("refresh", claim(&server)).await;
    assert!(taken.unwrap());
    place.store.release_lease("refresh", &server).await.unwrap();
    let heard = listener.next().await.unwrap();
    assert_eq!(heard, Heard::Released("refresh".to_owned()));
}
