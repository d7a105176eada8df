//! The authorization request: the address that the popup is sent on to.

use super::provider::Provider;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::Url;

/// What stands in a query as it is: the unreserved characters of RFC 3986. A space becomes `%20`, which every
/// service reads, and not `+`.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// What differs from one authorization request to the next.
#[derive(Clone, Copy, Debug)]
pub struct AuthorizeRequest<'a> {
    /// Where the service sends the browser back, registered there; see [`Provider::redirect_uri`].
    pub redirect_uri: &'a Url,
    /// Ties the callback to the authorization.
    pub state: &'a str,
    /// From [`super::pkce::challenge`], unless the provider's [`Provider::pkce`] says to omit it.
    pub code_challenge: Option<&'a str>,
}

impl Provider {
    /// Where to send the end user (RFC 6749, section 4.1.1; RFC 7636, section 4.3).
    #[must_use]
    pub fn authorize_url(&self, request: &AuthorizeRequest<'_>) -> Url {
        let scope = self.scopes.join(&self.scope_separator);
        let mut params = vec![
            ("client_id", self.client.client_id.as_str()),
            ("redirect_uri", self.redirect_uri(request.redirect_uri)),
            ("state", request.state),
        ];
        if !self.authorize_params.contains_key("response_type") {
            params.push(("response_type", "code"));
        }
        if !scope.is_empty() {
            params.push(("scope", &scope));
        }
        if let Some(challenge) = request.code_challenge {
            params.push(("code_challenge", challenge));
            params.push(("code_challenge_method", "S256"));
        }
        params.extend(
            self.authorize_params
                .iter()
                .map(|(name, value)| (&**name, &**value)),
        );
        let mut query = self.authorize_url.query().unwrap_or_default().to_owned();
        for (name, value) in params {
            let separator = if query.is_empty() { "" } else { "&" };
            let name = utf8_percent_encode(name, UNRESERVED);
            let value = utf8_percent_encode(value, UNRESERVED);
            query.extend([separator, &name.to_string(), "=", &value.to_string()]);
        }
        let mut url = self.authorize_url.clone();
        url.set_query(Some(&query));
        url
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oauth::testing::provider;
    use std::collections::HashMap;

    /// The parameters of the request, none of which may be there twice.
    fn params(provider: &Provider, code_challenge: Option<&str>) -> HashMap<String, String> {
        let redirect_uri = "https://connect.example/v1/callback/w/service"
            .parse()
            .unwrap();
        let redirect_uri = &redirect_uri;
        let request = AuthorizeRequest {
            redirect_uri,
            state: "STATE",
            code_challenge,
        };
        let url = provider.authorize_url(&request);
        let params: HashMap<_, _> = url.query_pairs().into_owned().collect();
        assert_eq!(params.len(), url.query_pairs().count(), "{url}");
        params
    }

    #[test]
    fn asks_for_a_code_with_pkce() {
        let mut provider = provider("https://service.example");
        provider.scope_separator = ",".to_owned();
        provider.authorize_params = [("prompt".to_owned(), "consent now".to_owned())].into();
        let expected = [
            ("client_id", "client id"),
            (
                "redirect_uri",
                "https://connect.example/v1/callback/w/service",
            ),
            ("state", "STATE"),
            ("response_type", "code"),
            ("scope", "read,write"),
            ("code_challenge", "CHALLENGE"),
            ("code_challenge_method", "S256"),
            ("prompt", "consent now"),
        ];
        let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(
            params(&provider, Some("CHALLENGE")),
            HashMap::from(expected)
        );
    }

    #[test]
    fn leaves_out_what_the_service_does_not_want() {
        let mut provider = provider("https://service.example");
        provider.scopes.clear();
        let params = params(&provider, None);
        for name in ["scope", "code_challenge", "code_challenge_method"] {
            assert!(!params.contains_key(name), "{name}");
        }
    }

    #[test]
    fn keeps_the_query_of_the_services_address_and_writes_spaces_as_every_service_reads_them() {
        let mut provider = provider("https://service.example");
        provider.authorize_url.set_query(Some("filter=a%2Fb"));
        let redirect_uri = "https://connect.example/".parse().unwrap();
        let url = provider.authorize_url(&AuthorizeRequest {
            redirect_uri: &redirect_uri,
            state: "S",
            code_challenge: None,
        });
        let query = url.query().unwrap();
        assert!(
            query.starts_with("filter=a%2Fb&client_id=client%20id&"),
            "{query}"
        );
        assert!(query.contains("&scope=read%20write"), "{query}");
    }
}
