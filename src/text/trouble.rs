//! What a person reads when something went wrong: chosen by code, never the server's own words.

use super::Key;
use railhead_protocol::ErrorCode;

/// The heading and the sentence for a code.
#[must_use]
pub fn trouble_keys(code: ErrorCode) -> (Key, Key) {
    use ErrorCode as Code;
    match code {
        Code::Denied => (Key::DeniedTitle, Key::DeniedText),
        Code::TimedOut => (Key::TimedOutTitle, Key::TimedOutText),
        Code::PopupClosed => (Key::WaitingClosed, Key::WaitingClosedText),
        Code::PopupBlocked => (Key::BlockedTitle, Key::BlockedText),
        Code::DuplicateAccount => (Key::DuplicateTitle, Key::DuplicateText),
        Code::WrongAccount => (Key::WrongAccountTitle, Key::WrongAccountText),
        Code::InsufficientPermission => (Key::PermissionTitle, Key::PermissionText),
        Code::InvalidCredentials => (Key::CredentialsTitle, Key::CredentialsText),
        Code::UnauthorizedClient => (Key::ClientTitle, Key::ClientText),
        Code::ServiceNotOffered | Code::UnknownService => {
            (Key::NotOfferedTitle, Key::NotOfferedText)
        }
        Code::ServiceUnavailable => (Key::UnavailableTitle, Key::UnavailableText),
        Code::NoAccount => (Key::NoAccountTitle, Key::NoAccountText),
        Code::InvalidState => (Key::OtherBrowserTitle, Key::OtherBrowserText),
        Code::AuthorizationNotFound | Code::AuthorizationNotOpen => (Key::OverTitle, Key::OverText),
        Code::ConnectionNotFound | Code::ConnectionNotActive => {
            (Key::ConnectionGoneTitle, Key::ConnectionGoneText)
        }
        Code::DisconnectNotAllowed => (Key::DisconnectTitle, Key::DisconnectText),
        Code::SessionExpired => (Key::SessionTitle, Key::SessionText),
        Code::SessionRequired => (Key::SessionRequiredTitle, Key::SessionRequiredText),
        Code::RateLimited => (Key::RateTitle, Key::RateText),
        Code::Offline => (Key::OfflineTitle, Key::OfflineText),
        Code::RequestTimeout => (Key::SlowTitle, Key::SlowText),
        Code::NotReady => (Key::NotReadyTitle, Key::NotReadyText),
        Code::BusinessNotFound => (Key::BusinessTitle, Key::BusinessText),
        Code::BusinessMismatch => (Key::MismatchTitle, Key::MismatchText),
        Code::UnknownWidget => (Key::SetupTitle, Key::UnknownWidgetText),
        Code::OriginNotRegistered => (Key::SetupTitle, Key::OriginText),
        Code::InvalidBusinessName => (Key::SetupTitle, Key::BusinessNameText),
        Code::InvalidReturnUrl => (Key::SetupTitle, Key::ReturnUrlText),
        Code::InvalidRequest
        | Code::BusinessNameTaken
        | Code::Unauthorized
        | Code::NotFound
        | Code::MethodNotAllowed
        | Code::TooLarge => (Key::SetupTitle, Key::SetupText),
        _ => (Key::InternalTitle, Key::InternalText),
    }
}

#[cfg(test)]
mod tests {
    use super::trouble_keys;
    use railhead_protocol::ErrorCode;

    #[test]
    fn no_code_leaves_a_person_without_words_or_with_jargon() {
        for code in ErrorCode::ALL {
            let (title, sentence) = trouble_keys(*code);
            for words in [title.english(), sentence.english()] {
                assert!(!words.contains('!'), "{words}");
                let lower = words.to_lowercase();
                for jargon in ["error", "token", "oauth", "popup", "invalid"] {
                    assert!(!lower.contains(jargon), "{code}: {words}");
                }
            }
        }
    }

    #[test]
    fn a_wrong_set_up_has_one_heading_and_says_which_part_is_wrong() {
        let (widget, why_widget) = trouble_keys(ErrorCode::UnknownWidget);
        let (origin, why_origin) = trouble_keys(ErrorCode::OriginNotRegistered);
        assert_eq!(widget, origin);
        assert_ne!(why_widget, why_origin);
    }
}
