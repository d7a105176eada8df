//! The options of `init`: read one by one, so that a wrong one is named on the console and the others still count.

use super::{console, paint};
use crate::app::{Settings, is_web};
use crate::decode::decode;
use crate::flow::meant;
use crate::text::Words;
use crate::theme::{TOKENS, Token};
use js_sys::{Function, Object, Reflect};
use railhead_protocol::{Links, ServiceKind};
use std::sync::Arc;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Element;

/// What the host page asked for.
#[derive(Clone, Debug)]
pub(super) struct Options {
    pub(super) open: bool,
    pub(super) api_url: Option<String>,
    pub(super) container: Option<Element>,
    pub(super) scheme: Option<String>,
    pub(super) theme: Vec<(&'static Token, String)>,
    pub(super) settings: Settings,
    pub(super) metadata: JsValue,
    pub(super) on_event: Option<Function>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            open: true,
            api_url: None,
            container: None,
            scheme: None,
            theme: Vec::new(),
            settings: Settings::default(),
            metadata: JsValue::UNDEFINED,
            on_event: None,
        }
    }
}

/// Options that are known and have no effect in this version.
const LATER: &[&str] = &["nonce"];
/// Options that the loader acts on.
const LOADER: &[&str] = &[
    "onLoad",
    "onOpen",
    "onSelect",
    "onConnect",
    "onError",
    "onExit",
    "onAuthorization",
    "onRedirect",
];
const KNOWN: &[&str] = &[
    "container",
    "open",
    "apiUrl",
    "sessionToken",
    "successUrl",
    "closeUrl",
    "services",
    "kinds",
    "requiredKinds",
    "skippable",
    "overview",
    "theme",
    "colorScheme",
    "isolation",
    "locale",
    "messages",
    "logo",
    "links",
    "metadata",
    "timeout",
    "onEvent",
];
/// The most bytes of `metadata`, as JSON.
const FACTS: usize = 2048;
const SCHEMES: &[&str] = &["light", "dark", "system"];
/// The loader acts on it.
const ISOLATIONS: &[&str] = &["auto", "shadow", "frame"];

/// How long an end user may have for an attempt.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the range was checked"
)]
fn seconds(given: f64) -> Option<u32> {
    (60.0..=3600.0).contains(&given).then_some(given as u32)
}

impl Options {
    /// Takes in what is given; what is left out stays as it is.
    pub(super) fn read(&mut self, given: &JsValue) {
        if given.is_undefined() || given.is_null() {
            return;
        }
        if !given.is_object() {
            return console::error(&[
                "options must be an object, but are a ",
                &kind_of(given),
                ".",
            ]);
        }
        each(given, &mut |name, value| self.read_one(name, value));
    }

    fn read_one(&mut self, name: &str, value: &JsValue) {
        match name {
            "open" => set(
                &mut self.open,
                name,
                "true or false",
                value.as_bool(),
                value,
            ),
            "apiUrl" => text(&mut self.api_url, name, value),
            "sessionToken" => text(&mut self.settings.session_token, name, value),
            "successUrl" => address(&mut self.settings.success_url, name, value),
            "closeUrl" => address(&mut self.settings.close_url, name, value),
            "locale" => text(&mut self.settings.locale, name, value),
            "logo" => text(&mut self.settings.logo, name, value),
            "container" => {
                let element = value.dyn_ref::<Element>().cloned().map(Some);
                set(&mut self.container, name, "an element", element, value);
            }
            "onEvent" => {
                let function = value.dyn_ref::<Function>().cloned().map(Some);
                set(&mut self.on_event, name, "a function", function, value);
            }
            "timeout" => {
                let seconds = value.as_f64().and_then(seconds).map(Some);
                let expected = "a number of seconds from 60 to 3600";
                set(&mut self.settings.timeout, name, expected, seconds, value);
            }
            "metadata" => {
                let is_object = value.is_object() && !js_sys::Array::is_array(value);
                let written = js_sys::JSON::stringify(value).ok().map(String::from);
                let written = written.filter(|text| is_object && text.len() <= FACTS);
                if written.is_none() {
                    return wrong(name, "an object of at most 2 KiB as JSON", value);
                }
                self.settings.metadata = written;
                self.metadata = value.clone();
            }
            "colorScheme" => {
                let scheme = value
                    .as_string()
                    .filter(|scheme| SCHEMES.contains(&&**scheme));
                set(
                    &mut self.scheme,
                    name,
                    "\"light\", \"dark\" or \"system\"",
                    scheme.map(Some),
                    value,
                );
            }
            "isolation" => {
                let isolation = value
                    .as_string()
                    .filter(|isolation| ISOLATIONS.contains(&&**isolation));
                if isolation.is_none() {
                    wrong(name, "\"auto\", \"shadow\" or \"frame\"", value);
                }
            }
            "kinds" => kinds(&mut self.settings.kinds, name, value),
            "requiredKinds" => kinds(&mut self.settings.required_kinds, name, value),
            "skippable" => switch(&mut self.settings.skippable, name, value),
            "overview" => switch(&mut self.settings.overview, name, value),
            "services" => self.read_services(value),
            "links" => self.read_links(value),
            "theme" => self.read_theme(value),
            "messages" => self.settings.messages = words(name, value),
            "language" => text(&mut self.settings.language, name, value),
            "pack" => self.settings.pack = Arc::new(words(name, value)),
            _ if LATER.contains(&name) => {
                console::warn(&["option `", name, "` has no effect in this version."]);
            }
            _ if LOADER.contains(&name) => {}
            _ => unknown(
                "option",
                name,
                &mut KNOWN.iter().chain(LATER).chain(LOADER).copied(),
            ),
        }
    }

