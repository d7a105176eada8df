//! Which form of a sentence goes with a number (CLDR plural rules, whole numbers).

/// A form of a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// Nothing.
    Zero,
    /// One.
    One,
    /// Two.
    Two,
    /// A few.
    Few,
    /// Many.
    Many,
    /// What fits every other number; every language has it.
    Other,
}

impl Form {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Zero,
        Self::One,
        Self::Two,
        Self::Few,
        Self::Many,
        Self::Other,
    ];

    /// The end of its key, as `Intl.PluralRules` names it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Zero => "zero",
            Self::One => "one",
            Self::Two => "two",
            Self::Few => "few",
            Self::Many => "many",
            Self::Other => "other",
        }
    }

    #[cfg(any(test, target_arch = "wasm32"))]
    fn named(name: &str) -> Self {
        let named = Self::ALL.into_iter().find(|form| form.name() == name);
        named.unwrap_or(Self::Other)
    }

    /// The form for `count` in a language (BCP 47), as the browser knows it.
    #[cfg(target_arch = "wasm32")]
    #[must_use]
    pub fn of(locale: &str, count: u32) -> Self {
        use wasm_bindgen::JsValue;
        let locales = js_sys::Array::of1(&JsValue::from(locale));
        let rules = js_sys::Intl::PluralRules::new(&locales, &js_sys::Object::new());
        Self::named(&String::from(rules.select(f64::from(count))))
    }

    /// The form for `count` in a language (BCP 47), where there is no browser to ask. A test in browsers keeps the two
    /// equal.
    #[cfg(not(target_arch = "wasm32"))]
    #[must_use]
    pub fn of(locale: &str, count: u32) -> Self {
        Self::by_rule(locale, count)
    }

    /// The form for `count` by the rules of CLDR for the languages that there are packs of.
    #[must_use]
    pub fn by_rule(locale: &str, count: u32) -> Self {
        let millions = count != 0 && count.is_multiple_of(1_000_000);
        match locale.split('-').next().unwrap_or_default() {
            "ja" | "ko" | "zh" => Self::Other,
            "ar" => match (count, count % 100) {
                (0, _) => Self::Zero,
                (1, _) => Self::One,
                (2, _) => Self::Two,
                (_, 3..=10) => Self::Few,
                (_, 11..=99) => Self::Many,
                _ => Self::Other,
            },
            "he" if count == 2 => Self::Two,
            "fr" | "pt" if count == 0 => Self::One,
            _ if count == 1 => Self::One,
            "fr" | "es" | "it" | "pt" if millions => Self::Many,
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Form::{self, Few, Many, One, Other, Two, Zero};

    #[test]
    fn every_form_is_found_by_its_name_and_no_name_is_the_other() {
        for form in Form::ALL {
            assert_eq!(Form::named(form.name()), form);
        }
        assert_eq!(Form::named("several"), Form::Other);
    }

    #[test]
    fn rules_differ_by_language() {
        let forms = |locale, counts: [u32; 5]| counts.map(|count| Form::by_rule(locale, count));
        assert_eq!(
            forms("en-GB", [0, 1, 2, 5, 21]),
            [Other, One, Other, Other, Other]
        );
        assert_eq!(
            forms("fr", [0, 1, 2, 5, 1_000_000]),
            [One, One, Other, Other, Many]
        );
        assert_eq!(forms("ar", [0, 1, 2, 5, 21]), [Zero, One, Two, Few, Many]);
        assert_eq!(
            forms("he", [0, 1, 2, 5, 21]),
            [Other, One, Two, Other, Other]
        );
        assert_eq!(forms("ja", [0, 1, 2, 5, 21]), [Other; 5]);
    }
}
