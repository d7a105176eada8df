//! What an attacker tries with links, windows and copies of addresses.

use anyhow::{Context, Result, ensure};
use railhead_e2e::{Name, Role, Stage, http_client, scenario};
use reqwest::StatusCode;
use url::Url;

#[tokio::test]
async fn makes_no_token_request_for_a_callback_in_another_browser() {
    scenario(async |stage| {
        stage.expect_console_error("Failed to load resource");
        let Undelivered { callback, .. } = undelivered_callback(stage).await?;
        stage.railhead.start_again().await?;

        let other = stage.other_browser().await?;
        other.goto(callback.as_str()).await?;
        other.find(Role::Heading, Name::Any).await?;
        ensure!(
            stage.provider.token_requests().await? == 0,
            "a token request was made"
        );
        other.close().await?;

        let connections = stage
            .management("sandbox")
            .await?
            .connections_of("Harbor Coffee Ltd")
            .await?;
        ensure!(connections.is_empty(), "{connections:?}");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn makes_one_token_request_for_twenty_callbacks_at_once() {
    scenario(async |stage| {
        stage.expect_console_error("Failed to load resource");
        let Undelivered { callback, cookies } = undelivered_callback(stage).await?;
        stage.railhead.start_again().await?;

        let client = http_client()?;
        let calls = (0..20).map(|_| {
            let request = client.get(callback.clone()).header("cookie", &cookies);
            tokio::spawn(async move {
                let answer = request.send().await?;
                let location = answer
                    .headers()
                    .get("location")
                    .map(|value| value.as_bytes().to_vec());
                anyhow::Ok((answer.status(), location))
            })
        });
        let calls: Vec<_> = calls.collect();
        let mut answers = vec![];
        for call in calls {
            answers.push(call.await??);
        }
        ensure!(
            answers
                .iter()
                .all(|answer| answer.0 == StatusCode::SEE_OTHER),
            "{answers:?}"
        );
        ensure!(
            answers.iter().all(|answer| answer.1 == answers[0].1),
            "not the same page for all: {answers:?}"
        );
        ensure!(
            stage.provider.token_requests().await? == 1,
            "asked more than once"
        );

        stage.browser.switch_to_host().await?;
        stage
            .browser
            .find(Role::Heading, Name::Has("is connected"))
            .await?;
        let connections = stage
            .management("sandbox")
            .await?
            .connections_of("Harbor Coffee Ltd")
            .await?;
        ensure!(connections.len() == 1, "{connections:?}");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn makes_no_second_token_request_when_the_callback_is_opened_again() {
    scenario(async |stage| {
        let browser = &stage.browser;
        stage.open_widget("Harbor Coffee Ltd").await?;
        browser.go_to_service("QuickBooks Online").await?;
        browser.connect_as("alice").await?;
        browser.popup_closes().await?;
        let address = format!("{}/v1/callback/", stage.railhead.url());
        let requests = browser.requests().await?;
        let callback = requests
            .iter()
            .find(|request| request.url.starts_with(&address));
        let callback = callback.context("the browser's log has no callback")?;
        browser.goto(&callback.url).await?;
        browser.find(Role::Heading, Name::Any).await?;
        ensure!(
            !browser.address().await?.as_str().contains("code="),
            "the code stays in the address"
        );
        ensure!(
            stage.provider.token_requests().await? == 1,
            "asked more than once"
        );
        let connections = stage
            .management("sandbox")
            .await?
            .connections_of("Harbor Coffee Ltd")
            .await?;
        ensure!(connections.len() == 1, "{connections:?}");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn refuses_a_callback_at_another_services_address() {
    scenario(async |stage| {
        stage.expect_console_error("Failed to load resource");
        let Undelivered { callback, cookies } = undelivered_callback(stage).await?;
        stage.railhead.start_again().await?;
        let mixed_up = callback.as_str().replace("/quickbooks_online?", "/xero?");
        ensure!(mixed_up != callback.as_str(), "{callback}");
        let answer = http_client()?
            .get(mixed_up)
            .header("cookie", &cookies)
            .send()
            .await?;
        ensure!(
            !answer.status().is_success() || answer.status() == StatusCode::SEE_OTHER,
            "{}",
            answer.status()
        );
        ensure!(
            stage.provider.token_requests().await? == 0,
            "a token request was made"
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn sends_nobody_on_from_a_start_page_without_its_opener() {
    scenario(async |stage| {
        let address = format!(
            "{}/v1/connect/start?widgetId={}",
            stage.railhead.url(),
            stage.widget.id
        );
        let browser = &stage.browser;
        browser.goto(&address).await?;
        browser
            .find(Role::Heading, "This window is on its own")
            .await?;
        ensure!(browser.address().await?.as_str() == address, "it went on");
        ensure!(
            browser.client().get_all_cookies().await?.is_empty(),
            "a cookie was set"
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn tells_an_opener_of_another_origin_nothing() {
    scenario(async |stage| {
        let browser = &stage.browser;
        browser.goto(&format!("{}/welcome", stage.host.unregistered_origin())).await?;
        let address = format!("{}/v1/connect/start?widgetId={}", stage.railhead.url(), stage.widget.id);
        let listen = "window.heard = []; addEventListener('message', (event) => window.heard.push(event.data)); \
                      document.querySelector('h1').onclick = () => window.open(arguments[0], 'stolen', 'popup')";
        browser.script(listen, vec![address.clone().into()]).await?;
        browser.click(Role::Heading, "Welcome back").await?;
        browser.switch_to_popup().await?;
        browser.arrives_at(&address).await?;
        browser.becomes("document.readyState === 'complete'").await?;
        browser.switch_to_host().await?;
        // A message of its own shows that everything sent before it has arrived.
        browser.script("postMessage('last', location.origin)", vec![]).await?;
        browser.becomes("window.heard.includes('last')").await?;
        let heard = browser.script("return window.heard", vec![]).await?;
        ensure!(heard == serde_json::json!(["last"]), "{heard}");
        Ok(())
    })
    .await;
}

/// A redirect of the provider that never arrived.
struct Undelivered {
    callback: Url,
    /// The cookies of the browser that started, as a request carries them.
    cookies: String,
}

/// Goes as far as the provider's redirect, with the server killed so that it does not arrive.
async fn undelivered_callback(stage: &mut Stage) -> Result<Undelivered> {
    stage.open_widget("Harbor Coffee Ltd").await?;
    stage.browser.go_to_service("QuickBooks Online").await?;
    stage.browser.sign_in("alice").await?;
    stage.browser.find(Role::Button, "Allow").await?;
    // The provider is on the same host as the server, and cookies know no ports.
    let cookies = stage.browser.client().get_all_cookies().await?;
    let ours = cookies
        .iter()
        .filter(|cookie| cookie.name().starts_with("railhead-"));
    let cookies: Vec<_> = ours
        .map(|cookie| format!("{}={}", cookie.name(), cookie.value()))
        .collect();
    ensure!(cookies.len() == 1, "{} start cookies", cookies.len());
    stage.railhead.kill();
    stage.browser.click(Role::Button, "Allow").await?;
    let callback = format!("{}/v1/callback/", stage.railhead.url());
    let callback = stage.browser.arrives_at(&callback).await?;
    // Chromium would load the failed page again by itself.
    stage.browser.goto("about:blank").await?;
    Ok(Undelivered {
        callback,
        cookies: cookies.join("; "),
    })
}
