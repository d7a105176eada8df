//! Fills the page's template. Whatever is put into it is escaped: text from anywhere stays text.

use crate::routes::border::problem::Refusal;
use crate::text::{Key, Text};
use axum::http::header::{ACCEPT_LANGUAGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use std::error::Error;
use url::Url;

const TEMPLATE: &str = include_str!("../../../pages/page.html");

/// No inline script or style, nothing from elsewhere, no frames around it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// What a page shows.
#[derive(Clone, Debug)]
pub(in crate::routes) struct Page {
    /// Its language.
    pub(in crate::routes) text: Text,
    /// The HTTP status.
    pub(in crate::routes) status: StatusCode,
    /// What it looks like.
    pub(in crate::routes) mood: Mood,
    /// The heading.
    pub(in crate::routes) heading: String,
    /// What happened and what to do, a paragraph each.
    pub(in crate::routes) paragraphs: Vec<String>,
    /// Shown where no script runs, or until it has news.
    pub(in crate::routes) note: Option<String>,
    /// The page's script and what it is told.
    pub(in crate::routes) script: Option<Script>,
    /// What the person can do, the best first.
    pub(in crate::routes) ways: Vec<Way>,
}

/// Something the person can do on a page.
#[derive(Clone, Debug)]
pub(in crate::routes) enum Way {
    /// A button that the script waits for.
    Go(String),
    /// A link to an address that was checked.
    Leave(String, Url),
}

/// What a page looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::routes) enum Mood {
    /// Something is going on.
    Busy,
    /// It worked.
    Success,
    /// It did not work; nothing is broken.
    Notice,
    /// The person is asked.
    Question,
}

/// The script of a page.
#[derive(Clone, Debug)]
pub(in crate::routes) struct Script {
    /// Its address.
    pub(in crate::routes) source: &'static str,
    /// The origins that the opener may have.
    pub(in crate::routes) origins: Vec<String>,
    /// The authorization that is over.
    pub(in crate::routes) authorization_id: Option<String>,
    /// What it may have to say, by names of its own.
    pub(in crate::routes) words: &'static [(&'static str, Key)],
}

/// The language of a page for this visit: the session's, or else one that the browser asks for.
pub(in crate::routes) fn language(asked: Option<&str>, headers: &HeaderMap) -> Text {
    let accepted = headers.get(ACCEPT_LANGUAGE);
    Text::of(asked, accepted.and_then(|header| header.to_str().ok()))
}

impl Page {
    /// A page that says what went wrong.
    pub(in crate::routes) fn notice(
        text: Text,
        status: StatusCode,
        heading: Key,
        paragraphs: &[Key],
    ) -> Self {
        Self {
            text,
            status,
            mood: Mood::Notice,
            heading: text.get(heading).to_owned(),
            paragraphs: paragraphs
                .iter()
                .map(|&key| text.get(key).to_owned())
                .collect(),
            note: None,
            script: None,
            ways: Vec::new(),
        }
    }

    /// The answer where the server failed: the page says what to do, the log why.
    pub(in crate::routes) fn failure(
        text: Text,
        cause: impl Error + Send + Sync + 'static,
    ) -> Response {
        let page = Self::notice(
            text,
            StatusCode::INTERNAL_SERVER_ERROR,
            Key::FailureTitle,
            &[Key::FailureText],
        );
        Refusal::internal(cause).shown_as(page.answer())
    }

    /// The answer.
    pub(in crate::routes) fn answer(&self) -> Response {
        let mut paragraphs = String::new();
        for text in &self.paragraphs {
            paragraphs.extend(["<p>", &escape(text), "</p>"]);
        }
        let note = self
            .note
            .as_deref()
            .map(|text| format!("<p class=\"note\">{}</p>", escape(text)));
        let ways: String = self.ways.iter().map(Way::markup).collect();
        let script = self.script.as_ref();
        let (script, data) = script
            .map(|script| script.markup(self.text))
            .unwrap_or_default();
        let language = self.text.language();
        let html = TEMPLATE
            .replace("{{mood}}", self.mood.class())
            .replace("{{mark}}", self.mood.mark())
            .replace("{{data}}", &data)
            .replace("{{script}}", &script)
            .replace("{{ways}}", &ways)
            .replace("{{lang}}", language.id())
            .replace("{{dir}}", language.direction())
            .replace("{{secured}}", self.text.get(Key::Secured))
            .replace("{{note}}", &note.unwrap_or_default())
            .replace("{{title}}", &escape(&self.heading))
            .replace("{{paragraphs}}", &paragraphs);
        let mut response = (self.status, html).into_response();
        let headers = response.headers_mut();
        headers.insert(
            CONTENT_TYPE,
            HeaderValue::from_static("text/html; charset=utf-8"),
        );
        headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
        response
    }
}

