//! `POST /v1/sessions`: mints a session bound to a widget, a business and a page, with a link to the hosted page.

use super::widget::WidgetRefused;
use crate::app::SharedApp;
use crate::domain::business::given_name;
use crate::domain::session::BadSession;
use crate::domain::timestamp;
use crate::lifecycle::businesses::Named;
use crate::lifecycle::sessions::{MintError, Minted, Wanted, mint as mint_session};
use crate::lifecycle::widgets::WidgetError;
use crate::routes::border::body::Json;
use crate::routes::border::caller::{Caller, scope};
use crate::routes::border::problem::{Refusal, refuses};
use axum::extract::State;
use axum::http::StatusCode;
use railhead_protocol::{BusinessNameError, ErrorCode, MintedSession, SessionMintRequest};
use secrecy::ExposeSecret as _;

/// Why there is none.
#[derive(Debug, thiserror::Error)]
pub(super) enum MintRefused {
    #[error(transparent)]
    Name(#[from] BusinessNameError),
    #[error(transparent)]
    Mint(#[from] MintError),
}

impl From<MintRefused> for Refusal {
    fn from(error: MintRefused) -> Self {
        let detail = error.to_string();
        let refuse = |status, code| Self::new(status, code, detail.clone());
        let error = match error {
            MintRefused::Mint(error) => error,
            MintRefused::Name(_) => {
                return refuse(StatusCode::BAD_REQUEST, ErrorCode::InvalidBusinessName)
                    .field("businessName");
            }
        };
        match error {
            MintError::Widget(error @ WidgetError::Unknown) => {
                Self::from(WidgetRefused::from(error)).field("widgetId")
            }
            MintError::Widget(error) => WidgetRefused::from(error).into(),
            MintError::Business(error) => error.into(),
            MintError::Origin => Self::invalid(detail).field("origin"),
            MintError::OriginNotRegistered => {
                refuse(StatusCode::FORBIDDEN, ErrorCode::OriginNotRegistered).field("origin")
            }
            MintError::Session(bad) => Self::invalid(detail).field(match bad {
                BadSession::Lifetime => "expiresIn",
                BadSession::Metadata => "metadata",
                BadSession::Locale => "locale",
            }),
            MintError::Store(error) => Self::internal(error),
        }
    }
}
refuses!(
    MintRefused:
    400 InvalidRequest | InvalidBusinessName, 403 OriginNotRegistered, 404 UnknownWidget | BusinessNotFound,
    409 BusinessMismatch
);

/// Mint a session
///
/// A session bound to a widget, a business and a page. Give `sessionToken` to the widget on that page, or send the end user to
/// `url`: the hosted page, which works in the first browser that opens it. Widgets with the session policy `signed` take no
/// other sessions.
#[utoipa::path(
    post,
    path = "/sessions",
    tag = "Sessions",
    operation_id = "mintSession",
    security(("apiKey" = ["sessions:write"])),
    request_body(
        content = SessionMintRequest,
        example = json!({
            "widgetId": "wid_sandbox", "businessName": "Harbor Coffee", "metadata": { "loan": "NW-1042" }
        })
    ),
    responses((status = 201, description = "Minted.", body = MintedSession), MintRefused)
)]
pub(super) async fn mint(
    State(app): State<SharedApp>,
    Caller { tenant, .. }: Caller<scope::SessionsWrite>,
    Json(request): Json<SessionMintRequest>,
) -> Result<(StatusCode, axum::Json<MintedSession>), MintRefused> {
    let name = request.business_name.as_deref();
    let wanted = Wanted {
        widget: request.widget_id.into(),
        business: Named {
            id: request.business_uuid.map(Into::into),
            name: name.map(given_name).transpose()?,
        },
        origin: request.origin,
        expires_in: request.expires_in,
        metadata: request.metadata.unwrap_or_default(),
        locale: request.locale,
    };
    let Minted {
        session,
        business,
        token,
        link,
    } = mint_session(&app, &tenant, wanted).await?;
    let minted = MintedSession {
        session_token: token.expose_secret().to_owned(),
        session_id: session.id.to_string(),
        expires_at: timestamp(session.expires_at),
        url: app
            .address(&format!("/connect/{}", link.expose_secret()))
            .into(),
        business: business.at(app.now()).wire(),
    };
    Ok((StatusCode::CREATED, axum::Json(minted)))
}
