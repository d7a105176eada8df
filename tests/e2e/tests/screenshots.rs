//! Pictures of every step, on a desk and on a phone, light and dark, in `target/screenshots`. They are for people to
//! look at; the tests make sure that each step can be reached and fits its window.

use anyhow::{Context, Result, ensure};
use railhead_e2e::{Browser, HostWidget, Lender, Name, Role, Setup, Stage, scenario_with, until};
use serde_json::json;
use std::env;
use std::fs;
use std::path::Path;
use std::time::Duration;

const SIZES: [(&str, u32, u32); 2] = [("desk", 1280, 800), ("phone", 390, 844)];
const SCHEMES: [&str; 2] = ["light", "dark"];
/// Those shown in the documents.
const PUBLISHED: [&str; 3] = ["picker", "consent", "success"];

#[tokio::test]
async fn shows_every_step_on_a_desk_and_on_a_phone_in_light_and_dark() {
    let setup = Setup {
        tapped: true,
        limit: Duration::from_mins(5),
    };
    scenario_with(setup, async |stage| {
        for text in ["/v1/connect/sessions", "unknown_widget", "usiness"] {
            stage.expect_console_error(text);
        }
        for (device, width, height) in SIZES {
            for scheme in SCHEMES {
                let album = Album {
                    stage,
                    device,
                    scheme,
                    size: (width, height),
                };
                album.prepare().await?;
                album
                    .take_the_way_through()
                    .await
                    .with_context(|| format!("{device}, {scheme}"))?;
            }
        }
        Ok(())
    })
    .await;
}

/// The pictures of one device and colour scheme.
struct Album<'a> {
    stage: &'a Stage,
    device: &'static str,
    scheme: &'static str,
    size: (u32, u32),
}

