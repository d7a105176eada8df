//! Clients at services: each version onto the one before.

use super::place::{NOW, tenant};
use super::{Place, contract};
use futures_util::future::join_all;
use railhead_server::domain::id::ServiceClientId;
use railhead_server::domain::service_client::ServiceClient;
use railhead_server::domain::tenant::Tenant;
use railhead_server::entropy::SystemEntropy;
use railhead_server::store::{ClientStore as _, Saved};

contract!(
    one_of_many_first_clients_and_one_of_many_next_versions_is_saved,
    a_client_is_its_tenants_alone_and_goes_when_it_is_removed,
);

/// A tenant's first client at a service.
pub(super) fn client(tenant: &Tenant, service_name: &str) -> ServiceClient {
    ServiceClient {
        id: ServiceClientId::generate(&SystemEntropy),
        tenant: tenant.clone(),
        service_name: service_name.to_owned(),
        client_id: "client~1".to_owned(),
        sealed_secret: "sealed 1".to_owned(),
        redirect_name: None,
        version: 1,
        updated_at: NOW,
    }
}

/// Saves all of them at the same time; answers the one that was.
async fn race(place: &Place, clients: Vec<ServiceClient>) -> ServiceClient {
    let other = place.again().await;
    let saved = join_all(clients.iter().enumerate().map(|(number, client)| {
        let store = if number % 2 == 0 {
            &*place.store
        } else {
            &other
        };
        async move { store.save_service_client(client).await.unwrap() }
    }))
    .await;
    let both = clients.into_iter().zip(saved);
    let done: Vec<_> = both.filter(|(_, saved)| *saved == Saved::Done).collect();
    assert_eq!(done.len(), 1);
    done.into_iter().next().unwrap().0
}

async fn one_of_many_first_clients_and_one_of_many_next_versions_is_saved(place: Place) {
    let stored = async || {
        let found = place.store.service_client(&place.tenant, "xero").await;
        found.unwrap()
    };
    assert_eq!(stored().await, None);
    let first = (0..20).map(|_| client(&place.tenant, "xero")).collect();
    let first = race(&place, first).await;
    assert_eq!(stored().await, Some(first.clone()));
    let next = (0..20).map(|number| ServiceClient {
        sealed_secret: format!("sealed {number}"),
        redirect_name: Some(format!("name-{number}")),
        version: 2,
        ..first.clone()
    });
    let next = race(&place, next.collect()).await;
    assert_eq!(stored().await, Some(next.clone()));
    let skipped = ServiceClient { version: 4, ..next };
    let saved = place.store.save_service_client(&skipped).await.unwrap();
    assert_eq!(saved, Saved::Conflict);
}

async fn a_client_is_its_tenants_alone_and_goes_when_it_is_removed(place: Place) {
    let (other, _) = tenant(&place.store, "other").await;
    let (xero, wave) = (client(&place.tenant, "xero"), client(&place.tenant, "wave"));
    for client in [&xero, &wave] {
        let saved = place.store.save_service_client(client).await.unwrap();
        assert_eq!(saved, Saved::Done);
    }
    assert_eq!(place.store.service_clients(&other).await.unwrap(), []);
    let remove = async |tenant| {
        let removed = place.store.remove_service_client(tenant, "xero").await;
        removed.unwrap()
    };
    assert!(!remove(&other).await);
    let mut own = place.store.service_clients(&place.tenant).await.unwrap();
    own.sort_by_key(|client| client.service_name.clone());
    assert_eq!(own, [wave.clone(), xero]);
    assert!(remove(&place.tenant).await);
    assert!(!remove(&place.tenant).await, "it is gone");
    let own = place.store.service_clients(&place.tenant).await.unwrap();
    assert_eq!(own, [wave]);
}
