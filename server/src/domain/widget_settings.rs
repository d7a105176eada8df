//! The settings of a widget: what a workspace may choose, and how its choice is checked.

use super::widget::{Origin, Widget, web_address};
use railhead_protocol::{
    Change, DESIGN_TOKENS, LinkChoice, Links, ServiceChoice, ServiceKind, SessionPolicy,
    WidgetRequest,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// For how many months an authorization is good unless the widget says otherwise.
pub const DEFAULT_VALIDITY: u8 = 12;

/// The longest name, in characters.
const MAX_NAME: usize = 80;
/// The most origins.
const MAX_ORIGINS: usize = 50;
/// The most services in- or excluded.
const MAX_SERVICES: usize = 500;
/// The most messages, and the longest one, in characters.
const MAX_MESSAGES: (usize, usize) = (300, 1000);
/// The longest address, in bytes.
const MAX_ADDRESS: usize = 2000;
/// The longest value of a design token, in bytes.
const MAX_TOKEN: usize = 200;

/// The settings of a widget, beside its company's name and its origins.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// What the workspace calls it.
    pub name: Option<String>,
    /// The company's logo.
    pub logo: Option<String>,
    /// Where the end user goes when done.
    pub success_url: Option<String>,
    /// Where the end user goes when leaving before.
    pub close_url: Option<String>,
    /// Which services are offered.
    pub services: ServiceChoice,
    /// Which kinds of service are offered, in their order; all when empty.
    pub kinds: Vec<ServiceKind>,
    /// The kinds that cannot be passed over.
    pub required_kinds: Vec<ServiceKind>,
    /// May the others be passed over? They may, unless this says otherwise.
    pub skippable: Option<bool>,
    /// Does it begin with an overview? When absent, that follows from the kinds.
    pub overview: Option<bool>,
    /// Design tokens.
    pub theme: BTreeMap<String, String>,
    /// The company's own words.
    pub messages: BTreeMap<String, String>,
    /// Links of the footer.
    pub links: Links,
    /// Who may begin a session.
    pub session_policy: SessionPolicy,
    /// May the end user disconnect?
    pub may_disconnect: bool,
    /// For how many months an authorization is good.
    pub validity_months: Option<u8>,
}

/// A setting that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct BadSetting {
    /// Its field in the request.
    pub field: String,
    /// What it has to be.
    pub why: &'static str,
}

fn bad(field: impl Into<String>, why: &'static str) -> BadSetting {
    let field = field.into();
    BadSetting { field, why }
}

impl Settings {
    /// For how many months an authorization is good.
    #[must_use]
    pub fn validity(&self) -> u8 {
        self.validity_months.unwrap_or(DEFAULT_VALIDITY)
    }
}

/// `widget` with what `request` changes, all of it checked.
pub fn change(widget: Widget, request: WidgetRequest) -> Result<Widget, BadSetting> {
    let kept = widget.settings;
    let company_name = match request.company_name {
        Change::Keep => widget.company_name,
        Change::Reset => company_name("")?,
        Change::Set(text) => company_name(&text)?,
    };
    let origins = match request.origins {
        Change::Keep => widget.origins,
        Change::Reset => Vec::new(),
        Change::Set(texts) => origins(&texts)?,
    };
    let kinds = checked(request.kinds, kept.kinds, |kinds| distinct("kinds", kinds))?;
    let required = checked(request.required_kinds, kept.required_kinds, |kinds| {
        distinct("requiredKinds", kinds)
    })?;
    if let Some(place) = required
        .iter()
        .position(|kind| !kinds.is_empty() && !kinds.contains(kind))
    {
        let why = "A kind that is required has to be one of `kinds`.";
        return Err(bad(format!("requiredKinds[{place}]"), why));
    }
    let settings = Settings {
        name: optional(request.name, kept.name, name)?,
        logo: optional(request.logo, kept.logo, |url| address("logo", url))?,
        success_url: optional(request.success_url, kept.success_url, |url| {
            address("successUrl", url)
        })?,
        close_url: optional(request.close_url, kept.close_url, |url| {
            address("closeUrl", url)
        })?,
        services: checked(request.services, kept.services, services)?,
        kinds,
        required_kinds: required,
        skippable: request.skippable.apply_optional(kept.skippable),
        overview: request.overview.apply_optional(kept.overview),
        theme: checked(request.theme, kept.theme, theme)?,
        messages: checked(request.messages, kept.messages, messages)?,
        links: match request.links {
            Change::Keep => kept.links,
            Change::Reset => Links::default(),
            Change::Set(choice) => links(choice)?,
        },
        session_policy: request.session_policy.apply(kept.session_policy),
        may_disconnect: request.may_disconnect.apply(kept.may_disconnect),
        validity_months: optional(request.validity_months, kept.validity_months, validity)?,
    };
    Ok(Widget {
        company_name,
        origins,
        settings,
        ..widget
    })
}

fn checked<T: Default>(
    change: Change<T>,
    kept: T,
    check: impl FnOnce(T) -> Result<T, BadSetting>,
) -> Result<T, BadSetting> {
    match change {
        Change::Set(value) => check(value),
        change => Ok(change.apply(kept)),
    }
}

fn optional<T>(
    change: Change<T>,
    kept: Option<T>,
    check: impl FnOnce(T) -> Result<T, BadSetting>,
) -> Result<Option<T>, BadSetting> {
    match change {
        Change::Set(value) => check(value).map(Some),
        change => Ok(change.apply_optional(kept)),
    }
}

