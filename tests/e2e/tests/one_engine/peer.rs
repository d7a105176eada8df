//! Against an OAuth 2.0 server that nobody here wrote: npm `oidc-provider`, certified, with PKCE required, `iss`, and
//! refresh tokens that work once.

use anyhow::{Context, Result, ensure};
use fantoccini::Locator;
use railhead_e2e::{
    HostWidget, Name, NewWidget, Peer, PeerSettings, RegisteredWidget, Role, Setup, Stage,
    free_port, http_client, leaked_secrets, scenario_with, until,
};
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::time::Duration;

const SERVICE: &str = "strict_books";
const CLIENT_SECRET: &str = "s3cret+with/odd:characters=";

#[tokio::test]
async fn connects_at_a_certified_server_and_keeps_its_tokens_fresh() {
    scenario_with(patient(true), async |stage| {
        let (peer, widget) = set_up(stage).await?;
        stage.keep_secret("the client's secret", CLIENT_SECRET);
        open(stage, &widget).await?;
        let browser = &stage.browser;
        browser.go_to_service("Strict Books").await?;
        log_in(stage).await?;
        press(stage, "Continue").await?;
        browser.switch_to_host().await?;
        browser
            .find(Role::Heading, Name::Has("is connected"))
            .await?;
        browser.reads("Harbor Coffee Ltd").await?;
        let connect = browser.event("connect").await?;
        let id = connect["connectionId"]
            .as_str()
            .context("no connectionId")?;

        // Its access tokens last seconds: before long a reading has to refresh, with the refresh token of the time before.
        let lender = stage.management("production").await?;
        until("a refresh", async || {
            let credentials = lender.credentials(id).await?;
            let companies = http_client()?
                .get(format!("{}/api/companies", peer.url()))
                .bearer_auth(&credentials.access_token)
                .send()
                .await?;
            ensure!(
                companies.status() == StatusCode::OK,
                "the token opens nothing"
            );
            let issued = peer.issued().await?;
            let grants = issued["issued"].as_array().into_iter().flatten();
            let mut grants = grants.map(|grant| &grant["grantType"]);
            Ok(grants.any(|grant| grant == "refresh_token").then_some(()))
        })
        .await?;
        let issued = peer.issued().await?;
        let grants: Vec<_> = issued["issued"].as_array().into_iter().flatten().collect();
        let refreshed = grants
            .iter()
            .filter(|grant| grant["grantType"] == "refresh_token")
            .count();
        ensure!(
            refreshed >= 1,
            "nothing was refreshed: {refreshed} of {}",
            grants.len()
        );
        ensure!(
            issued["refused"] == json!([]),
            "it refused {}",
            issued["refused"]
        );

        for grant in &grants {
            for token in ["accessToken", "refreshToken"] {
                stage.keep_secret(token, grant[token].as_str().context("no token")?);
            }
        }
        let secrets = stage.all_secrets().await?;
        for answer in stage.taps()?.server.answers() {
            let leaked = leaked_secrets(&format!("{}\n{}", answer.headers, answer.body), &secrets);
            ensure!(
                leaked.is_empty(),
                "{} {} answered {leaked:?}",
                answer.method,
                answer.path
            );
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn understands_that_the_person_cancelled_at_a_certified_server() {
    scenario_with(patient(false), async |stage| {
        let (peer, widget) = set_up(stage).await?;
        open(stage, &widget).await?;
        stage.browser.go_to_service("Strict Books").await?;
        log_in(stage).await?;
        let cancel = stage.browser.find(Role::Link, "[ Cancel ]").await?;
        cancel.click().await?;
        stage.browser.switch_to_host().await?;
        stage
            .browser
            .find(Role::Heading, "You declined access at Strict Books")
            .await?;
        let issued = peer.issued().await?;
        ensure!(issued["issued"] == json!([]), "it issued tokens");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn offers_no_service_without_a_client_in_production() {
    scenario_with(patient(false), async |stage| {
        let widget = production_widget(stage).await?;
        stage
            .railhead
            .set_client("xero", "client-at-xero", "secret-at-xero");
        stage.railhead.start_again().await?;
        open(stage, &widget).await?;
        let browser = &stage.browser;
        browser.find(Role::Option, Name::Starts("Xero")).await?;
        for absent in ["QuickBooks Online", "Sandbox"] {
            ensure!(
                !browser.has(Role::Option, Name::Starts(absent)).await?,
                "{absent} is offered"
            );
        }
        Ok(())
    })
    .await;
}

fn patient(tapped: bool) -> Setup {
    // The first of these tests installs the peer's packages.
    Setup {
        tapped,
        limit: Duration::from_mins(4),
        ..Setup::DESK
    }
}

/// Starts the peer, gives the server its file and its client, and registers a production widget.
async fn set_up(stage: &mut Stage) -> Result<(Peer, RegisteredWidget)> {
    // The peer's pages have no icon.
    stage.expect_console_error("/favicon.ico");
    let port = free_port()?;
    let redirect_uri = format!("{}/v1/callback/default/{SERVICE}", stage.railhead.url());
    let settings = PeerSettings {
        port,
        client_id: "railhead-at-strict-books",
        client_secret: CLIENT_SECRET,
        redirect_uri: &redirect_uri,
        access_token_seconds: 20,
    };
    let peer = Peer::start(stage, &settings).await?;
    let widget = production_widget(stage).await?;
    stage
        .railhead
        .set_client(SERVICE, settings.client_id, settings.client_secret);
    stage.railhead.start_again().await?;
    // The file comes after the start: a new service needs no restart.
    stage
        .railhead
        .add_service(SERVICE, &service_file(peer.url()))?;
    let offered = format!("{SERVICE} in the list");
    until(&offered, async || {
        let answer = http_client()?
            .post(format!(
                "{}/v1/connect/sessions",
                stage.railhead.local_url()
            ))
            .header("origin", stage.host.origin())
            .body(
                json!({ "widgetId": widget.id, "businessName": "Watcher of the list" }).to_string(),
            )
            .send()
            .await?
            .error_for_status()?;
        let session: Value = answer.json().await?;
        let names: Vec<_> = session["services"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|card| &card["serviceName"])
            .collect();
        ensure!(names.iter().any(|name| *name == SERVICE), "{names:?}");
        Ok(Some(()))
    })
    .await?;
    Ok((peer, widget))
}

async fn production_widget(stage: &Stage) -> Result<RegisteredWidget> {
    let origin = stage.host.origin();
    let widget = NewWidget {
        environment: "production",
        company: "Northwind Lending",
        origins: &[&origin],
        success_url: None,
    };
    stage.railhead.create_widget(widget).await
}

async fn open(stage: &Stage, widget: &RegisteredWidget) -> Result<()> {
    let widget = HostWidget {
        widget: widget.id.clone(),
        ..stage.sandbox_widget("Harbor Coffee Ltd", json!({}))
    };
    stage.open_page(vec![widget]).await
}

/// Fills the peer's own login page.
async fn log_in(stage: &Stage) -> Result<()> {
    let client = stage.browser.client();
    for (field, text) in [("login", "alice"), ("password", "correct horse")] {
        let selector = format!("input[name={field}]");
        client
            .wait()
            .at_most(Duration::from_secs(15))
            .for_element(Locator::Css(&selector))
            .await?
            .send_keys(text)
            .await?;
    }
    press(stage, "Sign-in").await?;
    stage.browser.find(Role::Button, "Continue").await?;
    Ok(())
}

async fn press(stage: &Stage, button: &str) -> Result<()> {
    stage.browser.click(Role::Button, button).await
}

fn service_file(peer: &str) -> String {
    format!(
        r##"
service_name = "{SERVICE}"
display_name = "Strict Books"
kind = "accounting"
rank = 1
color = "#204080"
authorization = "oauth2_code"

[oauth]
authorize_url = "{peer}/auth"
token_url = "{peer}/token"
revoke_url = "{peer}/token/revocation"
issuer = "{peer}"
pkce = "s256"
client_auth = "basic"
token_body = "form"
scopes = ["openid", "books", "offline_access"]
scope_separator = " "
authorize_params = {{ prompt = "consent" }}
code_param = "code"
refresh = {{ semantics = "rotate_strict", access_seconds = 20, idle_seconds = 86400 }}

[account]
from = "request"
url = "{peer}/api/companies"
list = "/companies"
id = "/ref"
name = "/title"

[facts]
verified = true
unverified = []
sources = ["tests/e2e/peers/oidc-provider/server.mjs"]
notes = "For the end-to-end tests."
"##
    )
}
