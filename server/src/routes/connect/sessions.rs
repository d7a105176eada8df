//! `POST /v1/connect/sessions`: one round trip, and the widget can paint its first step.

use crate::app::{App, SharedApp};
use crate::domain::business::{Business, given_name};
use crate::domain::id::{BusinessId, SessionId};
use crate::domain::session::{
    BadSession, LIFETIME, Session, TOKEN_PREFIX, checked_locale, read_metadata,
};
use crate::domain::widget::{Origin, Widget};
use crate::entropy;
use crate::lifecycle::businesses::{BusinessError, Named, find_or_create};
use crate::lifecycle::rates;
use crate::limits::ClientAddress;
use crate::painting;
use crate::routes::border::body::Json;
use crate::routes::border::cors::Readable;
use crate::routes::border::problem::{Refusal, refuses};
use crate::routes::border::smaller::Smaller;
use crate::routes::border::visitor::asking_origin;
use crate::secret::Digest;
use crate::store::{Saved, StoreError};
use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use railhead_protocol::{
    BusinessNameError, ErrorCode, Metadata, SessionPolicy, SessionRequest, SessionState,
};

/// Why no session begins.
#[derive(Debug, thiserror::Error)]
pub(in crate::routes) enum SessionsError {
    #[error("No widget has this id.")]
    UnknownWidget,
    #[error("Pages of this origin may not embed the widget; register it: {0}")]
    OriginNotRegistered(String),
    #[error(transparent)]
    BusinessName(#[from] BusinessNameError),
    #[error(transparent)]
    Business(#[from] BusinessError),
    #[error("The session's token is unknown, expired, or for another widget or page.")]
    SessionExpired,
    #[error("This widget takes only sessions that your server asked for: POST /v1/sessions.")]
    Required,
    #[error("The session belongs to another business: load the widget without its token.")]
    OtherBusiness(&'static str),
    #[error("This address begins too many sessions of this widget; try again later.")]
    TooMany(u64),
    #[error("A language is written like en or pt-BR.")]
    Locale,
    #[error(transparent)]
    Metadata(BadSession),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<SessionsError> for Refusal {
    fn from(error: SessionsError) -> Self {
        let detail = error.to_string();
        let refuse = |status, code| Self::new(status, code, detail.clone());
        match error {
            SessionsError::UnknownWidget => {
                refuse(StatusCode::NOT_FOUND, ErrorCode::UnknownWidget).field("widgetId")
            }
            SessionsError::OriginNotRegistered(_) => {
                refuse(StatusCode::FORBIDDEN, ErrorCode::OriginNotRegistered)
            }
            SessionsError::BusinessName(_) => {
                refuse(StatusCode::BAD_REQUEST, ErrorCode::InvalidBusinessName)
                    .field("businessName")
            }
            SessionsError::Business(error) => error.into(),
            SessionsError::SessionExpired => {
                refuse(StatusCode::UNAUTHORIZED, ErrorCode::SessionExpired).field("sessionToken")
            }
            SessionsError::Required => {
                refuse(StatusCode::FORBIDDEN, ErrorCode::SessionRequired).field("sessionToken")
            }
            SessionsError::OtherBusiness(field) => {
                refuse(StatusCode::CONFLICT, ErrorCode::BusinessMismatch).field(field)
            }
            SessionsError::TooMany(seconds) => {
                refuse(StatusCode::TOO_MANY_REQUESTS, ErrorCode::RateLimited).retry_after(seconds)
            }
            SessionsError::Locale => Self::invalid(detail).field("locale"),
            SessionsError::Metadata(_) => Self::invalid(detail).field("metadata"),
            SessionsError::Store(error) => Self::internal(error),
        }
    }
}
refuses!(
    SessionsError:
    400 InvalidRequest | InvalidBusinessName, 401 SessionExpired,
    403 OriginNotRegistered | SessionRequired, 404 UnknownWidget | BusinessNotFound, 409 BusinessMismatch, 429 RateLimited
);

/// Begin a session
///
/// One round trip, and the widget can paint its first step. Asked by a page on a registered origin: the header `Origin`
/// names it. With `sessionToken` a session is taken up again.
#[utoipa::path(
    post,
    path = "/sessions",
    tag = "Connect",
    operation_id = "createSession",
    params(("Origin" = String, Header, description = "The page's origin; browsers send it.")),
    request_body(
        content = SessionRequest,
        example = json!({ "widgetId": "wid_sandbox", "businessName": "Harbor Coffee", "locale": "en" })
    ),
    responses((status = 201, description = "The session's token and state.", body = SessionState), SessionsError)
)]
pub(super) async fn create(
    State(app): State<SharedApp>,
    readable: Readable,
    Extension(client): Extension<ClientAddress>,
    headers: HeaderMap,
    Json(request): Json<SessionRequest>,
) -> Result<Smaller<(StatusCode, axum::Json<SessionState>)>, SessionsError> {
    let widget = app.store.widget(&request.widget_id.as_str().into()).await?;
    let widget = widget.ok_or(SessionsError::UnknownWidget)?;
    let origin = embedding_origin(&app, &widget, &headers)?;
    let locale = checked_locale(request.locale).map_err(|_| SessionsError::Locale)?;
    let metadata = read_metadata(request.metadata.as_deref()).map_err(SessionsError::Metadata)?;
    let name = request.business_name.as_deref();
    let named = Named {
        id: request.business_uuid.map(BusinessId::from),
        name: name.map(given_name).transpose()?,
    };
    let (session, business, token) = if let Some(token) = request.session_token {
        let session = resume(&app, &widget, &origin, &token).await?;
        let business = business_of(&app, &session, &named).await?;
        // The widget speaks this now, so the pages in its window do.
        if let Some(locale) = locale
            .as_ref()
            .filter(|locale| session.locale.as_ref() != Some(locale))
        {
            app.store.set_session_locale(&session.id, locale).await?;
        }
        (session, business, token)
    } else if widget.settings.session_policy == SessionPolicy::Signed {
        return Err(SessionsError::Required);
    } else {
        let key = (widget.id.clone(), client);
        let name = format!("sessions {} {client}", widget.id);
        let limit = app.config.limits.sessions_per_minute;
        rates::count(&app, &app.sessions, key, &name, limit)
            .await?
            .map_err(SessionsError::TooMany)?;
        let visit = Visit {
            origin,
            locale: locale.clone(),
            metadata,
        };
        begin(&app, &widget, &named, visit).await?
    };
    let state = super::session::state(&app, &widget, &session, &business).await?;
    let paint = request.paint.as_deref();
    let first_paint =
        paint.and_then(|paint| painting::first_step(paint, locale.as_deref(), &state));
    readable.vouch();
    Ok(Smaller((
        StatusCode::CREATED,
        axum::Json(SessionState {
            session_token: Some(token),
            first_paint,
            ..state
        }),
    )))
}

fn embedding_origin(
    app: &App,
    widget: &Widget,
    headers: &HeaderMap,
) -> Result<Origin, SessionsError> {
    let sent = headers
        .get("origin")
        .and_then(|value| value.to_str().ok())
        .unwrap_or("none sent");
    let refused = || SessionsError::OriginNotRegistered(sent.chars().take(100).collect());
    let origin = asking_origin(app, headers).filter(|_| headers.contains_key("origin"));
    let allowed = |origin: &Origin| widget.is_registered(origin) || *origin == app.own_origin;
    origin.filter(allowed).ok_or_else(refused)
}

async fn resume(
    app: &App,
    widget: &Widget,
    origin: &Origin,
    token: &str,
) -> Result<Session, SessionsError> {
    let found = app
        .store
        .session(Digest::of(token))
        .await?
        .ok_or(SessionsError::SessionExpired)?;
    let session = found
        .at(app.now())
        .map_err(|_| SessionsError::SessionExpired)?;
    let fits = session.widget == widget.id && session.origin == *origin;
    if widget.settings.session_policy == SessionPolicy::Signed && !session.minted {
        Err(SessionsError::Required)
    } else if fits {
        Ok(session)
    } else {
        Err(SessionsError::SessionExpired)
    }
}

/// The business of a session that is taken up again. Naming another one is a mistake, and would connect the wrong
/// company's software.
async fn business_of(
    app: &App,
    session: &Session,
    named: &Named,
) -> Result<Business, SessionsError> {
    let found = app
        .store
        .business(&session.tenant, &session.business)
        .await?;
    let found = found.ok_or(BusinessError::Unknown)?;
    if named.id.as_ref().is_some_and(|id| *id != found.id) {
        return Err(SessionsError::OtherBusiness("businessUuid"));
    }
    if named.name.as_ref().is_some_and(|name| *name != found.name) {
        return Err(SessionsError::OtherBusiness("businessName"));
    }
    Ok(found)
}

/// What a page says of the session that it begins.
struct Visit {
    origin: Origin,
    locale: Option<String>,
    metadata: Metadata,
}

/// A session for the business that is named.
async fn begin(
    app: &App,
    widget: &Widget,
    named: &Named,
    visit: Visit,
) -> Result<(Session, Business, String), SessionsError> {
    loop {
        let business = find_or_create(app, &widget.tenant, named.clone()).await?;
        let now = app.now();
        let token = format!("{TOKEN_PREFIX}{}", entropy::token(app.entropy.as_ref()));
        let session = Session {
            id: SessionId::generate(app.entropy.as_ref()),
            tenant: widget.tenant.clone(),
            widget: widget.id.clone(),
            business: business.id.clone(),
            origin: visit.origin.clone(),
            created_at: now,
            expires_at: now + LIFETIME,
            metadata: visit.metadata.clone(),
            locale: visit.locale.clone(),
            minted: false,
            minted_from: None,
        };
        // The business may have been swept away just now: then it is made anew.
        if app.store.add_session(&session, Digest::of(&token)).await? == Saved::Done {
            return Ok((session, business, token));
        }
        if app.store.widget(&widget.id).await?.is_none() {
            return Err(SessionsError::UnknownWidget);
        }
    }
}
