//! Endpoints and events: what happens is written together with a delivery for each endpoint that is told of it.

use super::place::{NOW, business, changed, made, tenant};
use super::{Place, contract};
use futures_util::future::join_all;
use railhead_protocol::{BusinessName, DeliveryStatus, DisabledReason, EventType};
use railhead_server::domain::business::Business;
use railhead_server::domain::delivery::Delivery;
use railhead_server::domain::id::WebhookId;
use railhead_server::domain::tenant::Tenant;
use railhead_server::domain::webhook::{SigningSecret, Webhook};
use railhead_server::entropy::SystemEntropy;
use railhead_server::store::{
    BusinessStore as _, DeliveryStore as _, Event, EventFilter, EventKind, EventStore as _, Page,
    Saved, WebhookStore as _,
};
use time::Duration;

contract!(
    an_endpoint_is_read_as_it_was_written_and_one_of_many_changes_is_saved,
    an_event_and_its_deliveries_are_written_with_the_change_or_not_at_all,
    events_are_found_by_what_they_are_about_page_by_page,
    an_event_is_kept_until_it_was_delivered,
);

/// All there is.
pub(super) const ALL: Page = Page {
    after: None,
    limit: 1_000,
};

/// A new endpoint that is told of `types`.
pub(super) fn endpoint(tenant: &Tenant, types: Option<Vec<EventType>>) -> Webhook {
    Webhook {
        id: WebhookId::generate(&SystemEntropy),
        tenant: tenant.clone(),
        url: "https://hooks.example/ü".to_owned(),
        types,
        description: Some("Büro".to_owned()),
        disabled: None,
        failing_since: None,
        secret: SigningSecret {
            sealed: "sealed 1".to_owned(),
            version: 1,
        },
        previous: None,
        revision: 1,
        created_at: NOW,
    }
}

/// An endpoint that is told of `types`, saved.
pub(super) async fn listening(place: &Place, types: Option<Vec<EventType>>) -> Webhook {
    let webhook = endpoint(&place.tenant, types);
    assert_eq!(
        place.store.add_webhook(&webhook, 100).await.unwrap(),
        Saved::Done
    );
    webhook
}

/// All deliveries of an endpoint.
pub(super) async fn queued(place: &Place, webhook: &Webhook) -> Vec<Delivery> {
    let found = place.store.deliveries(&webhook.id, None, &ALL).await;
    found.unwrap()
}

async fn all(place: &Place) -> Vec<Event> {
    let any = EventFilter::default();
    let events = place.store.events(&place.tenant, &any, &ALL).await;
    events.unwrap()
}

async fn an_endpoint_is_read_as_it_was_written_and_one_of_many_changes_is_saved(place: Place) {
    let types = Some(vec![
        EventType::ConnectionCreated,
        EventType::BusinessRemoved,
    ]);
    let (one, two) = (
        listening(&place, types).await,
        listening(&place, None).await,
    );
    let stored = async |webhook: &Webhook| {
        let found = place.store.webhook(&place.tenant, &webhook.id).await;
        found.unwrap()
    };
    for webhook in [&one, &two] {
        assert_eq!(stored(webhook).await.as_ref(), Some(webhook));
    }
    let (other, _) = tenant(&place.store, "other").await;
    let unseen = place.store.webhook(&other, &one.id).await.unwrap();
    assert_eq!(unseen, None);
    assert_eq!(place.store.webhooks(&other, &ALL).await.unwrap(), []);
    let removed = place.store.remove_webhook(&other, &one.id).await.unwrap();
    assert_eq!(removed, Saved::Conflict);

    let changes: Vec<_> = (0..20)
        .map(|number| one.clone().rotate(format!("sealed 2.{number}"), NOW))
        .collect();
    let saved = join_all(
        changes
            .iter()
            .map(|change| place.store.save_webhook(change, NOW)),
    )
    .await;
    let mut done = changes.into_iter().zip(saved).filter(|(_, saved)| {
        let saved = saved.as_ref().unwrap();
        *saved == Saved::Done
    });
    let (mut winner, _) = done.next().unwrap();
    assert!(done.next().is_none());
    winner.revision += 1;
    assert_eq!(stored(&one).await, Some(winner));
    let removed = place.store.remove_webhook(&place.tenant, &one.id).await;
    assert_eq!(removed.unwrap(), Saved::Done);
    assert_eq!(
        place.store.webhooks(&place.tenant, &ALL).await.unwrap(),
        [two]
    );
}

