//! Webhook endpoints: what the workspace's servers are told, and how that went.

mod change;
mod create;
mod deliveries;
mod list;
mod read;
mod remove;
mod replay_one;
mod replay_since;
mod rotate_secret;
mod send_test;

use crate::app::SharedApp;
use crate::lifecycle::webhook::WebhookError;
use crate::routes::border::problem::{Refusal, refuses};
use crate::store::StoreError;
use axum::http::StatusCode;
use axum::routing::{get, post};
use railhead_protocol::ErrorCode;
use utoipa_axum::router::OpenApiRouter;

pub(super) fn router() -> OpenApiRouter<SharedApp> {
    OpenApiRouter::default()
        .route("/webhooks", get(list::list).post(create::create))
        .route(
            "/webhooks/{webhookId}",
            get(read::read).patch(change::change).delete(remove::remove),
        )
        .route(
            "/webhooks/{webhookId}/rotate-secret",
            post(rotate_secret::rotate_secret),
        )
        .route("/webhooks/{webhookId}/test", post(send_test::send_test))
        .route(
            "/webhooks/{webhookId}/replay",
            post(replay_since::replay_since),
        )
        .route("/webhooks/{webhookId}/deliveries", get(deliveries::list))
        .route(
            "/webhooks/{webhookId}/deliveries/{deliveryId}/replay",
            post(replay_one::replay_one),
        )
}

/// Why one of the routes for one endpoint refuses.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
struct Refused(#[from] WebhookError);

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Self(error.into())
    }
}

impl From<Refused> for Refusal {
    fn from(Refused(error): Refused) -> Self {
        let detail = error.to_string();
        match error {
            WebhookError::Unknown => {
                Self::new(StatusCode::NOT_FOUND, ErrorCode::WebhookNotFound, detail)
            }
            WebhookError::Disabled => {
                Self::new(StatusCode::CONFLICT, ErrorCode::WebhookDisabled, detail)
            }
            WebhookError::Url(_) => Self::new(
                StatusCode::BAD_REQUEST,
                ErrorCode::InvalidWebhookUrl,
                detail,
            )
            .field("url"),
            WebhookError::NoTypes | WebhookError::NotPublic(_) => {
                Self::invalid(detail).field("types")
            }
            WebhookError::Description => Self::invalid(detail).field("description"),
            WebhookError::Store(_) | WebhookError::Seal(_) => Self::internal(error),
        }
    }
}
refuses!(Refused);
