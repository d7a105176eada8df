//! The part of a service file's check that concerns `[oauth]` and `[account]`.

use super::fields::{CheckedFields, FieldRule, check_fields};
use super::file::{AccountOrigin, AccountTable, OAuthTable, RefreshTable};
use super::refresh::{RefreshRule, RefreshSemantics};
use super::service::{AccountSource, OAuth};
use super::template::{HostRule, TextTemplate, UrlTemplate};
use super::validate::{Invalid, check_hosts, require};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Parameters of the authorization request that are the server's own business.
const RESERVED_AUTHORIZE: [&str; 6] = [
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "code_challenge",
    "code_challenge_method",
];

/// Parameters of the token request that are the server's own business.
const RESERVED_TOKEN: [&str; 7] = [
    "client_id",
    "client_secret",
    "code",
    "code_verifier",
    "grant_type",
    "redirect_uri",
    "refresh_token",
];

/// Callback parameters that are never kept: they are secrets, or have done their work.
const NEVER_STORED: [&str; 4] = ["code", "state", "access_token", "id_token"];

/// Token answer members that are never kept as extras: the vault has its own place for them.
const NEVER_EXTRA: [&str; 3] = ["access_token", "refresh_token", "id_token"];

/// Checks the OAuth facts of a service that has `fields`.
pub(super) fn check_oauth(
    table: &OAuthTable,
    account: Option<&AccountTable>,
    fields: &[FieldRule],
) -> Result<OAuth, Invalid> {
    let templates = Templates {
        fields,
        hosts: check_hosts(&table.allowed_hosts)?,
    };
    let authorize_url = templates.url("oauth.authorize_url", &table.authorize_url)?;
    check_query(&table.authorize_url, &table.authorize_params)?;
    check_stores(table)?;
    check_scopes(table)?;
    Ok(OAuth {
        token_url: templates.url("oauth.token_url", &table.token_url)?,
        revoke_url: templates.optional_url("oauth.revoke_url", table.revoke_url.as_deref())?,
        issuer: match &table.issuer {
            Some(issuer) => Some(templates.text("oauth.issuer", issuer)?),
            None => None,
        },
        authorize_params: templates.params(
            "oauth.authorize_params",
            &table.authorize_params,
            &RESERVED_AUTHORIZE,
        )?,
        token_params: templates.params(
            "oauth.token_params",
            &table.token_params,
            &RESERVED_TOKEN,
        )?,
        authorize_url,
        pkce: table.pkce,
        client_auth: table.client_auth,
        token_body: table.token_body,
        scopes: table.scopes.clone(),
        scope_separator: table.scope_separator.clone(),
        redirect: table.redirect,
        code_param: table.code_param.clone(),
        callback_proof: table.callback_proof,
        callback_store: table.callback_store.clone(),
        token_store: table.token_store.clone(),
        refresh: check_refresh(&table.refresh)?,
        account: match account {
            Some(account) => Some(check_account(account, table, &templates)?),
            None => None,
        },
    })
}

struct Templates<'a> {
    fields: &'a [FieldRule],
    hosts: Vec<HostRule>,
}

