//! From the text of a service file to a checked [`Service`]: everything that can be wrong is found here, and
//! named by its key.

use super::fields::FieldRule;
use super::file::{AuthorizationName, FieldTable, ServiceFile};
use super::service::{LaterMethod, Method, Service};
use super::template::HostRule;
use super::validate_oauth::check_oauth;
use railhead_protocol::{Field, FieldKind, FieldOption};

/// What is wrong in a file, and under which key.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Invalid {
    pub(super) key: Option<String>,
    pub(super) message: String,
}

impl Invalid {
    pub(super) fn at(key: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            key: Some(key.into()),
            message: message.into(),
        }
    }
}

/// Fails with `message` under `key` unless `holds`.
pub(super) fn require(holds: bool, key: &str, message: &str) -> Result<(), Invalid> {
    if holds {
        Ok(())
    } else {
        Err(Invalid::at(key, message))
    }
}

/// Reads and checks the file `<stem>.toml`.
pub(super) fn parse_service(stem: &str, text: &str) -> Result<Service, Invalid> {
    let file: ServiceFile = toml::from_str(text).map_err(|error| {
        let line = error
            .span()
            .map_or(1, |span| 1 + text[..span.start].matches('\n').count());
        Invalid {
            key: None,
            message: format!("line {line}: {}", error.message()),
        }
    })?;
    check_names(stem, &file)?;
    let fields = check_field_tables(&file.fields)?;
    let method = check_method(&file, &fields)?;
    Ok(Service {
        service_name: file.service_name,
        display_name: file.display_name,
        kind: file.kind,
        aliases: file.aliases,
        rank: file.rank,
        icon: file.icon,
        color: file.color,
        method,
        fields,
        facts: file.facts,
    })
}

fn check_names(stem: &str, file: &ServiceFile) -> Result<(), Invalid> {
    require(
        file.service_name == stem,
        "service_name",
        &format!("must be the file's name, `{stem}`"),
    )?;
    require(
        is_key(&file.service_name),
        "service_name",
        "must be 2 to 50 characters of a-z, 0-9 and _, beginning with a letter",
    )?;
    require(
        is_label(&file.display_name),
        "display_name",
        "must be 1 to 80 characters without control characters or white space at its ends",
    )?;
    require(
        file.aliases.iter().all(|alias| is_label(alias)),
        "aliases",
        "must each be 1 to 80 characters without white space at the ends",
    )?;
    require(
        file.icon.as_deref().is_none_or(is_icon),
        "icon",
        "must be the plain name of an .svg file, without a path",
    )?;
    require(
        file.color.as_deref().is_none_or(is_color),
        "color",
        "must look like #2ca01c",
    )
}

fn check_method(file: &ServiceFile, fields: &[FieldRule]) -> Result<Method, Invalid> {
    let method = match file.authorization {
        AuthorizationName::OAuth2Code => {
            let table = file.oauth.as_ref().ok_or_else(|| {
                Invalid::at("oauth", "is missing, but `authorization` is `oauth2_code`")
            })?;
            let oauth = check_oauth(table, file.account.as_ref(), fields)?;
            return Ok(Method::OAuth2Code(Box::new(oauth)));
        }
        AuthorizationName::Sandbox => Method::Sandbox,
        AuthorizationName::OAuth2CodeProviderInitiated => {
            Method::Later(LaterMethod::OAuth2CodeProviderInitiated)
        }
        AuthorizationName::OAuth1Tba => Method::Later(LaterMethod::OAuth1Tba),
        AuthorizationName::LinkToken => Method::Later(LaterMethod::LinkToken),
        AuthorizationName::KeyHandoff => Method::Later(LaterMethod::KeyHandoff),
        AuthorizationName::Credentials => Method::Later(LaterMethod::Credentials),
        AuthorizationName::DesktopAgent => Method::Later(LaterMethod::DesktopAgent),
    };
    let without = "is for `authorization = \"oauth2_code\"` only";
    require(file.oauth.is_none(), "oauth", without)?;
    require(file.account.is_none(), "account", without)?;
    Ok(method)
}

fn check_field_tables(tables: &[FieldTable]) -> Result<Vec<FieldRule>, Invalid> {
    let mut rules: Vec<FieldRule> = Vec::with_capacity(tables.len());
    for table in tables {
        let key = format!("fields.{}", table.name);
        require(
            is_field_name(&table.name),
            &format!("{key}.name"),
            "must be 1 to 40 characters of a-z, A-Z, 0-9 and _, beginning with a letter",
        )?;
        require(
            rules.iter().all(|rule| rule.field().name != table.name),
            &format!("{key}.name"),
            "is there twice",
        )?;
        rules.push(check_field(table, &key)?);
    }
    Ok(rules)
}

fn check_field(table: &FieldTable, key: &str) -> Result<FieldRule, Invalid> {
    require(
        is_label(&table.label),
        &format!("{key}.label"),
        "must be 1 to 80 characters",
    )?;
    let is_select = table.kind == FieldKind::Select;
    require(
        table.options.is_empty() != is_select,
        &format!("{key}.options"),
        "belong to fields of the kind `select`, and to each of them",
    )?;
    require(
        table
            .options
            .iter()
            .all(|option| !option.value.is_empty() && is_label(&option.label)),
        &format!("{key}.options"),
        "must each have a value and a label",
    )?;
    let option = |option: &super::file::OptionTable| FieldOption {
        value: option.value.clone(),
        label: option.label.clone(),
    };
    let rule = FieldRule::new(Field {
        name: table.name.clone(),
        label: table.label.clone(),
        kind: table.kind,
        required: table.required,
        pattern: table.pattern.clone(),
        suffix: table.suffix.clone(),
        example: table.example.clone(),
        default: table.default.clone(),
        options: table.options.iter().map(option).collect(),
    })
    .map_err(|error| {
        Invalid::at(
            format!("{key}.pattern"),
            format!("does not compile: {error}"),
        )
    })?;
    for (name, value) in [("default", &table.default), ("example", &table.example)] {
        if let Some(value) = value {
            rule.check(value)
                .map_err(|error| Invalid::at(format!("{key}.{name}"), error.message))?;
        }
    }
    for option in &table.options {
        rule.check(&option.value)
            .map_err(|error| Invalid::at(format!("{key}.options"), error.message))?;
    }
    Ok(rule)
}

/// Reads `oauth.allowed_hosts`.
pub(super) fn check_hosts(hosts: &[String]) -> Result<Vec<HostRule>, Invalid> {
    hosts
        .iter()
        .map(|host| {
            HostRule::parse(host)
                .map_err(|error| Invalid::at("oauth.allowed_hosts", format!("`{host}` {error}")))
        })
        .collect()
}

fn is_key(text: &str) -> bool {
    (2..=50).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

fn is_field_name(text: &str) -> bool {
    (1..=40).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn is_label(text: &str) -> bool {
    (1..=80).contains(&text.chars().count())
        && text.trim() == text
        && !text.chars().any(char::is_control)
}

fn is_icon(name: &str) -> bool {
    name.strip_suffix(".svg").is_some_and(|stem| {
        !stem.is_empty()
            && stem
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
    })
}

fn is_color(text: &str) -> bool {
    text.strip_prefix('#')
        .is_some_and(|hex| hex.len() == 6 && hex.chars().all(|c| c.is_ascii_hexdigit()))
}
