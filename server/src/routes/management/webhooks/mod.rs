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
use crate::routes::border::problem::Refusal;
use axum::http::StatusCode;
use railhead_protocol::ErrorCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn router() -> OpenApiRouter<SharedApp> {
    OpenApiRouter::default()
        .routes(routes!(list::list, create::create))
        .routes(routes!(read::read, change::change, remove::remove))
        .routes(routes!(rotate_secret::rotate_secret))
        .routes(routes!(send_test::send_test))
        .routes(routes!(replay_since::replay_since))
        .routes(routes!(deliveries::list))
        .routes(routes!(replay_one::replay_one))
}

/// The error of a route that refuses for no reasons but those of [`WebhookError`]: of these, for the document, the ones
/// that it can have.
macro_rules! webhook_error {
    ($error:ident: $($refusals:tt)+) => {
        /// Why it is refused.
        #[derive(Debug, thiserror::Error)]
        #[error(transparent)]
        pub(super) struct $error(#[from] $crate::lifecycle::webhook::WebhookError);

        impl From<$error> for $crate::routes::border::problem::Refusal {
            fn from($error(error): $error) -> Self {
                error.into()
            }
        }
        $crate::routes::border::problem::refuses!($error: $($refusals)+);
    };
}
use webhook_error;

impl From<WebhookError> for Refusal {
    fn from(error: WebhookError) -> Self {
        let detail = error.to_string();
        match error {
            WebhookError::Unknown => {
                Self::new(StatusCode::NOT_FOUND, ErrorCode::WebhookNotFound, detail)
            }
            WebhookError::TooMany(_) => {
                Self::new(StatusCode::CONFLICT, ErrorCode::TooManyWebhooks, detail)
            }
            WebhookError::Disabled => {
                Self::new(StatusCode::CONFLICT, ErrorCode::WebhookDisabled, detail)
            }
            WebhookError::TooManyTests(seconds) => Self::new(
                StatusCode::TOO_MANY_REQUESTS,
                ErrorCode::RateLimited,
                detail,
            )
            .retry_after(seconds),
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