/// A company's name, checked.
pub fn company_name(text: &str) -> Result<String, BadSetting> {
    let text = text.trim();
    if !text.is_empty() && is_line(text, MAX_NAME) {
        Ok(text.to_owned())
    } else {
        Err(bad(
            "companyName",
            "A company's name has 1 to 80 characters.",
        ))
    }
}

fn name(text: String) -> Result<String, BadSetting> {
    if is_line(&text, MAX_NAME) {
        Ok(text)
    } else {
        Err(bad("name", "A widget's name has at most 80 characters."))
    }
}

fn is_line(text: &str, longest: usize) -> bool {
    text.chars().count() <= longest && !text.chars().any(char::is_control)
}

/// The origins, checked, each once.
fn origins(texts: &[String]) -> Result<Vec<Origin>, BadSetting> {
    if texts.len() > MAX_ORIGINS {
        return Err(bad("origins", "A widget has at most 50 origins."));
    }
    let mut origins = Vec::new();
    for (place, text) in texts.iter().enumerate() {
        let why = "An origin is written like https://app.example.com, without a path.";
        let origin = Origin::parse(text).ok_or_else(|| bad(format!("origins[{place}]"), why))?;
        if !origins.contains(&origin) {
            origins.push(origin);
        }
    }
    Ok(origins)
}

fn address(field: &str, text: String) -> Result<String, BadSetting> {
    if text.len() <= MAX_ADDRESS && web_address(&text).is_some() {
        Ok(text)
    } else {
        Err(bad(field, "This has to be an http or https address."))
    }
}

fn services(choice: ServiceChoice) -> Result<ServiceChoice, BadSetting> {
    for (field, names) in [("include", &choice.include), ("exclude", &choice.exclude)] {
        if names.len() > MAX_SERVICES {
            let why = "At most 500 services can be named.";
            return Err(bad(format!("services.{field}"), why));
        }
    }
    Ok(choice)
}

fn distinct(field: &str, kinds: Vec<ServiceKind>) -> Result<Vec<ServiceKind>, BadSetting> {
    let different: BTreeSet<_> = kinds.iter().collect();
    if different.len() == kinds.len() {
        Ok(kinds)
    } else {
        Err(bad(field, "Each kind can be named once."))
    }
}

fn theme(tokens: BTreeMap<String, String>) -> Result<BTreeMap<String, String>, BadSetting> {
    for (token, value) in &tokens {
        let field = || format!("theme.{}", shown(token));
        if !DESIGN_TOKENS.contains(&token.as_str()) {
            return Err(bad(field(), "There is no design token of this name."));
        }
        if !is_harmless(value) {
            let why =
                "This has to be a CSS value such as #0f5c4d or 10px; addresses are not taken.";
            return Err(bad(field(), why));
        }
    }
    Ok(tokens)
}

/// A CSS value that ends where it ends, and fetches nothing.
fn is_harmless(value: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || " #.,%()'\"-_/+*".contains(c);
    let lower = value.to_ascii_lowercase();
    let fetches = ["url", "image", "src(", "expression", "//", "/*"];
    (1..=MAX_TOKEN).contains(&value.len())
        && value.chars().all(plain)
        && !fetches.iter().any(|word| lower.contains(word))
}

fn messages(messages: BTreeMap<String, String>) -> Result<BTreeMap<String, String>, BadSetting> {
    let (most, longest) = MAX_MESSAGES;
    if messages.len() > most {
        return Err(bad("messages", "At most 300 messages can be given."));
    }
    for (key, text) in &messages {
        let field = || format!("messages.{}", shown(key));
        let plain = |c: char| c.is_ascii_alphanumeric() || "_-.@".contains(c);
        if !(1..=60).contains(&key.len()) || !key.chars().all(plain) {
            return Err(bad(
                field(),
                "The key of a message has 1 to 60 letters, digits, -, _, @ or dots.",
            ));
        }
        if !is_line(text, longest) {
            return Err(bad(
                field(),
                "A message has at most 1000 characters, none of them a control character.",
            ));
        }
    }
    Ok(messages)
}

/// A key as it can stand in an answer.
fn shown(key: &str) -> String {
    key.chars().take(60).collect()
}

fn links(choice: LinkChoice) -> Result<Links, BadSetting> {
    let link = |name: &str, url: Option<String>| {
        url.map(|url| address(&format!("links.{name}"), url))
            .transpose()
    };
    Ok(Links {
        terms: link("terms", choice.terms)?,
        privacy: link("privacy", choice.privacy)?,
        help: link("help", choice.help)?,
    })
}

fn validity(months: u8) -> Result<u8, BadSetting> {
    if (1..=60).contains(&months) {
        Ok(months)
    } else {
        let why = "An authorization is good for 1 to 60 months.";
        Err(bad("validityMonths", why))
    }
}

#[cfg(test)]
mod tests {
    use super::is_harmless;

    #[test]
    fn takes_css_values_that_stay_values() {
        for good in [
            "#0f5c4d",
            "light-dark(#0f5c4d, #74c9b2)",
            "rgb(0 0 0 / 50%)",
            "'Inter', \"Helvetica Neue\", sans-serif",
            "calc(1rem + 2px)",
        ] {
            assert!(is_harmless(good), "{good}");
        }
        for bad in [
            "",
            "red; background: blue",
            "red}",
            "url(https://evil.example/x)",
            "URL(//evil.example)",
            "image-set('x' 1x)",
            "red /* x",
            "\\75rl(x)",
            "red !important",
            "<b>",
            "r\u{e9}d",
        ] {
            assert!(!is_harmless(bad), "{bad}");
        }
    }
}
