//! Deliveries: each attempted by one worker at a time, and never lost.

use super::place::NOW;
use super::webhooks::{listening, queued};
use super::{Place, contract};
use futures_util::future::join_all;
use railhead_protocol::{DeliveryStatus, DisabledReason, EventType, ReplayScope};
use railhead_server::domain::id::EventId;
use railhead_server::domain::webhook::Webhook;
use railhead_server::entropy::SystemEntropy;
use railhead_server::store::{
    Attempted, ClaimedDelivery, DeliveryStore as _, Disabling, Event, EventKind, EventStore as _,
    Outcome, Saved, WebhookStore as _,
};
use time::{Duration, OffsetDateTime};

contract!(
    a_delivery_is_one_workers_until_its_claim_runs_out,
    an_attempt_under_way_does_not_end_what_was_replayed_meanwhile,
    an_endpoint_is_disabled_once_together_with_what_waits_for_it,
    an_endpoint_that_works_again_gets_what_it_missed,
    a_test_goes_to_one_endpoint,
    deliveries_go_with_their_endpoint_and_their_time,
);

/// For how long a delivery is claimed.
const CLAIM: Duration = Duration::MINUTE;

async fn claimed(place: &Place, webhook: &Webhook, now: OffsetDateTime) -> Vec<ClaimedDelivery> {
    let (id, until) = (&webhook.id, now + CLAIM);
    let claimed = place.store.claim_deliveries(id, now, until, 10).await;
    claimed.unwrap()
}

/// What came of the attempt at `claimed`.
async fn attempted(place: &Place, claimed: &ClaimedDelivery, outcome: Outcome) -> Saved {
    let attempted = Attempted {
        delivery: claimed.delivery.id.clone(),
        claim: claimed.claim,
        webhook: claimed.delivery.webhook.clone(),
        at: NOW,
        attempts: Vec::new(),
        round: claimed.delivery.round.attempted(NOW),
        outcome,
    };
    place.store.save_attempt(&attempted).await.unwrap()
}

/// The endpoint is disabled for this reason.
fn disabling(webhook: &Webhook, reason: DisabledReason) -> Disabling {
    let event = Event {
        id: EventId::generate(&SystemEntropy),
        tenant: webhook.tenant.clone(),
        at: NOW,
        kind: EventKind::WebhookDisabled,
        business: None,
        connection: None,
        authorization: None,
        data: "{}".to_owned(),
    };
    let failing_since = None;
    Disabling {
        reason,
        failing_since,
        event,
    }
}

async fn stored(place: &Place, webhook: &Webhook) -> Webhook {
    let found = place.store.webhook(&place.tenant, &webhook.id).await;
    found.unwrap().unwrap()
}

async fn statuses(place: &Place, webhook: &Webhook) -> Vec<DeliveryStatus> {
    let deliveries = queued(place, webhook).await;
    deliveries.iter().map(|delivery| delivery.status).collect()
}

