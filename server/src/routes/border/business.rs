//! How it is refused that there is no such business.

use super::problem::Refusal;
use crate::lifecycle::businesses::BusinessError;
use axum::http::StatusCode;
use railhead_protocol::ErrorCode;

impl From<BusinessError> for Refusal {
    fn from(error: BusinessError) -> Self {
        let detail = error.to_string();
        let refuse = |status, code| Self::new(status, code, detail);
        match error {
            BusinessError::Unknown => {
                refuse(StatusCode::NOT_FOUND, ErrorCode::BusinessNotFound).field("businessUuid")
            }
            BusinessError::OtherName => {
                refuse(StatusCode::CONFLICT, ErrorCode::BusinessMismatch).field("businessName")
            }
            BusinessError::NameTaken => {
                refuse(StatusCode::CONFLICT, ErrorCode::BusinessNameTaken).field("businessName")
            }
            BusinessError::Name(_) => {
                refuse(StatusCode::BAD_REQUEST, ErrorCode::InvalidBusinessName)
                    .field("businessName")
            }
            BusinessError::Store(error) => Self::internal(error),
        }
    }
}