impl Templates<'_> {
    fn url(&self, key: &str, text: &str) -> Result<UrlTemplate, Invalid> {
        let template = UrlTemplate::parse(text, &self.hosts)
            .map_err(|error| Invalid::at(key, error.to_string()))?;
        self.check_placeholders(key, template.placeholders())?;
        for values in self.samples() {
            template
                .expand(&values)
                .map_err(|error| Invalid::at(key, error.to_string()))?;
        }
        Ok(template)
    }

    fn optional_url(&self, key: &str, text: Option<&str>) -> Result<Option<UrlTemplate>, Invalid> {
        text.map(|text| self.url(key, text)).transpose()
    }

    fn text(&self, key: &str, text: &str) -> Result<TextTemplate, Invalid> {
        let template =
            TextTemplate::parse(text).map_err(|error| Invalid::at(key, error.to_string()))?;
        self.check_placeholders(key, template.placeholders())?;
        Ok(template)
    }

    fn params(
        &self,
        key: &str,
        params: &BTreeMap<String, String>,
        reserved: &[&str],
    ) -> Result<BTreeMap<String, TextTemplate>, Invalid> {
        let mut checked = BTreeMap::new();
        for (name, value) in params {
            let key = format!("{key}.{name}");
            require(
                !reserved.contains(&name.as_str()),
                &key,
                "is set by the server itself",
            )?;
            checked.insert(name.clone(), self.text(&key, value)?);
        }
        Ok(checked)
    }

    fn check_placeholders<'n>(
        &self,
        key: &str,
        names: impl Iterator<Item = &'n str>,
    ) -> Result<(), Invalid> {
        for name in names {
            let rule = self.fields.iter().find(|rule| rule.field().name == name);
            let rule = rule.ok_or_else(|| {
                Invalid::at(
                    key,
                    format!("has the placeholder `{name}`, which is no field"),
                )
            })?;
            require(
                rule.may_stand_in_url(),
                key,
                &format!(
                    "has the placeholder `{name}`, whose field needs a `pattern` or `options`"
                ),
            )?;
            let field = rule.field();
            require(
                field.required || field.default.is_some(),
                key,
                &format!("has the placeholder `{name}`, whose field may be left empty"),
            )?;
        }
        Ok(())
    }

    /// Sets of values that the end user could enter, as far as the file tells: examples, defaults, and each
    /// option once. Empty when there is a required field whose values the file doesn't tell.
    fn samples(&self) -> Vec<CheckedFields> {
        let candidates: Vec<(&str, Vec<&String>)> = self
            .fields
            .iter()
            .map(|rule| {
                let field = rule.field();
                let options = field.options.iter().map(|option| &option.value);
                let values = options
                    .chain(&field.default)
                    .chain(&field.example)
                    .collect();
                (field.name.as_str(), values)
            })
            .collect();
        let longest = candidates
            .iter()
            .map(|(_, values)| values.len())
            .max()
            .unwrap_or(0);
        let sample = |index: usize| {
            let values = candidates
                .iter()
                .filter_map(|(name, values)| {
                    let value = values.get(index).or(values.last())?;
                    Some(((*name).to_owned(), (*value).clone()))
                })
                .collect();
            check_fields(self.fields, &values).ok()
        };
        (0..longest).filter_map(sample).collect()
    }
}

/// No parameter may stand both in the address and in `authorize_params`, nor be the server's own business.
fn check_query(url: &str, params: &BTreeMap<String, String>) -> Result<(), Invalid> {
    let query = url.split_once('?').map_or("", |(_, query)| query);
    for (name, _) in url::form_urlencoded::parse(query.as_bytes()) {
        let free = !params.contains_key(&*name) && !RESERVED_AUTHORIZE.contains(&&*name);
        require(
            free,
            "oauth.authorize_url",
            &format!("sets `{name}` in its query a second time"),
        )?;
    }
    Ok(())
}

fn check_stores(table: &OAuthTable) -> Result<(), Invalid> {
    require(
        !table.code_param.is_empty(),
        "oauth.code_param",
        "must not be empty",
    )?;
    require(
        table.code_param != "state",
        "oauth.code_param",
        "must not be `state`",
    )?;
    let lists = [
        (
            "oauth.callback_store",
            &table.callback_store,
            NEVER_STORED.as_slice(),
        ),
        (
            "oauth.token_store",
            &table.token_store,
            NEVER_EXTRA.as_slice(),
        ),
    ];
    for (key, names, never) in lists {
        let unique: BTreeSet<_> = names.iter().collect();
        require(unique.len() == names.len(), key, "names something twice")?;
        let secret = names.iter().find(|name| never.contains(&name.as_str()));
        if let Some(name) = secret {
            return Err(Invalid::at(
                key,
                format!("must not name `{name}`: it is a secret"),
            ));
        }
    }
    let code_kept = table.callback_store.contains(&table.code_param);
    require(
        !code_kept,
        "oauth.callback_store",
        "must not name the code: it is a secret",
    )
}

