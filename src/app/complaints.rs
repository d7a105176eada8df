//! Checks a company's own sentences, and says what is wrong with them.

use crate::flow::meant;
use crate::text::{Count, Flaw, Key, Words, flaw, split};
use railhead_protocol::Language;

/// Names every key that does not exist and every placeholder that is too many or missing, for the console. The sentences
/// count all the same: what is wrong with them is theirs to decide.
pub(super) fn complaints(place: &str, words: &Words) -> Vec<String> {
    let mut complaints = Vec::new();
    for (name, sentence) in words {
        let (key, language) = split(name);
        let languages = || Language::ALL.into_iter().map(Language::id);
        if let Some(language) = language.filter(|given| !languages().any(|known| known == *given)) {
            complaints.push(unknown(
                "language of a key",
                place,
                language,
                &mut languages(),
            ));
        }
        let about = |fault: &str, placeholder: &str, what: &str| {
            [
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
            ]
            .concat()
        };
        complaints.extend(flaw(key, sentence).map(|flaw| match flaw {
            Flaw::UnknownKey => {
                let counts = Count::all().map(|(name, _)| name);
                unknown("key", place, key, &mut Key::names().chain(counts))
            }
            Flaw::UnknownPlaceholder(placeholder) => {
                about("has the placeholder", &placeholder, ", which nothing fills")
            }
            Flaw::MissingPlaceholder(placeholder) => {
                about("lacks the placeholder", &placeholder, "")
            }
        }));
    }
    complaints
}

fn unknown(
    what: &str,
    place: &str,
    name: &str,
    known: &mut dyn Iterator<Item = &'static str>,
) -> String {
    let question = meant(name, known);
    ["unknown ", what, " of ", place, " `", name, "`.", &question].concat()
}