impl Mood {
    const fn class(self) -> &'static str {
        match self {
            Self::Busy => "busy",
            Self::Success => "success",
            Self::Notice => "notice",
            Self::Question => "question",
        }
    }

    /// The drawing in the circle.
    const fn mark(self) -> &'static str {
        match self {
            Self::Success => {
                r#"<svg viewBox="0 0 24 24"><path d="m6.5 12.5 3.7 3.7 7.3-8.4"/></svg>"#
            }
            Self::Question => {
                r#"<svg viewBox="0 0 24 24"><path d="M12 3.5 5 6.2v5.1c0 4.3 2.9 7.7 7 9.2 4.1-1.5 7-4.9 7-9.2V6.2Z"/></svg>"#
            }
            // A page that is busy may have to say later that it cannot go on.
            Self::Busy | Self::Notice => {
                r#"<svg viewBox="0 0 24 24"><path d="M12 7v6.2M12 16.8v.2"/></svg>"#
            }
        }
    }
}

impl Way {
    /// What it says.
    pub(in crate::routes) fn label(&self) -> &str {
        let (Self::Go(label) | Self::Leave(label, _)) = self;
        label
    }

    fn markup(&self) -> String {
        match self {
            Self::Go(label) => format!(
                "<button class=\"way\" id=\"go\" type=\"button\" disabled>{}</button>",
                escape(label)
            ),
            Self::Leave(label, url) => format!(
                "<a class=\"way\" href=\"{}\">{}</a>",
                escape(url.as_str()),
                escape(label)
            ),
        }
    }
}

impl Script {
    /// The element, and the attributes that tell it what to do.
    fn markup(&self, text: Text) -> (String, String) {
        let words = words(text, self.words);
        let origins = self.origins.join(" ");
        let id = self.authorization_id.as_deref().unwrap_or_default();
        let data = format!(
            " data-origins=\"{}\" data-authorization-id=\"{}\" data-words=\"{}\"",
            escape(&origins),
            escape(id),
            escape(&words)
        );
        (
            format!("<script src=\"{}\" defer></script>", self.source),
            data,
        )
    }
}

/// Sentences for a page's script, as JSON.
pub(in crate::routes) fn words(text: Text, words: &[(&str, Key)]) -> String {
    let words: serde_json::Map<String, serde_json::Value> = words
        .iter()
        .map(|(name, key)| ((*name).to_owned(), text.get(*key).into()))
        .collect();
    serde_json::Value::Object(words).to_string()
}

/// `text` as HTML that shows it.
pub(in crate::routes) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            // So that no text can be taken for a placeholder of the template.
            '{' => escaped.push_str("&#123;"),
            _ => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::{Page, escape};
    use crate::text::{Key, Text};
    use axum::http::StatusCode;

    #[tokio::test]
    async fn text_stays_text() {
        assert_eq!(
            escape(r#"<b title="a">&'"#),
            "&lt;b title=&quot;a&quot;&gt;&amp;&#39;"
        );
        let page = Page {
            heading: "<script>{{script}}".to_owned(),
            paragraphs: vec!["{{paragraphs}}<img>".to_owned()],
            ..Page::notice(
                Text::of(Some("ar"), None),
                StatusCode::OK,
                Key::DoneNothing,
                &[],
            )
        };
        let body = axum::body::to_bytes(page.answer().into_body(), 100_000)
            .await
            .unwrap();
        let html = String::from_utf8(body.to_vec()).unwrap();
        assert!(html.contains(r#"<html lang="ar" dir="rtl">"#), "{html}");
        assert!(
            !html.contains("<script>") && !html.contains("<img>") && !html.contains("{{"),
            "{html}"
        );
    }
}
