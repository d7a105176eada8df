//! The way from the host page to the connection, and back to the success page.

use anyhow::{Context, ensure};
use railhead_e2e::{Ability, Name, Role, Setup, SignedResult, scenario, scenario_with, until};
use railhead_protocol::ConnectionStatus;
use serde_json::{Value, json};

#[tokio::test]
async fn connects_a_business_and_its_lender_reads_the_books() {
    scenario(async |stage| {
        let browser = &stage.browser;
        stage.open_widget("Harbor Coffee Ltd").await?;
        browser.go_to_service("QuickBooks Online").await?;
        browser.connect_as("alice").await?;
        browser.popup_closes().await?;

        let connect = browser.event("connect").await?;
        ensure!(connect["serviceName"] == "quickbooks_online", "{connect}");
        ensure!(connect["businessName"] == "Harbor Coffee Ltd", "{connect}");
        ensure!(
            connect["account"]["name"] == "Harbor Coffee Ltd",
            "{connect}"
        );

        let lender = stage.management("sandbox").await?;
        let id = connect["connectionId"]
            .as_str()
            .context("no connectionId")?;
        let connection = lender.connection(id).await?;
        ensure!(
            connection.status == ConnectionStatus::Active,
            "{connection:?}"
        );
        ensure!(lender.connections_of("Harbor Coffee Ltd").await? == [connection]);
        let credentials = lender.credentials(id).await?;
        let who = stage
            .provider
            .who_is("quickbooks_online", &credentials.access_token)
            .await?;
        ensure!(who["user"] == "alice", "{who}");
        ensure!(
            stage.provider.token_requests().await? == 1,
            "one code, one token request"
        );

        browser.click(Role::Button, "Done").await?;
        let exit = browser.event("exit").await?;
        ensure!(
            exit == json!({ "reason": "done", "connections": [id] }),
            "{exit}"
        );
        browser.loses(Role::Dialog, Name::Any).await
    })
    .await;
}

