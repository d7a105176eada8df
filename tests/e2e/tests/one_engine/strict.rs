//! Host pages with every lock there is: Trusted Types, isolation from other origins, no cookies for anybody else; and names
//! that try to be more than text.

use anyhow::{Result, ensure};
use railhead_e2e::{Browser, HostPage, Name, Role, Stage, scenario};
use serde_json::{Value, json};

/// No inline script or style, nothing evaluated, nothing written as HTML: not a word more than the widget needs.
const LOCKED: &str = "default-src 'none'; script-src 'self' {api} 'wasm-unsafe-eval'; style-src 'self'; img-src {api} data:; \
    connect-src {api}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'; \
    require-trusted-types-for 'script'; trusted-types 'none'";

/// A name that would run a script, were it ever taken for HTML.
const MARKUP: &str = "<img src=x onerror=hacked=1>";
const BOLD: &str = "<b>Ltd</b><script>hacked=2</script>";

#[tokio::test]
async fn walks_every_step_where_trusted_types_are_required_and_nothing_is_unsafe() {
    scenario(async |stage| {
        let browser = &stage.browser;
        let options =
            json!({ "successUrl": stage.host.success_url(), "theme": { "primary": "#0f5c4d" } });
        stage.open_under(LOCKED, options).await?;
        count_violations(browser).await?;
        browser.fill(Role::Searchbox, "Search", "zzz").await?;
        browser.reads("Nothing found").await?;
        browser.fill(Role::Searchbox, "Search", "quick").await?;
        // Denied, tried again, cancelled, and at last allowed with a choice of accounts.
        browser.go_to_service("QuickBooks Online").await?;
        browser.sign_in("alice").await?;
        browser.click(Role::Button, "Deny").await?;
        browser.switch_to_host().await?;
        browser.event("error").await?;
        browser.try_again_at("QuickBooks Online").await?;
        browser.approve_as("olga").await?;
        browser.click(Role::Radio, "Harbor Roastery Ltd").await?;
        browser.click(Role::Button, Name::Starts("Connect")).await?;
        browser
            .find(Role::Heading, Name::Has("is connected"))
            .await?;
        browser.popup_closes().await?;
        let violations = browser.script("return window.violations", vec![]).await?;
        ensure!(violations == json!([]), "{violations}");
        browser.click(Role::Button, "Continue").await?;
        browser
            .arrives_at(&format!("{}?", stage.host.success_url()))
            .await?;
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn loads_everything_on_a_page_that_is_isolated_from_other_origins() {
    scenario(async |stage| {
        let browser = &stage.browser;
        for (isolation, business) in [
            ("shadow", "Harbor Coffee Ltd"),
            ("frame", "Quayside Events LLP"),
        ] {
            let mut page = page(stage, json!({ "isolation": isolation }));
            page.widgets[0].business = Some(business.to_owned());
            page.headers = vec![
                ("cross-origin-opener-policy", "same-origin"),
                ("cross-origin-embedder-policy", "require-corp"),
            ];
            let policy = format!("{LOCKED}; frame-src {{api}}");
            let path = stage
                .host
                .put_as(include_str!("../../pages/host.html"), &page, &policy)?;
            browser
                .goto(&format!("{}{path}", stage.host.origin()))
                .await?;
            browser.becomes("window.crossOriginIsolated").await?;
            if isolation == "frame" {
                browser.enter_widget(None).await?;
            }
            browser.find(Role::Searchbox, "Search").await?;
            // The marks of the services are images of another origin.
            browser
                .becomes(
                    "(() => {
                        const { shadowRoot } = document.querySelector('[data-railhead]');
                        const images = [...shadowRoot.querySelectorAll('img')];
                        return images.some((image) => image.complete && image.naturalWidth > 0);
                    })()",
                )
                .await?;
            browser.choose_service("Sandbox").await?;
            browser.click(Role::Button, "Connect Sandbox").await?;
            browser
                .find(Role::Heading, Name::Has("is connected"))
                .await?;
            browser.switch_to_host().await?;
            browser.event("connect").await?;
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn connects_across_sites_without_a_cookie_of_a_third_party() {
    scenario(async |stage| {
        let browser = &stage.browser;
        // The premise: other sites, and this browser keeps no cookie of the one in the other.
        let (host, api) = (stage.host.origin(), stage.railhead.url());
        ensure!(
            host.contains("127.0.0.1") && api.contains("localhost"),
            "{host} and {api}"
        );
        let framed = format!("{LOCKED}; frame-src {{api}}");
        stage
            .open_under(&framed, json!({ "isolation": "frame" }))
            .await?;
        browser.enter_widget(None).await?;
        let probe = "document.cookie = 'probe=1; SameSite=None; Secure'; return document.cookie";
        ensure!(
            browser.script(probe, vec![]).await? == "",
            "a third party has cookies here"
        );
        stage.open_under(LOCKED, json!({})).await?;
        browser.go_to_service("QuickBooks Online").await?;
        browser.connect_as("alice").await?;
        browser.popup_closes().await?;
        let cookies = "return document.cookie";
        ensure!(
            browser.script(cookies, vec![]).await? == "",
            "the host page was given a cookie"
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn shows_names_as_text_whatever_they_look_like() {
    scenario(async |stage| {
        let browser = &stage.browser;
        let hostile = stage
            .railhead
            .create_widget(railhead_e2e::NewWidget {
                environment: "sandbox",
                company: BOLD,
                origins: &[&stage.host.origin()],
                success_url: None,
            })
            .await?;
        let file = std::fs::read_to_string(stage.parts.root.join("services/xero.toml"))?
            .replace("service_name = \"xero\"", "service_name = \"hostile\"")
            .replace(
                "display_name = \"Xero\"",
                &format!("display_name = \"{MARKUP}\""),
            );
        ensure!(file.contains(MARKUP), "the service's file has another form");
        stage.railhead.add_service("hostile", &file)?;
        for (isolation, business) in [
            ("shadow", "<i onclick=hacked=3>Harbor</i>"),
            ("frame", "<i onclick=hacked=3>Coffee</i>"),
        ] {
            let mut page = page(stage, json!({ "isolation": isolation }));
            page.widgets[0].widget.clone_from(&hostile.id);
            page.widgets[0].business = Some(business.to_owned());
            let policy = LOCKED.replace(
                "require-trusted-types-for 'script'; trusted-types 'none'",
                "frame-src {api}",
            );
            let path = stage
                .host
                .put_as(include_str!("../../pages/host.html"), &page, &policy)?;
            browser
                .goto(&format!("{}{path}", stage.host.origin()))
                .await?;
            let enter = async || {
                if isolation == "frame" {
                    browser.enter_widget(None).await?;
                }
                anyhow::Ok(())
            };
            enter().await?;
            browser.choose_service(MARKUP).await?;
            is_text(browser, MARKUP).await?;
            is_text(browser, BOLD).await?;
            browser
                .click(Role::Button, Name::Starts("Continue to"))
                .await?;
            browser.switch_to_popup().await?;
            browser.approve_as("hugo").await?;
            enter().await?;
            browser.click(Role::Radio, Name::Has("<svg onload")).await?;
            is_text(browser, "<svg onload=hacked=4>").await?;
            browser.click(Role::Button, Name::Starts("Connect")).await?;
            browser
                .find(Role::Heading, Name::Has("is connected"))
                .await?;
            is_text(browser, MARKUP).await?;
            browser.switch_to_host().await?;
            let connect = browser.event("connect").await?;
            ensure!(connect["businessName"] == business, "{connect}");
            browser.popup_closes().await?;
        }
        Ok(())
    })
    .await;
}

/// `text` can be read, and nothing that it spells has become an element or run.
async fn is_text(browser: &Browser, text: &str) -> Result<()> {
    browser.reads(text).await?;
    let foreign = "
        const { shadowRoot } = document.querySelector('[data-railhead]');
        const odd = [...shadowRoot.querySelectorAll('b, i[onclick], script, [onerror], [onload], img[src=x]')];
        return { elements: odd.map((element) => element.outerHTML), ran: window.hacked ?? null };";
    let found = browser.script(foreign, vec![]).await?;
    ensure!(
        found == json!({ "elements": [], "ran": Value::Null }),
        "{found}"
    );
    Ok(())
}

/// Keeps everything that the page's policy refuses from now on.
async fn count_violations(browser: &Browser) -> Result<()> {
    let script = "
        window.violations = [];
        document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) =>
            violations.push([violatedDirective, blockedURI, sample]));";
    browser.script(script, vec![]).await?;
    Ok(())
}

fn page(stage: &Stage, options: Value) -> HostPage {
    HostPage {
        widgets: vec![stage.sandbox_widget("Harbor Coffee Ltd", options)],
        starts_by_itself: true,
        more_policy: "",
        headers: vec![],
    }
}
