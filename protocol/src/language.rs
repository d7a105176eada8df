//! The languages that people are spoken to in, and which of them serves somebody best.

/// A language of the widget and of the server's pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// French.
    French,
    /// French as in Canada.
    FrenchCanada,
    /// Spanish.
    Spanish,
    /// German.
    German,
    /// Portuguese as in Brazil.
    PortugueseBrazil,
    /// Italian.
    Italian,
    /// Dutch.
    Dutch,
    /// Swedish.
    Swedish,
    /// Japanese.
    Japanese,
    /// Chinese in simplified characters.
    ChineseSimplified,
    /// Korean.
    Korean,
    /// Arabic.
    Arabic,
    /// Hebrew.
    Hebrew,
}

impl Language {
    /// All of them, English first.
    pub const ALL: [Self; 14] = [
        Self::English,
        Self::French,
        Self::FrenchCanada,
        Self::Spanish,
        Self::German,
        Self::PortugueseBrazil,
        Self::Italian,
        Self::Dutch,
        Self::Swedish,
        Self::Japanese,
        Self::ChineseSimplified,
        Self::Korean,
        Self::Arabic,
        Self::Hebrew,
    ];

    /// Its BCP 47 tag, which is also the name of its pack and the value of `lang`.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::French => "fr",
            Self::FrenchCanada => "fr-CA",
            Self::Spanish => "es",
            Self::German => "de",
            Self::PortugueseBrazil => "pt-BR",
            Self::Italian => "it",
            Self::Dutch => "nl",
            Self::Swedish => "sv",
            Self::Japanese => "ja",
            Self::ChineseSimplified => "zh-Hans",
            Self::Korean => "ko",
            Self::Arabic => "ar",
            Self::Hebrew => "he",
        }
    }

    /// The way it is written: `ltr` or `rtl`, as in the attribute `dir`.
    #[must_use]
    pub const fn direction(self) -> &'static str {
        match self {
            Self::Arabic | Self::Hebrew => "rtl",
            _ => "ltr",
        }
    }

    /// The one that serves a reader of `tag` (BCP 47) best: `fr` for `fr-BE`, `pt-BR` for `pt`. `None` where none would;
    /// readers of traditional Chinese are not given simplified characters.
    #[must_use]
    pub fn best(tag: &str) -> Option<Self> {
        let mut parts = tag.split(['-', '_']);
        let language = parts.next().unwrap_or_default();
        let language = match language {
            "iw" => "he",
            other => other,
        };
        let has = |wanted: &str| {
            let mut parts = tag.split(['-', '_']).skip(1);
            parts.any(|part| part.eq_ignore_ascii_case(wanted))
        };
        if language.eq_ignore_ascii_case("fr") && has("CA") {
            return Some(Self::FrenchCanada);
        }
        let traditional = ["Hant", "TW", "HK", "MO"].into_iter().any(has) && !has("Hans");
        if language.eq_ignore_ascii_case("zh") && traditional {
            return None;
        }
        Self::ALL.into_iter().find(|known| {
            let own = known.id().split('-').next().unwrap_or_default();
            own.eq_ignore_ascii_case(language)
        })
    }

    /// The one that serves the reader of `header`, an `Accept-Language` (RFC 9110, section 12.5.4), best.
    #[must_use]
    pub fn accepted(header: &str) -> Option<Self> {
        let mut best = (0, None);
        for choice in header.split(',') {
            let mut parts = choice.split(';').map(str::trim);
            let Some(language) = parts.next().and_then(Self::best) else {
                continue;
            };
            let weight = parts.find_map(|part| part.strip_prefix("q="));
            let weight = weight.map_or(Some(1.0), |weight| weight.parse::<f32>().ok());
            let Some(weight) = weight.filter(|weight| (0.0..=1.0).contains(weight)) else {
                continue;
            };
            let thousandths = thousandths(weight);
            if thousandths > best.0 {
                best = (thousandths, Some(language));
            }
        }
        best.1
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the caller has checked that it lies between 0 and 1"
)]
fn thousandths(weight: f32) -> u32 {
    (weight * 1000.0).round() as u32
}

#[cfg(test)]
mod tests {
    use super::Language;

    /// The loader negotiates too (`packages/connect/src/language.ts`) and is tested with the same cases.
    const CASES: &str = include_str!("../tests/languages.txt");

    #[test]
    fn the_best_match_is_found() {
        let cases = CASES.lines().filter(|line| !line.starts_with('#'));
        for case in cases.filter(|line| !line.is_empty()) {
            let (tag, wanted) = case.split_once(" → ").unwrap();
            let found = Language::best(tag).map_or("none", Language::id);
            assert_eq!(found, wanted, "{tag}");
        }
    }

    #[test]
    fn each_is_its_own_best_match() {
        for language in Language::ALL {
            assert_eq!(Language::best(language.id()), Some(language));
        }
    }

    #[test]
    fn a_browsers_list_is_weighed() {
        let accepted = |header| Language::accepted(header).map_or("none", Language::id);
        assert_eq!(accepted("de-AT,de;q=0.9,en;q=0.8"), "de");
        assert_eq!(accepted("pl, en;q=0.5, ja;q=0.7"), "ja");
        assert_eq!(accepted("fr;q=0, sv;q=0.1"), "sv");
        assert_eq!(accepted("pl, cs;q=0.4"), "none");
        assert_eq!(accepted(" , ;q=1, *;q=0.5, fr;q=9"), "none");
        assert_eq!(accepted(""), "none");
    }
}
