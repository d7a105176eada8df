//! Text and addresses with `{field}` placeholders, filled in with what the end user entered. An address never
//! leaves the hosts that the service's file allows.

use super::fields::CheckedFields;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::{Host, Url};

/// What may stand in an address as it is: the unreserved characters of RFC 3986.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Text with placeholders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextTemplate(Vec<Part>);

/// An address with placeholders, and the hosts it may lead to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UrlTemplate {
    text: TextTemplate,
    hosts: Vec<HostRule>,
}

/// A host that addresses may lead to: exactly, or with one label in place of a leading `*`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HostRule {
    /// This host.
    Exact(String),
    /// One label, then this suffix (which begins with a dot): `*.example.com` has the suffix `.example.com`.
    OneLabelBelow(String),
}

/// Why a template is refused or cannot be filled in. Holds no value that was entered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// `{` without `}`, or the other way round.
    #[error("has a brace without its partner")]
    Braces,
    /// No value for this placeholder.
    #[error("needs a value for the field `{0}`")]
    Missing(String),
    /// A value would change the address's structure.
    #[error("cannot hold the value given for the field `{0}`")]
    Value(String),
    /// Not an address.
    #[error("is not an address")]
    Address,
    /// Neither https nor a loopback host.
    #[error("must begin with https:// (http:// is for loopback hosts only)")]
    Scheme,
    /// Has user information, or a fragment.
    #[error("must have neither a user name nor a fragment")]
    Decorated,
    /// A placeholder stands in the host, but no hosts are allowed.
    #[error("has a placeholder in its host, so `oauth.allowed_hosts` is needed")]
    NoAllowedHosts,
    /// Leads to a host that the file does not allow.
    #[error("leads to a host that `oauth.allowed_hosts` does not allow")]
    Host,
    /// Not a host, or a wildcard too wide.
    #[error("is neither a host nor `*.` and a host of at least two labels")]
    HostRule,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Literal(String),
    Field(String),
}

impl TextTemplate {
    /// Reads `text`.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(open) = rest.find(['{', '}']) {
            let (literal, tail) = rest.split_at(open);
            let (name, after) = tail
                .strip_prefix('{')
                .and_then(|tail| tail.split_once('}'))
                .filter(|(name, _)| !name.is_empty() && !name.contains('{'))
                .ok_or(TemplateError::Braces)?;
            parts.push(Part::Literal(literal.to_owned()));
            parts.push(Part::Field(name.to_owned()));
            rest = after;
        }
        parts.push(Part::Literal(rest.to_owned()));
        parts.retain(|part| *part != Part::Literal(String::new()));
        Ok(Self(parts))
    }

    /// The names of its placeholders.
    pub fn placeholders(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|part| match part {
            Part::Literal(_) => None,
            Part::Field(name) => Some(name.as_str()),
        })
    }

    /// Fills in the placeholders, values as they are.
    pub fn expand(&self, fields: &CheckedFields) -> Result<String, TemplateError> {
        self.expand_with(|name| {
            fields
                .get(name)
                .map(str::to_owned)
                .ok_or_else(|| TemplateError::Missing(name.into()))
        })
    }

    fn expand_with(
        &self,
        value: impl Fn(&str) -> Result<String, TemplateError>,
    ) -> Result<String, TemplateError> {
        self.0
            .iter()
            .map(|part| match part {
                Part::Literal(literal) => Ok(literal.clone()),
                Part::Field(name) => value(name),
            })
            .collect()
    }
}

impl UrlTemplate {
    /// Reads `text`. `allowed` counts when a placeholder stands in the host; otherwise the host written is the only
    /// one.
    pub fn parse(text: &str, allowed: &[HostRule]) -> Result<Self, TemplateError> {
        let template = TextTemplate::parse(text)?;
        let (scheme, rest) = text.split_once("://").ok_or(TemplateError::Scheme)?;
        if scheme.contains('{') {
            return Err(TemplateError::Scheme);
        }
        // Whatever is entered, the form of the address is the same.
        let sample = template.expand_with(|_| Ok("x".to_owned()))?;
        let sample = Url::parse(&sample).map_err(|_| TemplateError::Address)?;
        check_form(&sample)?;
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let hosts = if !host.contains('{') {
            vec![HostRule::Exact(
                sample.host_str().ok_or(TemplateError::Address)?.to_owned(),
            )]
        } else if allowed.is_empty() {
            return Err(TemplateError::NoAllowedHosts);
        } else {
            allowed.to_vec()
        };
        Ok(Self {
            text: template,
            hosts,
        })
    }

    /// The names of its placeholders.
    pub fn placeholders(&self) -> impl Iterator<Item = &str> {
        self.text.placeholders()
    }

    /// Fills in the placeholders and makes sure that the result leads to an allowed host.
    pub fn expand(&self, fields: &CheckedFields) -> Result<Url, TemplateError> {
        let text = self.text.expand_with(|name| {
            let value = fields
                .get(name)
                .ok_or_else(|| TemplateError::Missing(name.into()))?;
            // Percent encoding leaves dots alone, and `..` as a path segment would climb.
            if value.starts_with('.') || value.contains("..") {
                return Err(TemplateError::Value(name.into()));
            }
            Ok(utf8_percent_encode(value, UNRESERVED).to_string())
        })?;
        let url = Url::parse(&text).map_err(|_| TemplateError::Address)?;
        check_form(&url)?;
        let host = url.host_str().ok_or(TemplateError::Address)?;
        let allowed = self.hosts.iter().any(|rule| rule.allows(host));
        if allowed {
            Ok(url)
        } else {
            Err(TemplateError::Host)
        }
    }
}

