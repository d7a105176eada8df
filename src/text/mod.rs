//! Every sentence a person reads, by key. The host page may put its own words in the place of any of them.

mod en;
mod trouble;

pub use en::Key;
pub use trouble::trouble_keys;

use std::collections::BTreeMap;

/// The sentences in force: English, with the host page's own words above it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Text {
    own: BTreeMap<String, String>,
}

impl Text {
    /// With the host page's own words, by key.
    #[must_use]
    pub fn new(own: BTreeMap<String, String>) -> Self {
        Self { own }
    }

    /// The sentence, as it stands.
    #[must_use]
    pub fn get(&self, key: Key) -> String {
        self.template(key).to_owned()
    }

    /// The sentence with its `{placeholders}` filled in. A placeholder that is not given stays as it is.
    #[must_use]
    pub fn fill(&self, key: Key, values: &[(&str, &str)]) -> String {
        fill(self.template(key), values)
    }

    fn template(&self, key: Key) -> &str {
        self.own
            .get(key.name())
            .map_or_else(|| key.english(), String::as_str)
    }
}

fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(template.len() + 32);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let known = after.split_once('}').and_then(|(name, tail)| {
            let (_, value) = values.iter().find(|(known, _)| *known == name)?;
            Some((value, tail))
        });
        if let Some((value, tail)) = known {
            filled.push_str(value);
            rest = tail;
        } else {
            filled.push('{');
            rest = after;
        }
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::{Key, Text, fill};
    use std::collections::{BTreeMap, BTreeSet};

    #[test]
    fn fills_placeholders_and_leaves_alone_what_it_does_not_know() {
        let values = [("service", "Xero"), ("company", "{service}")];
        assert_eq!(fill("Connect {service}", &values), "Connect Xero");
        assert_eq!(fill("{company}: {service}.", &values), "{service}: Xero.");
        assert_eq!(
            fill("a { b {unknown} {service", &values),
            "a { b {unknown} {service"
        );
    }

    #[test]
    fn the_host_pages_words_stand_above_ours() {
        let own = BTreeMap::from([("picker.title".to_owned(), "Link {company}".to_owned())]);
        let text = Text::new(own);
        assert_eq!(
            text.fill(Key::PickerTitle, &[("company", "Northwind")]),
            "Link Northwind"
        );
        assert_eq!(text.get(Key::Close), "Close");
    }

    #[test]
    fn every_key_has_a_name_of_its_own_and_a_sentence() {
        let names: BTreeSet<&str> = Key::names().collect();
        assert_eq!(names.len(), Key::names().count());
        assert!(Key::names().all(|name| !name.is_empty()));
    }
}
