//! Reads the answer of a token endpoint as services really write it: JSON or form-encoded, numbers as strings,
//! lists as arrays, errors under HTTP 200.

use super::http::Answer;
use secrecy::SecretString;
use serde_json::{Map, Value};
use std::time::Duration;
use url::form_urlencoded;
use zeroize::Zeroize as _;

/// The most characters of a member that is kept as an extra.
const MAX_TEXT: usize = 1_000;

/// Longer lifetimes are taken as this one: ten years.
pub(super) const MAX_LIFETIME: Duration = Duration::from_hours(10 * 365 * 24);

/// The error codes that are told on; any other text could be anything, even a token.
const ERROR_CODES: [&str; 15] = [
    // RFC 6749, sections 4.1.2.1 and 5.2
    "access_denied",
    "invalid_client",
    "invalid_grant",
    "invalid_request",
    "invalid_scope",
    "server_error",
    "temporarily_unavailable",
    "unauthorized_client",
    "unsupported_grant_type",
    // RFC 7009, section 2.2.1
    "unsupported_token_type",
    // Not standard, but in use.
    "expired_token",
    "invalid_client_secret",
    "invalid_code",
    "invalid_token",
    "slow_down",
];

/// The members of an answer; zeroized when dropped.
pub(super) struct Members(Map<String, Value>);

impl Members {
    /// Reads a JSON object or a form.
    pub(super) fn parse(answer: &Answer) -> Result<Self, &'static str> {
        let text = std::str::from_utf8(&answer.body)
            .map_err(|_| "it is not UTF-8")?
            .trim();
        if text.starts_with('{') {
            return serde_json::from_str(text)
                .map(Self)
                .map_err(|_| "it is not well-formed JSON");
        }
        let maybe_form = ["x-www-form-urlencoded", "text/plain"];
        if !text.contains('=')
            || !maybe_form
                .iter()
                .any(|kind| answer.content_type.contains(kind))
        {
            return Err("it is neither a JSON object nor a form");
        }
        let mut members = Self(Map::new());
        for (name, value) in form_urlencoded::parse(text.as_bytes()) {
            let value = Value::String(value.into_owned());
            if members.0.insert(name.into_owned(), value).is_some() {
                return Err("it repeats a member");
            }
        }
        Ok(members)
    }

    /// A secret; `None` when it is not there or empty. It must be able to stand in a header.
    pub(super) fn secret(&self, name: &str) -> Result<Option<SecretString>, &'static str> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if text.is_empty() => Ok(None),
            Some(Value::String(text)) if text.bytes().all(|b| matches!(b, b' '..=b'~')) => {
                Ok(Some(text.as_str().into()))
            }
            Some(_) => Err("a token in it is not a string of visible characters"),
        }
    }

    /// A string, number or truth value, as text.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        let text = scalar(self.0.get(name)?)?;
        let fits = !text.is_empty()
            && text.chars().count() <= MAX_TEXT
            && !text.chars().any(char::is_control);
        fits.then_some(text)
    }

    /// A number of seconds, possibly written as a string; `None` when it says nothing of use.
    pub(super) fn seconds(&self, name: &str) -> Option<Duration> {
        let seconds = match self.0.get(name)? {
            Value::Number(number) => number.as_f64()?,
            Value::String(text) => text.trim().parse().ok()?,
            _ => return None,
        };
        // Not a number compares as false.
        if seconds >= 1.0 {
            let lifetime = Duration::try_from_secs_f64(seconds.floor());
            Some(lifetime.map_or(MAX_LIFETIME, |lifetime| lifetime.min(MAX_LIFETIME)))
        } else {
            None
        }
    }

    /// A list, as an array or as a string with white space or `separator` in between.
    pub(super) fn list(&self, name: &str, separator: &str) -> Option<Vec<String>> {
        let items: Vec<String> = match self.0.get(name)? {
            Value::String(text) => text
                .split(separator)
                .flat_map(str::split_whitespace)
                .map(str::to_owned)
                .collect(),
            Value::Array(items) => items.iter().filter_map(scalar).collect(),
            _ => return None,
        };
        Some(items)
    }

    /// The error that the answer reports, whatever its HTTP status.
    pub(super) fn error(&self) -> Option<&'static str> {
        match self.0.get("error")? {
            Value::Null | Value::Bool(false) => None,
            Value::String(text) if text.is_empty() => None,
            Value::String(text) => {
                let known = ERROR_CODES
                    .iter()
                    .find(|code| text.eq_ignore_ascii_case(code));
                Some(known.unwrap_or(&"unknown error code"))
            }
            _ => Some("unknown error code"),
        }
    }
}

