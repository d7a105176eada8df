//! The fields of a service (a shop's address, a region) and the check of what the end user entered in them.

use railhead_protocol::{Field, FieldKind};
use regex::Regex;
use std::collections::BTreeMap;

/// The most characters a field's value has.
pub const MAX_FIELD_CHARS: usize = 200;

/// A field together with its compiled pattern.
#[derive(Clone, Debug)]
pub struct FieldRule {
    field: Field,
    pattern: Option<Regex>,
}

/// Values that have passed [`super::Service::check_fields`]. To keep them, store [`CheckedFields::as_map`] and
/// check again when reading: the service's file may have changed. `Debug` shows the names only.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct CheckedFields(BTreeMap<String, String>);

/// Why the values of a service's fields are refused. Never holds the value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("field `{field}` {message}")]
pub struct FieldError {
    /// The name of the field.
    pub field: String,
    /// What is wrong with it, to follow the field's name: "is required", "does not look right …".
    pub message: String,
}

impl FieldRule {
    /// A rule for `field`; compiles its pattern.
    pub fn new(field: Field) -> Result<Self, regex::Error> {
        let pattern = field.pattern.as_deref().map(anchored).transpose()?;
        Ok(Self { field, pattern })
    }

    /// The field as the widget shows it.
    #[must_use]
    pub fn field(&self) -> &Field {
        &self.field
    }

    /// Is a value narrowed down enough to stand in a URL? By a pattern or a list of options, and never a secret.
    #[must_use]
    pub fn may_stand_in_url(&self) -> bool {
        match self.field.kind {
            FieldKind::Text => self.pattern.is_some(),
            FieldKind::Select => true,
            FieldKind::Password => false,
        }
    }

    /// Checks one value that was entered.
    pub fn check(&self, value: &str) -> Result<(), FieldError> {
        if value.chars().count() > MAX_FIELD_CHARS {
            return Err(self.refuse(format!("is longer than {MAX_FIELD_CHARS} characters")));
        }
        if value.chars().any(char::is_control) {
            return Err(self.refuse("contains a control character"));
        }
        if self.field.kind == FieldKind::Select && !self.has_option(value) {
            return Err(self.refuse("is none of the options"));
        }
        match &self.pattern {
            Some(pattern) if !pattern.is_match(value) => Err(self.refuse(self.shape())),
            _ => Ok(()),
        }
    }

    /// People paste whole addresses: of one that ends in the field's suffix, such as
    /// `https://harbor-coffee.myshopify.com/admin`, only what stands before the suffix is meant.
    fn bare<'v>(&self, value: &'v str) -> &'v str {
        let Some(suffix) = self.field.suffix.as_deref() else {
            return value;
        };
        let address = value.split_once("://").map_or(value, |(_, rest)| rest);
        let host = address.split(['/', '?', '#']).next().unwrap_or_default();
        host.strip_suffix(suffix).unwrap_or(value)
    }

    fn has_option(&self, value: &str) -> bool {
        self.field
            .options
            .iter()
            .any(|option| option.value == value)
    }

    fn shape(&self) -> String {
        match &self.field.example {
            Some(example) => format!("does not look right; an example is `{example}`"),
            None => "does not look right".to_owned(),
        }
    }

    fn refuse(&self, message: impl Into<String>) -> FieldError {
        FieldError {
            field: self.field.name.clone(),
            message: message.into(),
        }
    }
}

impl CheckedFields {
    /// The value of the field `name`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// All values by name.
    #[must_use]
    pub fn as_map(&self) -> &BTreeMap<String, String> {
        &self.0
    }
}

impl std::fmt::Debug for CheckedFields {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// Compiles `pattern` so that it must match a whole value.
fn anchored(pattern: &str) -> Result<Regex, regex::Error> {
    // By itself first: `a)|(b` is no pattern, but inside the group below it would become one.
    Regex::new(pattern)?;
    Regex::new(&format!(r"\A(?:{pattern})\z"))
}

/// Checks `values` against `rules`; what was left out or left empty takes its default.
pub(super) fn check_fields(
    rules: &[FieldRule],
    values: &BTreeMap<String, String>,
) -> Result<CheckedFields, FieldError> {
    if let Some(unknown) = values
        .keys()
        .find(|name| rules.iter().all(|rule| rule.field.name != **name))
    {
        let field = unknown.chars().take(MAX_FIELD_CHARS).collect();
        return Err(FieldError {
            field,
            message: "is not a field of this service".to_owned(),
        });
    }
    let mut checked = BTreeMap::new();
    for rule in rules {
        let entered = values
            .get(&rule.field.name)
            .map(|value| match rule.field.kind {
                FieldKind::Password => value.as_str(),
                FieldKind::Text | FieldKind::Select => rule.bare(value.trim()),
            });
        let value = entered
            .filter(|value| !value.is_empty())
            .or(rule.field.default.as_deref());
        match value {
            Some(value) => {
                rule.check(value)?;
                checked.insert(rule.field.name.clone(), value.to_owned());
            }
            None if rule.field.required => return Err(rule.refuse("is required")),
            None => {}
        }
    }
    Ok(CheckedFields(checked))
}

#[cfg(test)]
mod tests {
    use super::*;
    use railhead_protocol::FieldOption;

