//! How texts are compared: folded, so that case and accents don't matter, and with an eye for slips.

/// The letters of Latin-1 and Latin Extended-A from `À`, as they are without their accents.
const PLAIN: &[u8; 192] = b"aaaaaaaceeeeiiiidnooooo*ouuuuytsaaaaaaaceeeeiiiidnooooo*ouuuuyty\
aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll\
lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

/// In lower case and without accents.
#[must_use]
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            // An accent that stands by itself.
            '\u{300}'..='\u{36f}' => {}
            'ß' => folded.push_str("ss"),
            'Æ' | 'æ' => folded.push_str("ae"),
            'Œ' | 'œ' => folded.push_str("oe"),
            '\u{c0}'..='\u{17f}' => {
                let plain = PLAIN.get(letter as usize - 0xc0);
                folded.push(plain.map_or(letter, |plain| char::from(*plain)));
            }
            // Greek and Cyrillic have their small letters at fixed distances.
            'Α'..='Ω' | 'А'..='Я' => folded.push(shifted(letter, 0x20)),
            'Ѐ'..='Џ' => folded.push(shifted(letter, 0x50)),
            'Ș' | 'ș' => folded.push('s'),
            'Ț' | 'ț' => folded.push('t'),
            'Ơ' | 'ơ' => folded.push('o'),
            'Ư' | 'ư' => folded.push('u'),
            // Letters and signs as wide as an ideograph, and the space between such.
            '\u{ff01}'..='\u{ff5e}' => folded.push(narrow(letter)),
            '\u{3000}' => folded.push(' '),
            // Vietnamese, by its vowels.
            '\u{1ea0}'..='\u{1ef9}' => {
                let vowel = VOWELS.iter().find(|(last, _)| letter <= *last);
                folded.push(vowel.map_or(letter, |(_, plain)| *plain));
            }
            _ => folded.push(letter.to_ascii_lowercase()),
        }
    }
    folded
}

/// The last of the letters of Latin Extended Additional from `Ạ` that are each of these without their accents.
const VOWELS: &[(char, char)] = &[
    ('\u{1eb7}', 'a'),
    ('\u{1ec7}', 'e'),
    ('\u{1ecb}', 'i'),
    ('\u{1ee3}', 'o'),
    ('\u{1ef1}', 'u'),
    ('\u{1ef9}', 'y'),
];

fn narrow(letter: char) -> char {
    char::from_u32(letter as u32 - 0xfee0).map_or(letter, |narrow| narrow.to_ascii_lowercase())
}

fn shifted(letter: char, by: u32) -> char {
    char::from_u32(letter as u32 + by).unwrap_or(letter)
}

/// How many letters to add, remove, change, or swap with their neighbour make `left` of `right` (optimal string
/// alignment); and the same for the beginning of `right` that is nearest.
pub(super) fn distance(left: &[char], right: &[char]) -> (usize, usize) {
    let width = right.len() + 1;
    let mut before = vec![0; width];
    let mut row: Vec<usize> = (0..width).collect();
    let mut next = vec![0; width];
    for (i, from) in left.iter().enumerate() {
        next[0] = i + 1;
        for (j, to) in right.iter().enumerate() {
            let mut least = (row[j] + usize::from(from != to))
                .min(row[j + 1] + 1)
                .min(next[j] + 1);
            if i > 0 && j > 0 && *from == right[j - 1] && left[i - 1] == *to {
                least = least.min(before[j - 1] + 1);
            }
            next[j + 1] = least;
        }
        std::mem::swap(&mut before, &mut row);
        std::mem::swap(&mut row, &mut next);
    }
    let nearest = row.iter().copied().min().unwrap_or(0);
    (row[right.len()], nearest)
}

/// The candidate nearest to `name`, if it is near enough to have been meant.
fn closest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let name: Vec<char> = letters(name);
    let limit = (name.len() / 3).clamp(1, 3);
    candidates
        .map(|candidate| (distance(&name, &letters(candidate)).0, candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Asks whether the candidate nearest to `name` was meant; empty where none is near.
#[must_use]
pub fn meant(name: &str, candidates: &mut dyn Iterator<Item = &'static str>) -> String {
    closest(name, candidates)
        .map(|meant| [" Did you mean `", meant, "`?"].concat())
        .unwrap_or_default()
}

fn letters(text: &str) -> Vec<char> {
    text.chars().map(|c| c.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::{closest, distance, fold};

    #[test]
    fn folds_case_and_accents() {
        for (text, folded) in [
            ("QuickBooks", "quickbooks"),
            ("Crédit Agricole", "credit agricole"),
            ("Cre\u{301}dit", "credit"),
            ("Žižek Łódź Ørsted Århus", "zizek lodz orsted arhus"),
            ("ÿŸŉŐőŦŧŴŵŷ", "yynoottwwy"),
            ("Straße Œuvre Ægir", "strasse oeuvre aegir"),
            ("1С:БУХГАЛТЕРИЯ Ёлка", "1с:бухгалтерия ёлка"),
            ("ΑΘΗΝΑ", "αθηνα"),
            ("弥生会計", "弥生会計"),
            ("Ｘｅｒｏ　３６５", "xero 365"),
            ("Brașov Constanța", "brasov constanta"),
            ("Ngân hàng Việt Ưu Đỗ Ỹ", "ngan hang viet uu do y"),
        ] {
            assert_eq!(fold(text), folded, "{text}");
        }
    }

    #[test]
    fn counts_slips_and_a_swap_is_one() {
        let far = |left: &str, right: &str| {
            let letters = |text: &str| text.chars().collect::<Vec<_>>();
            distance(&letters(left), &letters(right))
        };
        assert_eq!(far("xero", "xero"), (0, 0));
        assert_eq!(far("xreo", "xero"), (1, 1));
        assert_eq!(far("xro", "xero"), (1, 1));
        assert_eq!(far("quikb", "quickbooks"), (5, 1));
        assert_eq!(far("", "abc"), (3, 0));
        assert_eq!(far("abc", ""), (3, 3));
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
