//! Host pages whose policy lets the widget not run in themselves: it goes on in a frame of the server's origin, and where
//! frames are refused too, in a window of its own. To the host page it is the same widget.

use anyhow::{Context, Result, ensure};
use railhead_e2e::{Browser, Name, Role, scenario, until};
use serde_json::{Value, json};

/// Nothing runs on this page but its own scripts and the loader.
pub(super) const NO_WASM: &str = "default-src 'none'; script-src 'self' {api}; style-src 'self'; img-src {api} data:; \
    connect-src {api}; frame-src {api}";
/// The loader is allowed by its address, and nothing else of the server's.
const LOADER_ONLY: &str = "default-src 'none'; script-src 'self' {api}/railhead.js 'wasm-unsafe-eval'; \
    style-src 'self'; img-src data:; connect-src {api}; frame-src {api}";
const NO_CALLS: &str = "default-src 'none'; script-src 'self' {api} 'wasm-unsafe-eval'; style-src 'self'; \
    img-src data:; frame-src {api}";
const NO_FRAMES: &str = "default-src 'none'; script-src 'self' {api}; style-src 'self'; img-src data:; connect-src {api}";

/// What browsers themselves say of each refusal.
const REFUSED: &str = "Content Security Policy";
/// How the loader's advice begins.
const ADVICE: &str = "Railhead: this page's Content-Security-Policy";

