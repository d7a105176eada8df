//! Finding services by what people type: their names and aliases, best first, with an eye for slips.

use super::spelling::{distance, fold};
use railhead_protocol::ServiceCard;
use std::sync::Arc;

/// From how many letters on one slip is forgiven, and two.
const SLIPS: [usize; 2] = [4, 8];

/// How well a service fits. The better come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// The name begins with all that was typed.
    Start,
    /// Each word begins a word of the name.
    Word,
    /// Each word stands in the name.
    Within,
    /// A word begins a word of an alias.
    Alias,
    /// A word is nearly there.
    Nearly,
}

/// What one service is found by.
#[derive(Clone, Debug)]
struct Needle {
    name: String,
    /// Without its spaces.
    run: String,
    aliases: Vec<String>,
}

/// What services are found by, prepared once.
#[derive(Clone, Debug)]
pub struct Index(Vec<Needle>);

impl Index {
    /// Of these services, in the order of the list.
    #[must_use]
    pub fn new(services: &[Arc<ServiceCard>]) -> Self {
        let needle = |service: &Arc<ServiceCard>| {
            let name = fold(&service.display_name);
            Needle {
                run: joined(&name),
                name,
                aliases: service.aliases.iter().map(|alias| fold(alias)).collect(),
            }
        };
        Self(services.iter().map(needle).collect())
    }

    /// What fits to what was typed, by place in the list, best first. Near misses count only when nothing else fits.
    #[must_use]
    pub fn find(&self, typed: &str) -> Vec<usize> {
        let typed = fold(typed);
        let query = Query::new(&typed);
        if query.words.is_empty() {
            return (0..self.0.len()).collect();
        }
        let mut found = self.fitting(|needle| needle.fit(&query));
        if found.is_empty() {
            found = self.fitting(|needle| needle.nearly(&query));
        }
        found.sort();
        found.into_iter().map(|(_, place)| place).collect()
    }

    fn fitting(&self, fit: impl Fn(&Needle) -> Option<Fit>) -> Vec<(Fit, usize)> {
        let mut found = Vec::new();
        for (place, needle) in self.0.iter().enumerate() {
            found.extend(fit(needle).map(|fit| (fit, place)));
        }
        found
    }
}

/// What was typed.
struct Query<'t> {
    whole: &'t str,
    run: String,
    words: Vec<&'t str>,
}

impl<'t> Query<'t> {
    fn new(folded: &'t str) -> Self {
        Self {
            whole: folded.trim(),
            run: joined(folded),
            words: words(folded).collect(),
        }
    }
}

impl Needle {
    fn fit(&self, query: &Query<'_>) -> Option<Fit> {
        if self.name.starts_with(query.whole) || self.run.starts_with(&query.run) {
            return Some(Fit::Start);
        }
        if self
            .aliases
            .iter()
            .any(|alias| alias.starts_with(query.whole))
        {
            // As a name it may fit better still.
            let by_name = self.fit_all(query).unwrap_or(Fit::Alias);
            return Some(by_name.min(Fit::Alias));
        }
        self.fit_all(query)
    }

    /// As well as the word that fits worst.
    fn fit_all(&self, query: &Query<'_>) -> Option<Fit> {
        let mut worst = Fit::Start;
        for word in &query.words {
            worst = worst.max(self.fit_one(word)?);
        }
        Some(worst)
    }

    fn fit_one(&self, word: &str) -> Option<Fit> {
        if words(&self.name).any(|part| part.starts_with(word)) {
            Some(Fit::Word)
        } else if word.len() > 1 && contains(&self.name, word) {
            Some(Fit::Within)
        } else {
            let begins = |alias: &String| words(alias).any(|part| part.starts_with(word));
            self.aliases.iter().any(begins).then_some(Fit::Alias)
        }
    }

    /// Does it fit when slips are forgiven?
    fn nearly(&self, query: &Query<'_>) -> Option<Fit> {
        let near = |word: &&str| self.fit_one(word).is_some() || self.is_near(word);
        (query.words.iter().all(near) || self.is_near(&query.run)).then_some(Fit::Nearly)
    }

    fn is_near(&self, word: &str) -> bool {
        let word: Vec<char> = word.chars().collect();
        let slips = SLIPS.iter().filter(|from| word.len() >= **from).count();
        // A number that is nearly right is wrong.
        if slips == 0 || word.iter().any(char::is_ascii_digit) {
            return false;
        }
        let near = |part: &str| {
            let part: Vec<char> = part.chars().collect();
            let (all, beginning) = distance(&word, &part);
            // Still typing: then the first letter has to be right, or a short word would find nearly anything.
            all <= slips || beginning <= slips && word.first() == part.first()
        };
        words(&self.name).any(near)
            || near(&self.run)
            || self
                .aliases
                .iter()
                .any(|alias| words(alias).any(near) || near(&joined(alias)))
    }
}

/// The words of a text: what stands between spaces and signs.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| letter.is_ascii() && !letter.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
}

fn joined(text: &str) -> String {
    words(text).collect()
}