    fn text(name: &str, pattern: &str) -> Field {
        Field {
            name: name.to_owned(),
            label: name.to_owned(),
            kind: FieldKind::Text,
            required: true,
            pattern: Some(pattern.to_owned()),
            suffix: None,
            example: Some("harbor-coffee".to_owned()),
            default: None,
            options: Vec::new(),
        }
    }

    fn select(name: &str, default: Option<&str>) -> Field {
        let option = |value: &str| FieldOption {
            value: value.to_owned(),
            label: value.to_owned(),
        };
        Field {
            kind: FieldKind::Select,
            required: false,
            pattern: None,
            example: None,
            default: default.map(str::to_owned),
            options: vec![option("com"), option("eu")],
            ..text(name, "")
        }
    }

    fn check(fields: &[Field], values: &[(&str, &str)]) -> Result<CheckedFields, FieldError> {
        let rules: Vec<_> = fields
            .iter()
            .cloned()
            .map(|field| FieldRule::new(field).unwrap())
            .collect();
        let values = values
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect();
        check_fields(&rules, &values)
    }

    #[test]
    fn accepts_a_value_and_fills_in_defaults() {
        let fields = [text("shop", "[a-z0-9-]+"), select("region", Some("com"))];
        let checked = check(&fields, &[("shop", "  harbor-coffee "), ("region", "")]).unwrap();
        assert_eq!(checked.get("shop"), Some("harbor-coffee"));
        assert_eq!(checked.get("region"), Some("com"));
    }

    #[test]
    fn a_pasted_address_is_cut_down_to_what_is_asked() {
        let mut shop = text("shop", "[a-z0-9-]+");
        shop.suffix = Some(".myshopify.com".to_owned());
        for pasted in [
            "harbor-coffee",
            "harbor-coffee.myshopify.com",
            " https://harbor-coffee.myshopify.com/admin?x=1 ",
        ] {
            let checked = check(&[shop.clone()], &[("shop", pasted)]).unwrap();
            assert_eq!(checked.get("shop"), Some("harbor-coffee"), "{pasted}");
        }
        for foreign in [
            "https://evil.example/.myshopify.com",
            "a.b.myshopify.com",
            ".myshopify.com",
        ] {
            assert!(
                check(&[shop.clone()], &[("shop", foreign)]).is_err(),
                "{foreign}"
            );
        }
    }

    #[test]
    fn the_pattern_must_match_the_whole_value() {
        let fields = [text("shop", "[a-z]+|[0-9]+")];
        for value in ["evil.example/abc", "abc.evil.example", "abc/1", "a1"] {
            assert_eq!(
                check(&fields, &[("shop", value)]).unwrap_err().field,
                "shop",
                "{value}"
            );
        }
    }

    #[test]
    fn refuses_missing_unknown_long_and_foreign_values() {
        let fields = [text("shop", ".*"), select("region", None)];
        let message = |values: &[(&str, &str)]| check(&fields, values).unwrap_err().to_string();
        assert_eq!(message(&[]), "field `shop` is required");
        assert_eq!(message(&[("shop", " ")]), "field `shop` is required");
        assert_eq!(
            message(&[("shop", "a"), ("host", "b")]),
            "field `host` is not a field of this service"
        );
        assert_eq!(
            message(&[("shop", &"a".repeat(201))]),
            "field `shop` is longer than 200 characters"
        );
        assert_eq!(
            message(&[("shop", "a\0b")]),
            "field `shop` contains a control character"
        );
        assert_eq!(
            message(&[("shop", "a"), ("region", "mars")]),
            "field `region` is none of the options"
        );
    }

    #[test]
    fn a_pattern_cannot_escape_its_anchors() {
        assert!(FieldRule::new(text("shop", "a)|(?:b")).is_err());
    }

    #[test]
    fn debug_shows_names_only() {
        let checked = check(&[text("shop", ".*")], &[("shop", "harbor")]).unwrap();
        assert_eq!(format!("{checked:?}"), r#"{"shop"}"#);
    }
}
