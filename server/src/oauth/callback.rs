//! What the browser brings back from the service: read strictly, for it comes from anybody.

use super::provider::Provider;
use crate::catalogue::CallbackProof;
use hmac::{Hmac, Mac as _};
use percent_encoding::percent_decode_str;
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Sha256;
use std::collections::BTreeMap;
use url::form_urlencoded;

/// The parameter that carries a service's signature.
const SIGNATURE: &str = "hmac";

/// The most bytes of a callback's query: a few kilobytes of code, and some parameters.
const MAX_QUERY: usize = 8 * 1024;

/// The most parameters of a callback.
const MAX_PARAMS: usize = 32;

/// The most characters of a service's error description that are kept.
const MAX_DESCRIPTION: usize = 200;

/// The query of a callback, well formed but not judged yet: first find the authorization by its [`Self::state`],
/// then ask for the [`Self::outcome`]. Has no `Debug`, for it holds the code.
pub struct CallbackQuery(BTreeMap<String, String>);

/// What came of the end user's visit to the service.
#[derive(Debug)]
pub enum CallbackOutcome {
    /// Consent was given.
    Code {
        /// To be exchanged for tokens, once.
        code: SecretString,
        /// The parameters that [`Provider::callback_store`] names, as far as they came.
        stored: BTreeMap<String, String>,
    },
    /// The end user said no.
    Denied,
    /// The service failed or refused.
    ProviderError {
        /// Its error code (RFC 6749, section 4.1.2.1).
        error: String,
        /// Its words, cut short; anybody may have written them.
        description: Option<String>,
    },
}

/// Why a callback is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallbackError {
    /// Longer, or with more parameters, than any service sends.
    #[error("the callback is too large")]
    TooLarge,
    /// Not UTF-8, or with control characters in what is kept.
    #[error("the callback is not well formed")]
    Malformed,
    /// A parameter came twice (RFC 6749, section 3.1).
    #[error("the callback repeats a parameter")]
    Repeated,
    /// Both a code and an error, or neither.
    #[error("the callback has not exactly one of a code and an error")]
    Ambiguous,
    /// `iss` names another service (RFC 9207).
    #[error("the callback comes from another issuer")]
    WrongIssuer,
    /// The service signs its callbacks, and this one is not signed by it.
    #[error("the callback is not signed by the service")]
    NotSigned,
}

impl CallbackQuery {
    /// Reads a raw query, without the `?`.
    pub fn parse(raw: &str) -> Result<Self, CallbackError> {
        if raw.len() > MAX_QUERY {
            return Err(CallbackError::TooLarge);
        }
        let mut params = BTreeMap::new();
        for pair in raw.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            if params.insert(decode(name)?, decode(value)?).is_some() {
                return Err(CallbackError::Repeated);
            }
            if params.len() > MAX_PARAMS {
                return Err(CallbackError::TooLarge);
            }
        }
        Ok(Self(params))
    }

    /// The parameter `state`.
    #[must_use]
    pub fn state(&self) -> Option<&str> {
        self.given("state")
    }

    /// Judges the callback as one of `provider`'s. Where the service says who it is (RFC 9207), that must be right,
    /// for errors as well.
    pub fn outcome(&self, provider: &Provider) -> Result<CallbackOutcome, CallbackError> {
        if let (Some(expected), Some(iss)) = (&provider.issuer, self.given("iss"))
            && iss != expected
        {
            return Err(CallbackError::WrongIssuer);
        }
        if provider.callback_proof == CallbackProof::HmacSha256 && !self.is_signed(provider) {
            return Err(CallbackError::NotSigned);
        }
        match (self.given(&provider.code_param), self.given("error")) {
            (Some(code), None) => Ok(CallbackOutcome::Code {
                code: without_controls(code)?.into(),
                stored: self.stored(provider)?,
            }),
            (None, Some("access_denied")) => Ok(CallbackOutcome::Denied),
            (None, Some(error)) => Ok(CallbackOutcome::ProviderError {
                error: one_short_line(error),
                description: self.given("error_description").map(one_short_line),
            }),
            (Some(_), Some(_)) | (None, None) => Err(CallbackError::Ambiguous),
        }
    }

    /// Is it signed with the client's secret? Compared in constant time.
    fn is_signed(&self, provider: &Provider) -> bool {
        let secret = provider.client.client_secret.expose_secret();
        let Ok(mut signature) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
            return false;
        };
        // The map is sorted by name already.
        let signed = self.0.iter().filter(|(name, _)| *name != SIGNATURE);
        let mut message = form_urlencoded::Serializer::new(String::new());
        signature.update(message.extend_pairs(signed).finish().as_bytes());
        self.given(SIGNATURE)
            .and_then(from_hex)
            .is_some_and(|given| signature.verify_slice(&given).is_ok())
    }

    fn given(&self, name: &str) -> Option<&str> {
        self.0
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }

    fn stored(&self, provider: &Provider) -> Result<BTreeMap<String, String>, CallbackError> {
        let given = |name: &String| Some((name.clone(), self.given(name)?));
        let keep = |(name, value)| Ok((name, without_controls(value)?.to_owned()));
        provider
            .callback_store
            .iter()
            .filter_map(given)
            .map(keep)
            .collect()
    }
}

/// Undoes form encoding, once.
fn decode(text: &str) -> Result<String, CallbackError> {
    let text = text.replace('+', " ");
    let text = percent_decode_str(&text)
        .decode_utf8()
        .map_err(|_| CallbackError::Malformed)?;
    Ok(text.into_owned())
}