async fn a_delivery_is_one_workers_until_its_claim_runs_out(place: Place) {
    let webhook = listening(&place, None).await;
    let other = place.again().await;
    for number in 0..30 {
        place.business(&format!("Business {number}")).await;
    }
    let due = place.store.due_webhooks(NOW).await.unwrap();
    assert_eq!(due, std::slice::from_ref(&webhook));
    let early = place.store.due_webhooks(NOW - Duration::MILLISECOND).await;
    assert_eq!(early.unwrap(), []);
    let worked = join_all((0..6).map(|number| {
        let store = if number % 2 == 0 {
            &*place.store
        } else {
            &other
        };
        let id = &webhook.id;
        async move {
            let claimed = store.claim_deliveries(id, NOW, NOW + CLAIM, 10).await;
            claimed.unwrap()
        }
    }))
    .await;
    let mut first = worked.concat();
    for _ in 0..3 {
        first.extend(claimed(&place, &webhook, NOW).await);
    }
    let mut ids: Vec<_> = first.iter().map(|one| one.delivery.id.clone()).collect();
    ids.sort();
    ids.dedup();
    assert_eq!((first.len(), ids.len()), (30, 30), "each once");
    for one in &first {
        assert_eq!(one.delivery.event, one.event.id);
        assert_eq!(one.event.kind, EventKind::BusinessCreated);
    }
    assert_eq!(place.store.due_webhooks(NOW).await.unwrap(), []);

    let slow = &first[0];
    for one in &first[1..] {
        let saved = attempted(&place, one, Outcome::Delivered).await;
        assert_eq!(saved, Saved::Done);
    }
    let again = claimed(&place, &webhook, NOW + CLAIM).await;
    assert_eq!(again.len(), 1);
    assert_eq!(again[0].delivery.id, slow.delivery.id);
    // Whoever had it before is too late to say what came of it.
    let late = attempted(&place, slow, Outcome::Delivered).await;
    assert_eq!(late, Saved::Conflict);
    let at = NOW + Duration::HOUR;
    let saved = attempted(&place, &again[0], Outcome::Again(at)).await;
    assert_eq!(saved, Saved::Done);
    let before = claimed(&place, &webhook, at - Duration::MILLISECOND).await;
    assert!(before.is_empty());
    let third = claimed(&place, &webhook, at).await;
    assert_eq!((third.len(), third[0].delivery.round.attempts), (1, 1));
}

async fn an_attempt_under_way_does_not_end_what_was_replayed_meanwhile(place: Place) {
    let webhook = listening(&place, None).await;
    place.business("Harbor Coffee").await;
    let first = claimed(&place, &webhook, NOW).await.remove(0);
    let replay = async |webhook: &Webhook| {
        let id = &first.delivery.id;
        let replayed = place.store.replay(&webhook.id, id, NOW).await;
        replayed.unwrap()
    };
    let other = listening(&place, None).await;
    assert_eq!(replay(&other).await, None);
    let replayed = replay(&webhook).await.unwrap();
    assert_eq!(replayed.next_attempt_at, Some(NOW));
    let saved = attempted(&place, &first, Outcome::Delivered).await;
    assert_eq!(saved, Saved::Conflict);
    let again = claimed(&place, &webhook, NOW).await.remove(0);
    let saved = attempted(&place, &again, Outcome::Delivered).await;
    assert_eq!(saved, Saved::Done);
    assert!(
        replay(&webhook).await.is_some(),
        "what is over begins again"
    );
    assert_eq!(statuses(&place, &webhook).await, [DeliveryStatus::Pending]);
}

async fn an_endpoint_is_disabled_once_together_with_what_waits_for_it(place: Place) {
    let webhook = listening(&place, None).await;
    for number in 0..10 {
        place.business(&format!("Business {number}")).await;
    }
    let under_way = claimed(&place, &webhook, NOW).await;
    let failed = join_all(under_way.iter().map(|one| {
        let disabling = disabling(&webhook, DisabledReason::Gone);
        attempted(&place, one, Outcome::Failed(Some(disabling)))
    }))
    .await;
    let done = failed.iter().filter(|saved| **saved == Saved::Done);
    assert_eq!(done.count(), 1, "the others were given up with it");
    let disabled = stored(&place, &webhook).await;
    assert_eq!(disabled.disabled, Some(DisabledReason::Gone));
    assert_eq!(disabled.failing_since, Some(NOW));
    let all = statuses(&place, &webhook).await;
    assert_eq!(all, [DeliveryStatus::Failed; 10]);
    let filter = railhead_server::store::EventFilter {
        kind: Some(EventKind::WebhookDisabled),
        ..Default::default()
    };
    let page = super::webhooks::ALL;
    let told = place.store.events(&place.tenant, &filter, &page).await;
    assert_eq!(told.unwrap().len(), 1);
    assert_eq!(place.store.due_webhooks(NOW).await.unwrap(), []);
}