fn check_scopes(table: &OAuthTable) -> Result<(), Invalid> {
    require(
        !table.scope_separator.is_empty(),
        "oauth.scope_separator",
        "must not be empty",
    )?;
    let well_formed = |scope: &String| {
        !scope.is_empty()
            && !scope.contains(table.scope_separator.as_str())
            && scope.chars().all(|c| c.is_ascii_graphic())
    };
    require(
        table.scopes.iter().all(well_formed),
        "oauth.scopes",
        "must each be visible ASCII characters without the separator",
    )
}

fn check_refresh(table: &RefreshTable) -> Result<RefreshRule, Invalid> {
    let seconds = |key: &str, seconds: Option<u64>| {
        require(seconds != Some(0), key, "must be more than 0")?;
        Ok(seconds.map(Duration::from_secs))
    };
    require(
        table.grace_seconds.is_none() || table.semantics == RefreshSemantics::RotateGrace,
        "oauth.refresh.grace_seconds",
        "is for `semantics = \"rotate_grace\"` only",
    )?;
    Ok(RefreshRule {
        semantics: table.semantics,
        access: seconds("oauth.refresh.access_seconds", table.access_seconds)?,
        idle: seconds("oauth.refresh.idle_seconds", table.idle_seconds)?,
        absolute: seconds("oauth.refresh.absolute_seconds", table.absolute_seconds)?,
        every: seconds("oauth.refresh.every_seconds", table.every_seconds)?,
        grace: seconds("oauth.refresh.grace_seconds", table.grace_seconds)?,
        only_in_last: seconds(
            "oauth.refresh.only_in_last_seconds",
            table.only_in_last_seconds,
        )?,
    })
}

fn check_account(
    account: &AccountTable,
    oauth: &OAuthTable,
    templates: &Templates<'_>,
) -> Result<AccountSource<UrlTemplate>, Invalid> {
    let (id, name) = (account.id.clone(), account.name.clone());
    match account.from {
        AccountOrigin::Request => check_account_request(account, templates),
        AccountOrigin::Callback => {
            check_account_kept(account, "oauth.callback_store", &oauth.callback_store)?;
            Ok(AccountSource::Callback { id, name })
        }
        AccountOrigin::Token => {
            check_account_kept(account, "oauth.token_store", &oauth.token_store)?;
            Ok(AccountSource::Token { id, name })
        }
    }
}

fn check_account_request(
    account: &AccountTable,
    templates: &Templates<'_>,
) -> Result<AccountSource<UrlTemplate>, Invalid> {
    let list = account.list.clone().unwrap_or_default();
    for (key, pointer) in [
        ("account.list", Some(&list)),
        ("account.id", Some(&account.id)),
        ("account.name", account.name.as_ref()),
    ] {
        let well_formed = pointer.is_none_or(|p| p.is_empty() || p.starts_with('/'));
        require(
            well_formed,
            key,
            "must be a JSON pointer: empty, or beginning with /",
        )?;
    }
    let url = account
        .url
        .as_deref()
        .ok_or_else(|| Invalid::at("account.url", "is missing, but `account.from` is `request`"))?;
    Ok(AccountSource::Request {
        url: templates.url("account.url", url)?,
        list,
        id: account.id.clone(),
        name: account.name.clone(),
    })
}

/// An account that the callback or the token answer names can be found only in what is kept of it.
fn check_account_kept(
    account: &AccountTable,
    store_key: &str,
    store: &[String],
) -> Result<(), Invalid> {
    let only_request = "is for `account.from = \"request\"` only";
    require(account.url.is_none(), "account.url", only_request)?;
    require(account.list.is_none(), "account.list", only_request)?;
    for (key, kept) in [
        ("account.id", Some(&account.id)),
        ("account.name", account.name.as_ref()),
    ] {
        let is_kept = kept.is_none_or(|kept| store.contains(kept));
        require(
            is_kept,
            key,
            &format!("must also be named by `{store_key}`"),
        )?;
    }
    Ok(())
}
