//! The rules of all components and steps as one text, for one constructable stylesheet. It is rendered on the host
//! into `style/components.css` and `style/later.css`, which the widget carries: stylist's syntax tree would cost the browser 20 KB.

use super::{
    button, field, footer, header, heading, live, mark, notice, option, pair, panel, search, tile,
};
use stylist::ast::{Sheet, ToStyleStr, sheet};

/// A class and its rules. What the class is given to is `&`; other selectors stand for what is inside it.
pub type Rules = (&'static str, fn() -> Sheet);

/// What the first steps are made of.
const COMPONENTS: &[Rules] = &[
    button::RULES,
    footer::RULES,
    header::RULES,
    heading::RULES,
    live::RULES,
    mark::RULES,
    notice::RULES,
    pair::RULES,
    panel::FACT,
    panel::SEAL,
    search::RULES,
    tile::RULES,
];

/// What only later steps are made of.
const LATER: &[Rules] = &[field::RULES, option::RULES, BEHIND];

// Blurring what is behind the dialog costs time that drawing the first step needs.
const BEHIND: Rules = ("rh-frame", || {
    sheet!(r#"&::backdrop { backdrop-filter: blur(3px); }"#)
});

/// The stylesheet of the components of the first steps and of `more`, without the spaces that only people need.
#[must_use]
pub fn stylesheet(more: &[Rules]) -> String {
    rendered(COMPONENTS, more)
}

/// The same of the components of later steps.
#[must_use]
pub fn later_stylesheet(more: &[Rules]) -> String {
    rendered(LATER, more)
}

fn rendered(components: &[Rules], more: &[Rules]) -> String {
    let mut css = String::new();
    for (class, sheet) in components.iter().chain(more) {
        for line in sheet().to_style_str(Some(class)).lines().map(str::trim) {
            match line.strip_suffix(" {") {
                Some(selector) => {
                    css.push_str(&selector.replace(", ", ",").replace(" > ", ">"));
                    css.push('{');
                }
                None => css.push_str(&line.replacen(": ", ":", 1).replace(", ", ",")),
            }
        }
        css.push('\n');
    }
    css.replace(";}", "}")
}
