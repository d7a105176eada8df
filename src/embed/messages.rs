//! Checks the company's own sentences, and says what is wrong with them on the console.

use super::console;
use super::options::unknown;
use crate::text::{Count, Flaw, Key, Words, flaw, split};
use railhead_protocol::Language;

/// Names every key that does not exist and every placeholder that is too many or missing. The sentences count all the
/// same: what is wrong with them is theirs to decide.
pub(super) fn check(place: &str, words: &Words) {
    for (name, sentence) in words {
        let (key, language) = split(name);
        if let Some(language) = language {
            let mut known = Language::ALL.into_iter().map(Language::id);
            if !known.any(|known| known == language) {
                let what = ["language of a key of ", place].concat();
                unknown(
                    &what,
                    language,
                    &mut Language::ALL.into_iter().map(Language::id),
                );
            }
        }
        let about = |fault: &str, placeholder: &str, what: &str| {
            console::warn(&[
                place,
                ": `",
                name,
                "` ",
                fault,
                " `{",
                placeholder,
                "}`",
                what,
                ".",
            ]);
        };
        match flaw(key, sentence) {
            None => {}
            Some(Flaw::UnknownKey) => {
                let counts = Count::all().map(|(name, _)| name);
                let what = ["key of ", place].concat();
                unknown(&what, key, &mut Key::names().chain(counts));
            }
            Some(Flaw::UnknownPlaceholder(placeholder)) => {
                about("has the placeholder", &placeholder, ", which nothing fills");
            }
            Some(Flaw::MissingPlaceholder(placeholder)) => {
                about("lacks the placeholder", &placeholder, "");
            }
        }
    }
}
