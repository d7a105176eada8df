//! API keys: found, listed, used, revoked.

use super::place::{NOW, tenant};
use super::{Place, contract};
use railhead_protocol::{Environment, Scope};
use railhead_server::domain::api_key::{ApiKey, Scopes};
use railhead_server::domain::tenant::Tenant;
use railhead_server::secret::Digest;
use railhead_server::store::{KeyStore as _, Page};
use time::{Duration, OffsetDateTime};

contract!(
    a_key_is_found_by_its_digest_as_it_was_written,
    a_tenant_sees_its_own_keys_page_by_page,
    a_key_is_revoked_by_its_tenant_and_stays_as_it_was_revoked,
);

fn key(tenant: &Tenant, number: u32, at: OffsetDateTime) -> ApiKey {
    ApiKey {
        id: format!("key_{number}").as_str().into(),
        tenant: tenant.clone(),
        digest: Digest::of(&format!("rk_test_{number}")),
        name: "Büro 株".to_owned(),
        scopes: Scopes::All,
        created_at: at,
        expires_at: None,
        revoked_at: None,
        last_used_at: None,
    }
}

async fn a_key_is_found_by_its_digest_as_it_was_written(place: Place) {
    let mut limited = key(&place.tenant, 1, NOW);
    limited.scopes = Scopes::Only([Scope::BusinessesRead, Scope::KeysWrite].into());
    limited.expires_at = Some(NOW + Duration::DAY);
    let endless = key(&place.tenant, 2, NOW + Duration::SECOND);
    for key in [&limited, &endless] {
        place.store.add_api_key(key).await.unwrap();
        let found = place.store.api_key(key.digest).await.unwrap();
        assert_eq!(found.as_ref(), Some(key));
    }
    let other = place.store.api_key(Digest::of("rk_test_3")).await.unwrap();
    assert_eq!(other, None);
    let used_at = NOW + Duration::HOUR;
    place.store.save_use(&limited.id, used_at).await.unwrap();
    limited.last_used_at = Some(used_at);
    let all = place.store.all_api_keys().await.unwrap();
    assert_eq!(all, [limited, endless], "the other one was not used");
}

async fn a_tenant_sees_its_own_keys_page_by_page(place: Place) {
    let (other, _) = tenant(&place.store, "other").await;
    let production = Tenant {
        environment: Environment::Production,
        ..place.tenant.clone()
    };
    let mut own = Vec::new();
    for number in 0..7 {
        let at = NOW + Duration::milliseconds(i64::from(number));
        let key = key(&place.tenant, number, at);
        place.store.add_api_key(&key).await.unwrap();
        own.insert(0, key);
    }
    for (number, tenant) in [(7, &other), (8, &production)] {
        let key = key(tenant, number, NOW);
        place.store.add_api_key(&key).await.unwrap();
    }
    let mut read: Vec<ApiKey> = Vec::new();
    loop {
        let after = read.last().map(|last| {
            let millis = last.created_at.unix_timestamp_nanos() / 1_000_000;
            (i64::try_from(millis).unwrap(), last.id.to_string())
        });
        let page = Page { after, limit: 3 };
        let found = place.store.api_keys(&place.tenant, &page).await.unwrap();
        assert!(found.len() <= 3);
        if found.is_empty() {
            break;
        }
        read.extend(found);
    }
    assert_eq!(read, own);
    assert_eq!(place.store.all_api_keys().await.unwrap().len(), 9);
}

async fn a_key_is_revoked_by_its_tenant_and_stays_as_it_was_revoked(place: Place) {
    let (other, _) = tenant(&place.store, "other").await;
    let key = key(&place.tenant, 1, NOW);
    place.store.add_api_key(&key).await.unwrap();
    let revoke = async |tenant, at| {
        let revoked = place.store.revoke_api_key(tenant, &key.id, at).await;
        revoked.unwrap()
    };
    let revoked_at = async || {
        let found = place.store.api_key(key.digest).await.unwrap();
        found.unwrap().revoked_at
    };
    assert!(!revoke(Some(&other), NOW).await, "it is not that tenant's");
    assert_eq!(revoked_at().await, None);
    assert!(revoke(Some(&place.tenant), NOW).await);
    assert!(revoke(None, NOW + Duration::DAY).await);
    assert_eq!(revoked_at().await, Some(NOW));
}