fn without_controls(value: &str) -> Result<&str, CallbackError> {
    if value.chars().any(char::is_control) {
        Err(CallbackError::Malformed)
    } else {
        Ok(value)
    }
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes().chunks(2);
    digits
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}

/// Services do send line breaks in their descriptions (Microsoft's do), so these are not refused.
fn one_short_line(text: &str) -> String {
    let printable = |c: char| if c.is_control() { ' ' } else { c };
    text.chars().map(printable).take(MAX_DESCRIPTION).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oauth::testing::provider;

    fn outcome(raw: &str) -> Result<CallbackOutcome, CallbackError> {
        let mut provider = provider("https://service.example");
        provider.callback_store = vec!["realmId".to_owned(), "country".to_owned()];
        CallbackQuery::parse(raw)?.outcome(&provider)
    }

    fn refusal(raw: &str) -> CallbackError {
        outcome(raw).unwrap_err()
    }

    #[test]
    fn reads_a_code_and_keeps_only_what_the_service_names() {
        let outcome = outcome("code=a%2Bb%20c+d&state=S&realmId=123&country=&other=x").unwrap();
        let CallbackOutcome::Code { code, stored } = outcome else {
            panic!("{outcome:?}")
        };
        assert_eq!(code.expose_secret(), "a+b c d", "decoded exactly once");
        assert_eq!(stored, [("realmId".to_owned(), "123".to_owned())].into());
    }

    #[test]
    fn finds_the_code_under_the_services_own_name() {
        let mut provider = provider("https://service.example");
        provider.code_param = "spapi_oauth_code".to_owned();
        let query = CallbackQuery::parse("spapi_oauth_code=C&state=S").unwrap();
        assert_eq!(query.state(), Some("S"));
        assert!(matches!(
            query.outcome(&provider),
            Ok(CallbackOutcome::Code { .. })
        ));
        let query = CallbackQuery::parse("code=C&state=S").unwrap();
        assert_eq!(
            query.outcome(&provider).unwrap_err(),
            CallbackError::Ambiguous
        );
    }

    #[test]
    fn tells_a_refusal_by_the_user_from_a_failure_of_the_service() {
        assert!(matches!(
            outcome("error=access_denied&state=S"),
            Ok(CallbackOutcome::Denied)
        ));
        let raw = format!("error=server_error&error_description={}", "x".repeat(4000));
        let Ok(CallbackOutcome::ProviderError { error, description }) = outcome(&raw) else {
            panic!();
        };
        assert_eq!(error, "server_error");
        assert_eq!(description.unwrap().len(), MAX_DESCRIPTION);
        let raw = "error=consent_required&error_description=One.%0D%0ATwo.";
        let Ok(CallbackOutcome::ProviderError { description, .. }) = outcome(raw) else {
            panic!()
        };
        assert_eq!(description.as_deref(), Some("One.  Two."));
    }

    #[test]
    fn checks_the_issuer_where_it_is_sent() {
        assert!(outcome("code=C&iss=https%3A%2F%2Fservice.example").is_ok());
        assert!(outcome("code=C").is_ok());
        for iss in [
            "https%3A%2F%2Fevil.example",
            "https%3A%2F%2Fservice.example%2F",
        ] {
            assert_eq!(
                refusal(&format!("code=C&iss={iss}")),
                CallbackError::WrongIssuer
            );
            assert_eq!(
                refusal(&format!("error=x&iss={iss}")),
                CallbackError::WrongIssuer
            );
        }
    }

    #[test]
    fn a_service_that_signs_its_callbacks_has_signed_all_of_it() {
        let mut provider = provider("https://service.example");
        provider.callback_proof = CallbackProof::HmacSha256;
        provider.client.client_secret = "hush".into();
        let judge = |raw: &str| CallbackQuery::parse(raw)?.outcome(&provider);
        // HMAC-SHA256 of "code=C&host=YWJj%3D&shop=harbor.example&state=S", as any library makes it.
        let hmac = "d775de64922622ad7a1f819cbb0e2b0d30184c59910d443e5dd881d42757bbeb";
        let good = format!("shop=harbor.example&hmac={hmac}&state=S&code=C&host=YWJj%3D");
        assert!(matches!(judge(&good), Ok(CallbackOutcome::Code { .. })));
        let changed = good.replace("harbor", "strand");
        let unsigned = good.replace("hmac=", "other=");
        let short = good.replace(hmac, &hmac[..32]);
        let nonsense = good.replace(hmac, "zz");
        for raw in [changed, unsigned, short, nonsense] {
            assert_eq!(judge(&raw).unwrap_err(), CallbackError::NotSigned, "{raw}");
        }
    }

    #[test]
    fn refuses_what_no_service_sends() {
        assert_eq!(refusal("code=a&code=b"), CallbackError::Repeated);
        assert_eq!(refusal("code=a&c%6fde=b"), CallbackError::Repeated);
        assert_eq!(
            refusal("code=a&error=access_denied"),
            CallbackError::Ambiguous
        );
        assert_eq!(refusal("code=&state=S"), CallbackError::Ambiguous);
        assert_eq!(refusal(""), CallbackError::Ambiguous);
        assert_eq!(refusal("code=%ff"), CallbackError::Malformed);
        assert_eq!(refusal("code=a%0d%0ab"), CallbackError::Malformed);
        assert_eq!(refusal("code=a&realmId=%00"), CallbackError::Malformed);
        assert_eq!(
            refusal(&format!("code={}", "a".repeat(MAX_QUERY))),
            CallbackError::TooLarge
        );
        let many: Vec<_> = (0..=MAX_PARAMS).map(|n| format!("p{n}=1")).collect();
        assert_eq!(refusal(&many.join("&")), CallbackError::TooLarge);
    }
}
