//! Finding a name among others: services by what people type, and the option a host page may have meant.

use railhead_protocol::ServiceCard;

/// What a service is found by: its name and aliases, prepared once.
#[derive(Clone, Debug)]
pub struct Needle {
    name: String,
    aliases: Vec<String>,
}

impl Needle {
    /// What this service is found by.
    #[must_use]
    pub fn new(service: &ServiceCard) -> Self {
        Self {
            name: service.display_name.to_ascii_lowercase(),
            aliases: service
                .aliases
                .iter()
                .map(|alias| alias.to_ascii_lowercase())
                .collect(),
        }
    }

    /// Does what was typed find it? An alias must begin with all of it, or else each word must stand in the name or
    /// begin a word of an alias.
    #[must_use]
    pub fn is_found(&self, typed: &str) -> bool {
        let typed = typed.to_ascii_lowercase();
        let whole = typed.trim();
        let begins = |alias: &String, word: &str| {
            alias.split_whitespace().any(|part| part.starts_with(word))
        };
        self.aliases.iter().any(|alias| alias.starts_with(whole))
            || whole.split_whitespace().all(|word| {
                contains(&self.name, word) || self.aliases.iter().any(|alias| begins(alias, word))
            })
    }
}

/// `str::contains` for short texts, without the machinery for long ones.
fn contains(text: &str, part: &str) -> bool {
    part.is_empty()
        || text
            .as_bytes()
            .windows(part.len())
            .any(|window| window == part.as_bytes())
}

/// The candidate nearest to `name`, if it is near enough to have been meant.
#[must_use]
pub fn closest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (name.chars().count() / 3).clamp(1, 3);
    candidates
        .map(|candidate| (distance(name, candidate), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// How many letters to add, remove or change, whatever their case (Levenshtein).
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().map(|c| c.to_ascii_lowercase()).collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, from) in left.chars().map(|c| c.to_ascii_lowercase()).enumerate() {
        let mut diagonal = i;
        row[0] = i + 1;
        for (j, to) in right.iter().enumerate() {
            let change = diagonal + usize::from(from != *to);
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::{Needle, closest};
    use crate::flow::session::samples::service;

    #[test]
    fn finds_by_name_part_alias_and_several_words() {
        let mut quickbooks = service("quickbooks_online", "QuickBooks Online");
        quickbooks.aliases = vec!["qbo".into(), "intuit".into(), "quick books".into()];
        for typed in [
            "",
            "quick",
            "BOOKS",
            "online quick",
            "qbo",
            "Intuit",
            "quick b",
            "  qb ",
        ] {
            assert!(Needle::new(&quickbooks).is_found(typed), "{typed:?}");
        }
        for typed in ["xero", "quick xero", "tuit"] {
            assert!(!Needle::new(&quickbooks).is_found(typed), "{typed:?}");
        }
    }

    #[test]
    fn suggests_what_was_probably_meant() {
        let options = ["successUrl", "closeUrl", "colorScheme", "theme"];
        let meant = |name| closest(name, options.into_iter());
        assert_eq!(meant("succesUrl"), Some("successUrl"));
        assert_eq!(meant("successURL"), Some("successUrl"));
        assert_eq!(meant("colourScheme"), Some("colorScheme"));
        assert_eq!(meant("them"), Some("theme"));
        assert_eq!(meant("banana"), None);
        assert_eq!(meant(""), None);
    }
}
