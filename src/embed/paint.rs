//! Puts the theme on the frame, and checks that what the host page chose can be read.

use super::console;
use super::frame::Frame;
use crate::theme::{Color, PAIRS, Pair, Remedy, TOKENS, Token, TokenKind, density};
use js_sys::parse_float;
use std::collections::BTreeMap;
use wasm_bindgen::JsCast;
use web_sys::{CssStyleDeclaration, HtmlElement, Window, css};

/// What the widget is to look like, as far as somebody has said.
pub(super) struct Theme<'a> {
    /// The widget's settings on the server.
    pub(super) settings: Option<&'a BTreeMap<String, String>>,
    /// The option `theme`, checked.
    pub(super) options: &'a [(&'static Token, String)],
    /// The option `colorScheme`.
    pub(super) scheme: Option<&'a str>,
}

/// Can a token have this value?
pub(super) fn is_taken(token: &Token, value: &str) -> bool {
    match token.kind.css() {
        Some(property) => css::supports_with_value(property, value).unwrap_or(false),
        None => density(value).is_some(),
    }
}

/// Puts tokens and colour scheme on the frame's host element. What nobody chose is left to the host page's CSS.
pub(super) fn apply(page: &Window, frame: &Frame, theme: &Theme<'_>) {
    let style = frame.host.style();
    for token in TOKENS {
        let chosen = theme.options.iter().find(|(found, _)| *found == token);
        let option = chosen.map(|(_, value)| value.as_str());
        let setting = theme.settings.and_then(|tokens| tokens.get(token.name));
        let setting = setting.map(String::as_str).filter(|value| {
            let taken = is_taken(token, value);
            if !taken {
                console::warn(&[
                    "the setting `theme.",
                    token.name,
                    "` must be ",
                    token.kind.expected(),
                    ". It is ignored.",
                ]);
            }
            taken
        });
        for (layer, value) in [("--railhead-", option), ("--rh-set-", setting)] {
            let value = value.map(|value| resolve(page, frame, token, value));
            put(&style, &[layer, token.property].concat(), value.as_deref());
        }
    }
    // An element takes any attribute.
    let _ = match theme.scheme {
        Some(scheme) => frame.host.set_attribute("data-scheme", scheme),
        None => frame.host.remove_attribute("data-scheme"),
    };
    check(page, frame);
}

/// A token's value as CSS has it. The host page's font is looked up: nothing is inherited into the widget.
fn resolve(page: &Window, frame: &Frame, token: &Token, value: &str) -> String {
    let around = || {
        let parent = frame.host.parent_element()?;
        let style = page.get_computed_style(&parent).ok()??;
        style.get_property_value("font-family").ok()
    };
    let found = match token.kind {
        TokenKind::Font if value == "inherit" => around(),
        TokenKind::Density => density(value).map(String::from),
        _ => None,
    };
    found.unwrap_or_else(|| value.to_owned())
}

/// Measures every pair in the scheme that is in force, and mends or reports those that can't be read.
pub(super) fn check(page: &Window, frame: &Frame) {
    let style = frame.host.style();
    // Takes back what was mended before.
    for property in PAIRS.iter().map(|pair| pair.ink).chain([LIFT]) {
        put(&style, property, None);
    }
    let Some(probe) = Probe::new(page, frame) else {
        return;
    };
    for token in TOKENS.iter().filter(|token| token.kind == TokenKind::Color) {
        let property = ["--railhead-", token.property].concat();
        if probe.is_chosen(&property) && probe.color(&property).is_none() {
            console::warn(&["`", &property, "` is no CSS colour. It is ignored."]);
            // From here on the next of its sources counts.
            put(&style, &property, Some("initial"));
        }
    }
    for pair in PAIRS {
        let (Some(ink), Some(ground)) = (probe.color(pair.ink), probe.color(pair.ground)) else {
            continue;
        };
        let ratio = ink.contrast(ground);
        if ratio >= pair.least {
            continue;
        }
        match pair.remedy {
            Remedy::BlackOrWhite if !probe.has_own_ink() => {
                let ink = ground.black_or_white();
                put(&style, pair.ink, Some(&ink.to_css()));
                put(&style, LIFT, Some(&ink.black_or_white().to_css()));
            }
            Remedy::TowardsText => {
                if let Some(text) = probe.color("--rh-text") {
                    let ink = ink.readable(ground, text, pair.least);
                    put(&style, pair.ink, Some(&ink.to_css()));
                }
            }
            Remedy::BlackOrWhite | Remedy::Report => report(pair, ratio),
        }
    }
}

/// What hovering moves the primary colour towards: away from the text on it.
const LIFT: &str = "--rh-lift";

fn report(pair: &Pair, ratio: f64) {
    let number = |value: f64| {
        js_sys::Number::from(value)
            .to_fixed(2)
            .map_or_else(|_| String::new(), String::from)
    };
    console::warn(&[
        "the contrast of `",
        &public(pair.ink),
        "` on `",
        &public(pair.ground),
        "` is ",
        &number(ratio),
        ":1; WCAG AA asks for ",
        &number(pair.least),
        ":1. Choose a stronger colour.",
    ]);
}

/// The public name of a derived property.
fn public(derived: &str) -> String {
    let name = derived.strip_prefix("--rh-").unwrap_or(derived);
    [
        "--railhead-",
        if name == "muted" { "muted-text" } else { name },
    ]
    .concat()
}

/// Asks the browser what a property comes to, once all its sources are weighed.
struct Probe {
    element: HtmlElement,
    computed: CssStyleDeclaration,
}

impl Probe {
    fn new(page: &Window, frame: &Frame) -> Option<Self> {
        let element: HtmlElement = frame.view.clone_node().ok()?.dyn_into().ok()?;
        element.set_hidden(true);
        frame.element.append_child(&element).ok()?;
        let probe = Self {
            computed: page.get_computed_style(&element).ok()??,
            element,
        };
        // Without the shell's tokens there is nothing to measure.
        probe.is_chosen("--rh-primary").then_some(probe)
    }

    fn is_chosen(&self, property: &str) -> bool {
        self.computed
            .get_property_value(property)
            .is_ok_and(|value| !value.trim().is_empty())
    }

    /// Did somebody choose the text on the primary colour?
    fn has_own_ink(&self) -> bool {
        ["--railhead-on-primary", "--rh-set-on-primary"]
            .iter()
            .any(|property| self.is_chosen(property))
    }

    fn color(&self, property: &str) -> Option<Color> {
        // Mixed with itself, a colour of any notation comes back as `color(srgb r g b)`.
        let mixed = [
            "color-mix(in srgb, var(",
            property,
            "), var(",
            property,
            "))",
        ]
        .concat();
        put(&self.element.style(), "color", Some(&mixed));
        let color = self.computed.get_property_value("color").ok()?;
        let mut parts = color
            .strip_prefix("color(srgb ")?
            .split(' ')
            .map(parse_float);
        Some(Color::new(parts.next()?, parts.next()?, parts.next()?))
    }
}

impl Drop for Probe {
    fn drop(&mut self) {
        self.element.remove();
    }
}

fn put(style: &CssStyleDeclaration, property: &str, value: Option<&str>) {
    // A value that the browser does not take is left out.
    let _ = match value {
        Some(value) => style.set_property(property, value),
        None => style.remove_property(property).map(drop),
    };
}
