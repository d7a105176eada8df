//! The rules of all components and steps as one text, for one constructable stylesheet.

use super::{button, field, footer, header, heading, live, mark, notice, option, pair, panel, search, tile};
use stylist::ast::{Sheet, ToStyleStr};

/// A class and its rules. What the class is given to is `&`; other selectors stand for what is inside it.
pub type Rules = (&'static str, fn() -> Sheet);

const COMPONENTS: &[Rules] = &[
    button::RULES,
    field::RULES,
    footer::RULES,
    header::RULES,
    heading::RULES,
    live::RULES,
    mark::RULES,
    notice::RULES,
    option::RULES,
    pair::RULES,
    panel::FACT,
    panel::SEAL,
    search::RULES,
    tile::RULES,
];

/// The stylesheet of the components and of `more`.
#[must_use]
pub fn stylesheet(more: &[Rules]) -> String {
    let mut css = String::with_capacity(24 * 1024);
    for (class, sheet) in COMPONENTS.iter().chain(more) {
        css.push_str(&sheet().to_style_str(Some(class)));
    }
    css
}

#[cfg(test)]
mod tests {
    use super::stylesheet;

    #[test]
    fn every_rule_is_scoped_to_its_component() {
        let css = stylesheet(&[]);
        assert!(css.contains(".rh-button {"), "{css}");
        assert!(css.contains(".rh-button:active"), "{css}");
        assert_eq!(css.matches('{').count(), css.matches('}').count());
    }
}
