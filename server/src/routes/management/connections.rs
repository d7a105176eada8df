//! `GET /v1/connections`: the tenant's connections, newest first.

use super::cursor::{PageError, cut, page};
use crate::app::SharedApp;
use crate::domain::business::given_name;
use crate::routes::border::caller::{Caller, scope};
use crate::routes::border::problem::{Refusal, refuses};
use crate::routes::border::query::Query;
use crate::store::{ConnectionFilter, StoreError};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use railhead_protocol::{
    BusinessName, BusinessNameError, ConnectionPage, ConnectionStatus, ErrorCode,
};
use serde::Deserialize;
use utoipa::IntoParams;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ConnectionsQuery {
    /// Of this business, `biz_…`
    business_uuid: Option<String>,
    /// Of the business with this name.
    #[param(value_type = Option<BusinessName>)]
    business_name: Option<String>,
    /// To this service.
    service_name: Option<String>,
    /// In this status.
    status: Option<ConnectionStatus>,
    /// Entries on a page; 50 without it.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// From the page before, its `nextCursor`.
    cursor: Option<String>,
}

/// Why there is no page.
#[derive(Debug, thiserror::Error)]
pub(super) enum ConnectionsError {
    #[error(transparent)]
    Page(#[from] PageError),
    #[error(transparent)]
    BusinessName(#[from] BusinessNameError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<ConnectionsError> for Refusal {
    fn from(error: ConnectionsError) -> Self {
        match error {
            ConnectionsError::Page(error) => error.into(),
            ConnectionsError::BusinessName(error) => Self::new(
                StatusCode::BAD_REQUEST,
                ErrorCode::InvalidBusinessName,
                error.to_string(),
            )
            .field("businessName"),
            ConnectionsError::Store(error) => Self::internal(error),
        }
    }
}
refuses!(ConnectionsError: 400 InvalidRequest | InvalidBusinessName);

/// List connections
///
/// The connections of the key's workspace and environment, newest first. Filters add up: a connection has to fit all.
#[utoipa::path(
    get,
    path = "/connections",
    tag = "Connections",
    operation_id = "listConnections",
    security(("apiKey" = ["connections:read"])),
    params(ConnectionsQuery),
    responses((status = 200, description = "One page.", body = ConnectionPage), ConnectionsError)
)]
pub(super) async fn list(
    State(app): State<SharedApp>,
    Caller { tenant, .. }: Caller<scope::ConnectionsRead>,
    Query(query): Query<ConnectionsQuery>,
) -> Result<Json<ConnectionPage>, ConnectionsError> {
    let (asked, shown) = page(query.limit, query.cursor.as_deref())?;
    let business_name = query.business_name.as_deref().map(given_name).transpose()?;
    let now = app.now();
    let filter = ConnectionFilter {
        business: query.business_uuid.map(Into::into),
        business_name,
        service_name: query.service_name,
        status: query.status.map(|status| (status, now)),
    };
    let found = app.store.connections(&tenant, &filter, &asked).await?;
    let (found, next_cursor) = cut(found, shown, |shown| (shown.created_at, shown.id.as_str()));
    let data = found
        .into_iter()
        .map(|connection| connection.at(now).wire())
        .collect();
    Ok(Json(ConnectionPage { data, next_cursor }))
}
