//! Parameters of a query or a form body, where none may be given twice (RFC 6749 sections 3.1 and 3.2).

use url::form_urlencoded;

/// Decoded parameters. An empty value counts as left out, as RFC 6749 wants it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Params(Vec<(String, String)>);

impl Params {
    /// Reads `application/x-www-form-urlencoded` text.
    pub(crate) fn parse(text: &str) -> Self {
        let pairs = form_urlencoded::parse(text.as_bytes());
        Self(
            pairs
                .filter(|(_, value)| !value.is_empty())
                .map(|(k, v)| (k.into(), v.into()))
                .collect(),
        )
    }

    /// The value of a parameter that was given.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(given, _)| given == name)
            .map(|(_, value)| value.as_str())
    }

    /// Whether this parameter was given more than once.
    pub(crate) fn is_repeated(&self, name: &str) -> bool {
        self.0.iter().filter(|(given, _)| given == name).count() > 1
    }

    /// Whether any parameter was given more than once.
    pub(crate) fn any_repeated(&self) -> bool {
        self.0.iter().any(|(name, _)| self.is_repeated(name))
    }
}

#[cfg(test)]
mod tests {
    use super::Params;

    #[test]
    fn treats_empty_values_as_left_out_and_notices_repetition() {
        let params = Params::parse("state=&scope=a+b&code=1&code=2");
        assert_eq!(params.get("state"), None);
        assert_eq!(params.get("scope"), Some("a b"));
        assert!(params.is_repeated("code") && params.any_repeated());
        assert!(!params.is_repeated("scope"));
    }
}
