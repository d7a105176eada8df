//! Requests that may be sent twice: worked on once, answered again and again.

use super::place::{NOW, tenant};
use super::{Place, contract};
use futures_util::future::join_all;
use railhead_server::domain::id::IdempotencyId;
use railhead_server::domain::tenant::Tenant;
use railhead_server::entropy::SystemEntropy;
use railhead_server::secret::Digest;
use railhead_server::store::{Claimed, IdempotencyClaim, IdempotencyStore as _};
use time::{Duration, OffsetDateTime};

contract!(
    one_of_many_callers_works_on_a_request,
    a_claim_that_ran_out_passes_to_one_other_caller_for_good,
    an_answer_is_found_until_its_time_is_over,
    a_request_that_was_given_up_is_worked_on_by_the_next_caller,
);

/// A claim of the request `what` at `now`.
pub(super) fn request(tenant: &Tenant, what: &str, now: OffsetDateTime) -> IdempotencyClaim {
    IdempotencyClaim {
        id: IdempotencyId::generate(&SystemEntropy),
        tenant: tenant.clone(),
        key: "käy 1".to_owned(),
        request: Digest::of(what),
        claimed_until: now + Duration::MINUTE,
        expires_at: now + Duration::DAY,
    }
}

async fn claimed(place: &Place, claim: &IdempotencyClaim, now: OffsetDateTime) -> Claimed {
    place.store.claim_request(claim, now).await.unwrap()
}

/// Twenty callers on two servers claim the same request; answers whose it is, and that all others have to wait.
async fn race(place: &Place, now: OffsetDateTime) -> IdempotencyClaim {
    let other = place.again().await;
    let asked = join_all((0..20).map(|number| {
        let store = if number % 2 == 0 {
            &*place.store
        } else {
            &other
        };
        let claim = request(&place.tenant, "request", now);
        async move {
            let claimed = store.claim_request(&claim, now).await.unwrap();
            (claim, claimed)
        }
    }))
    .await;
    let (mine, others): (Vec<_>, Vec<_>) = asked
        .into_iter()
        .partition(|(_, claimed)| matches!(claimed, Claimed::Mine));
    assert_eq!(mine.len(), 1);
    let until = now + Duration::MINUTE;
    for (_, claimed) in others {
        assert!(
            matches!(claimed, Claimed::UnderWay(at) if at == until),
            "{claimed:?}"
        );
    }
    mine.into_iter().next().unwrap().0
}

async fn one_of_many_callers_works_on_a_request(place: Place) {
    race(&place, NOW).await;
    let another = request(&place.tenant, "another request", NOW);
    let another = claimed(&place, &another, NOW).await;
    assert!(matches!(another, Claimed::OtherRequest), "{another:?}");
    let (other, _) = tenant(&place.store, "other").await;
    let same = claimed(&place, &request(&other, "request", NOW), NOW).await;
    assert!(matches!(same, Claimed::Mine), "keys are a tenant's own");
}

async fn a_claim_that_ran_out_passes_to_one_other_caller_for_good(place: Place) {
    let slow = race(&place, NOW).await;
    let later = slow.claimed_until;
    let next = race(&place, later).await;
    // Whoever had it before neither answers in the other one's place nor takes it away.
    let late = place.store.keep_answer(&slow.id, "sealed late").await;
    late.unwrap();
    place.store.release_request(&slow.id).await.unwrap();
    let again = request(&place.tenant, "request", later);
    let known = claimed(&place, &again, later).await;
    assert!(matches!(known, Claimed::UnderWay(_)), "{known:?}");
    place.store.keep_answer(&next.id, "sealed").await.unwrap();
    let known = claimed(&place, &again, later).await;
    assert!(matches!(known, Claimed::Answered(id, sealed) if id == next.id && sealed == "sealed"));
}

async fn an_answer_is_found_until_its_time_is_over(place: Place) {
    let first = race(&place, NOW).await;
    place.store.keep_answer(&first.id, "sealed").await.unwrap();
    // What was answered is not given up any more.
    place.store.release_request(&first.id).await.unwrap();
    let before = first.expires_at - Duration::MILLISECOND;
    assert_eq!(place.store.remove_answers(before).await.unwrap(), 0);
    let again = request(&place.tenant, "request", before);
    let known = claimed(&place, &again, before).await;
    assert!(matches!(known, Claimed::Answered(..)), "{known:?}");
    // Its key is free from then on, whether or not anybody has cleaned up.
    let next = race(&place, first.expires_at).await;
    let removed = place.store.remove_answers(next.expires_at).await;
    assert_eq!(removed.unwrap(), 1);
}

async fn a_request_that_was_given_up_is_worked_on_by_the_next_caller(place: Place) {
    let first = race(&place, NOW).await;
    place.store.release_request(&first.id).await.unwrap();
    race(&place, NOW).await;
}
