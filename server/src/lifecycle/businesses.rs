//! Businesses come, get other names and go.

use super::disconnect::{self, DisconnectError};
use super::event;
use crate::app::{App, SharedApp};
use crate::domain::business::{Business, generated_name};
use crate::domain::id::BusinessId;
use crate::domain::tenant::Tenant;
use crate::store::{BusinessRemoval, EventKind, Saved, StoreError};
use railhead_protocol::{BusinessName, BusinessNameError};

/// Why there is no such business.
#[derive(Debug, thiserror::Error)]
pub enum BusinessError {
    /// No business has the id.
    #[error("No business has this id.")]
    Unknown,
    /// The business with the id has another name than the one beside it.
    #[error("The business with this id has another name: send its own name, or none.")]
    OtherName,
    /// The name is taken.
    #[error("Another business has this name.")]
    NameTaken,
    /// A name that was generated breaks a rule.
    #[error(transparent)]
    Name(#[from] BusinessNameError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The business that a request names.
#[derive(Clone, Debug, Default)]
pub struct Named {
    /// By its id.
    pub id: Option<BusinessId>,
    /// By its name.
    pub name: Option<BusinessName>,
}

/// The business asked for by its id, else by its name, else a new one.
pub async fn find_or_create(
    app: &App,
    tenant: &Tenant,
    named: Named,
) -> Result<Business, BusinessError> {
    let Named { id, name } = named;
    if let Some(id) = id {
        let found = app.store.business(tenant, &id).await?;
        let found = found.ok_or(BusinessError::Unknown)?;
        if name.is_some_and(|name| name != found.name) {
            return Err(BusinessError::OtherName);
        }
        return Ok(found);
    }
    loop {
        if let Some(name) = &name
            && let Some(found) = app.store.business_by_name(tenant, name).await?
        {
            return Ok(found);
        }
        match create(app, tenant, name.clone()).await {
            // Another visit has made it just now: then look again.
            Err(BusinessError::NameTaken) => {}
            created => return created,
        }
    }
}

/// A new business with this name, or a generated one.
pub async fn create(
    app: &App,
    tenant: &Tenant,
    name: Option<BusinessName>,
) -> Result<Business, BusinessError> {
    loop {
        let chosen = name
            .clone()
            .map_or_else(|| generated_name(app.entropy.as_ref()), Ok)?;
        let id = BusinessId::generate(app.entropy.as_ref());
        let business = Business::create(id, tenant.clone(), chosen, app.now());
        let event = event::of_business(app, EventKind::BusinessCreated, &business);
        match (app.store.add_business(&business, &event).await?, &name) {
            (Saved::Done, _) => return Ok(business),
            (Saved::Conflict, Some(_)) => return Err(BusinessError::NameTaken),
            // A generated name that is taken: another one.
            (Saved::Conflict, None) => {}
        }
    }
}

/// Gives the business another name.
pub async fn rename(
    app: &App,
    tenant: &Tenant,
    id: &BusinessId,
    name: BusinessName,
) -> Result<Business, BusinessError> {
    let found = app.store.business(tenant, id).await?;
    let found = found.ok_or(BusinessError::Unknown)?;
    if found.name == name {
        return Ok(found);
    }
    let renamed = Business { name, ..found };
    let shown = renamed.clone().at(app.now());
    let event = event::of_business(app, EventKind::BusinessUpdated, &shown);
    match app.store.rename_business(&renamed, &event).await? {
        Saved::Done => {
            let found = app.store.business(tenant, id).await?;
            found.ok_or(BusinessError::Unknown)
        }
        Saved::Conflict => Err(BusinessError::NameTaken),
    }
}

/// Removes the business with all its connections; their grants are given back in the background.
pub async fn remove(
    app: &SharedApp,
    tenant: &Tenant,
    id: &BusinessId,
) -> Result<(), DisconnectError> {
    loop {
        let business = app.store.business(tenant, id).await?;
        let business = business.ok_or(DisconnectError::Unknown)?;
        let connections = app.store.connections_of(tenant, id).await?;
        let disconnections = disconnect::all(app, connections).await?;
        let jobs: Vec<_> = disconnections
            .iter()
            .filter_map(|ending| ending.job.clone())
            .collect();
        let shown = business.clone().at(app.now());
        let removal = BusinessRemoval {
            event: event::of_business(app, EventKind::BusinessRemoved, &shown),
            business,
            disconnections,
        };
        let claim = super::revoke::claim(app.now());
        if app.store.remove_business(&removal, claim).await? == Saved::Done {
            for job in jobs {
                super::revoke::spawn(app, job);
            }
            return Ok(());
        }
    }
}
