//! Puts the theme on the frame, and checks that what the host page chose can be read.

use super::console;
use super::frame::Frame;
use crate::theme::{Color, PAIRS, Pair, Remedy};
use js_sys::parse_float;
use wasm_bindgen::JsCast;
use web_sys::{CssStyleDeclaration, HtmlElement, Window};

/// Puts tokens and colour scheme on the frame's host element.
pub(super) fn apply<'a>(
    page: &Window,
    frame: &Frame,
    tokens: impl Iterator<Item = (&'static str, &'a str)>,
    scheme: Option<&str>,
) {
    let style = frame.host.style();
    for (property, value) in tokens {
        set(&style, property, value);
    }
    // An element takes any attribute.
    let _ = match scheme {
        Some(scheme) => frame.host.set_attribute("data-scheme", scheme),
        None => frame.host.remove_attribute("data-scheme"),
    };
    check(page, frame);
}

/// Measures every pair in the scheme that is in force, and mends or reports those that can't be read.
pub(super) fn check(page: &Window, frame: &Frame) {
    let style = frame.host.style();
    for pair in PAIRS {
        // Takes back what was mended before.
        let _ = style.remove_property(pair.ink);
    }
    let Some(probe) = Probe::new(page, frame) else {
        return;
    };
    for pair in PAIRS {
        let (Some(ink), Some(ground)) = (probe.color(pair.ink), probe.color(pair.ground)) else {
            continue;
        };
        let ratio = ink.contrast(ground);
        if ratio >= pair.least {
            continue;
        }
        match pair.remedy {
            Remedy::BlackOrWhite if !probe.is_chosen("--railhead-on-primary") => {
                set(&style, pair.ink, &ground.black_or_white().to_css());
            }
            Remedy::TowardsText => {
                if let Some(text) = probe.color("--rh-text") {
                    set(
                        &style,
                        pair.ink,
                        &ink.readable(ground, text, pair.least).to_css(),
                    );
                }
            }
            Remedy::BlackOrWhite | Remedy::Report => report(pair, ratio),
        }
    }
}

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
        set(&self.element.style(), "color", &mixed);
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

fn set(style: &CssStyleDeclaration, property: &str, value: &str) {
    // A value that the browser does not take is left out.
    let _ = style.set_property(property, value);
}
