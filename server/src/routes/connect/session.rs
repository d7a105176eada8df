//! `GET /v1/connect/session`: the session's state again, after a reload or a lost tab.

use crate::app::{App, SharedApp};
use crate::domain::business::Business;
use crate::domain::connection::Standing;
use crate::domain::session::Session;
use crate::domain::timestamp;
use crate::domain::widget::Widget;
use crate::routes::border::problem::{Refusal, refuses};
use crate::routes::border::smaller::Smaller;
use crate::routes::border::visitor::Visitor;
use crate::store::StoreError;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use railhead_protocol::{ErrorCode, SessionState};

/// Why there is no state.
#[derive(Debug, thiserror::Error)]
pub(in crate::routes) enum SessionError {
    #[error("The session's business is gone: load the widget again.")]
    BusinessGone,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<SessionError> for Refusal {
    fn from(error: SessionError) -> Self {
        let detail = error.to_string();
        match error {
            SessionError::BusinessGone => {
                Self::new(StatusCode::UNAUTHORIZED, ErrorCode::SessionExpired, detail)
            }
            SessionError::Store(error) => Self::internal(error),
        }
    }
}
refuses!(SessionError: 401 SessionExpired);

/// Read the session again
///
/// What the widget needs after a reload or in another tab. Holds no token.
#[utoipa::path(
    get,
    path = "/session",
    tag = "Connect",
    operation_id = "getSession",
    security(("sessionToken" = [])),
    responses((status = 200, description = "The session's state.", body = SessionState), SessionError)
)]
pub(super) async fn read(
    State(app): State<SharedApp>,
    visitor: Visitor,
) -> Result<Smaller<Json<SessionState>>, SessionError> {
    let Visitor { session, widget } = visitor;
    let business = app
        .store
        .business(&session.tenant, &session.business)
        .await?;
    let business = business.ok_or(SessionError::BusinessGone)?;
    let state = state(&app, &widget, &session, &business).await?;
    Ok(Smaller(Json(state)))
}

/// What the widget needs to paint, without the token.
pub(super) async fn state(
    app: &App,
    widget: &Widget,
    session: &Session,
    business: &Business,
) -> Result<SessionState, StoreError> {
    let now = app.now();
    let offer = app.offer(&session.tenant).await?;
    let catalogue = app.catalogue.current();
    let services = catalogue.iter().filter(|service| {
        offer.check(service).is_ok() && widget.offers(&service.service_name, service.kind)
    });
    let connections = app
        .store
        .connections_of(&session.tenant, &business.id)
        .await?;
    let shown = connections
        .into_iter()
        .map(|connection| connection.at(now))
        .filter(|known| !matches!(known.standing, Standing::Pending | Standing::Superseded(_)));
    Ok(SessionState {
        session_token: None,
        expires_at: timestamp(session.expires_at),
        widget: widget.card(),
        business: business.clone().at(now).wire(),
        services: services.map(|service| service.card()).collect(),
        connections: shown.map(|connection| connection.wire()).collect(),
        first_paint: None,
    })
}
