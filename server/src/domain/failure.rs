//! What is said of an authorization that came to nothing.

use railhead_protocol::{ErrorCode, Failure};

/// What a failed authorization says for the developer, and whether trying again is worth it.
#[must_use]
pub fn failure(code: ErrorCode) -> Failure {
    let (message, recoverable) = match code {
        ErrorCode::Denied => ("The end user declined access at the service.", true),
        ErrorCode::InsufficientPermission => (
            "The end user's role at the service does not allow connecting it.",
            true,
        ),
        ErrorCode::InvalidCredentials => ("The service refused the credentials.", true),
        ErrorCode::UnauthorizedClient => (
            "The service does not accept the configured client id or secret; check both.",
            false,
        ),
        ErrorCode::NoAccount => (
            "The login at the service holds no company to connect.",
            true,
        ),
        ErrorCode::DuplicateAccount => (
            "This account is connected already; to renew it, give its connectionId.",
            false,
        ),
        ErrorCode::WrongAccount => (
            "Another account was authorized than that of the connection to renew.",
            true,
        ),
        ErrorCode::ServiceUnavailable => (
            "The service did not answer, refused, or answered in a way that cannot be understood.",
            true,
        ),
        ErrorCode::ServiceNotOffered => (
            "The service was taken out of the configuration meanwhile; `railhead check` says why.",
            false,
        ),
        ErrorCode::Internal => (
            "The server was interrupted while it finished the authorization, or failed; its log says which.",
            true,
        ),
        _ => ("The authorization could not be finished.", true),
    };
    Failure {
        code,
        message: message.to_owned(),
        recoverable,
    }
}
