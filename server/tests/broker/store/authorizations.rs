//! Authorizations: each change onto the revision it was made from, each state once.

use super::place::{NOW, claim};
use super::{Place, contract};
use futures_util::future::join_all;
use railhead_protocol::{Account, ErrorCode};
use railhead_server::domain::authorization::{Authorization, LIFETIME, Phase};
use railhead_server::secret::Digest;
use railhead_server::store::{
    Added, AuthorizationStore as _, ConnectionStore as _, Landing, ReplicaStore as _, Saved,
    SealedStore as _, SessionStore as _,
};
use time::Duration;

contract!(
    is_read_as_it_was_written_in_every_phase,
    one_of_many_callers_consumes_a_state,
    a_state_is_not_consumed_too_late_or_after_the_end,
    one_of_many_changes_to_a_revision_is_saved,
    a_session_has_only_so_many_open_whoever_begins_them,
    an_authorization_of_a_session_that_is_gone_is_not_added,
    ending_without_success_removes_the_pending_connection,
    what_is_due_is_found_and_sessions_that_are_over_go,
    one_of_many_callers_claims_a_code_that_is_kept,
    a_code_that_is_kept_is_nobodys_until_it_is_claimed,
);

async fn is_read_as_it_was_written_in_every_phase(place: Place) {
    let owner = place.business("Harbor Coffee").await;
    let session = place.session(&owner).await;
    let begun = place.authorization(&session).await;
    assert_eq!(place.stored(&begun).await, begun);

    let sent = place.sent_off(&session, "state").await;
    assert_eq!(sent.state, Some(Digest::of("state")));
    assert_eq!(sent.sealed_verifier.as_deref(), Some("sealed verifier"));
    assert_eq!(sent.revision, 2);
    let by_state = place.store.authorization_by_state(Digest::of("state"));
    assert_eq!(by_state.await.unwrap(), Some(sent));

    let accepted = place.accepted(&session, &"srv_1".into()).await;
    let sealed_code = "sealed code".to_owned();
    assert_eq!(accepted.phase, Phase::Accepted { sealed_code });
    let pending = super::place::pending(&owner);
    let id = pending.connection.id.clone();
    let authorized = accepted.authorize(id).unwrap();
    let saved = place.store.save_authorized(&authorized, &pending).await;
    assert_eq!(saved.unwrap(), Saved::Done);
    let authorized = place.stored(&authorized).await;
    let accounts = ["Café Müller", "株式会社"].map(|name| Account {
        account_id: format!("id of {name}"),
        name: name.to_owned(),
    });
    let choosing = authorized.offer_accounts(accounts.into()).unwrap();
    let saved = place.save(&choosing).await;
    assert_eq!(saved, Saved::Done);
    let read = place.stored(&choosing).await;
    assert_eq!(read.phase, choosing.phase);
    assert_eq!((read.version, read.revision), (2, choosing.revision + 1));
    let failed = read.fail(ErrorCode::Denied).unwrap();
    let saved = place.save(&failed).await;
    assert_eq!(saved, Saved::Done);
    assert_eq!(place.stored(&failed).await.phase, failed.phase);
}

async fn one_of_many_callers_consumes_a_state(place: Place) {
    let session = place.session(&place.business("Harbor Coffee").await).await;
    place.sent_off(&session, "state").await;
    let consumed = join_all((0..20).map(|number| {
        let store = place.store.clone();
        let landing = Landing::Code(format!("code {number}"));
        async move {
            let server = "srv_1".into();
            let state = Digest::of("state");
            let consumed = store.consume_state(state, &landing, claim(&server), NOW);
            consumed.await.unwrap()
        }
    }))
    .await;
    let winners: Vec<_> = consumed.into_iter().flatten().collect();
    assert_eq!(winners.len(), 1);
    assert_eq!(place.stored(&winners[0]).await, winners[0]);
}

