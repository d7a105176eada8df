//! Sealed values: all of them are found, and none is overwritten that has changed.

use super::clients::client;
use super::place::{NOW, sealed, tenant, widget};
use super::revocations::ending;
use super::webhooks::endpoint;
use super::{Place, contract};
use futures_util::future::join_all;
use railhead_server::domain::webhook::Webhook;
use railhead_server::store::{
    ClientStore as _, ConnectionStore as _, IdempotencyClaim, IdempotencyStore as _,
    RevocationStore as _, Saved, SealedColumn, SealedStore as _, SealedValue, TenantStore as _,
    WebhookStore as _,
};

contract!(
    every_sealed_value_is_found_page_by_page,
    a_value_that_changed_meanwhile_is_not_replaced,
    the_vault_check_is_replaced_by_one_of_many,
);

/// How many values each column has.
const EACH: usize = 3;

/// Puts a sealed value into every column there is, [`EACH`] times.
async fn fill(place: &Place) {
    let store = &place.store;
    for number in 0..EACH {
        let workspace_name = place.widget.workspace_name.clone();
        let id = format!("wid_{}", number + 1);
        if id != place.widget.id.as_str() {
            let widget = widget(&id, place.tenant.clone(), workspace_name);
            assert_eq!(store.save_widget(&widget).await.unwrap(), Saved::Done);
        }
        let business = place.business(&format!("Business {number}")).await;
        place.connected(&business, "kept").await;
        let ended = place.connected(&business, "ended").await;
        let (ending, deactivated, told) = ending(&ended, &business);
        let saved = store.disconnect(&ending, &deactivated, &told, NOW).await;
        assert_eq!(saved.unwrap(), Saved::Done);
        let session = place.session(&business).await;
        place.accepted(&session, &"srv_1".into()).await;
        let client = client(&place.tenant, &format!("service {number}"));
        let saved = store.save_service_client(&client).await.unwrap();
        assert_eq!(saved, Saved::Done);
        let endpoint = endpoint(&place.tenant, None);
        assert_eq!(
            store.add_webhook(&endpoint, 100).await.unwrap(),
            Saved::Done
        );
        let rotated: Webhook = endpoint.rotate("sealed 2".to_owned(), NOW);
        let saved = store.save_webhook(&rotated, NOW).await.unwrap();
        assert_eq!(saved, Saved::Done);
        let claim = IdempotencyClaim {
            key: format!("key {number}"),
            ..super::idempotency::request(&place.tenant, "request", NOW)
        };
        store.claim_request(&claim, NOW).await.unwrap();
        store.keep_answer(&claim.id, "sealed answer").await.unwrap();
    }
}

async fn all(place: &Place, column: &'static SealedColumn) -> Vec<SealedValue> {
    let mut read: Vec<SealedValue> = Vec::new();
    loop {
        let after = read.last().map_or("", |last| last.id.as_str());
        let page = place.store.sealed_values(column, after, 2).await.unwrap();
        assert!(page.len() <= 2);
        if page.is_empty() {
            return read;
        }
        read.extend(page);
    }
}

async fn every_sealed_value_is_found_page_by_page(place: Place) {
    fill(&place).await;
    for column in place.store.sealed_columns() {
        let name = format!("{}.{}", column.table, column.column);
        let read = all(&place, column).await;
        let mut ids: Vec<_> = read.iter().map(|value| value.id.clone()).collect();
        ids.sort();
        ids.dedup();
        assert_eq!((read.len(), ids.len()), (EACH, EACH), "{name}");
        for value in read {
            assert_eq!(value.tenant, place.tenant, "{name}");
            assert!(value.sealed.starts_with("sealed"), "{name}");
            // A grant that is kept aside stays sealed as the part of the connection it was.
            let is_aside = column.table == "revocations";
            assert_eq!(
                value.record.starts_with("con_"),
                is_aside || value.id == value.record && column.table == "connections",
                "{name}"
            );
            let expected = match (column.table, column.column) {
                ("webhooks", "sealed_secret") => 2,
                _ => 1,
            };
            assert_eq!(value.version, expected, "{name}");
        }
    }
}

async fn a_value_that_changed_meanwhile_is_not_replaced(place: Place) {
    fill(&place).await;
    let other = place.again().await;
    for column in place.store.sealed_columns() {
        let value = all(&place, column).await.remove(0);
        let replaced = join_all((0..20).map(|number| {
            let store = if number % 2 == 0 {
                &*place.store
            } else {
                &other
            };
            let (value, sealed) = (&value, format!("sealed anew {number}"));
            async move { store.replace_sealed(value, &sealed).await.unwrap() }
        }))
        .await;
        let winner = replaced.iter().position(|saved| *saved == Saved::Done);
        let winner = format!("sealed anew {}", winner.unwrap());
        let done = replaced.iter().filter(|saved| **saved == Saved::Done);
        assert_eq!(done.count(), 1, "{}.{}", column.table, column.column);
        let now: Vec<_> = all(&place, column).await;
        let mut sealed: Vec<_> = now.iter().map(|value| value.sealed.as_str()).collect();
        assert_eq!(sealed.remove(0), winner);
        assert!(
            !sealed.contains(&winner.as_str()),
            "the others are as they were"
        );
    }
    let owner = place.business("Harbor Coffee").await;
    let connection = place.connected(&owner, "account").await;
    let columns = place.store.sealed_columns();
    let column = columns.iter().find(|column| column.table == "connections");
    let values = all(&place, column.unwrap()).await;
    let value = values
        .iter()
        .find(|value| value.id == connection.id.as_str());
    assert_eq!(place.refresh(&connection, 2).await, Saved::Done);
    let late = place
        .store
        .replace_sealed(value.unwrap(), "old token")
        .await;
    assert_eq!(late.unwrap(), Saved::Conflict);
    let kept = place.store.credentials(&place.tenant, &connection.id).await;
    assert_eq!(kept.unwrap().unwrap().credentials.sealed, sealed(2).sealed);
    let (stranger, _) = tenant(&place.store, "other").await;
    let unseen = place.store.credentials(&stranger, &connection.id).await;
    assert!(unseen.unwrap().is_none());
}

async fn the_vault_check_is_replaced_by_one_of_many(place: Place) {
    place.store.save_vault_check("check 1").await.unwrap();
    let replaced = join_all((0..20).map(|number| {
        let (store, check) = (place.store.clone(), format!("check 2.{number}"));
        async move { store.replace_vault_check("check 1", &check).await.unwrap() }
    }))
    .await;
    let winner = replaced.iter().position(|saved| *saved == Saved::Done);
    let done = replaced.iter().filter(|saved| **saved == Saved::Done);
    assert_eq!(done.count(), 1);
    let kept = place.store.vault_check().await.unwrap();
    assert_eq!(kept, Some(format!("check 2.{}", winner.unwrap())));
}
