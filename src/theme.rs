//! Design tokens: what a host page may set, and whether it can be read. Colours arrive as the browser has resolved
//! them, so every way of writing a CSS colour is understood.

/// A design token: what a host page, or the widget's settings, may choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// Its name in `options.theme`.
    pub name: &'static str,
    /// The end of its custom properties: `--railhead-…` and `--rh-set-…`.
    pub property: &'static str,
    /// What it takes.
    pub kind: TokenKind,
}

/// What a token takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// Any CSS colour.
    Color,
    /// Any CSS length.
    Length,
    /// A list of fonts, or `inherit`: that of the host page where the widget stands.
    Font,
    /// A shadow.
    Shadow,
    /// `comfortable` or `compact`.
    Density,
}

impl TokenKind {
    /// The CSS property that takes the same values. A density is none of CSS.
    #[must_use]
    pub fn css(self) -> Option<&'static str> {
        match self {
            Self::Color => Some("color"),
            Self::Length => Some("padding-top"),
            Self::Font => Some("font-family"),
            Self::Shadow => Some("box-shadow"),
            Self::Density => None,
        }
    }

    /// What is expected, in words.
    #[must_use]
    pub fn expected(self) -> &'static str {
        match self {
            Self::Color => "a CSS colour such as \"#0f5c4d\"",
            Self::Length => "a CSS length such as \"10px\"",
            Self::Font => "a CSS list of fonts such as \"Inter, sans-serif\"",
            Self::Shadow => "a CSS shadow or \"none\"",
            Self::Density => "\"comfortable\" or \"compact\"",
        }
    }
}

/// A density as the number that sizes are multiplied with.
#[must_use]
pub fn density(name: &str) -> Option<&'static str> {
    match name {
        "comfortable" => Some("1"),
        "compact" => Some("0.75"),
        _ => None,
    }
}

/// All tokens.
pub const TOKENS: &[Token] = &[
    token("primary", "primary", TokenKind::Color),
    token("onPrimary", "on-primary", TokenKind::Color),
    token("accent", "accent", TokenKind::Color),
    token("background", "background", TokenKind::Color),
    token("surface", "surface", TokenKind::Color),
    token("text", "text", TokenKind::Color),
    token("mutedText", "muted-text", TokenKind::Color),
    token("border", "border", TokenKind::Color),
    token("success", "success", TokenKind::Color),
    token("warning", "warning", TokenKind::Color),
    token("danger", "danger", TokenKind::Color),
    token("radius", "radius", TokenKind::Length),
    token("fontFamily", "font-family", TokenKind::Font),
    token("fontSize", "font-size", TokenKind::Length),
    token("spacing", "spacing", TokenKind::Length),
    token("density", "density", TokenKind::Density),
    token("shadow", "shadow", TokenKind::Shadow),
];

const fn token(name: &'static str, property: &'static str, kind: TokenKind) -> Token {
    Token {
        name,
        property,
        kind,
    }
}

/// A colour in sRGB, each part in `0.0..=1.0`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Color {
    red: f64,
    green: f64,
    blue: f64,
}

/// Text on a ground that must be readable.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    /// The derived custom property of the text, or line.
    pub ink: &'static str,
    /// The derived custom property of what is behind it.
    pub ground: &'static str,
    /// The lowest ratio allowed: WCAG 2.2, 1.4.3 for text, 1.4.11 for lines.
    pub least: f64,
    /// What can be done when it is lower.
    pub remedy: Remedy,
}

/// What happens to a pair that can't be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// Use black or white instead, unless the host page chose the ink itself.
    BlackOrWhite,
    /// Move the ink towards the text colour.
    TowardsText,
    /// Only tell the developer.
    Report,
}