#[tokio::test]
async fn connects_in_a_frame_like_in_the_page_itself() {
    scenario(async |stage| {
        let browser = &stage.browser;
        let options = json!({
            "isolation": "frame",
            "successUrl": stage.host.success_url(),
            "metadata": { "application": "NW-48213" },
        });
        stage.open_under(NO_WASM, options).await?;
        browser.enter_widget(None).await?;
        // The premise of everything here: in this frame the browser keeps no cookie.
        let cookie = "document.cookie = 'probe=1; SameSite=None; Secure'; return document.cookie";
        ensure!(
            browser.script(cookie, vec![]).await? == "",
            "the frame has cookies"
        );
        browser.go_to_service("QuickBooks Online").await?;
        browser.approve_as("alice").await?;
        let connect = browser.event("connect").await?;
        ensure!(
            connect["metadata"] == json!({ "application": "NW-48213" })
                && connect["businessName"] == "Harbor Coffee Ltd",
            "{connect}"
        );
        browser.enter_widget(None).await?;
        browser
            .find(Role::Heading, Name::Has("is connected"))
            .await?;
        let in_frame = browser
            .script("return location.origin + document.referrer", vec![])
            .await?;
        ensure!(
            in_frame
                .as_str()
                .is_some_and(|text| text.starts_with(stage.railhead.url())),
            "{in_frame}"
        );
        browser.click(Role::Button, "Continue").await?;
        browser.switch_to_host().await?;
        let address = browser
            .arrives_at(&format!("{}?", stage.host.success_url()))
            .await?;
        let query = address.query().unwrap_or_default();
        ensure!(
            query.contains("result=") && query.contains("connectionId="),
            "{query}"
        );
        let seen = browser
            .becomes("JSON.parse(sessionStorage.getItem('seen'))")
            .await?;
        let names: Vec<_> = seen
            .as_array()
            .into_iter()
            .flatten()
            .map(|event| &event["name"])
            .collect();
        ensure!(
            names
                == [
                    "open",
                    "load",
                    "select",
                    "authorization",
                    "connect",
                    "redirect",
                    "exit"
                ],
            "{names:?}"
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn goes_on_in_a_frame_where_the_page_refuses_what_it_needs() {
    scenario(async |stage| {
        stage.expect_console_error(REFUSED);
        let browser = &stage.browser;
        for (policy, fix) in [
            (NO_WASM, "add 'wasm-unsafe-eval' to script-src"),
            (LOADER_ONLY, "to script-src"),
            (NO_CALLS, "to connect-src"),
        ] {
            stage.open_under(policy, json!({})).await?;
            browser.enter_widget(None).await?;
            browser
                .find(Role::Option, Name::Starts("QuickBooks Online"))
                .await?;
            browser.switch_to_host().await?;
            let advice = advice(browser).await?;
            ensure!(
                advice.len() == 1 && advice[0].contains(fix) && advice[0].contains("in a frame of"),
                "under {policy}: {advice:?}"
            );
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn stays_in_the_page_when_told_so_and_says_what_is_missing() {
    scenario(async |stage| {
        for text in [REFUSED, "could not be loaded"] {
            stage.expect_console_error(text);
        }
        let browser = &stage.browser;
        stage
            .open_under(NO_WASM, json!({ "isolation": "shadow" }))
            .await?;
        browser.find(Role::Button, "Try again").await?;
        let error = browser.event("error").await?;
        ensure!(error["code"] == "load_failed", "{error}");
        let advice = advice(browser).await?;
        ensure!(
            advice.len() == 1 && advice[0].contains("it is not shown"),
            "{advice:?}"
        );
        let frames = browser.script("return frames.length", vec![]).await?;
        ensure!(frames == 0, "{frames} frames");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn opens_a_window_of_its_own_where_frames_are_refused_too() {
    scenario(async |stage| {
        stage.expect_console_error(REFUSED);
        let browser = &stage.browser;
        let options = json!({ "successUrl": stage.host.success_url() });
        stage.open_under(NO_FRAMES, options).await?;
        let host = browser.client().window().await?;
        browser.click(Role::Button, "Open the window").await?;
        let window = browser
            .switch_to_window_beside(std::slice::from_ref(&host))
            .await?;
        browser.choose_service("QuickBooks Online").await?;
        browser
            .click(Role::Button, "Continue to QuickBooks Online")
            .await?;
        browser
            .switch_to_window_beside(&[host.clone(), window.clone()])
            .await?;
        browser.approve_as("alice").await?;
        browser.event("connect").await?;
        let advice = advice(browser).await?;
        ensure!(
            advice.len() == 2 && advice[1].contains("to frame-src"),
            "{advice:?}"
        );
        browser.client().switch_to_window(window).await?;
        browser.click(Role::Button, "Continue").await?;
        browser.switch_to_host().await?;
        browser
            .arrives_at(&format!("{}?", stage.host.success_url()))
            .await?;
        browser.popup_closes().await
    })
    .await;
}

#[tokio::test]
async fn obeys_its_handle_in_a_frame() {
    scenario(async |stage| {
        let browser = &stage.browser;
        let handle = async |call: &str| {
            browser
                .script(&format!("window.handles[0].{call}"), vec![])
                .await
        };
        stage
            .open_under(NO_WASM, json!({ "isolation": "frame", "open": false }))
            .await?;
        browser.event("load").await?;
        ensure!(
            !browser.has(Role::Dialog, Name::Any).await?,
            "it opened by itself"
        );
        handle("open()").await?;
        ensure!(locked(browser).await?, "the page behind still scrolls");
        handle("update({ theme: { primary: '#b3125c' }, colorScheme: 'light' })").await?;
        // The card is the host page's; inside, the widget fills all there is.
        browser.enter_widget(None).await?;
        browser.choose_service("QuickBooks Online").await?;
        let fills = "const { left, top, width, height } = document.querySelector('[data-railhead]').shadowRoot.querySelector('dialog').getBoundingClientRect();
            return [left, top, width - innerWidth, height - innerHeight]";
        let fills = browser.script(fills, vec![]).await?;
        ensure!(fills == json!([0, 0, 0, 0]), "{fills}");
        let button = browser
            .find(Role::Button, "Continue to QuickBooks Online")
            .await?;
        let becomes = async |wanted: bool| {
            until("the other colour", async || {
                let colour = button.css_value("background-color").await?;
                Ok((colour.contains("179, 18, 92") == wanted).then_some(()))
            })
            .await
        };
        becomes(true).await?;
        // What is taken back does not stay either.
        browser.switch_to_host().await?;
        handle("update({ theme: {} })").await?;
        browser.enter_widget(None).await?;
        becomes(false).await?;
        button.click().await?;
        browser.switch_to_popup().await?;
        browser.find(Role::Textbox, "User name").await?;
        browser.switch_to_host().await?;
        // Taken away in the middle, it takes its window along.
        let before = "return document.documentElement.outerHTML";
        handle("destroy()").await?;
        browser.popup_closes().await?;
        let html = browser.script(before, vec![]).await?;
        let html = html.as_str().context("no page")?;
        ensure!(
            !html.contains("data-railhead") && !html.contains("<iframe"),
            "{html}"
        );
        ensure!(!locked(browser).await?, "the page does not scroll any more");
        let exits = browser
            .script(
                "return window.seen.filter(({ name }) => name === 'exit')",
                vec![],
            )
            .await?;
        ensure!(
            exits
                .as_array()
                .is_some_and(|exits| exits.len() == 1 && exits[0]["detail"]["reason"] == "closed"),
            "{exits}"
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn closes_and_opens_again_in_a_frame() {
    scenario(async |stage| {
        let browser = &stage.browser;
        stage
            .open_under(NO_WASM, json!({ "isolation": "frame" }))
            .await?;
        for round in 1..=2 {
            browser.enter_widget(None).await?;
            browser
                .find(Role::Heading, Name::Has("Connect your software"))
                .await?;
            browser.type_keys("\u{e00c}").await?;
            browser.switch_to_host().await?;
            browser
                .becomes(&format!(
                    "window.seen.filter(({{ name }}) => name === 'exit').length === {round}"
                ))
                .await?;
            browser.loses(Role::Dialog, Name::Any).await?;
            ensure!(!locked(browser).await?, "the page does not scroll any more");
            browser.script("window.handles[0].open()", vec![]).await?;
            browser
                .becomes(&format!(
                    "window.seen.filter(({{ name }}) => name === 'open').length === {}",
                    round + 1
                ))
                .await?;
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn tells_a_foreign_page_that_opens_or_frames_it_nothing() {
    scenario(async |stage| {
        for text in ["frame-ancestors", "target origin provided", REFUSED] {
            stage.expect_console_error(text);
        }
        let browser = &stage.browser;
        let api = stage.railhead.url();
        let frame = format!("{api}/v1/connect/frame?widgetId={}", stage.widget.id);
        let page = stage.host.put_html(format!(
            "<!doctype html><title>Elsewhere</title><link rel=icon href=data:,><button id=go>Go</button>
             <iframe src=\"{frame}\"></iframe><script>
             window.heard = [];
             window.onmessage = ({{ data }}) => heard.push(data);
             const embed = (to) => {{
                 const {{ port1, port2 }} = new MessageChannel();
                 port1.onmessage = ({{ data }}) => heard.push(data);
                 to.postMessage({{ type: 'railhead:embed', widgetId: '{}', options: {{}}, looks: {{ tokens: {{}} }} }}, '*', [port2]);
             }};
             document.getElementById('go').onclick = () => {{ window.opened = open('{frame}'); }};
             </script>",
            stage.widget.id
        ));
        browser.goto(&format!("{}{page}", stage.host.unregistered_origin())).await?;
        let host = browser.client().window().await?;
        browser.click(Role::Button, "Go").await?;
        browser.switch_to_window_beside(&[host]).await?;
        browser.becomes("document.readyState === 'complete'").await?;
        browser.switch_to_host().await?;
        browser.script("embed(opened); embed(frames[0])", vec![]).await?;
        // A message to itself comes after all that were sent before it.
        browser.script("postMessage('last')", vec![]).await?;
        browser.becomes("heard.includes('last')").await?;
        let window = browser.switch_to_popup().await?;
        browser.becomes("new Promise((done) => setTimeout(() => done(true)))").await?;
        let shown = browser.script("return document.querySelector('[data-railhead]') === null", vec![]).await?;
        ensure!(shown == true, "the window shows the widget to a foreign page");
        browser.client().switch_to_window(window).await?;
        browser.close_popup().await?;
        let heard = browser.script("return heard", vec![]).await?;
        ensure!(heard == json!(["last"]), "{heard}");
        Ok(())
    })
    .await;
}

/// What the loader has advised on the console since it was last asked.
async fn advice(browser: &Browser) -> Result<Vec<String>> {
    let mut said = vec![];
    until("the loader's advice", async || {
        let entries = browser.console().await?;
        said.extend(
            entries
                .into_iter()
                .map(|entry| entry.text)
                .filter(|text| text.contains(ADVICE)),
        );
        Ok((!said.is_empty()).then_some(()))
    })
    .await?;
    Ok(said)
}

/// Does the page behind the dialog keep still?
async fn locked(browser: &Browser) -> Result<bool> {
    let overflow: Value = browser
        .script(
            "return getComputedStyle(document.documentElement).overflowY",
            vec![],
        )
        .await?;
    Ok(overflow == "hidden")
}