async fn a_state_is_not_consumed_too_late_or_after_the_end(place: Place) {
    let session = place.session(&place.business("Harbor Coffee").await).await;
    let (server, landing) = ("srv_1".into(), Landing::Failed(ErrorCode::Denied));
    let consume = async |state: &str, at| {
        let state = Digest::of(state);
        let consumed = place
            .store
            .consume_state(state, &landing, claim(&server), at);
        consumed.await.unwrap()
    };
    place.sent_off(&session, "late").await;
    assert_eq!(consume("late", NOW + LIFETIME).await, None);
    let sent = place.sent_off(&session, "cancelled").await;
    let saved = place.save(&sent.cancel().unwrap()).await;
    assert_eq!(saved, Saved::Done);
    assert_eq!(consume("cancelled", NOW).await, None);
    assert_eq!(consume("unknown", NOW).await, None);
    let failed = consume("late", NOW).await.unwrap();
    assert_eq!(failed.phase, Phase::Failed(ErrorCode::Denied));
    assert_eq!(failed.version, 2, "the widget can see that it is over");
}

/// An authorization whose code is kept until `NOW` and a minute, for who knows the claim.
async fn kept(place: &Place) -> Authorization {
    let session = place.session(&place.business("Harbor Coffee").await).await;
    let address = "https://lender.example/connect".to_owned();
    let leaving = place.authorization(&session).await;
    let leaving = leaving
        .leave_from(address, Digest::of("nonce"), NOW)
        .unwrap();
    let sent = leaving.send_off(
        Digest::of("cookie"),
        Some(Digest::of("claim")),
        Digest::of("state"),
        "sealed verifier".to_owned(),
    );
    let sent = sent.unwrap();
    assert_eq!(place.save(&sent).await, Saved::Done);
    let read = place.stored(&sent).await;
    assert_eq!((&read.home, read.expires_at), (&sent.home, sent.expires_at));
    let (server, end) = ("srv_1".into(), NOW + Duration::MINUTE);
    let landing = Landing::Kept("sealed code".to_owned(), end);
    let state = Digest::of("state");
    let landed = place
        .store
        .consume_state(state, &landing, claim(&server), NOW);
    let landed = landed.await.unwrap().unwrap();
    let sealed_code = "sealed code".to_owned();
    assert_eq!(landed.phase, Phase::Landed { sealed_code });
    assert_eq!((landed.expires_at, landed.version), (end, 1));
    assert_eq!(landed.sealed_verifier, sent.sealed_verifier);
    landed
}

async fn one_of_many_callers_claims_a_code_that_is_kept(place: Place) {
    let landed = kept(&place).await;
    let claimed = join_all((0..20).map(|number| {
        let (store, id) = (place.store.clone(), landed.id.clone());
        async move {
            let server = format!("srv_{number}").as_str().into();
            let value = Digest::of("claim");
            let claimed = store.claim_code(&id, value, claim(&server), NOW).await;
            claimed.unwrap()
        }
    }))
    .await;
    let winners: Vec<_> = claimed.into_iter().flatten().collect();
    assert_eq!(winners.len(), 1);
    let sealed_code = "sealed code".to_owned();
    assert_eq!(winners[0].phase, Phase::Accepted { sealed_code });
    assert_eq!(place.stored(&landed).await, winners[0]);
    let server = "srv_other".into();
    let taken_up = place.store.claim_exchanges(claim(&server), 10).await;
    assert_eq!(taken_up.unwrap(), [], "somebody works on it");
}

async fn a_code_that_is_kept_is_nobodys_until_it_is_claimed(place: Place) {
    let landed = kept(&place).await;
    let server = "srv_1".into();
    let exchanges = place.store.claim_exchanges(claim(&server), 10).await;
    assert_eq!(exchanges.unwrap(), [], "no server takes it up");
    let id = &landed.id;
    let attempt = async |value: &str, at| {
        let value = Digest::of(value);
        let claimed = place.store.claim_code(id, value, claim(&server), at).await;
        claimed.unwrap()
    };
    assert_eq!(attempt("guess", NOW).await, None);
    assert_eq!(attempt("claim", landed.expires_at).await, None, "too late");
    let due = place.store.due_authorizations(landed.expires_at, 10).await;
    assert_eq!(due.unwrap(), std::slice::from_ref(&landed));
    let over = landed.clone().expire(landed.expires_at).unwrap();
    assert_eq!(place.save(&over).await, Saved::Done);
    assert_eq!(attempt("claim", NOW).await, None);
    let codes = place.store.sealed_columns().iter();
    for column in codes.filter(|column| column.table == "authorizations") {
        let values = place.store.sealed_values(column, "", 10).await;
        assert_eq!(values.unwrap().len(), 0, "{} is kept", column.column);
    }
}