async fn an_endpoint_that_works_again_gets_what_it_missed(place: Place) {
    let mut webhook = listening(&place, Some(vec![EventType::BusinessCreated])).await;
    place.business("Delivered").await;
    let first = claimed(&place, &webhook, NOW).await.remove(0);
    let saved = attempted(&place, &first, Outcome::Delivered).await;
    assert_eq!(saved, Saved::Done);
    place.business("Waiting").await;
    webhook.disabled = Some(DisabledReason::Workspace);
    let saved = place.store.save_webhook(&webhook, NOW).await.unwrap();
    assert_eq!(saved, Saved::Done);
    let missed = place.business("Missed").await;
    // Something that it would not have been told of either.
    place.connected(&missed, "account").await;
    let mut all = statuses(&place, &webhook).await;
    all.sort_by_key(|status| *status == DeliveryStatus::Failed);
    assert_eq!(all, [DeliveryStatus::Delivered, DeliveryStatus::Failed]);
    let replay = async |webhook: &Webhook, since, scope| {
        let count = place.store.replay_since(webhook, since, scope, NOW).await;
        count.unwrap()
    };
    let undelivered = ReplayScope::Undelivered;
    assert_eq!(
        replay(&webhook, NOW, undelivered).await,
        0,
        "it is disabled"
    );

    let mut webhook = stored(&place, &webhook).await;
    webhook.disabled = None;
    let saved = place.store.save_webhook(&webhook, NOW).await.unwrap();
    assert_eq!(saved, Saved::Done);
    let later = NOW + Duration::MILLISECOND;
    assert_eq!(replay(&webhook, later, undelivered).await, 0);
    assert_eq!(replay(&webhook, NOW, undelivered).await, 2);
    assert_eq!(
        replay(&webhook, NOW, undelivered).await,
        0,
        "it waits already"
    );
    let mut all = statuses(&place, &webhook).await;
    all.sort_by_key(|status| *status == DeliveryStatus::Pending);
    assert_eq!(
        all,
        [
            DeliveryStatus::Delivered,
            DeliveryStatus::Pending,
            DeliveryStatus::Pending
        ]
    );
    assert_eq!(replay(&webhook, NOW, ReplayScope::All).await, 1);
}

async fn a_test_goes_to_one_endpoint(place: Place) {
    let (one, two) = (listening(&place, None).await, listening(&place, None).await);
    let test = Event {
        kind: EventKind::WebhookTest,
        ..disabling(&one, DisabledReason::Workspace).event
    };
    let id = place.store.queue_test(&one.id, &test).await.unwrap();
    let deliveries = queued(&place, &one).await;
    assert_eq!(deliveries.len(), 1);
    assert_eq!((&deliveries[0].id, &deliveries[0].event), (&id, &test.id));
    assert_eq!(queued(&place, &two).await, []);
}

async fn deliveries_go_with_their_endpoint_and_their_time(place: Place) {
    let (one, two) = (listening(&place, None).await, listening(&place, None).await);
    place.business("Harbor Coffee").await;
    let first = claimed(&place, &one, NOW).await.remove(0);
    let saved = attempted(&place, &first, Outcome::Delivered).await;
    assert_eq!(saved, Saved::Done);
    let later = NOW + Duration::MILLISECOND;
    assert_eq!(place.store.remove_deliveries(NOW).await.unwrap(), 0);
    assert_eq!(place.store.remove_deliveries(later).await.unwrap(), 1);
    assert_eq!(queued(&place, &one).await, []);
    assert_eq!(statuses(&place, &two).await, [DeliveryStatus::Pending]);
    let removed = place.store.remove_webhook(&place.tenant, &two.id).await;
    assert_eq!(removed.unwrap(), Saved::Done);
    assert_eq!(queued(&place, &two).await, []);
}
