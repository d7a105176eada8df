//! Checks a company's own words: that the key exists, and that its placeholders are those of the sentence.

use super::{Count, Form, Key, split};

/// What is wrong with an own sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// There is no such key.
    UnknownKey,
    /// A placeholder that is never filled in.
    UnknownPlaceholder(String),
    /// The sentence says it and this one does not.
    MissingPlaceholder(String),
}

/// The first thing wrong with `sentence` in the place of the key `name`.
#[must_use]
pub fn flaw(name: &str, sentence: &str) -> Option<Flaw> {
    let Some(english) = english(split(name).0) else {
        return Some(Flaw::UnknownKey);
    };
    let unknown =
        placeholders(sentence).find(|name| !placeholders(english).any(|own| own == *name));
    if let Some(unknown) = unknown {
        return Some(Flaw::UnknownPlaceholder(unknown.to_owned()));
    }
    let missing = placeholders(english).find(|placeholder| {
        !placeholders(sentence).any(|own| own == *placeholder) && !goes_without(name, placeholder)
    });
    missing.map(|missing| Flaw::MissingPlaceholder(missing.to_owned()))
}

/// "No service found" and "one service found" need no figure.
fn goes_without(name: &str, placeholder: &str) -> bool {
    let form = split(name).0.rsplit('.').next().unwrap_or_default();
    placeholder == "count" && matches!(form, "zero" | "one" | "two")
}

/// What English says for a key, whatever its form.
fn english(name: &str) -> Option<&'static str> {
    let single = Key::all().find(|(known, _)| *known == name);
    let sentence = single.map(|(_, sentence)| sentence);
    sentence.or_else(|| {
        let (name, form) = name.rsplit_once('.')?;
        Form::ALL.iter().find(|known| known.name() == form)?;
        let (_, sentence) = Count::all().find(|(known, _)| *known == name)?;
        Some(sentence)
    })
}

/// The names between braces.
pub(super) fn placeholders(template: &str) -> impl Iterator<Item = &str> {
    let parts = template.split('{').skip(1);
    parts.filter_map(|part| part.split_once('}').map(|(name, _)| name))
}

#[cfg(test)]
mod tests {
    use super::{Flaw, flaw};

    #[test]
    fn names_what_is_wrong() {
        let unknown = |name: &str| Some(Flaw::UnknownPlaceholder(name.into()));
        let missing = |name: &str| Some(Flaw::MissingPlaceholder(name.into()));
        assert_eq!(flaw("picker.title", "Link"), None);
        assert_eq!(flaw("picker.title@fr", "Liez"), None);
        assert_eq!(flaw("picker.tilte", "Link"), Some(Flaw::UnknownKey));
        assert_eq!(flaw("consent.title", "Link {service}"), None);
        assert_eq!(flaw("consent.title", "Link {sevice}"), unknown("sevice"));
        assert_eq!(flaw("consent.title", "Link it"), missing("service"));
        assert_eq!(flaw("search.found.few", "{count} found"), None);
        assert_eq!(flaw("search.found.one@fr", "un service"), None);
        assert_eq!(flaw("search.found.few", "some found"), missing("count"));
        assert_eq!(
            flaw("search.found", "{count} found"),
            Some(Flaw::UnknownKey)
        );
        assert_eq!(flaw("search.found.lots", "{count}"), Some(Flaw::UnknownKey));
    }
}
