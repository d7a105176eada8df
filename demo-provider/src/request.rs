//! The authorization request (RFC 6749 section 4.1.1): what a client asks for, checked before anyone sees a page.

use crate::{client, params::Params, pkce::Challenge, scope::Scope};
use url::Url;

/// A request that may be shown to a person.
#[derive(Clone, Debug)]
pub(crate) struct AuthorizationRequest {
    /// Where the person is sent afterwards, and with which state.
    pub(crate) way_back: WayBack,
    /// What is asked for.
    pub(crate) scope: Scope,
    /// The PKCE challenge.
    pub(crate) challenge: Challenge,
}

/// The redirect URI and the state to echo.
#[derive(Clone, Debug)]
pub(crate) struct WayBack {
    /// As it was given: the token request must repeat it exactly.
    pub(crate) redirect_uri: String,
    /// The same, parsed.
    pub(crate) address: Url,
    state: Option<String>,
}

/// Problems that are shown as a page: the way back isn't trusted yet, so nobody is sent along it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum UnsafeRequest {
    #[error("client_id is missing, repeated or not known here")]
    UnknownClient,
    #[error("redirect_uri is missing, repeated or not an address")]
    NoRedirect,
    #[error("redirect_uri is not registered for this client")]
    ForeignRedirect,
}

/// Problems the client hears about by a redirect (RFC 6749 section 4.1.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RefusedRequest {
    #[error("a parameter was given more than once")]
    Repeated,
    #[error("response_type is missing")]
    NoResponseType,
    #[error("only response_type code is supported")]
    UnsupportedResponseType,
    #[error("code_challenge is missing or not an S256 challenge")]
    NoChallenge,
    #[error("code_challenge_method must be S256")]
    ChallengeNotS256,
    #[error("scope holds characters that are not allowed")]
    InvalidScope,
    #[error("the user declined")]
    Declined,
}

impl RefusedRequest {
    /// The `error` parameter.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Repeated | Self::NoResponseType | Self::NoChallenge | Self::ChallengeNotS256 => {
                "invalid_request"
            }
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::InvalidScope => "invalid_scope",
            Self::Declined => "access_denied",
        }
    }
}

/// Why a request goes no further.
#[derive(Debug)]
pub(crate) enum Stopped {
    /// Say so on a page.
    Here(UnsafeRequest),
    /// Send the browser back with this error.
    Back(Box<WayBack>, RefusedRequest),
}

impl AuthorizationRequest {
    /// Checks the parameters: first who asks and where to return to, then everything else.
    pub(crate) fn read(params: &Params) -> Result<Self, Stopped> {
        let way_back = WayBack::read(params).map_err(Stopped::Here)?;
        match Self::read_rest(params) {
            Ok((scope, challenge)) => Ok(Self {
                way_back,
                scope,
                challenge,
            }),
            Err(refused) => Err(Stopped::Back(Box::new(way_back), refused)),
        }
    }

    fn read_rest(params: &Params) -> Result<(Scope, Challenge), RefusedRequest> {
        if params.any_repeated() {
            return Err(RefusedRequest::Repeated);
        }
        match params.get("response_type") {
            Some("code") => {}
            Some(_) => return Err(RefusedRequest::UnsupportedResponseType),
            None => return Err(RefusedRequest::NoResponseType),
        }
        let challenge = params
            .get("code_challenge")
            .and_then(Challenge::parse)
            .ok_or(RefusedRequest::NoChallenge)?;
        // Left out, the method would mean `plain`, which protects nothing here.
        if params.get("code_challenge_method") != Some("S256") {
            return Err(RefusedRequest::ChallengeNotS256);
        }
        let scope = match params.get("scope") {
            Some(text) => Scope::parse(text).ok_or(RefusedRequest::InvalidScope)?,
            None => Scope::usual(),
        };
        Ok((scope, challenge))
    }
}

impl WayBack {
    fn read(params: &Params) -> Result<Self, UnsafeRequest> {
        if params.is_repeated("client_id") || params.get("client_id") != Some(client::CLIENT_ID) {
            return Err(UnsafeRequest::UnknownClient);
        }
        let given = params
            .get("redirect_uri")
            .filter(|_| !params.is_repeated("redirect_uri"));
        let redirect_uri = given.ok_or(UnsafeRequest::NoRedirect)?.to_owned();
        let address = Url::parse(&redirect_uri).map_err(|_| UnsafeRequest::NoRedirect)?;
        if !client::may_return_to(&address) {
            return Err(UnsafeRequest::ForeignRedirect);
        }
        // A repeated state is refused, and then no choice between its values is made.
        let state = params
            .get("state")
            .filter(|_| !params.is_repeated("state"))
            .map(str::to_owned);
        Ok(Self {
            redirect_uri,
            address,
            state,
        })
    }