    fn read_services(&mut self, value: &JsValue) {
        group("services", value, &mut |name, path, value| {
            let names = decode::<Vec<String>>(value.clone()).ok();
            let expected = "a list of service names";
            match name {
                "include" => set(
                    &mut self.settings.include,
                    path,
                    expected,
                    names.map(Some),
                    value,
                ),
                "exclude" => set(&mut self.settings.exclude, path, expected, names, value),
                _ => unknown(
                    "option",
                    path,
                    &mut ["services.include", "services.exclude"].into_iter(),
                ),
            }
        });
    }

    fn read_links(&mut self, value: &JsValue) {
        let Links {
            terms,
            privacy,
            help,
        } = &mut self.settings.links;
        group("links", value, &mut |name, path, value| match name {
            "terms" => text(terms, path, value),
            "privacy" => text(privacy, path, value),
            "help" => text(help, path, value),
            _ => unknown(
                "option",
                path,
                &mut ["links.terms", "links.privacy", "links.help"].into_iter(),
            ),
        });
    }

    /// A theme is given as a whole: the tokens of the one before it are gone.
    fn read_theme(&mut self, value: &JsValue) {
        let mut theme = Vec::new();
        group("theme", value, &mut |name, path, value| {
            let Some(token) = TOKENS.iter().find(|token| token.name == name) else {
                return unknown(
                    "token of `theme`",
                    name,
                    &mut TOKENS.iter().map(|token| token.name),
                );
            };
            match value
                .as_string()
                .filter(|text| paint::is_taken(token, text))
            {
                Some(text) => theme.push((token, text)),
                None => wrong(path, token.kind.expected(), value),
            }
        });
        self.theme = theme;
    }
}

/// The members of an option whose values are texts.
fn words(option: &str, value: &JsValue) -> Words {
    let mut words = Words::new();
    group(
        option,
        value,
        &mut |name, path, value| match value.as_string() {
            Some(text) => {
                words.insert(name.to_owned(), text);
            }
            None => wrong(path, "a string", value),
        },
    );
    words
}

/// Every property of an object that is given: neither undefined nor null.
fn each(object: &JsValue, visit: &mut dyn FnMut(&str, &JsValue)) {
    for key in Object::keys(object.unchecked_ref::<Object>()).iter() {
        let (Some(name), Ok(value)) = (key.as_string(), Reflect::get(object, &key)) else {
            continue;
        };
        if !value.is_undefined() && !value.is_null() {
            visit(&name, &value);
        }
    }
}

/// The members of an option that is an object, with their path.
fn group(option: &str, value: &JsValue, visit: &mut dyn FnMut(&str, &str, &JsValue)) {
    if !value.is_object() || js_sys::Array::is_array(value) {
        return wrong(option, "an object", value);
    }
    each(value, &mut |name, value| {
        visit(name, &[option, ".", name].concat(), value);
    });
}

/// An address of the web: `javascript:` and its friends are refused.
fn address(place: &mut Option<String>, name: &str, value: &JsValue) {
    let given = value.as_string().filter(|address| is_web(address));
    set(
        place,
        name,
        "an http or https address",
        given.map(Some),
        value,
    );
}

fn kinds(target: &mut Option<Vec<ServiceKind>>, name: &str, value: &JsValue) {
    let kinds = decode(value.clone()).ok().map(Some);
    set(target, name, "a list of kinds of service", kinds, value);
}

fn switch(target: &mut Option<bool>, name: &str, value: &JsValue) {
    let given = value.as_bool().map(Some);
    set(target, name, "true or false", given, value);
}

fn text(target: &mut Option<String>, name: &str, value: &JsValue) {
    set(target, name, "a string", value.as_string().map(Some), value);
}

fn set<T>(target: &mut T, name: &str, expected: &str, found: Option<T>, value: &JsValue) {
    match found {
        Some(found) => *target = found,
        None => wrong(name, expected, value),
    }
}

fn wrong(name: &str, expected: &str, value: &JsValue) {
    let kind = kind_of(value);
    console::error(&[
        "option `",
        name,
        "` must be ",
        expected,
        ", but is ",
        &kind,
        ". It is ignored.",
    ]);
}

fn unknown(what: &str, name: &str, known: &mut dyn Iterator<Item = &'static str>) {
    console::warn(&["unknown ", what, " `", name, "`.", &meant(name, known)]);
}

/// What a value is, in words; texts and numbers are shown.
fn kind_of(value: &JsValue) -> String {
    if let Some(text) = value.as_string() {
        return ["\"", &text, "\""].concat();
    }
    if js_sys::Array::is_array(value) {
        return "a list".into();
    }
    let kind = value.js_typeof().as_string().unwrap_or_default();
    let article = if kind == "object" { "an " } else { "a " };
    [article, &kind].concat()
}