impl Album<'_> {
    const fn browser(&self) -> &Browser {
        &self.stage.browser
    }

    /// Makes the present window the device.
    async fn prepare(&self) -> Result<()> {
        self.browser()
            .set_viewport(self.size.0, self.size.1)
            .await?;
        self.browser()
            .set_media(&[
                ("prefers-color-scheme", self.scheme),
                ("prefers-reduced-motion", "reduce"),
            ])
            .await
    }

    async fn take_the_way_through(&self) -> Result<()> {
        let browser = self.browser();
        self.loading().await?;
        self.open("Harbor Coffee Ltd").await?;
        browser.find(Role::Searchbox, "Search").await?;
        self.take("picker").await?;
        browser.fill(Role::Searchbox, "Search", "quick").await?;
        self.take("search").await?;
        browser
            .fill(Role::Searchbox, "Search", "no such software")
            .await?;
        browser
            .loses(Role::Button, Name::Starts("QuickBooks Online"))
            .await?;
        self.take("search-nothing").await?;
        self.open("Harbor Coffee Ltd").await?;
        browser.choose_service("Sandbox").await?;
        self.take("consent-instant").await?;
        self.open("Harbor Coffee Ltd").await?;
        browser.choose_service("QuickBooks Online").await?;
        self.take("consent").await?;
        self.at_the_service().await?;
        self.blocked().await?;
        self.failures().await?;
        self.choice().await?;
        self.inline().await
    }

    /// The shell, before the session has answered.
    async fn loading(&self) -> Result<()> {
        let server = &self.stage.taps()?.server;
        server.hold("/v1/connect/sessions");
        self.open("Harbor Coffee Ltd").await?;
        self.browser().find(Role::Dialog, Name::Any).await?;
        self.take("loading").await?;
        server.release();
        self.browser().find(Role::Searchbox, "Search").await?;
        Ok(())
    }

    /// Waiting, the pages in the other window, success.
    async fn at_the_service(&self) -> Result<()> {
        let browser = self.browser();
        browser
            .click(Role::Button, "Continue to QuickBooks Online")
            .await?;
        browser.switch_to_popup().await?;
        let popup = browser.client().window().await?;
        self.prepare().await?;
        self.signed_out_page().await?;
        self.take("provider-sign-in").await?;
        browser.switch_to_host().await?;
        browser
            .find(Role::Heading, "Continue in the other window")
            .await?;
        self.take("waiting").await?;
        browser.client().switch_to_window(popup).await?;
        browser.sign_in("alice").await?;
        browser.find(Role::Button, "Allow").await?;
        self.take("provider-consent").await?;
        browser.click(Role::Button, "Allow").await?;
        browser.switch_to_host().await?;
        browser
            .find(Role::Heading, Name::Has("is connected"))
            .await?;
        browser.popup_closes().await?;
        self.take("success").await?;
        self.open("Harbor Coffee Ltd").await?;
        browser.find(Role::Searchbox, "Search").await?;
        self.take("picker-connected").await
    }

    async fn blocked(&self) -> Result<()> {
        let browser = self.browser();
        self.open("Harbor Coffee Ltd").await?;
        browser.script("window.open = () => null", vec![]).await?;
        browser.choose_service("Xero").await?;
        browser.click(Role::Button, "Continue to Xero").await?;
        browser
            .find(Role::Heading, "Your browser blocked the window")
            .await?;
        self.take("blocked").await
    }

    async fn failures(&self) -> Result<()> {
        let browser = self.browser();
        for (user, press, picture) in [
            ("alice", "Deny", "failure-denied"),
            ("erin", "Allow", "failure-service-unavailable"),
            ("nora", "Allow", "failure-no-account"),
        ] {
            self.open("Harbor Coffee Ltd").await?;
            browser.go_to_service("Xero").await?;
            browser.sign_in(user).await?;
            browser.click(Role::Button, press).await?;
            browser.switch_to_host().await?;
            browser.find(Role::Button, "Choose another").await?;
            browser.popup_closes().await?;
            self.take(picture).await?;
        }
        let unknown = HostWidget {
            widget: "wid_nobody".into(),
            ..self.stage.sandbox_widget("Harbor Coffee Ltd", json!({}))
        };
        self.stage.open_page(vec![unknown]).await?;
        browser
            .find(Role::Heading, "This connection page isn’t set up correctly")
            .await?;
        self.take("load-failure").await
    }

    async fn choice(&self) -> Result<()> {
        let browser = self.browser();
        self.open("Quayside Events LLP").await?;
        browser.go_to_service("Xero").await?;
        browser.approve_as("olga").await?;
        browser.find(Role::Heading, "Which company?").await?;
        browser.popup_closes().await?;
        self.take("account-choice").await
    }

    async fn inline(&self) -> Result<()> {
        let inline = HostWidget {
            container: Some("#first".into()),
            ..self.stage.sandbox_widget("Harbor Coffee Ltd", json!({}))
        };
        self.stage.open_page(vec![inline]).await?;
        self.browser().find(Role::Searchbox, "Search").await?;
        self.take("inline").await
    }

    async fn open(&self, business: &str) -> Result<()> {
        self.stage.open_widget(business).await
    }

    /// The provider remembers who signed in; the picture is of its page for somebody new.
    async fn signed_out_page(&self) -> Result<()> {
        let browser = self.browser();
        let signed_in = until("the provider's first page", async || {
            let other = browser.has(Role::Link, "Use another user").await?;
            Ok((other || browser.has(Role::Textbox, "User name").await?).then_some(other))
        })
        .await?;
        if signed_in {
            browser.click(Role::Link, "Use another user").await?;
        }
        browser.find(Role::Textbox, "User name").await?;
        Ok(())
    }

    /// Takes the picture of the present window when it stands still, and checks that nothing sticks out sideways.
    async fn take(&self, step: &str) -> Result<()> {
        let browser = self.browser();
        browser.becomes(SETTLED).await?;
        let wider = browser
            .script(
                "return document.documentElement.scrollWidth - innerWidth",
                vec![],
            )
            .await?;
        ensure!(
            wider.as_i64().is_some_and(|pixels| pixels <= 0),
            "{step} is {wider} px wider than its window"
        );
        let png = browser.client().screenshot().await?;
        let name = format!("{step}-{}-{}.png", self.device, self.scheme);
        let root = &self.stage.parts.root;
        keep(&root.join("target/screenshots").join(&name), &png)?;
        let update = env::var("RAILHEAD_UPDATE_SCREENSHOTS").is_ok_and(|value| value == "1");
        if update && self.device == "desk" && PUBLISHED.contains(&step) {
            keep(
                &root
                    .join("docs/screenshots")
                    .join(format!("{step}-{}.png", self.scheme)),
                &png,
            )?;
        }
        Ok(())
    }
}

/// No animation runs, no image is on its way, in any open shadow root. Endless ones (a skeleton's shimmer) don't count.
const SETTLED: &str = "(() => {
    const roots = [document];
    for (const root of roots) for (const element of root.querySelectorAll('*')) if (element.shadowRoot) roots.push(element.shadowRoot);
    const ends = (animation) => animation.effect?.getComputedTiming().endTime !== Infinity;
    const moving = document.getAnimations().some((animation) => animation.playState === 'running' && ends(animation));
    const seen = (image) => image.checkVisibility() && image.getBoundingClientRect().top < innerHeight;
    const missing = roots.some((root) => [...root.querySelectorAll('img')].some((image) => seen(image) && !image.complete));
    return document.readyState === 'complete' && !moving && !missing;
})()";

fn keep(path: &Path, png: &[u8]) -> Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    Ok(fs::write(path, png)?)
}
