//! `GET /v1/services`: the catalogue, and what of it can be offered.

use super::service::{ServiceRefused, entry};
use crate::app::SharedApp;
use crate::routes::border::caller::{Caller, scope};
use axum::Json;
use axum::extract::State;
use railhead_protocol::ServiceList;

pub(super) async fn list(
    State(app): State<SharedApp>,
    Caller { tenant, .. }: Caller<scope::ServicesRead>,
) -> Result<Json<ServiceList>, ServiceRefused> {
    let offer = app.offer(&tenant).await?;
    let catalogue = app.catalogue.current();
    let data = catalogue
        .iter()
        .map(|service| entry(&offer, service))
        .collect();
    Ok(Json(ServiceList { data }))
}