async fn one_of_many_changes_to_a_revision_is_saved(place: Place) {
    let session = place.session(&place.business("Harbor Coffee").await).await;
    let begun = place.authorization(&session).await;
    let saved = join_all((0..20).map(|number| {
        let store = place.store.clone();
        let nonce = Digest::of(&format!("nonce {number}"));
        let changed = begun.clone().offer_nonce(nonce).unwrap();
        async move { store.save_authorization(&changed).await.unwrap() }
    }))
    .await;
    let done = saved.iter().filter(|saved| **saved == Saved::Done);
    assert_eq!(done.count(), 1);
    assert_eq!(place.stored(&begun).await.revision, 2);
}

async fn a_session_has_only_so_many_open_whoever_begins_them(place: Place) {
    let owner = place.business("Harbor Coffee").await;
    let session = place.session(&owner).await;
    let other = place.again().await;
    let added = join_all((0..20).map(|number| {
        let store = if number % 2 == 0 {
            &*place.store
        } else {
            &other
        };
        let authorization = place.authorization_of(&session);
        async move { store.add_authorization(&authorization, 5).await.unwrap() }
    }))
    .await;
    let (done, full): (Vec<_>, Vec<_>) = added.into_iter().partition(|added| *added == Added::Done);
    assert_eq!(done.len(), 5);
    assert!(
        full.iter()
            .all(|added| *added == Added::Full(NOW + LIFETIME))
    );
    // Another session has room of its own, and so has this one when the others have run out.
    place.authorization(&place.session(&owner).await).await;
    let mut later = place.authorization_of(&session);
    later.created_at = NOW + LIFETIME;
    let added = place.store.add_authorization(&later, 5).await.unwrap();
    assert_eq!(added, Added::Done);
}

async fn an_authorization_of_a_session_that_is_gone_is_not_added(place: Place) {
    let session = place.session_of(&place.business("Harbor Coffee").await);
    let authorization = place.authorization_of(&session);
    let added = place.store.add_authorization(&authorization, 5).await;
    assert_eq!(added.unwrap(), Added::Gone);
}

async fn ending_without_success_removes_the_pending_connection(place: Place) {
    let owner = place.business("Harbor Coffee").await;
    let session = place.session(&owner).await;
    let accepted = place.accepted(&session, &"srv_1".into()).await;
    let pending = super::place::pending(&owner);
    let id = pending.connection.id.clone();
    let authorized = accepted.authorize(id.clone()).unwrap();
    let saved = place.store.save_authorized(&authorized, &pending).await;
    assert_eq!(saved.unwrap(), Saved::Done);
    // A change that comes too late takes nothing away.
    let late = authorized.clone().cancel().unwrap();
    let saved = place.save(&late).await;
    assert_eq!(saved, Saved::Conflict);
    let kept = place.store.connection(&place.tenant, &id).await.unwrap();
    assert_eq!(kept, Some(pending.connection));
    let cancelled = place.stored(&authorized).await.cancel().unwrap();
    let saved = place.save(&cancelled).await;
    assert_eq!(saved, Saved::Done);
    let gone = place.store.connection(&place.tenant, &id).await.unwrap();
    assert_eq!(gone, None);
    assert_eq!(place.stored(&authorized).await.phase, Phase::Cancelled);
}

async fn what_is_due_is_found_and_sessions_that_are_over_go(place: Place) {
    let session = place.session(&place.business("Harbor Coffee").await).await;
    let begun = place.authorization(&session).await;
    place.accepted(&session, &"srv_1".into()).await;
    let before = NOW + LIFETIME - Duration::MILLISECOND;
    let due = place.store.due_authorizations(before, 10).await.unwrap();
    assert_eq!(due, []);
    let at = NOW + LIFETIME;
    let due = place.store.due_authorizations(at, 10).await.unwrap();
    assert_eq!(due, [begun], "an accepted callback is never due");
    let long_after = session.expires_at + Duration::DAY;
    let removed = place.store.remove_sessions(long_after).await.unwrap();
    assert_eq!(removed, 0, "something is still open");
    let empty = place.session(&place.business("Quayside").await).await;
    let removed = place.store.remove_sessions(empty.expires_at).await.unwrap();
    assert_eq!(removed, 0);
    assert_eq!(place.store.remove_sessions(long_after).await.unwrap(), 1);
    let found = place.store.session_by_id(&empty.id).await.unwrap();
    assert_eq!(found, None);
}
