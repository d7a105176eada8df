//! The packs compiled in, for where there is no loader to fetch one.

use super::{Text, Words};
use railhead_protocol::Language;

impl Text {
    /// The sentences in the language that serves a reader of `tag` (BCP 47) best; English where none would.
    #[must_use]
    pub fn native(tag: Option<&str>) -> Self {
        let best = tag.and_then(|tag| Some((tag, Language::best(tag)?)));
        match best {
            None | Some(("en", _)) => Self::default(),
            Some((tag, language)) => Self::new(language.id().into(), tag.into(), pack(language)),
        }
    }
}

/// The pack of a language; English has none.
pub(crate) fn pack(language: Language) -> Words {
    let mut words = read(source(language));
    if language == Language::FrenchCanada {
        for (name, sentence) in read(source(Language::French)) {
            words.entry(name).or_insert(sentence);
        }
    }
    words
}

/// What `src/text/packs/` has; French as in Canada is what differs from French.
fn source(language: Language) -> &'static str {
    match language {
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
    }
}

/// A pack that cannot be read leaves English; a test reads every one.
fn read(pack: &str) -> Words {
    serde_json::from_str(pack).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{pack, source};
    use crate::text::check::placeholders;
    use crate::text::{Count, Form, Key, Text, Words, flaw};
    use railhead_protocol::Language;
    use std::collections::BTreeSet;

    fn packs() -> impl Iterator<Item = (Language, Words)> {
        let others = Language::ALL.into_iter().skip(1);
        others.map(|language| (language, pack(language)))
    }

    /// The keys that a pack of `language` has to have: all sentences, and of those with a number the forms that some
    /// number takes.
    fn wanted(language: Language) -> BTreeSet<String> {
        let forms = (0..=200)
            .chain([1_000_000])
            .map(|count| Form::by_rule(language.id(), count));
        let forms: BTreeSet<Form> = forms.chain([Form::Other]).collect();
        let counted = Count::all().flat_map(|(name, _)| {
            let of_form = |form: &Form| format!("{name}.{}", form.name());
            forms.iter().map(of_form).collect::<Vec<_>>()
        });
        Key::names().map(str::to_owned).chain(counted).collect()
    }

    #[test]
    fn every_pack_has_every_key_and_no_other() {
        let mut wrong = Vec::new();
        for (language, words) in packs() {
            let wanted = wanted(language);
            let found: BTreeSet<String> = words.keys().cloned().collect();
            wrong.extend(
                wanted
                    .difference(&found)
                    .map(|key| format!("{}: no {key}", language.id())),
            );
            wrong.extend(
                found
                    .difference(&wanted)
                    .map(|key| format!("{}: unknown {key}", language.id())),
            );
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn every_sentence_has_the_placeholders_of_the_english_one() {
        let flaws = packs().flat_map(|(language, words)| {
            let of_one = move |(name, sentence): (String, String)| {
                let flaw = flaw(&name, &sentence)?;
                Some(format!("{}: {name}: {flaw:?}", language.id()))
            };
            words.into_iter().filter_map(of_one)
        });
        let flaws: Vec<String> = flaws.collect();
        assert!(flaws.is_empty(), "{flaws:#?}");
    }

    #[test]
    fn every_file_is_sorted_out_and_says_each_thing_once() {
        for language in Language::ALL {
            let words: Words = serde_json::from_str(source(language)).unwrap();
            let lines = source(language)
                .lines()
                .filter(|line| line.contains("\": \""));
            assert_eq!(
                lines.count(),
                words.len(),
                "{}: a key stands twice",
                language.id()
            );
            for (name, sentence) in words {
                assert!(
                    !sentence.trim().is_empty() && sentence.trim() == sentence,
                    "{name}"
                );
                assert_eq!(
                    sentence.matches('{').count(),
                    placeholders(&sentence).count(),
                    "{name}"
                );
            }
        }
    }

    /// What belongs to how each language is written, so that no pack slips back into English habits.
    #[test]
    fn packs_are_written_as_their_language_is() {
        let mut wrong = Vec::new();
        for (language, words) in packs() {
            for (name, sentence) in words {
                let bad: &[&str] = match language {
                    Language::French => &["!", "« ", " »", "\"", "'"],
                    Language::Japanese => &["?", "!", ", ", ". ", "\"", "“", "("],
                    Language::ChineseSimplified => &["?", "!", ", ", ". ", "\"", ";", "("],
                    Language::Korean => &["\"", "!", "。", "、"],
                    Language::Arabic => &["?", ",", ";", "\"", "!"],
                    Language::Hebrew => &["!", "\""],
                    Language::English => &[],
                    _ => &["\"", "'", "!"],
                };
                let signs = sentence.match_indices([';', ':', '?', '»']);
                let spaced = signs.filter(|_| language == Language::French);
                let mut before = spaced.map(|(at, _)| sentence[..at].ends_with('\u{202f}'));
                if !before.all(|spaced| spaced) {
                    wrong.push(format!("fr: {name}: no narrow space in {sentence}"));
                }
                let found = bad.iter().filter(|sign| sentence.contains(**sign));
                wrong.extend(
                    found.map(|sign| format!("{}: {name}: {sign:?} in {sentence}", language.id())),
                );
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn the_language_is_the_best_one_and_english_otherwise() {
        let close = |tag| Text::native(tag).get(Key::Close);
        assert_eq!(close(Some("fr-BE")), "Fermer");
        assert_eq!(close(Some("zh")), "关闭");
        assert_eq!(close(Some("pl")), "Close");
        assert_eq!(close(None), "Close");
        assert_eq!(Text::native(Some("fr-BE")).locale(), "fr-BE");
        assert_eq!(Text::native(Some("pl")).locale(), "en-GB");
    }

    #[test]
    fn numbers_take_the_forms_of_the_language() {
        let found = |tag, count| Text::native(Some(tag)).count(Count::Found, count);
        let arabic: BTreeSet<String> = [0, 1, 2, 5, 21, 100].map(|count| found("ar", count)).into();
        assert_eq!(arabic.len(), 6);
        assert!(found("ar-EG", 5).contains('٥') && found("ar-AE", 5).contains('5'));
        assert_ne!(found("sv", 1).replace('1', "2"), found("sv", 2));
    }
}
