//! Workspaces, widgets and keys; and that nothing is found across the border between tenants.

use super::place::{NOW, business, changed, made, sealed, tenant, widget};
use super::{Place, contract};
use futures_util::future::join_all;
use railhead_protocol::{BusinessName, Environment};
use railhead_server::domain::business::Business;
use railhead_server::domain::tenant::{Tenant, WorkspaceName};
use railhead_server::store::{
    BusinessFilter, BusinessStore as _, ConnectionFilter, ConnectionStore as _, Page, Saved,
    TenantStore as _,
};

contract!(
    a_workspace_is_made_once_by_whoever_asks_at_the_same_time,
    a_widget_is_read_as_it_was_saved_and_never_moves,
    the_first_vault_check_stays,
    nothing_is_found_in_another_workspace_or_environment,
);

async fn a_workspace_is_made_once_by_whoever_asks_at_the_same_time(place: Place) {
    let name = WorkspaceName::parse("northwind").unwrap();
    let asked = join_all((0..20).map(|number| {
        let (store, name) = (place.store.clone(), name.clone());
        async move {
            let new = format!("wsp_{number}").as_str().into();
            store.ensure_workspace(&name, &new, NOW).await.unwrap()
        }
    }))
    .await;
    assert!(asked.iter().all(|workspace| workspace.id == asked[0].id));
}

async fn a_widget_is_read_as_it_was_saved_and_never_moves(place: Place) {
    let found = place.store.widget(&place.widget.id).await.unwrap();
    assert_eq!(found.as_ref(), Some(&place.widget));
    let mut changed = place.widget.clone();
    changed.origins.reverse();
    "Other".clone_into(&mut changed.company_name);
    assert_eq!(
        place.store.save_widget(&changed).await.unwrap(),
        Saved::Done
    );
    // Whoever changes what was changed meanwhile has to read it again.
    let outdated = place.store.save_widget(&place.widget).await.unwrap();
    assert_eq!(outdated, Saved::Conflict);
    changed.revision += 1;
    assert_eq!(place.store.widgets().await.unwrap(), [changed.clone()]);

    let (other, name) = tenant(&place.store, "other").await;
    let mut moved = widget("wid_1", other, name);
    moved.revision = changed.revision;
    let saved = place.store.save_widget(&moved).await.unwrap();
    assert_eq!(saved, Saved::Conflict);
    assert_eq!(place.store.widgets().await.unwrap(), [changed]);
}

async fn the_first_vault_check_stays(place: Place) {
    assert_eq!(place.store.vault_check().await.unwrap(), None);
    let checks: Vec<String> = (0..10).map(|number| format!("check {number}")).collect();
    join_all(
        checks
            .iter()
            .map(|check| place.store.save_vault_check(check)),
    )
    .await;
    let kept = place.store.vault_check().await.unwrap().unwrap();
    assert!(checks.contains(&kept));
    place.store.save_vault_check("later").await.unwrap();
    assert_eq!(place.store.vault_check().await.unwrap(), Some(kept));
}

async fn nothing_is_found_in_another_workspace_or_environment(place: Place) {
    let own = place.business("Harbor Coffee").await;
    let connection = place.connected(&own, "account").await;
    let (other, _) = tenant(&place.store, "other").await;
    let production = Tenant {
        environment: Environment::Production,
        ..place.tenant.clone()
    };
    let page = Page {
        after: None,
        limit: 10,
    };
    for stranger in [other, production] {
        let store = &place.store;
        let name = BusinessName::parse("Harbor Coffee").unwrap();
        let all = BusinessFilter::default();
        assert_eq!(store.business(&stranger, &own.id).await.unwrap(), None);
        assert_eq!(
            store.business_by_name(&stranger, &name).await.unwrap(),
            None
        );
        assert_eq!(store.businesses(&stranger, &all, &page).await.unwrap(), []);
        let found = store.connection(&stranger, &connection.id).await;
        assert_eq!(found.unwrap(), None);
        assert_eq!(store.connections_of(&stranger, &own.id).await.unwrap(), []);
        let any = ConnectionFilter::default();
        let listed = store.connections(&stranger, &any, &page).await;
        assert_eq!(listed.unwrap(), []);
        let credentials = store.credentials(&stranger, &connection.id).await;
        assert!(credentials.unwrap().is_none());

        let renamed = Business {
            tenant: stranger.clone(),
            name: BusinessName::parse("Quayside").unwrap(),
            ..own.clone()
        };
        let _ = store.rename_business(&renamed, &changed(&renamed)).await;
        let kept = store.business(&place.tenant, &own.id).await.unwrap();
        assert_eq!(kept.unwrap().name, name);
        // The same name is free there.
        let namesake = business(&stranger, "Harbor Coffee", NOW);
        let added = store.add_business(&namesake, &made(&namesake)).await;
        assert_eq!(added.unwrap(), Saved::Done);
    }
    let kept = place.store.credentials(&place.tenant, &connection.id).await;
    assert_eq!(kept.unwrap().unwrap().credentials.sealed, sealed(1).sealed);
}
