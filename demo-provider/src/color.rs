//! Brand colours, and the shades of them that stay readable (WCAG 2 contrast).

use std::fmt;

/// An sRGB colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Color {
    red: u8,
    green: u8,
    blue: u8,
}

impl Color {
    /// Paper.
    pub(crate) const WHITE: Self = Self::new(255, 255, 255);
    /// Nearly black text.
    pub(crate) const INK: Self = Self::new(0x14, 0x18, 0x21);
    /// The card in a dark scheme.
    pub(crate) const NIGHT: Self = Self::new(0x1a, 0x1e, 0x27);
    /// For services that name no colour.
    pub(crate) const SLATE: Self = Self::new(0x33, 0x55, 0x8b);

    const fn new(red: u8, green: u8, blue: u8) -> Self {
        Self { red, green, blue }
    }

    /// Reads `#rrggbb`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#')?;
        if digits.len() != 6 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        let part = |start: usize| u8::from_str_radix(digits.get(start..start + 2)?, 16).ok();
        Some(Self::new(part(0)?, part(2)?, part(4)?))
    }

    /// Whether it has hardly any hue.
    pub(crate) fn is_grey(self) -> bool {
        let parts = [self.red, self.green, self.blue];
        let spread = parts
            .iter()
            .max()
            .zip(parts.iter().min())
            .map(|(most, least)| most - least);
        spread.is_none_or(|spread| spread < 16)
    }

    fn luminance(self) -> f64 {
        let linear = |value: u8| {
            let share = f64::from(value) / 255.0;
            if share <= 0.040_45 {
                share / 12.92
            } else {
                ((share + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * linear(self.red) + 0.7152 * linear(self.green) + 0.0722 * linear(self.blue)
    }

    /// Contrast ratio, 1 to 21.
    fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    /// White or ink: white where its contrast on this colour is at least `enough`, as brands prefer it.
    pub(crate) fn text_on(self, enough: f64) -> Self {
        let white = self.contrast(Self::WHITE);
        if white >= enough || white >= self.contrast(Self::INK) {
            Self::WHITE
        } else {
            Self::INK
        }
    }

    /// The nearest shade, on the way to `end`, whose contrast on `surface` is at least `enough`.
    pub(crate) fn readable_on(self, surface: Self, end: Self, enough: f64) -> Self {
        let steps = (0..=20_u8).map(|step| self.mixed(end, step * 5));
        let mut readable = steps.filter(|shade| shade.contrast(surface) >= enough);
        readable.next().unwrap_or(end)
    }

    /// This colour with `percent` of another in it.
    fn mixed(self, other: Self, percent: u8) -> Self {
        let mix = |from: u8, to: u8| {
            let share = u16::from(percent.min(100));
            let sum = u16::from(from) * (100 - share) + u16::from(to) * share;
            u8::try_from(sum / 100).unwrap_or(u8::MAX)
        };
        Self::new(
            mix(self.red, other.red),
            mix(self.green, other.green),
            mix(self.blue, other.blue),
        )
    }
}

impl fmt::Display for Color {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "#{:02x}{:02x}{:02x}",
            self.red, self.green, self.blue
        )
    }
}

#[cfg(test)]
mod tests {
    use super::Color;

    #[test]
    fn reads_six_hex_digits_and_nothing_else() {
        assert_eq!(
            Color::parse("#2CA01C")
                .map(|color| color.to_string())
                .as_deref(),
            Some("#2ca01c")
        );
        for text in ["2CA01C", "#fff", "#2CA01CFF", "#+1+1+1", "#äää", "red;}"] {
            assert_eq!(Color::parse(text), None, "{text}");
        }
    }

    #[test]
    fn finds_a_readable_shade_of_any_colour_on_both_cards() {
        for text in [
            "#000000", "#ffffff", "#ffe01b", "#2ca01c", "#13b5ea", "#7f7f7f",
        ] {
            let color = Color::parse(text).unwrap();
            for (surface, end) in [(Color::WHITE, Color::INK), (Color::NIGHT, Color::WHITE)] {
                let shade = color.readable_on(surface, end, 4.5);
                assert!(shade.contrast(surface) >= 4.5, "{text}");
                assert!(
                    shade.contrast(shade.text_on(4.5)) >= 4.5,
                    "{text} as a button"
                );
            }
        }
    }
}