impl HostRule {
    /// Reads `text`: a host, or `*.` and a host of at least two labels.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        let (wildcard, host) = match text.strip_prefix("*.") {
            Some(host) => (true, host),
            None => (false, text),
        };
        let well_formed = match Host::parse(host) {
            Ok(parsed) => parsed.to_string() == host && !host.contains('*'),
            Err(_) => false,
        };
        match (well_formed, wildcard) {
            (true, false) => Ok(Self::Exact(host.to_owned())),
            (true, true) if host.contains('.') => Ok(Self::OneLabelBelow(format!(".{host}"))),
            _ => Err(TemplateError::HostRule),
        }
    }

    /// Does it allow `host`, written as [`Url::host_str`] does?
    #[must_use]
    pub fn allows(&self, host: &str) -> bool {
        match self {
            Self::Exact(allowed) => host == allowed,
            Self::OneLabelBelow(suffix) => host
                .strip_suffix(suffix.as_str())
                .is_some_and(|label| !label.is_empty() && !label.contains('.')),
        }
    }
}

/// Is `url` of this machine itself: `localhost` or a loopback address?
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn check_form(url: &Url) -> Result<(), TemplateError> {
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(url) => {}
        _ => return Err(TemplateError::Scheme),
    }
    let decorated =
        !url.username().is_empty() || url.password().is_some() || url.fragment().is_some();
    if decorated {
        Err(TemplateError::Decorated)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::fields::{FieldRule, check_fields};
    use railhead_protocol::{Field, FieldKind};

    /// The fields `a` = `value`, as permissive as a bad pattern could make them.
    fn entered(value: &str) -> CheckedFields {
        let field = Field {
            name: "a".to_owned(),
            label: "A".to_owned(),
            kind: FieldKind::Text,
            required: true,
            pattern: Some("(?s).*".to_owned()),
            suffix: None,
            example: None,
            default: None,
            options: Vec::new(),
        };
        let values = [("a".to_owned(), value.to_owned())].into();
        check_fields(&[FieldRule::new(field).unwrap()], &values).unwrap()
    }

    fn expand(template: &str, hosts: &[&str], value: &str) -> Result<String, TemplateError> {
        let hosts: Vec<_> = hosts
            .iter()
            .map(|host| HostRule::parse(host).unwrap())
            .collect();
        UrlTemplate::parse(template, &hosts)?
            .expand(&entered(value))
            .map(String::from)
    }

    #[test]
    fn fills_in_host_path_and_query() {
        let url = expand(
            "https://{a}.shop.example/{a}?x={a}",
            &["*.shop.example"],
            "harbor",
        )
        .unwrap();
        assert_eq!(url, "https://harbor.shop.example/harbor?x=harbor");
        let url = expand("https://fixed.example/{a}?x={a}", &[], "a/b&c=d").unwrap();
        assert_eq!(url, "https://fixed.example/a%2Fb%26c%3Dd?x=a%2Fb%26c%3Dd");
    }

    #[test]
    fn never_leaves_the_allowed_hosts() {
        let hosts = ["*.shop.example", "shop.example.org"];
        for value in [
            "evil.example/",
            "evil.example#",
            "evil.example?",
            "evil.example:443/",
            "user@evil.example/",
            "evil.example\\",
            "a.b",
            "..",
            "127.0.0.1",
            "[::1]",
            "evil%2Eexample%2F",
            "a b",
        ] {
            let outcome = expand("https://{a}.shop.example/", &hosts, &format!("x{value}"));
            assert!(outcome.is_err(), "{value}: {outcome:?}");
        }
        assert_eq!(
            expand("https://shop.{a}/", &["shop.example.org"], "evil.example"),
            Err(TemplateError::Host)
        );
        assert_eq!(
            expand("https://fixed.example/{a}/token", &[], ".."),
            Err(TemplateError::Value("a".to_owned())),
        );
    }

    #[test]
    fn plain_http_is_for_loopback_hosts_only() {
        for allowed in [
            "http://localhost:4401/a",
            "http://127.0.0.1/",
            "http://[::1]:1/",
        ] {
            assert!(UrlTemplate::parse(allowed, &[]).is_ok(), "{allowed}");
        }
        for refused in [
            "http://example.com/",
            "http://localhost.example.com/",
            "ftp://localhost/",
        ] {
            assert_eq!(
                UrlTemplate::parse(refused, &[]),
                Err(TemplateError::Scheme),
                "{refused}"
            );
        }
    }

    #[test]
    fn braces_need_their_partner() {
        for text in ["{", "}", "{}", "a{b", "a}b", "{a{b}}", "{a}}"] {
            assert_eq!(
                TextTemplate::parse(text),
                Err(TemplateError::Braces),
                "{text}"
            );
        }
        let template = TextTemplate::parse("stores/{a}").unwrap();
        assert_eq!(template.placeholders().collect::<Vec<_>>(), ["a"]);
        assert_eq!(template.expand(&entered("x")).unwrap(), "stores/x");
        assert_eq!(
            template.expand(&CheckedFields::default()),
            Err(TemplateError::Missing("a".to_owned()))
        );
    }

    #[test]
    fn a_wildcard_stands_for_one_label_below_two() {
        let rule = HostRule::parse("*.shop.example").unwrap();
        assert!(rule.allows("a.shop.example"));
        for host in [
            "shop.example",
            ".shop.example",
            "a.b.shop.example",
            "ashop.example",
        ] {
            assert!(!rule.allows(host), "{host}");
        }
        for text in [
            "",
            "*",
            "*.",
            "*.example",
            "a*.example.com",
            "https://a.example",
            "a.example:1",
        ] {
            assert!(HostRule::parse(text).is_err(), "{text}");
        }
    }
}
