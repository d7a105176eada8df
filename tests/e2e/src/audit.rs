//! What must not happen in any test: a request to a third party, a secret in a log or in an answer to the browser.

use crate::Taped;
use serde_json::Value;
use std::collections::BTreeSet;
use url::Url;

/// A request that the browser made.
#[derive(Clone, Debug)]
pub struct NetworkRequest {
    /// Its address.
    pub url: String,
    /// Its method.
    pub method: String,
}

impl NetworkRequest {
    /// Reads an entry of the browser's performance log; other entries are none.
    pub(crate) fn from_log(message: &Value) -> Option<Self> {
        let entry: Value = serde_json::from_str(message.as_str()?).ok()?;
        let message = &entry["message"];
        if message["method"] != "Network.requestWillBeSent" {
            return None;
        }
        let request = &message["params"]["request"];
        Some(Self {
            url: request["url"].as_str()?.to_owned(),
            method: request["method"].as_str().unwrap_or_default().to_owned(),
        })
    }
}

/// The hosts among `requests` that are not this machine.
#[must_use]
pub fn third_party_hosts(requests: &[NetworkRequest]) -> BTreeSet<String> {
    let foreign = |request: &NetworkRequest| {
        let url = Url::parse(&request.url).ok()?;
        let remote = matches!(url.scheme(), "http" | "https" | "ws" | "wss");
        let host = url.host_str()?.to_owned();
        (remote && !matches!(host.as_str(), "localhost" | "127.0.0.1")).then_some(host)
    };
    requests.iter().filter_map(foreign).collect()
}

/// Which of `secrets` (what it is, its value) stands in `text`, as it is or percent-encoded.
#[must_use]
pub fn leaked_secrets(text: &str, secrets: &[(String, String)]) -> Vec<String> {
    let stands = |secret: &str| {
        let encoded: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
        text.contains(secret) || text.contains(&encoded)
    };
    let leaked = |(what, value): &(String, String)| stands(value).then(|| what.clone());
    secrets.iter().filter_map(leaked).collect()
}

/// The tokens and authorization codes in what a provider answered.
#[must_use]
pub(crate) fn issued_secrets(answers: &[Taped]) -> Vec<(String, String)> {
    let mut secrets = vec![];
    for answer in answers {
        if let Ok(body) = serde_json::from_str::<Value>(&answer.body) {
            for what in ["access_token", "refresh_token"] {
                secrets.extend(
                    body[what]
                        .as_str()
                        .map(|value| (what.to_owned(), value.to_owned())),
                );
            }
        }
        let location = answer
            .headers
            .lines()
            .find_map(|line| line.strip_prefix("location: "));
        if let Some(address) = location.and_then(|location| Url::parse(location).ok()) {
            let code = address.query_pairs().find(|(name, _)| name == "code");
            secrets.extend(
                code.map(|(_, value)| ("authorization code".to_owned(), value.into_owned())),
            );
        }
    }
    secrets
}

#[cfg(test)]
mod tests {
    use super::{NetworkRequest, leaked_secrets, third_party_hosts};

    #[test]
    fn finds_a_secret_plain_and_encoded() {
        let secrets = [("client secret".to_owned(), "s+/:=".to_owned())];
        assert_eq!(
            leaked_secrets("secret=s%2B%2F%3A%3D", &secrets),
            ["client secret"]
        );
        assert_eq!(
            leaked_secrets("{\"secret\":\"s+/:=\"}", &secrets),
            ["client secret"]
        );
        assert!(leaked_secrets("secret=[redacted]", &secrets).is_empty());
    }

    #[test]
    fn names_hosts_that_are_not_this_machine() {
        let request = |url: &str| NetworkRequest {
            url: url.to_owned(),
            method: "GET".to_owned(),
        };
        let requests = [
            request("http://localhost:4400/railhead.js"),
            request("http://127.0.0.1:4402/"),
            request("data:image/svg+xml,x"),
            request("chrome://resources/css/roboto.css"),
            request("https://fonts.example/css"),
        ];
        assert_eq!(
            third_party_hosts(&requests).into_iter().collect::<Vec<_>>(),
            ["fonts.example"]
        );
    }
}