/// `str::contains` for short texts, without the machinery for long ones.
fn contains(text: &str, part: &str) -> bool {
    part.is_empty()
        || text
            .as_bytes()
            .windows(part.len())
            .any(|window| window == part.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::Index;
    use crate::flow::session::samples::service;
    use railhead_protocol::ServiceCard;
    use std::fs;
    use std::path::Path;
    use std::sync::Arc;

    /// The catalogue as it is, most used first: the two lines that count, read without a reader of TOML.
    fn catalogue() -> Vec<Arc<ServiceCard>> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("services");
        let mut ranked = Vec::new();
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|extension| extension != "toml") {
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            let value = |key: &str| {
                let line = text.lines().find(|line| line.starts_with(key))?;
                Some(line.split_once(" = ")?.1.to_owned())
            };
            let quoted = |text: String| -> Vec<String> {
                text.split('"')
                    .skip(1)
                    .step_by(2)
                    .map(str::to_owned)
                    .collect()
            };
            let name = quoted(value("display_name = ").unwrap()).remove(0);
            let mut card = service(path.file_stem().unwrap().to_str().unwrap(), &name);
            card.aliases = value("aliases = ").map(quoted).unwrap_or_default();
            let rank: u32 = value("rank = ").unwrap().parse().unwrap();
            ranked.push((rank, Arc::new(card)));
        }
        ranked.sort_by_key(|(rank, _)| *rank);
        ranked.into_iter().map(|(_, card)| card).collect()
    }

    fn names(services: &[Arc<ServiceCard>], typed: &str) -> Vec<String> {
        let places = Index::new(services).find(typed);
        let name = |place: usize| services[place].display_name.clone();
        places.into_iter().map(name).collect()
    }

    #[test]
    fn finds_the_catalogues_services_best_first() {
        let services = catalogue();
        let is = |typed: &str, expected: &[&str]| {
            assert_eq!(names(&services, typed), expected, "{typed:?}");
        };
        assert_eq!(names(&services, "  ").len(), services.len());
        is("x", &["Xero"]);
        is("XERO", &["Xero"]);
        is("quick", &["QuickBooks Online", "QuickBooks Desktop"]);
        is("quickbooksonline", &["QuickBooks Online"]);
        is("online quick", &["QuickBooks Online"]);
        is("quick b", &["QuickBooks Online", "QuickBooks Desktop"]);
        is("qbo", &["QuickBooks Online"]);
        is("intuit", &["QuickBooks Online", "QuickBooks Desktop"]);
        is("tuit", &[]);
        // A word of the name before a part of one.
        is(
            "books",
            &[
                "Zoho Books",
                "QuickBooks Online",
                "FreshBooks",
                "QuickBooks Desktop",
            ],
        );
        // The name before an alias.
        is(
            "business",
            &[
                "MYOB Business",
                "Microsoft Dynamics 365 Business Central",
                "Sage Accounting",
            ],
        );
        is("sage i", &["Sage Intacct"]);
        is("365", &["Microsoft Dynamics 365 Business Central"]);
        is("plaid", &["Bank account (Plaid)"]);
        is("payroll", &["Gusto"]);
    }

    #[test]
    fn forgives_slips_in_words_that_are_long_enough() {
        let services = catalogue();
        for (typed, first) in [
            ("xreo", "Xero"),
            ("xerro", "Xero"),
            ("cero", "Xero"),
            ("quikbooks", "QuickBooks Online"),
            ("quickboks onlin", "QuickBooks Online"),
            ("qiuckbooks", "QuickBooks Online"),
            ("uqickbooks", "QuickBooks Online"),
            ("quikb", "QuickBooks Online"),
            ("fresbooks", "FreshBooks"),
            ("shopfy", "Shopify"),
            ("sopify", "Shopify"),
            ("strpe", "Stripe"),
            ("net sutie", "Oracle NetSuite"),
            ("woocomerce", "WooCommerce"),
            ("sage intact", "Sage Intacct"),
            ("sage acounting", "Sage Accounting"),
            ("bigcomerce", "BigCommerce"),
            ("dynamcis", "Microsoft Dynamics 365 Business Central"),
            ("amazn", "Amazon Seller Central"),
            ("Créer", "—"),
            ("xéro", "Xero"),
        ] {
            let found = names(&services, typed);
            assert_eq!(
                found.first().map_or("—", String::as_str),
                first,
                "{typed:?}"
            );
        }
    }

    #[test]
    fn nothing_odd_is_found() {
        let services = catalogue();
        let others = [
            "odoo",
            "lightspeed",
            "toast",
            "clover",
            "etsy",
            "walmart",
            "tally",
            "harvest",
            "deel",
            "rippling",
            "adp",
            "revolut",
            "monzo",
            "wise",
            "brex",
            "mollie",
            "adyen",
            "klarna",
            "magento",
            "wix",
            "squarespace",
            "prestashop",
            "netflix",
            "salesforce",
            "datev",
            "pennylane",
            "fortnox",
            "visma",
            "hubspot",
            "kashflow",
            "366",
            "abc",
            "zzzz",
            "qqqqqqqq",
        ];
        for typed in others {
            assert_eq!(names(&services, typed), [""; 0], "{typed:?}");
        }
        // Near misses stay away where something fits as it is.
        assert_eq!(names(&services, "wave"), ["Wave"]);
        assert_eq!(names(&services, "square"), ["Square"]);
        assert_eq!(names(&services, "exact"), ["Exact Online"]);
    }

    #[test]
    fn those_that_fit_alike_keep_the_order_of_the_list() {
        let services = [
            service("a", "Alpha Books"),
            service("b", "Bookworm"),
            service("c", "FreshBooks"),
            service("d", "Books and more"),
        ]
        .map(Arc::new);
        let index = Index::new(&services);
        assert_eq!(index.find("book"), [1, 3, 0, 2]);
        assert_eq!(index.find(""), [0, 1, 2, 3]);
    }
}
