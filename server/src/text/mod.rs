//! Every sentence of the server's own pages, by key, in the languages of the widget. They are packs of their own, since
//! no browser needs them whole.

mod en;

pub use en::Key;

use railhead_protocol::Language;
use std::collections::BTreeMap;
use std::sync::LazyLock;

type Words = BTreeMap<String, String>;

/// The sentences in one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    language: Language,
}

/// The packs that are compiled in, in the order of [`Language::ALL`].
static PACKS: LazyLock<[Words; Language::ALL.len()]> = LazyLock::new(|| Language::ALL.map(pack));

impl Text {
    /// In the language that serves a reader best: of the tag that was asked for (BCP 47), else of what the browser takes
    /// (`Accept-Language`), else English.
    #[must_use]
    pub fn of(asked: Option<&str>, accepted: Option<&str>) -> Self {
        let language = match (asked, accepted) {
            (Some(tag), _) => Language::best(tag),
            (None, Some(header)) => Language::accepted(header),
            (None, None) => None,
        };
        Self {
            language: language.unwrap_or_default(),
        }
    }

    /// The language, as in the attributes `lang` and `dir`.
    #[must_use]
    pub const fn language(self) -> Language {
        self.language
    }

    /// The sentence, as it stands.
    #[must_use]
    pub fn get(self, key: Key) -> &'static str {
        let place = Language::ALL
            .iter()
            .position(|known| *known == self.language);
        let pack = place.and_then(|place| PACKS.get(place));
        let words = pack.and_then(|pack| pack.get(key.name()));
        words.map_or_else(|| key.english(), String::as_str)
    }

    /// The sentence with its `{placeholders}` filled in.
    #[must_use]
    pub fn fill(self, key: Key, values: &[(&str, &str)]) -> String {
        let mut filled = String::new();
        let mut rest = self.get(key);
        while let Some((before, after)) = rest.split_once('{') {
            filled.push_str(before);
            let (name, tail) = after.split_once('}').unwrap_or((after, ""));
            let value = values.iter().find(|(known, _)| *known == name);
            filled.push_str(value.map_or("", |(_, value)| value));
            rest = tail;
        }
        filled.push_str(rest);
        filled
    }
}

/// The pack of a language; English has none. French as in Canada is what differs from French.
fn pack(language: Language) -> Words {
    let source = match language {
        Language::English => "{}",
        Language::French => include_str!("packs/fr.json"),
        Language::FrenchCanada => include_str!("packs/fr-CA.json"),
        Language::Spanish => include_str!("packs/es.json"),
        Language::German => include_str!("packs/de.json"),
        Language::PortugueseBrazil => include_str!("packs/pt-BR.json"),
        Language::Italian => include_str!("packs/it.json"),
        Language::Dutch => include_str!("packs/nl.json"),
        Language::Swedish => include_str!("packs/sv.json"),
        Language::Japanese => include_str!("packs/ja.json"),
        Language::ChineseSimplified => include_str!("packs/zh-Hans.json"),
        Language::Korean => include_str!("packs/ko.json"),
        Language::Arabic => include_str!("packs/ar.json"),
        Language::Hebrew => include_str!("packs/he.json"),
    };
    // A pack that cannot be read leaves English; a test reads every one.
    let mut words: Words = serde_json::from_str(source).unwrap_or_default();
    if language == Language::FrenchCanada {
        for (name, sentence) in pack(Language::French) {
            words.entry(name).or_insert(sentence);
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::{Key, Text, pack};
    use railhead_protocol::Language;
    use std::collections::BTreeSet;

    fn placeholders(sentence: &str) -> BTreeSet<&str> {
        let parts = sentence.split('{').skip(1);
        parts
            .filter_map(|part| Some(part.split_once('}')?.0))
            .collect()
    }

    #[test]
    fn every_pack_has_every_sentence_with_its_placeholders_and_no_other() {
        let mut wrong = Vec::new();
        for language in Language::ALL.into_iter().skip(1) {
            let words = pack(language);
            let id = language.id();
            for (name, english) in Key::all() {
                match words.get(name) {
                    None => wrong.push(format!("{id}: no {name}")),
                    Some(sentence) if placeholders(sentence) != placeholders(english) => {
                        wrong.push(format!("{id}: {name}: other placeholders"));
                    }
                    Some(sentence) if sentence.trim().is_empty() => {
                        wrong.push(format!("{id}: {name}: empty"));
                    }
                    Some(_) => {}
                }
            }
            let known: BTreeSet<&str> = Key::all().map(|(name, _)| name).collect();
            let unknown = words.keys().filter(|name| !known.contains(name.as_str()));
            wrong.extend(unknown.map(|name| format!("{id}: unknown {name}")));
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn the_session_decides_before_the_browser() {
        let language = |asked, accepted| Text::of(asked, accepted).language().id();
        assert_eq!(language(Some("fr-BE"), Some("de")), "fr");
        assert_eq!(language(Some("pl"), Some("de")), "en");
        assert_eq!(language(None, Some("pl, de;q=0.5")), "de");
        assert_eq!(language(None, None), "en");
    }

    #[test]
    fn sentences_are_filled() {
        let text = Text::of(Some("de"), None);
        let filled = text.fill(Key::DoneConnected, &[("service", "{company}")]);
        assert_eq!(filled, "{company} ist verbunden");
    }
}
