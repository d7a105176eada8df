//! What the host page asked for, as the views need it.

use crate::flow::{Plan, Session};
use crate::steps::Dated;
use crate::text::{Key, Text, Words};
use railhead_protocol::{ConnectionStatus, Links, ServiceCard, ServiceKind};
use std::sync::Arc;
use wasm_bindgen::JsValue;

/// What the host page asked for. What it left out, the widget's own configuration says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    /// The sentences in force.
    pub text: Arc<Text>,
    /// The end user's language as it was asked for, BCP 47.
    pub locale: Option<String>,
    /// The language of the pack; English without one.
    pub language: Option<String>,
    /// The sentences in that language.
    pub pack: Arc<Words>,
    /// The host page's own sentences.
    pub messages: Words,
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
    /// Only these kinds, in this order.
    pub kinds: Option<Vec<ServiceKind>>,
    /// The kinds that cannot be passed over.
    pub required_kinds: Option<Vec<ServiceKind>>,
    /// May the others be?
    pub skippable: Option<bool>,
    /// Does it begin with an overview?
    pub overview: Option<bool>,
    /// Where the end user goes when done.
    pub success_url: Option<String>,
    /// Where the end user goes when leaving before.
    pub close_url: Option<String>,
    /// The host page's own facts, as JSON.
    pub metadata: Option<String>,
    /// How many seconds the end user has for an attempt.
    pub timeout: Option<u32>,
}

impl Settings {
    /// Puts the sentences together; `theirs` are those that the widget is configured with.
    pub fn speak(&mut self, theirs: Option<&Words>) {
        let language = self.language.as_deref().unwrap_or("en");
        let asked = self.locale.as_deref().unwrap_or_default();
        let locale = match asked {
            // Our English writes dates as in "22 Nov 2027".
            "" | "en" if language == "en" => "en-GB",
            // Dates in another language than the sentence around them would be worse than none of theirs.
            asked if asked.get(..2) == language.get(..2) => asked,
            _ if language == "en" => "en-GB",
            _ => language,
        };
        let text = Text::new(language.into(), locale.into(), Words::clone(&self.pack));
        let text = match theirs {
            Some(theirs) => text.under(theirs),
            None => text,
        };
        self.text = Arc::new(text.under(&self.messages));
    }

    /// What is offered.
    #[must_use]
    pub fn offered(&self, session: &Session) -> Vec<Arc<ServiceCard>> {
        session.offered(
            self.include.as_deref(),
            &self.exclude,
            self.kinds.as_deref(),
        )
    }

    /// The way through the kinds: what the host page says stands above the widget's own settings.
    #[must_use]
    pub fn plan(&self, session: &Session) -> Plan {
        let widget = &session.widget;
        Plan {
            kinds: self.kinds.as_ref().unwrap_or(&widget.kinds).clone(),
            required: self
                .required_kinds
                .as_ref()
                .unwrap_or(&widget.required_kinds)
                .clone(),
            strict: !self.skippable.unwrap_or(widget.skippable),
            overview: self.overview.or(widget.overview),
        }
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

    /// The connections of a service that are or were good, each with until when. Browsers only.
    #[must_use]
    pub fn dated(&self, session: Option<&Session>, service_name: &str) -> Vec<Dated> {
        let mut dated = Vec::new();
        for connection in session.iter().flat_map(|session| &session.connections) {
            if connection.service_name == service_name
                && connection.status != ConnectionStatus::Pending
            {
                dated.push((connection.clone(), self.date(&connection.expires_at)));
            }
        }
        dated
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
        date.to_locale_date_string(self.text.locale(), &options)
            .into()
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
    use crate::text::{Key, Words};
    use railhead_protocol::Links;

    #[test]
    fn dates_and_numbers_follow_the_language_of_the_sentences() {
        let locale = |language: Option<&str>, asked: Option<&str>| {
            let mut settings = Settings {
                language: language.map(str::to_owned),
                locale: asked.map(str::to_owned),
                ..Settings::default()
            };
            settings.speak(None);
            settings.text.locale().to_owned()
        };
        assert_eq!(locale(None, None), "en-GB");
        assert_eq!(locale(Some("en"), Some("en")), "en-GB");
        assert_eq!(locale(Some("en"), Some("en-US")), "en-US");
        assert_eq!(locale(Some("en"), Some("pl")), "en-GB");
        assert_eq!(locale(Some("fr"), Some("fr-BE")), "fr-BE");
        assert_eq!(locale(Some("zh-Hans"), Some("zh")), "zh");
        assert_eq!(locale(Some("de"), None), "de");
    }

    #[test]
    fn the_host_pages_words_stand_above_the_widgets_and_those_above_the_pack() {
        let words = |sentence: &str| Words::from([("close".to_owned(), sentence.to_owned())]);
        let mut settings = Settings {
            language: Some("fr".into()),
            pack: words("Fermer").into(),
            ..Settings::default()
        };
        let mut close = |messages: Words, theirs: Option<&Words>| {
            settings.messages = messages;
            settings.speak(theirs);
            settings.text.get(Key::Close)
        };
        assert_eq!(close(Words::new(), None), "Fermer");
        assert_eq!(close(Words::new(), Some(&words("Quitter"))), "Quitter");
        assert_eq!(close(words("Sortir"), Some(&words("Quitter"))), "Sortir");
    }

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