/// The pairs that are checked, in this order: what is mended counts for those after it.
pub const PAIRS: &[Pair] = &[
    pair("--rh-on-primary", "--rh-primary", 4.5, Remedy::BlackOrWhite),
    pair("--rh-ring", "--rh-background", 3.0, Remedy::TowardsText),
    pair("--rh-ring", "--rh-surface", 3.0, Remedy::TowardsText),
    pair("--rh-text", "--rh-background", 4.5, Remedy::Report),
    pair("--rh-text", "--rh-surface", 4.5, Remedy::Report),
    pair("--rh-muted", "--rh-background", 4.5, Remedy::Report),
    pair("--rh-muted", "--rh-surface", 4.5, Remedy::Report),
    pair("--rh-success", "--rh-surface", 4.5, Remedy::Report),
    pair("--rh-warning", "--rh-surface", 4.5, Remedy::Report),
    pair("--rh-danger", "--rh-background", 4.5, Remedy::Report),
];

const fn pair(ink: &'static str, ground: &'static str, least: f64, remedy: Remedy) -> Pair {
    Pair {
        ink,
        ground,
        least,
        remedy,
    }
}

impl Color {
    /// White.
    pub const WHITE: Self = Self {
        red: 1.0,
        green: 1.0,
        blue: 1.0,
    };
    /// Black.
    pub const BLACK: Self = Self {
        red: 0.0,
        green: 0.0,
        blue: 0.0,
    };

    /// From parts in `0.0..=1.0`.
    #[must_use]
    pub fn new(red: f64, green: f64, blue: f64) -> Self {
        Self { red, green, blue }
    }

    /// From `#rrggbb`.
    #[must_use]
    pub fn from_hex(hex: &str) -> Option<Self> {
        let digits = hex.strip_prefix('#').filter(|digits| digits.len() == 6)?;
        let value = u32::from_str_radix(digits, 16).ok()?;
        let part = |shift: u32| f64::from((value >> shift) & 0xff) / 255.0;
        Some(Self::new(part(16), part(8), part(0)))
    }

    /// As CSS.
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a float becomes the nearest byte; the cast saturates"
    )]
    pub fn to_css(self) -> String {
        let [red, green, blue] =
            [self.red, self.green, self.blue].map(|part| (part * 255.0 + 0.5) as u8);
        format!("rgb({red} {green} {blue})")
    }

    /// The contrast to another colour, `1.0..=21.0` (WCAG 2.2).
    #[must_use]
    pub fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// Black or white, whichever is read better on this colour.
    #[must_use]
    pub fn black_or_white(self) -> Self {
        if self.contrast(Self::WHITE) >= self.contrast(Self::BLACK) {
            Self::WHITE
        } else {
            Self::BLACK
        }
    }

    /// White, unless it can hardly be seen on this colour: for single large letters, which need less contrast.
    #[must_use]
    pub fn white_or_black(self) -> Self {
        if self.contrast(Self::WHITE) >= 3.0 {
            Self::WHITE
        } else {
            Self::BLACK
        }
    }

    /// The first colour on the way from this one to `towards` that has the contrast `least` to `ground`.
    #[must_use]
    pub fn readable(self, ground: Self, towards: Self, least: f64) -> Self {
        (0..=10)
            .map(|step| self.mix(towards, f64::from(step) / 10.0))
            .find(|mixed| mixed.contrast(ground) >= least)
            .unwrap_or(towards)
    }

    fn mix(self, other: Self, share: f64) -> Self {
        let part = |from: f64, to: f64| from + (to - from) * share;
        Self {
            red: part(self.red, other.red),
            green: part(self.green, other.green),
            blue: part(self.blue, other.blue),
        }
    }

    fn luminance(self) -> f64 {
        let linear = |part: f64| {
            if part <= 0.04045 {
                part / 12.92
            } else {
                power_2_4((part + 0.055) / 1.055)
            }
        };
        0.2126 * linear(self.red) + 0.7152 * linear(self.green) + 0.0722 * linear(self.blue)
    }
}

/// `value` to the power of 2.4, for `0.0..=1.0`: its square times the fifth root of its square. The general `powf`
/// would cost the browser 2 KB.
fn power_2_4(value: f64) -> f64 {
    let square = value * value;
    // Newton's method for the fifth root; from above, it comes closer with every step.
    let mut root = 1.0;
    for _ in 0..40 {
        let fourth = root * root * root * root;
        root -= (fourth * root - square) / (5.0 * fourth);
    }
    square * root
}

