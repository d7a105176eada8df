//! Every sentence a person reads, by key. English is compiled in; the other languages are packs that the loader fetches.
//! The company may put its own words in the place of any sentence.

mod check;
mod en;
#[cfg(feature = "ssr")]
mod native;
mod plural;
#[cfg(test)]
mod sides;
mod trouble;

pub use check::{Flaw, flaw};
pub use en::{Count, Key, Sentences};
pub(crate) use en::{bring, later_sentences};
#[cfg(feature = "ssr")]
pub(crate) use native::pack;
pub use plural::Form;
pub use trouble::trouble_keys;

use std::collections::BTreeMap;

/// Sentences by the names of their keys.
pub type Words = BTreeMap<String, String>;

/// The sentences in force: English, a pack above it, the company's own words above that.
#[derive(Clone, Debug, PartialEq)]
pub struct Text {
    language: String,
    locale: String,
    words: Words,
}

impl Default for Text {
    fn default() -> Self {
        Self::new("en".into(), "en-GB".into(), Words::new())
    }
}

impl Text {
    /// With the words of a pack. `language` is the pack's; `locale` is what the end user's tag says more of it, for dates
    /// and numbers.
    #[must_use]
    pub fn new(language: String, locale: String, pack: Words) -> Self {
        Self {
            language,
            locale,
            words: pack,
        }
    }

    /// Puts a company's own words above. `picker.title@fr` counts in French only, and stands above `picker.title`.
    #[must_use]
    pub fn under(mut self, own: &Words) -> Self {
        // In the order of the names, so what is for one language comes later.
        for (name, sentence) in own {
            let (name, language) = split(name);
            if language.is_none_or(|language| language == self.language) {
                self.words.insert(name.to_owned(), sentence.clone());
            }
        }
        self
    }

    /// The language of the sentences, as in the attribute `lang`.
    #[must_use]
    pub fn language(&self) -> &str {
        &self.language
    }

    /// What dates and numbers are written by (BCP 47).
    #[must_use]
    pub fn locale(&self) -> &str {
        &self.locale
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

    /// The sentence in the form that goes with `count`, which fills `{count}`.
    #[must_use]
    pub fn count(&self, key: Count, count: u32) -> String {
        let form = Form::of(&self.locale, count);
        let word = |form: Form| self.words.get(&[key.name(), ".", form.name()].concat());
        let template = word(form).or_else(|| word(Form::Other));
        let template = template.map_or_else(|| key.english(form), String::as_str);
        fill(template, &[("count", &number(&self.locale, count))])
    }

    fn template(&self, key: Key) -> &str {
        self.words
            .get(key.name())
            .map_or_else(|| key.english(), String::as_str)
    }
}

/// A number as the language writes it.
#[cfg(target_arch = "wasm32")]
fn number(locale: &str, count: u32) -> String {
    js_sys::Number::from(count).to_locale_string(locale).into()
}

/// The same where there is no browser to ask, for the small numbers that there are: the Arab world has digits of its own
/// in the east and ours in the west.
#[cfg(not(target_arch = "wasm32"))]
fn number(locale: &str, count: u32) -> String {
    let mut parts = locale.split('-');
    let arabic = parts.next() == Some("ar");
    let western = [
        None,
        Some("AE"),
        Some("DZ"),
        Some("EH"),
        Some("LY"),
        Some("MA"),
        Some("TN"),
    ];
    let digits = count.to_string();
    if !arabic || western.contains(&parts.next()) {
        return digits;
    }
    let eastern = |digit: char| {
        let value = digit.to_digit(10).unwrap_or_default();
        char::from_u32(0x660 + value).unwrap_or(digit)
    };
    digits.chars().map(eastern).collect()
}

/// `picker.title@fr` → the key, and the language it is for.
#[must_use]
pub fn split(name: &str) -> (&str, Option<&str>) {
    match name.split_once('@') {
        Some((key, language)) => (key, Some(language)),
        None => (name, None),
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
    use super::{Count, Key, Text, Words, fill};
    use std::collections::BTreeSet;

    fn words(words: &[(&str, &str)]) -> Words {
        let owned = |(key, sentence): &(&str, &str)| ((*key).to_owned(), (*sentence).to_owned());
        words.iter().map(owned).collect()
    }

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
    fn the_pack_stands_above_english_and_the_companys_words_above_the_pack() {
        let pack = words(&[("close", "Fermer"), ("back", "Retour")]);
        let french = || Text::new("fr".into(), "fr-BE".into(), pack.clone());
        let own = words(&[
            ("picker.title", "Link {company}"),
            ("back", "Back"),
            ("back@fr", "Revenir"),
            ("close@de", "Zu"),
        ]);
        let text = french().under(&own);
        let title = text.fill(Key::PickerTitle, &[("company", "Northwind")]);
        assert_eq!(title, "Link Northwind");
        assert_eq!(text.get(Key::Close), "Fermer");
        assert_eq!(text.get(Key::Back), "Revenir");
        assert_eq!(text.get(Key::Cancel), "Cancel");
        let hosts = words(&[("back", "Zurück")]);
        assert_eq!(french().under(&own).under(&hosts).get(Key::Back), "Zurück");
    }

    #[test]
    fn a_number_chooses_the_form() {
        let text = Text::default();
        assert_eq!(text.count(Count::Found, 1), "1 service found");
        assert_eq!(text.count(Count::Found, 0), "0 services found");
        let pack = words(&[
            ("search.found.one", "eins"),
            ("search.found.other", "{count} Dienste"),
        ]);
        let text = Text::new("de".into(), "de".into(), pack);
        assert_eq!(text.count(Count::Found, 1), "eins");
        assert_eq!(text.count(Count::Found, 12), "12 Dienste");
    }

    #[test]
    fn every_key_has_a_name_of_its_own_and_a_sentence() {
        let counts = Count::all().map(|(name, _)| name);
        let names: Vec<&str> = Key::names().chain(counts).collect();
        let different: BTreeSet<&str> = names.iter().copied().collect();
        assert_eq!(different.len(), names.len());
        assert!(names.iter().all(|name| !name.is_empty()));
    }
}