impl Drop for Members {
    fn drop(&mut self) {
        self.0.values_mut().for_each(zeroize);
    }
}

fn zeroize(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(items) => items.iter_mut().for_each(zeroize),
        Value::Object(members) => members.values_mut().for_each(zeroize),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// A string, number or truth value, as text.
pub(super) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret as _;

    fn parse(content_type: &str, body: &str) -> Result<Members, &'static str> {
        Members::parse(&Answer {
            status: reqwest::StatusCode::OK,
            content_type: content_type.to_owned(),
            retry_after: None,
            body: body.as_bytes().to_vec().into(),
        })
    }

    fn json(body: &str) -> Members {
        parse("application/json", body).unwrap()
    }

    #[test]
    fn reads_forms_where_services_send_them() {
        let form = "access_token=a%2Bb&expires_in=3600&scope=read+write";
        for content_type in [
            "application/x-www-form-urlencoded; charset=utf-8",
            "text/plain",
        ] {
            let members = parse(content_type, form).unwrap();
            assert_eq!(
                members
                    .secret("access_token")
                    .unwrap()
                    .unwrap()
                    .expose_secret(),
                "a+b"
            );
            assert_eq!(members.seconds("expires_in"), Some(Duration::from_hours(1)));
            assert_eq!(members.list("scope", " ").unwrap(), ["read", "write"]);
        }
        assert_eq!(
            parse("text/plain", "a=1&a=2").err(),
            Some("it repeats a member")
        );
        assert!(parse("text/html", "<a href=x>").is_err());
        assert!(parse("application/json", "[]").is_err());
        assert!(parse("application/json", "{").is_err());
        assert!(parse("", "").is_err());
    }

    #[test]
    fn reads_lifetimes_in_every_form_without_overflow() {
        let seconds = |value: &str| json(&format!(r#"{{"s":{value}}}"#)).seconds("s");
        for value in ["3600", "\"3600\"", "3600.9", "\" 3600 \""] {
            assert_eq!(seconds(value), Some(Duration::from_hours(1)), "{value}");
        }
        for value in [
            "0", "-1", "null", "\"\"", "\"soon\"", "\"NaN\"", "true", "[1]",
        ] {
            assert_eq!(seconds(value), None, "{value}");
        }
        for value in ["1e300", "99999999999999999999", "\"inf\""] {
            assert_eq!(seconds(value), Some(MAX_LIFETIME), "{value}");
        }
    }

    #[test]
    fn reads_scopes_in_every_form() {
        let list = |value: &str| json(&format!(r#"{{"s":{value}}}"#)).list("s", ",");
        assert_eq!(list(r#""a,b c""#).unwrap(), ["a", "b", "c"]);
        assert_eq!(list(r#"["a","b"]"#).unwrap(), ["a", "b"]);
        assert_eq!(list(r#""""#).unwrap(), [""; 0]);
        assert_eq!(list("7"), None);
    }

    #[test]
    fn tokens_are_strings_that_can_stand_in_a_header() {
        let secret = |value: &str| {
            let members = json(&format!(r#"{{"t":{value}}}"#));
            members
                .secret("t")
                .map(|token| token.map(|token| token.expose_secret().to_owned()))
        };
        assert_eq!(secret(r#""abc""#), Ok(Some("abc".to_owned())));
        assert_eq!(secret(r#""""#), Ok(None));
        assert_eq!(secret("null"), Ok(None));
        for value in ["7", "[]", r#""a\r\nb""#, "\"é\""] {
            assert!(secret(value).is_err(), "{value}");
        }
    }

    #[test]
    fn tells_known_error_codes_only() {
        let error = |value: &str| json(&format!(r#"{{"error":{value}}}"#)).error();
        assert_eq!(error(r#""invalid_grant""#), Some("invalid_grant"));
        assert_eq!(error(r#""INVALID_GRANT""#), Some("invalid_grant"));
        assert_eq!(error(r#""secret-token""#), Some("unknown error code"));
        assert_eq!(error(r#"{"message":"no"}"#), Some("unknown error code"));
        for value in ["null", "\"\"", "false"] {
            assert_eq!(error(value), None, "{value}");
        }
    }

    #[test]
    fn extras_are_scalars_as_text() {
        let members = json(r#"{"n":12345678901234567890,"t":true,"o":{},"c":"a\nb"}"#);
        assert_eq!(members.text("n").as_deref(), Some("12345678901234567890"));
        assert_eq!(members.text("t").as_deref(), Some("true"));
        assert_eq!(members.text("o"), None);
        assert_eq!(members.text("c"), None);
    }
}
