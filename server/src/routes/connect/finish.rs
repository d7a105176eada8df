//! `POST /v1/connect/finish`: where to send the end user, with a result the company's server can trust.

use crate::app::{App, SharedApp};
use crate::domain::business::Business;
use crate::domain::connection::Connection;
use crate::domain::widget::{BadReturnUrl, Widget};
use crate::entropy;
use crate::result_token::{Claims, ConnectionClaim, LIFETIME, sign};
use crate::routes::border::body::Json;
use crate::routes::border::problem::{Refusal, refuses};
use crate::routes::border::visitor::Visitor;
use crate::store::StoreError;
use axum::extract::State;
use axum::http::StatusCode;
use railhead_protocol::{ConnectionStatus, ErrorCode, FinishRequest, Finished};
use railhead_vault::OpenError;

/// How many connections one visit may name.
const MAX_CONNECTIONS: usize = 50;

/// Why the end user is not sent on.
#[derive(Debug, thiserror::Error)]
pub(in crate::routes) enum FinishError {
    #[error(transparent)]
    ReturnUrl(#[from] BadReturnUrl),
    #[error("This business has no active connection {0}.")]
    UnknownConnection(String),
    #[error("More than 50 connections are named.")]
    TooMany,
    #[error("The session's business is gone: load the widget again.")]
    BusinessGone,
    #[error("the widget's signing secret does not open")]
    Secret(#[from] OpenError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<FinishError> for Refusal {
    fn from(error: FinishError) -> Self {
        let detail = error.to_string();
        match error {
            FinishError::ReturnUrl(_) => {
                Self::new(StatusCode::BAD_REQUEST, ErrorCode::InvalidReturnUrl, detail)
                    .field("successUrl")
            }
            FinishError::UnknownConnection(_) => {
                Self::new(StatusCode::NOT_FOUND, ErrorCode::ConnectionNotFound, detail)
                    .field("connectionIds")
            }
            FinishError::TooMany => Self::invalid(detail).field("connectionIds"),
            FinishError::BusinessGone => {
                Self::new(StatusCode::UNAUTHORIZED, ErrorCode::SessionExpired, detail)
            }
            error @ (FinishError::Secret(_) | FinishError::Store(_)) => Self::internal(error),
        }
    }
}
refuses!(
    FinishError:
    400 InvalidRequest | InvalidReturnUrl, 401 SessionExpired, 404 ConnectionNotFound
);

/// Finish the visit
///
/// Where to send the end user, with a signed result that the company's server can trust.
#[utoipa::path(
    post,
    path = "/finish",
    tag = "Connect",
    operation_id = "finish",
    security(("sessionToken" = [])),
    request_body(content = FinishRequest, example = json!({ "connectionIds": [] })),
    responses((status = 200, description = "Where to go.", body = Finished), FinishError)
)]
pub(super) async fn finish(
    State(app): State<SharedApp>,
    visitor: Visitor,
    Json(request): Json<FinishRequest>,
) -> Result<axum::Json<Finished>, FinishError> {
    let Visitor { session, widget } = visitor;
    let target = widget.return_url(request.success_url.as_deref())?;
    if request.connection_ids.len() > MAX_CONNECTIONS {
        return Err(FinishError::TooMany);
    }
    let business = app
        .store
        .business(&session.tenant, &session.business)
        .await?;
    let business = business.ok_or(FinishError::BusinessGone)?;
    let known = app
        .store
        .connections_of(&session.tenant, &session.business)
        .await?;
    let now = app.now();
    let known: Vec<_> = known
        .into_iter()
        .map(|connection| connection.at(now))
        .collect();
    let find = |id: &String| {
        let active = |known: &&Connection| {
            known.id.as_str() == id && known.standing.status() == ConnectionStatus::Active
        };
        let unknown = || FinishError::UnknownConnection(id.chars().take(60).collect());
        known.iter().find(active).ok_or_else(unknown)
    };
    let mut connections: Vec<&Connection> = Vec::new();
    for id in &request.connection_ids {
        let connection = find(id)?;
        if !connections.iter().any(|named| named.id == connection.id) {
            connections.push(connection);
        }
    }
    let Some(mut url) = target else {
        return Ok(axum::Json(Finished { redirect_url: None }));
    };
    let result = signed(&app, &widget, &business, &connections)?;
    {
        let mut query = url.query_pairs_mut();
        for connection in &connections {
            query.append_pair("connectionId", connection.id.as_str());
        }
        query.append_pair("businessName", business.name.as_str());
        query.append_pair("businessUuid", business.id.as_str());
        query.append_pair("result", &result);
    }
    Ok(axum::Json(Finished {
        redirect_url: Some(url.into()),
    }))
}

fn signed(
    app: &App,
    widget: &Widget,
    business: &Business,
    connections: &[&Connection],
) -> Result<String, FinishError> {
    let secret = app
        .vault
        .unseal(&widget.secret_place(), &widget.sealed_signing_secret)?;
    let now = app.now().unix_timestamp();
    let claim = |connection: &&Connection| ConnectionClaim {
        connection_id: connection.id.to_string(),
        service_name: connection.service_name.clone(),
    };
    let claims = Claims {
        iss: app.own_origin.as_str().to_owned(),
        aud: widget.id.to_string(),
        iat: now,
        exp: now + LIFETIME.whole_seconds(),
        jti: entropy::id(app.entropy.as_ref(), "res_"),
        business_name: business.name.as_str().to_owned(),
        business_uuid: business.id.to_string(),
        connections: connections.iter().map(claim).collect(),
    };
    Ok(sign(&claims, &secret))
}
