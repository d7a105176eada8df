//! Connections: filters, pages, versions of credentials.

use super::place::{NOW, changed, event, sealed};
use super::{Place, contract};
use futures_util::future::join_all;
use railhead_protocol::{BusinessName, BusinessStatus, ConnectionStatus, DisconnectReason};
use railhead_server::domain::connection::Connection;
use railhead_server::store::{
    BusinessStore as _, ConnectionFilter, ConnectionStore as _, EventKind, Page, Saved,
};
use time::Duration;

contract!(
    is_read_as_it_was_written,
    filters_find_what_they_name_and_pages_all_of_it,
    one_of_many_replacements_of_a_version_is_saved,
    an_ended_connection_gets_no_credentials,
    an_invalid_connection_leaves_its_business_inactive_unless_another_is_active,
    later_credentials_keep_a_connection_valid,
);

async fn is_read_as_it_was_written(place: Place) {
    let owner = place.business("Café Ü & Söhne").await;
    let connection = place.connected(&owner, "Ωmega 🦀").await;
    let found = place.store.connection(&place.tenant, &connection.id).await;
    assert_eq!(found.unwrap(), Some(connection.clone()));
    let known = place.store.connections_of(&place.tenant, &owner.id).await;
    assert_eq!(known.unwrap(), [connection]);
}

async fn filters_find_what_they_name_and_pages_all_of_it(place: Place) {
    let (one, two) = (
        place.business("Harbor Coffee").await,
        place.business("Quayside").await,
    );
    let mut all = Vec::new();
    for (owner, account) in [(&one, "a"), (&one, "b"), (&two, "a"), (&two, "c")] {
        all.push(place.connected(owner, account).await);
    }
    all.sort_by_key(|connection| connection.id.clone());
    let listed = async |filter: ConnectionFilter| {
        let mut read: Vec<Connection> = Vec::new();
        loop {
            let after = read.last().map(|last| {
                let millis = last.created_at.unix_timestamp_nanos() / 1_000_000;
                (i64::try_from(millis).unwrap(), last.id.to_string())
            });
            let page = Page { after, limit: 3 };
            let found = place.store.connections(&place.tenant, &filter, &page).await;
            let found = found.unwrap();
            if found.is_empty() {
                // How ids of one moment are ordered is the database's affair.
                read.sort_by_key(|connection| connection.id.clone());
                return read;
            }
            read.extend(found);
        }
    };
    let none = ConnectionFilter::default;
    assert_eq!(listed(none()).await, all);
    let of_one: Vec<_> = all
        .iter()
        .filter(|connection| connection.business == one.id)
        .cloned()
        .collect();
    let business = Some(one.id.clone());
    assert_eq!(
        listed(ConnectionFilter { business, ..none() }).await,
        of_one
    );
    let business_name = Some(BusinessName::parse("Harbor Coffee").unwrap());
    let by_name = ConnectionFilter {
        business_name,
        ..none()
    };
    assert_eq!(listed(by_name).await, of_one);
    for (service, count) in [("xero", 4), ("wave", 0)] {
        let service_name = Some(service.to_owned());
        let of_service = ConnectionFilter {
            service_name,
            ..none()
        };
        assert_eq!(listed(of_service).await.len(), count);
    }
    let at_end = all[0].expires_at;
    for (status, at, count) in [
        (ConnectionStatus::Active, NOW, 4),
        (ConnectionStatus::Expired, NOW, 0),
        (ConnectionStatus::Active, at_end, 0),
        (ConnectionStatus::Expired, at_end, 4),
    ] {
        let status = Some((status, at));
        let with_status = ConnectionFilter { status, ..none() };
        assert_eq!(listed(with_status).await.len(), count);
    }
}

async fn one_of_many_replacements_of_a_version_is_saved(place: Place) {
    let connection = place
        .connected(&place.business("Harbor Coffee").await, "account")
        .await;
    let replaced = join_all((0..20).map(|_| place.refresh(&connection, 2))).await;
    let done = replaced.iter().filter(|saved| **saved == Saved::Done);
    assert_eq!(done.count(), 1);
    let kept = place.store.credentials(&place.tenant, &connection.id).await;
    let kept = kept.unwrap().unwrap().credentials;
    assert_eq!((kept.version, kept.sealed), (2, sealed(2).sealed));
    assert_eq!(place.refresh(&connection, 4).await, Saved::Conflict);
}

async fn an_ended_connection_gets_no_credentials(place: Place) {
    let owner = place.business("Harbor Coffee").await;
    let connection = place.connected(&owner, "account").await;
    assert_eq!(invalidate(&place, &connection, 1).await, Saved::Done);
    assert_eq!(place.refresh(&connection, 2).await, Saved::Conflict);
}

/// Saves that `connection` became invalid with these credentials.
async fn invalidate(place: &Place, connection: &Connection, version: u32) -> Saved {
    let found = place.store.business(&place.tenant, &connection.business);
    let deactivated = found.await.unwrap().unwrap().deactivate();
    let reason = DisconnectReason::ReauthorizationRequired;
    let invalid = connection.clone().invalidate(reason).unwrap();
    let event = event(&invalid, EventKind::ConnectionDisconnected);
    let inactive = changed(&deactivated);
    let saved = place
        .store
        .save_invalid(&invalid, version, &event, &deactivated, &inactive);
    saved.await.unwrap()
}

async fn an_invalid_connection_leaves_its_business_inactive_unless_another_is_active(place: Place) {
    let owner = place.business("Harbor Coffee").await;
    let one = place.connected(&owner, "a").await;
    let two = place.connected(&owner, "b").await;
    let status = async || {
        let found = place.store.business(&place.tenant, &owner.id).await;
        found.unwrap().unwrap().status
    };
    assert_eq!(invalidate(&place, &one, 1).await, Saved::Done);
    assert_eq!(status().await, BusinessStatus::Active);
    assert_eq!(invalidate(&place, &one, 1).await, Saved::Conflict, "once");
    assert_eq!(invalidate(&place, &two, 1).await, Saved::Done);
    assert_eq!(status().await, BusinessStatus::Inactive);
    let found = place.store.connection(&place.tenant, &one.id).await;
    let standing = found.unwrap().unwrap().standing;
    let reason = DisconnectReason::ReauthorizationRequired;
    assert_eq!(standing.reason(), Some(reason));
}

async fn later_credentials_keep_a_connection_valid(place: Place) {
    let connection = place
        .connected(&place.business("Harbor Coffee").await, "account")
        .await;
    assert_eq!(place.refresh(&connection, 2).await, Saved::Done);
    assert_eq!(invalidate(&place, &connection, 1).await, Saved::Conflict);
    let found = place.store.connection(&place.tenant, &connection.id).await;
    assert_eq!(found.unwrap(), Some(connection));
    let in_time = Duration::days(300);
    let count = place
        .store
        .deactivate_expired(NOW + in_time, &changed)
        .await;
    assert_eq!(count.unwrap(), 0);
}