#[cfg(test)]
mod tests {
    use super::{Color, PAIRS, TOKENS, TokenKind, power_2_4};

    #[cfg(not(target_arch = "wasm32"))]
    #[test]
    fn the_server_takes_the_tokens_that_the_widget_knows() {
        let names: Vec<_> = TOKENS.iter().map(|token| token.name).collect();
        assert_eq!(names, railhead_protocol::DESIGN_TOKENS);
    }

    /// The two colours of a line of `style/tokens.css` such as `--rh-text: …light-dark(#12161d, #f1f3f6)…`.
    fn defaults(property: &str) -> Option<[Color; 2]> {
        // Tiles lie on the ground of the card in the light, and a little above it in the dark.
        let property = property.replace("surface", "background");
        let css = include_str!("../style/tokens.css");
        let line = css
            .lines()
            .find(|line| line.trim_start().starts_with(&format!("{property}:")))?;
        let (_, both) = line.split_once("light-dark(#")?;
        let (light, dark) = both.split_once(", #")?;
        Some([&light[..6], &dark[..6]].map(|hex| color(&format!("#{hex}"))))
    }

    #[test]
    fn both_palettes_of_our_own_can_be_read() {
        let mut checked = 0;
        for pair in PAIRS {
            let (Some(ink), Some(ground)) = (defaults(pair.ink), defaults(pair.ground)) else {
                continue;
            };
            for scheme in [0, 1] {
                let ratio = ink[scheme].contrast(ground[scheme]);
                assert!(ratio >= pair.least, "{pair:?} {scheme}: {ratio}");
                checked += 1;
            }
        }
        assert_eq!(checked, 16);
    }

    #[test]
    fn every_token_has_a_property_in_the_stylesheet_for_page_and_setting() {
        let css = include_str!("../style/tokens.css");
        for token in TOKENS {
            for layer in ["--railhead", "--rh-set"] {
                let used = format!("var({layer}-{}, ", token.property);
                assert!(css.contains(&used), "{used}");
            }
        }
        let colors = TOKENS.iter().filter(|token| token.kind == TokenKind::Color);
        assert_eq!(colors.count(), 11);
    }

    #[test]
    fn the_power_is_that_of_the_standard_library() {
        for value in [0.001_f64, 0.09, 0.3, 0.5, 0.99, 1.0] {
            assert!((power_2_4(value) - value.powf(2.4)).abs() < 1e-9, "{value}");
        }
    }

    fn color(hex: &str) -> Color {
        Color::from_hex(hex).expect("a colour")
    }

    #[test]
    fn contrast_is_that_of_wcag() {
        assert!((color("#ffffff").contrast(color("#000000")) - 21.0).abs() < 0.01);
        assert!((color("#767676").contrast(color("#ffffff")) - 4.54).abs() < 0.01);
        assert!((color("#1f4bd8").contrast(color("#1f4bd8")) - 1.0).abs() < 0.001);
    }

    #[test]
    fn text_on_a_host_colour_is_always_readable() {
        for hex in [
            "#ffe600", "#0b1f3a", "#ff5a5f", "#1f4bd8", "#00a88f", "#777777",
        ] {
            let ground = color(hex);
            assert!(ground.contrast(ground.black_or_white()) >= 4.5, "{hex}");
        }
    }

    #[test]
    fn a_pale_brand_colour_is_darkened_until_its_ring_is_seen() {
        let (white, text) = (color("#ffffff"), color("#12161d"));
        let ring = color("#ffe600").readable(white, text, 3.0);
        assert!(ring.contrast(white) >= 3.0);
        let strong = color("#1f4bd8");
        assert_eq!(strong.readable(white, text, 3.0), strong);
    }

    #[test]
    fn refuses_what_is_not_a_colour() {
        for text in ["", "#fff", "red", "#gggggg", "1f4bd8", "#1f4bd8ff"] {
            assert_eq!(Color::from_hex(text), None, "{text}");
        }
        assert_eq!(color("#ff0080").to_css(), "rgb(255 0 128)");
    }
}