#[tokio::test]
async fn tells_the_host_page_each_thing_once_and_in_order() {
    scenario(async |stage| {
        let browser = &stage.browser;
        stage.open_widget("Harbor Coffee Ltd").await?;
        browser.go_to_service("Xero").await?;
        browser.approve_as("alice").await?;
        browser.click(Role::Button, "Done").await?;
        browser.event("exit").await?;
        let names = browser.event_names().await?;
        let last = ["select", "authorization", "connect", "exit"];
        ensure!(
            names.len() == 6 && names.ends_with(&last.map(String::from)),
            "{names:?}"
        );
        ensure!(
            names[..2].contains(&"load".into()) && names[..2].contains(&"open".into()),
            "{names:?}"
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn lands_on_the_success_page_with_a_signed_result() {
    scenario(async |stage| {
        let browser = &stage.browser;
        let options = json!({ "successUrl": stage.host.success_url() });
        stage
            .open_page(vec![stage.sandbox_widget("Harbor Coffee Ltd", options)])
            .await?;
        browser.go_to_service("QuickBooks Online").await?;
        browser.approve_as("alice").await?;
        browser.click(Role::Button, "Continue").await?;
        let address = browser
            .arrives_at(&format!("{}?", stage.host.success_url()))
            .await?;
        browser.find(Role::Heading, "Welcome back").await?;

        let result = SignedResult::verify(&address, &stage.widget.signing_secret)?;
        let id = result.parameter("connectionId")?;
        let business = result.parameter("businessUuid")?;
        let claims = &result.claims;
        ensure!(claims["aud"] == stage.widget.id.as_str(), "{claims}");
        ensure!(claims["businessName"] == "Harbor Coffee Ltd", "{claims}");
        ensure!(claims["businessUuid"] == business, "{claims}");
        let connections = json!([{ "connectionId": id, "serviceName": "quickbooks_online" }]);
        ensure!(claims["connections"] == connections, "{claims}");
        let lifetime = claims["exp"]
            .as_i64()
            .zip(claims["iat"].as_i64())
            .map(|(exp, iat)| exp - iat);
        ensure!(lifetime == Some(600), "{claims}");

        let connection = stage.management("sandbox").await?.connection(id).await?;
        ensure!(connection.business_uuid == business, "{connection:?}");
        let seen = browser
            .script("return JSON.parse(sessionStorage.seen)", vec![])
            .await?;
        let reasons: Vec<&Value> = seen
            .as_array()
            .into_iter()
            .flatten()
            .map(|event| &event["detail"]["reason"])
            .collect();
        ensure!(reasons.last() == Some(&&json!("redirected")), "{seen}");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn connects_the_built_in_service_without_a_window() {
    scenario(async |stage| {
        let browser = &stage.browser;
        stage.open_widget("Harbor Coffee Ltd").await?;
        browser.choose_service("Sandbox").await?;
        browser.click(Role::Button, "Connect Sandbox").await?;
        browser
            .find(Role::Heading, Name::Has("is connected"))
            .await?;
        ensure!(browser.window_count().await? == 1, "a window was opened");
        ensure!(
            stage.provider.token_requests().await? == 0,
            "the provider was asked"
        );
        let connections = stage
            .management("sandbox")
            .await?
            .connections_of("Harbor Coffee Ltd")
            .await?;
        ensure!(
            connections.len() == 1 && connections[0].service_name == "sandbox",
            "{connections:?}"
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn plays_the_use_cases_of_the_built_in_service() {
    scenario(async |stage| {
        let browser = &stage.browser;
        let lender = stage.management("sandbox").await?;
        for (use_case, code) in [
            ("duplicate_connection", "duplicate_account"),
            ("failed_connection", "service_unavailable"),
            ("invalid_credentials", "invalid_credentials"),
        ] {
            stage.open_widget("Harbor Coffee Ltd").await?;
            browser.choose_service("Sandbox").await?;
            let choice = browser.find(Role::Combobox, Name::Any).await?;
            browser.select(&choice, use_case).await?;
            browser.click(Role::Button, "Connect Sandbox").await?;
            let error = browser.event("error").await?;
            ensure!(error["code"] == code, "{use_case}: {error}");
            let connections = lender.connections_of("Harbor Coffee Ltd").await?;
            ensure!(connections.is_empty(), "{use_case}: {connections:?}");
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn lets_the_person_choose_among_several_organisations() {
    scenario(async |stage| {
        let browser = &stage.browser;
        stage.open_widget("Harbor Coffee Ltd").await?;
        browser.go_to_service("Xero").await?;
        browser.approve_as("olga").await?;
        browser.find(Role::Heading, "Which company?").await?;
        ensure!(
            browser.all(Role::Radio, Name::Any).await?.len() == 3,
            "not three to choose from"
        );
        browser
            .click(Role::Radio, Name::Starts("Quayside Events LLP"))
            .await?;
        browser.click(Role::Button, "Connect").await?;
        browser
            .find(Role::Heading, Name::Has("is connected"))
            .await?;
        browser.reads("Quayside Events LLP").await?;
        let connections = stage
            .management("sandbox")
            .await?
            .connections_of("Harbor Coffee Ltd")
            .await?;
        let accounts: Vec<_> = connections
            .iter()
            .filter_map(|connection| connection.account.as_ref())
            .collect();
        ensure!(
            accounts.len() == 1 && accounts[0].name == "Quayside Events LLP",
            "{connections:?}"
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn waits_for_a_slow_service() {
    scenario(async |stage| {
        let browser = &stage.browser;
        stage.open_widget("Harbor Coffee Ltd").await?;
        browser.go_to_service("Xero").await?;
        browser.approve_as("sam").await?;
        browser
            .find(Role::Heading, Name::Has("is connected"))
            .await?;
        ensure!(
            stage.provider.token_requests().await? == 1,
            "asked more than once"
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn finds_services_by_what_people_call_them() {
    scenario(async |stage| {
        let browser = &stage.browser;
        stage.open_widget("Harbor Coffee Ltd").await?;
        browser.find(Role::Option, Name::Starts("Xero")).await?;
        browser.fill(Role::Searchbox, "Search", "qbo").await?;
        browser.loses(Role::Option, Name::Starts("Xero")).await?;
        browser
            .find(Role::Option, Name::Starts("QuickBooks Online"))
            .await?;
        browser
            .fill(Role::Searchbox, "Search", "no such software")
            .await?;
        browser
            .loses(Role::Option, Name::Starts("QuickBooks Online"))
            .await?;
        browser.reads("Northwind Lending").await
    })
    .await;
}

#[tokio::test]
async fn says_who_asks_for_what_before_anything_is_opened() {
    scenario(async |stage| {
        let browser = &stage.browser;
        stage.open_widget("Harbor Coffee Ltd").await?;
        browser.choose_service("QuickBooks Online").await?;
        browser.reads("Northwind Lending").await?;
        browser.reads("administrator or owner").await?;
        ensure!(browser.window_count().await? == 1, "a window was opened");
        browser.click(Role::Button, "Back").await?;
        until("the list again", async || {
            Ok(browser.has(Role::Searchbox, "Search").await?.then_some(()))
        })
        .await
    })
    .await;
}

#[tokio::test]
async fn contacts_nobody_but_railhead_and_the_service() {
    let setup = Setup {
        needs: &[Ability::Requests],
        ..Setup::default()
    };
    scenario_with(setup, async |stage| {
        let browser = &stage.browser;
        stage.open_widget("Harbor Coffee Ltd").await?;
        browser.go_to_service("QuickBooks Online").await?;
        browser.connect_as("alice").await?;
        let ours = [
            stage.host.origin(),
            stage.railhead.url().into(),
            stage.provider.url().into(),
        ];
        let requests = browser.requests().await?;
        let api = |path: &str| {
            let address = format!("{}{path}", stage.railhead.url());
            requests
                .iter()
                .any(|request| request.url.starts_with(&address))
        };
        ensure!(
            api("/railhead.js") && api("/v1/connect/"),
            "the browser's log tells nothing"
        );
        let strangers: Vec<_> = requests
            .iter()
            .filter(|request| request.url.starts_with("http"))
            .filter(|request| !ours.iter().any(|origin| request.url.starts_with(origin)))
            .collect();
        ensure!(strangers.is_empty(), "{strangers:?}");
        Ok(())
    })
    .await;
}