async fn an_event_and_its_deliveries_are_written_with_the_change_or_not_at_all(place: Place) {
    let everything = listening(&place, None).await;
    let connections = listening(&place, Some(vec![EventType::ConnectionCreated])).await;
    let mut disabled = listening(&place, None).await;
    disabled.disabled = Some(DisabledReason::Workspace);
    let saved = place.store.save_webhook(&disabled, NOW).await.unwrap();
    assert_eq!(saved, Saved::Done);
    let (other, _) = tenant(&place.store, "other").await;
    let elsewhere = endpoint(&other, None);
    assert_eq!(
        place.store.add_webhook(&elsewhere, 100).await.unwrap(),
        Saved::Done
    );

    let owner = business(&place.tenant, "Harbor Coffee", NOW);
    let told = made(&owner);
    let added = place.store.add_business(&owner, &told).await.unwrap();
    assert_eq!(added, Saved::Done);
    let deliveries = queued(&place, &everything).await;
    assert_eq!(deliveries.len(), 1);
    assert_eq!(deliveries[0].event, told.id);
    assert_eq!(deliveries[0].kind, EventType::BusinessCreated);
    assert_eq!(deliveries[0].status, DeliveryStatus::Pending);
    assert_eq!(deliveries[0].next_attempt_at, Some(NOW));
    for webhook in [&connections, &disabled, &elsewhere] {
        assert_eq!(queued(&place, webhook).await, []);
    }

    // A name that is taken, an event that is there already: nothing of it happens.
    let quayside = place.business("Quayside").await;
    let before = (all(&place).await.len(), queued(&place, &everything).await);
    let name = BusinessName::parse("Quayside").unwrap();
    let renamed = Business {
        name,
        ..owner.clone()
    };
    let saved = place
        .store
        .rename_business(&renamed, &changed(&renamed))
        .await;
    assert_eq!(saved.unwrap(), Saved::Conflict);
    let added = place.store.add_business(&renamed, &made(&renamed)).await;
    assert!(added.is_err() || added.unwrap() == Saved::Conflict);
    let third = business(&place.tenant, "Third", NOW);
    let same = Event {
        id: told.id.clone(),
        ..made(&third)
    };
    assert!(place.store.add_business(&third, &same).await.is_err());
    let found = place.store.business(&place.tenant, &third.id).await;
    assert_eq!(found.unwrap(), None, "no change without its event");
    let after = (all(&place).await.len(), queued(&place, &everything).await);
    assert_eq!(after, before);

    place.connected(&quayside, "account").await;
    let deliveries = queued(&place, &connections).await;
    assert_eq!(deliveries.len(), 1);
    assert_eq!(deliveries[0].kind, EventType::ConnectionCreated);
    // Created twice, connected, and active with it.
    assert_eq!(queued(&place, &everything).await.len(), 4);
}

async fn events_are_found_by_what_they_are_about_page_by_page(place: Place) {
    let (one, two) = (
        place.business("Harbor Coffee").await,
        place.business("Quayside").await,
    );
    let connection = place.connected(&one, "account").await;
    assert_eq!(place.refresh(&connection, 2).await, Saved::Done);
    let later = NOW + Duration::HOUR;
    let name = BusinessName::parse("Quay").unwrap();
    let renamed = Business {
        name,
        ..two.clone()
    };
    let late = Event {
        at: later,
        ..changed(&renamed)
    };
    let saved = place.store.rename_business(&renamed, &late).await.unwrap();
    assert_eq!(saved, Saved::Done);

    let none = EventFilter::default;
    let found = async |tenant: &Tenant, filter: EventFilter| {
        let mut read: Vec<Event> = Vec::new();
        loop {
            let after = read.last().map(|last| {
                let millis = last.at.unix_timestamp_nanos() / 1_000_000;
                (i64::try_from(millis).unwrap(), last.id.to_string())
            });
            let page = Page { after, limit: 2 };
            let events = place.store.events(tenant, &filter, &page).await.unwrap();
            if events.is_empty() {
                return read;
            }
            read.extend(events);
        }
    };
    let of = |business: &Business| EventFilter {
        business: Some(business.id.clone()),
        ..none()
    };
    assert_eq!(found(&place.tenant, none()).await.len(), 6);
    assert_eq!(found(&place.tenant, of(&one)).await.len(), 4);
    let about = found(&place.tenant, of(&two)).await;
    assert_eq!(about.len(), 2);
    assert_eq!(
        (&about[0].id, &about[0].data, about[0].at),
        (&late.id, &late.data, later)
    );
    for (filter, count) in [
        (
            EventFilter {
                kind: Some(EventKind::BusinessCreated),
                ..none()
            },
            2,
        ),
        (
            EventFilter {
                connection: Some(connection.id.clone()),
                ..none()
            },
            2,
        ),
        (
            EventFilter {
                since: Some(later),
                ..none()
            },
            1,
        ),
        (
            EventFilter {
                until: Some(later),
                ..none()
            },
            5,
        ),
        (
            EventFilter {
                since: Some(NOW),
                until: Some(NOW),
                ..none()
            },
            0,
        ),
    ] {
        assert_eq!(
            found(&place.tenant, filter.clone()).await.len(),
            count,
            "{filter:?}"
        );
    }
    let (other, _) = tenant(&place.store, "other").await;
    assert!(found(&other, none()).await.is_empty());
    let unseen = place.store.event(&other, &late.id).await.unwrap();
    assert!(unseen.is_none());
    let seen = place.store.event(&place.tenant, &late.id).await.unwrap();
    assert_eq!(seen.unwrap().business, Some(two.id));
}

async fn an_event_is_kept_until_it_was_delivered(place: Place) {
    let webhook = listening(&place, Some(vec![EventType::BusinessCreated])).await;
    let owner = place.business("Harbor Coffee").await;
    place.connected(&owner, "account").await;
    assert_eq!(
        place.store.remove_events(NOW).await.unwrap(),
        0,
        "not older"
    );
    let later = NOW + Duration::MILLISECOND;
    assert_eq!(place.store.remove_events(later).await.unwrap(), 2);
    let left = all(&place).await;
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].kind, EventKind::BusinessCreated);
    let removed = place.store.remove_webhook(&place.tenant, &webhook.id).await;
    assert_eq!(removed.unwrap(), Saved::Done);
    assert_eq!(place.store.remove_events(later).await.unwrap(), 1);
}