    /// The address with a code. `issuer` is named beside it (RFC 9207).
    pub(crate) fn with_code(&self, code: &str, issuer: &str) -> String {
        self.with(&[("code", code)], issuer)
    }

    /// The address with an error.
    pub(crate) fn with_error(&self, refused: RefusedRequest, issuer: &str) -> String {
        self.with(
            &[
                ("error", refused.code()),
                ("error_description", &refused.to_string()),
            ],
            issuer,
        )
    }

    fn with(&self, answer: &[(&str, &str)], issuer: &str) -> String {
        let mut address = self.address.clone();
        let mut query = address.query_pairs_mut();
        query.extend_pairs(answer);
        if let Some(state) = &self.state {
            query.append_pair("state", state);
        }
        query.append_pair("iss", issuer);
        drop(query);
        address.into()
    }

    /// Scheme, host and port: who the person returns to.
    pub(crate) fn origin(&self) -> String {
        self.address.origin().ascii_serialization()
    }
}

#[cfg(test)]
mod tests {
    use super::{AuthorizationRequest, RefusedRequest, Stopped, UnsafeRequest};
    use crate::params::Params;

    const WHO: &str = "client_id=railhead-sandbox&redirect_uri=http://localhost:1/v1/callback/w/s";
    const WHAT: &str = "response_type=code&code_challenge_method=S256\
                        &code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    fn read(query: &str) -> Result<AuthorizationRequest, Stopped> {
        AuthorizationRequest::read(&Params::parse(query))
    }

    #[test]
    fn accepts_a_whole_request_and_echoes_its_state() {
        let request = read(&format!("{WHO}&{WHAT}&state=a%26b")).unwrap();
        assert_eq!(
            request.way_back.with_code("c", "http://issuer/x"),
            "http://localhost:1/v1/callback/w/s?code=c&state=a%26b&iss=http%3A%2F%2Fissuer%2Fx"
        );
        assert_eq!(request.scope.to_string(), "accounts");
    }

    #[test]
    fn never_sends_anyone_back_before_client_and_redirect_are_known() {
        for (query, problem) in [
            ("", UnsafeRequest::UnknownClient),
            ("client_id=someone", UnsafeRequest::UnknownClient),
            (
                "client_id=railhead-sandbox&client_id=railhead-sandbox",
                UnsafeRequest::UnknownClient,
            ),
            ("client_id=railhead-sandbox", UnsafeRequest::NoRedirect),
            (
                "client_id=railhead-sandbox&redirect_uri=/relative",
                UnsafeRequest::NoRedirect,
            ),
            (
                "client_id=railhead-sandbox&redirect_uri=https://evil.example",
                UnsafeRequest::ForeignRedirect,
            ),
            (
                &format!("{WHO}&redirect_uri=https://evil.example"),
                UnsafeRequest::NoRedirect,
            ),
        ] {
            let Err(Stopped::Here(stopped)) = read(query) else {
                panic!("{query} went on")
            };
            assert_eq!(stopped, problem, "{query}");
        }
    }

    #[test]
    fn sends_other_problems_back_to_the_client() {
        for (rest, problem) in [
            ("", RefusedRequest::NoResponseType),
            (
                "response_type=token",
                RefusedRequest::UnsupportedResponseType,
            ),
            ("response_type=code", RefusedRequest::NoChallenge),
            (
                &WHAT.replace("S256", "plain"),
                RefusedRequest::ChallengeNotS256,
            ),
            (
                &WHAT.replace("&code_challenge_method=S256", ""),
                RefusedRequest::ChallengeNotS256,
            ),
            (&format!("{WHAT}&scope=a%22"), RefusedRequest::InvalidScope),
            (&format!("{WHAT}&state=1&state=2"), RefusedRequest::Repeated),
        ] {
            let Err(Stopped::Back(_, refused)) = read(&format!("{WHO}&{rest}")) else {
                panic!("{rest} went on")
            };
            assert_eq!(refused, problem, "{rest}");
        }
    }
}
