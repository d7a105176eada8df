//! What is refused in a service file, and what the refusal says.

use super::Catalogue;
use std::fs;

/// A good file with a little of everything.
pub(super) const SHOPIFY: &str = r##"
service_name = "shopify"
display_name = "Shopify"
kind = "commerce"
aliases = ["shop"]
rank = 10
icon = "shopify.svg"
color = "#7AB55C"
authorization = "oauth2_code"

[oauth]
authorize_url = "https://{shop}.myshopify.com/admin/oauth/authorize"
token_url = "https://{shop}.myshopify.com/admin/oauth/access_token"
allowed_hosts = ["*.myshopify.com"]
client_auth = "post"
scopes = ["read_orders", "read_products"]
scope_separator = ","
callback_store = ["shop"]
token_params = { expiring = "1" }
refresh = { semantics = "rotate_strict", access_seconds = 3600 }

[account]
from = "callback"
id = "shop"

[[fields]]
name = "shop"
label = "Shop address"
kind = "text"
required = true
pattern = "[a-z0-9][a-z0-9-]*"
suffix = ".myshopify.com"
example = "harbor-coffee"

[facts]
verified = true
unverified = ["oauth.pkce"]
"##;

/// What is replaced in the file above, by what, and how the refusal begins.
const REFUSALS: [(&str, &str, &str); 30] = [
    (
        "\"shopify\"",
        "\"shop\"",
        "`service_name` must be the file's name, `shopify`",
    ),
    ("rank", "rnak", "line 6: unknown field `rnak`"),
    (
        "\"commerce\"",
        "\"shops\"",
        "line 4: unknown variant `shops`",
    ),
    (
        "\"oauth2_code\"",
        "\"sandbox\"",
        "`oauth` is for `authorization = \"oauth2_code\"` only",
    ),
    (
        "shopify.svg",
        "../shopify.svg",
        "`icon` must be the plain name of an .svg file",
    ),
    (
        "shopify.svg",
        "other.svg",
        "`icon` names `other.svg`, which is not in `icons/`",
    ),
    ("#7AB55C", "green", "`color` must look like #2ca01c"),
    (
        "https://{shop}",
        "http://{shop}",
        "`oauth.authorize_url` must begin with https://",
    ),
    (
        "https://{shop}",
        "{shop}",
        "`oauth.authorize_url` must begin with https://",
    ),
    (
        "https://{shop}",
        "https://a@{shop}",
        "`oauth.authorize_url` must have neither a user",
    ),
    (
        "https://{shop}",
        "https://{shop",
        "`oauth.authorize_url` has a brace without its partner",
    ),
    (
        "https://{shop}",
        "https://{other}",
        "`oauth.authorize_url` has the placeholder `other`",
    ),
    (
        "https://{shop}.myshopify",
        "https://{shop}.evil",
        "`oauth.authorize_url` leads to a host",
    ),
    (
        "allowed_hosts = [\"*.myshopify.com\"]",
        "",
        "`oauth.authorize_url` has a placeholder in its",
    ),
    (
        "*.myshopify.com",
        "*.com",
        "`oauth.allowed_hosts` `*.com` is neither a host nor",
    ),
    (
        "*.myshopify.com",
        "https://a.b",
        "`oauth.allowed_hosts` `https://a.b` is neither",
    ),
    (
        "pattern = \"[a-z0-9][a-z0-9-]*\"",
        "",
        "`oauth.authorize_url` has the placeholder `shop`, whose field needs a `pattern`",
    ),
    (
        "required = true",
        "",
        "`oauth.authorize_url` has the placeholder `shop`, whose field may be left empty",
    ),
    (
        "[a-z0-9][a-z0-9-]*",
        "[a-z",
        "`fields.shop.pattern` does not compile",
    ),
    (
        "example = \"harbor-coffee\"",
        "example = \"Harbor!\"",
        "`fields.shop.example` does not look right",
    ),
    (
        "kind = \"text\"",
        "kind = \"select\"",
        "`fields.shop.options` belong to fields of the kind `select`",
    ),
    (
        "name = \"shop\"",
        "name = \"shop-1\"",
        "`fields.shop-1.name` must be",
    ),
    (
        "expiring = \"1\"",
        "client_secret = \"1\"",
        "`oauth.token_params.client_secret` is set by the server",
    ),
    (
        "callback_store = [\"shop\"]",
        "callback_store = [\"code\"]",
        "`oauth.callback_store` must not name `code`",
    ),
    (
        "callback_store = [\"shop\"]",
        "",
        "`account.id` must also be named by `oauth.callback_store`",
    ),
    (
        "from = \"callback\"",
        "from = \"request\"",
        "`account.id` must be a JSON pointer",
    ),
    (
        "read_orders",
        "read orders",
        "`oauth.scopes` must each be visible ASCII",
    ),
    (
        "access_seconds = 3600",
        "access_seconds = 0",
        "`oauth.refresh.access_seconds` must be more than 0",
    ),
    (
        "access_seconds = 3600",
        "grace_seconds = 60",
        "`oauth.refresh.grace_seconds` is for `semantics = \"rotate_grace\"` only",
    ),
    (
        "/authorize\"",
        "/authorize?state=1\"",
        "`oauth.authorize_url` sets `state` in its query",
    ),
];

/// The problem that the file `shopify.toml` has when `from` in it is replaced by `to`.
fn problem(from: &str, to: &str) -> String {
    assert!(SHOPIFY.contains(from), "{from}");
    let directory = tempfile::tempdir().unwrap();
    fs::create_dir(directory.path().join("icons")).unwrap();
    fs::write(directory.path().join("icons/shopify.svg"), "<svg/>").unwrap();
    let file = directory.path().join("shopify.toml");
    fs::write(&file, SHOPIFY.replacen(from, to, 1)).unwrap();
    let snapshot = Catalogue::load(&[directory.path().to_owned()])
        .unwrap()
        .current();
    let [problem] = snapshot.problems() else {
        panic!("not one problem with {to}: {:?}", snapshot.problems());
    };
    assert!(snapshot.get("shopify").is_none() || problem.key.as_deref() == Some("icon"));
    let text = problem.to_string();
    text.rsplit_once("shopify.toml: ").unwrap().1.to_owned()
}

#[test]
fn refusals_name_the_key_and_what_to_do() {
    for (from, to, expected) in REFUSALS {
        let problem = problem(from, to);
        assert!(problem.starts_with(expected), "{to}: {problem}");
    }
}
