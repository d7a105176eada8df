//! What the host page asked for, as the views need it.

use crate::flow::Session;
use crate::text::{Key, Text};
use railhead_protocol::{Links, ServiceCard, ServiceKind};
use std::sync::Arc;
use wasm_bindgen::JsValue;

/// What the host page asked for. What it left out, the widget's own configuration says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    /// The sentences in force.
    pub text: Arc<Text>,
    /// The language, BCP 47.
    pub locale: Option<String>,
    /// A session token minted by the company's server.
    pub session_token: Option<String>,
    /// The company's logo.
    pub logo: Option<String>,
    /// The company's pages.
    pub links: Links,
    /// Only these services, by name.
    pub include: Option<Vec<String>>,
    /// Not these services, by name.
    pub exclude: Vec<String>,
    /// Only these kinds.
    pub kinds: Option<Vec<ServiceKind>>,
    /// Where the end user goes when done.
    pub success_url: Option<String>,
    /// Where the end user goes when leaving before.
    pub close_url: Option<String>,
    /// How many seconds the end user has for an attempt.
    pub timeout: Option<u32>,
}

impl Settings {
    /// What is offered.
    #[must_use]
    pub fn offered(&self, session: &Session) -> Vec<Arc<ServiceCard>> {
        session.offered(
            self.include.as_deref(),
            &self.exclude,
            self.kinds.as_deref(),
        )
    }

    /// Does the end user go on to a page of the company when done?
    #[must_use]
    pub fn goes_on(&self, session: Option<&Session>) -> bool {
        self.success_url.is_some()
            || session.is_some_and(|session| session.widget.success_url.is_some())
    }

    /// The footer's links: name and address.
    #[must_use]
    pub fn links(&self, session: Option<&Session>) -> Vec<(String, String)> {
        let theirs = session.map(|session| &session.widget.links);
        let link = |key, own: &Option<String>, pick: fn(&Links) -> &Option<String>| {
            let address = own.clone().or_else(|| pick(theirs?).clone())?;
            is_web(&address).then(|| (self.text.get(key), address))
        };
        [
            link(Key::Terms, &self.links.terms, |links| &links.terms),
            link(Key::Privacy, &self.links.privacy, |links| &links.privacy),
            link(Key::Help, &self.links.help, |links| &links.help),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// A point in time as a date in the language, for example "22 Nov 2027". Outside a browser the day as it is written.
    #[must_use]
    pub fn date(&self, timestamp: &str) -> String {
        if cfg!(not(target_arch = "wasm32")) {
            return timestamp.chars().take(10).collect();
        }
        let options = js_sys::Object::new();
        for (name, value) in [("day", "numeric"), ("month", "short"), ("year", "numeric")] {
            // A fresh object takes any property.
            let _ = js_sys::Reflect::set(&options, &name.into(), &value.into());
        }
        let date = js_sys::Date::new(&JsValue::from(timestamp));
        // Our English writes dates as in "22 Nov 2027".
        let locale = self.locale.as_deref().unwrap_or("en-GB");
        date.to_locale_date_string(locale, &options).into()
    }
}

/// Is it an address of the web? `javascript:` and its friends are not.
#[must_use]
pub fn is_web(address: &str) -> bool {
    let scheme = |scheme: &str| {
        address
            .get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    scheme("https://")
        || scheme("http://")
        || (address.starts_with('/') && !address.starts_with("//"))
}

#[cfg(test)]
mod tests {
    use super::{Settings, is_web};
    use railhead_protocol::Links;

    #[test]
    fn links_lead_to_the_web_and_nowhere_else() {
        for address in ["https://a.example", "HTTP://a.example", "/terms"] {
            assert!(is_web(address), "{address}");
        }
        for address in [
            "javascript:alert(1)",
            " https://a",
            "data:text/html,x",
            "//a.example",
            "",
        ] {
            assert!(!is_web(address), "{address}");
        }
        let links = Links {
            terms: Some("/terms".into()),
            privacy: Some("javascript:alert(1)".into()),
            help: None,
        };
        let settings = Settings {
            links,
            ..Settings::default()
        };
        assert_eq!(
            settings.links(None),
            [("Terms".to_owned(), "/terms".to_owned())]
        );
    }
}
