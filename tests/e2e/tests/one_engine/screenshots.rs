//! Pictures of every step, on a desk and on a phone, light and dark, in `target/screenshots`. They are for people to
//! look at; the tests make sure that each step can be reached and fits its window.

use anyhow::{Context, Result, ensure};
use railhead_e2e::{
    Ability, Browser, HostWidget, Lender, Name, Role, Setup, Stage, scenario_with, until,
};
use serde_json::json;
use std::env;
use std::fs;
use std::path::Path;
use std::time::Duration;

const SIZES: [(&str, u32, u32); 2] = [("desk", 1280, 800), ("phone", 390, 844)];
const SCHEMES: [&str; 2] = ["light", "dark"];

#[tokio::test]
async fn shows_every_step_on_a_desk_and_on_a_phone_in_light_and_dark() {
    let setup = Setup {
        tapped: true,
        limit: Duration::from_mins(5),
        needs: &[Ability::Media],
        ..Setup::default()
    };
    scenario_with(setup, async |stage| {
        for text in ["/v1/connect/sessions", "unknown_widget", "usiness"] {
            stage.expect_console_error(text);
        }
        for (device, width, height) in SIZES {
            for scheme in SCHEMES {
                let camera = Camera {
                    stage,
                    device,
                    scheme,
                    size: (width, height),
                };
                camera.set_up().await?;
                let album = Album(camera);
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

#[tokio::test]
async fn shows_the_documents_pictures_on_the_lenders_site() {
    let setup = Setup {
        needs: &[Ability::Media],
        ..Setup::default()
    };
    scenario_with(setup, async |stage| {
        let lender = Lender::start(stage).await?;
        let browser = &stage.browser;
        for scheme in SCHEMES {
            let camera = Camera {
                stage,
                device: "lender",
                scheme,
                size: (1280, 800),
            };
            camera.set_up().await?;
            browser.goto(lender.site()).await?;
            browser.find(Role::Button, "Connect your software").await?;
            camera.publish("lender").await?;
            browser.click(Role::Button, "Connect your software").await?;
            browser.find(Role::Searchbox, "Search").await?;
            camera.publish("picker").await?;
            browser.choose_service("QuickBooks Online").await?;
            // In the second scheme it is connected, and one sees to it first.
            if scheme != SCHEMES[0] {
                browser
                    .click(Role::Button, Name::Has("Renew access"))
                    .await?;
            }
            camera.publish("consent").await?;
            browser
                .click(Role::Button, "Continue to QuickBooks Online")
                .await?;
            browser.switch_to_popup().await?;
            browser.connect_as("alice").await?;
            browser.popup_closes().await?;
            camera.publish("success").await?;
            // Whoever does not go on sees that again the next time.
            browser.click(Role::Button, "Continue").await?;
            browser
                .arrives_at(&format!("{}/success?", lender.site()))
                .await?;
        }
        Ok(())
    })
    .await;
}

/// Takes pictures of one device and colour scheme.
struct Camera<'a> {
    stage: &'a Stage,
    device: &'static str,
    scheme: &'static str,
    size: (u32, u32),
}

/// The way through the widget in pictures.
struct Album<'a>(Camera<'a>);

impl Camera<'_> {
    /// Makes the present window the device.
    async fn set_up(&self) -> Result<()> {
        let browser = &self.stage.browser;
        browser.set_viewport(self.size.0, self.size.1).await?;
        let media = [
            ("prefers-color-scheme", self.scheme),
            ("prefers-reduced-motion", "reduce"),
        ];
        browser.set_media(&media).await
    }

    /// Takes the picture of the present window when it stands still, and checks that nothing sticks out sideways.
    async fn take(&self, step: &str) -> Result<Vec<u8>> {
        let browser = &self.stage.browser;
        browser.becomes(SETTLED).await?;
        let sideways = "return document.documentElement.scrollWidth - innerWidth";
        let wider = browser.script(sideways, vec![]).await?;
        ensure!(
            wider.as_i64().is_some_and(|pixels| pixels <= 0),
            "{step} is {wider} px wider than its window"
        );
        let png = browser.client().screenshot().await?;
        let name = format!("{step}-{}-{}.png", self.device, self.scheme);
        keep(
            &self
                .stage
                .parts
                .root
                .join("target/screenshots")
                .join(browser.engine().name())
                .join(name),
            &png,
        )?;
        Ok(png)
    }

    /// Takes a picture that the documents show.
    async fn publish(&self, step: &str) -> Result<()> {
        let png = self.take(step).await?;
        let name = format!("{step}-{}.png", self.scheme);
        publish(&self.stage.parts.root, &name, &png)
    }
}

impl Album<'_> {
    const fn browser(&self) -> &Browser {
        &self.0.stage.browser
    }

    /// Takes the picture of a step whose next action is `button`: it must be seen without scrolling.
    async fn take_with_action(&self, step: &str, button: &str) -> Result<()> {
        self.take(step).await?;
        let buttons = self.browser().all(Role::Button, Name::Is(button)).await?;
        let button = buttons
            .first()
            .with_context(|| format!("{step} has no {button}"))?;
        let (_, top, _, height) = button.rectangle().await?;
        ensure!(
            top + height <= f64::from(self.0.size.1),
            "the action of {step} is below the fold"
        );
        Ok(())
    }

    async fn take(&self, step: &str) -> Result<()> {
        self.0.take(step).await?;
        Ok(())
    }

    async fn take_the_way_through(&self) -> Result<()> {
        let browser = self.browser();
        self.loading().await?;
        self.open("Harbor Coffee").await?;
        browser.find(Role::Searchbox, "Search").await?;
        self.take("picker").await?;
        browser.fill(Role::Searchbox, "Search", "quick").await?;
        self.take("search").await?;
        browser
            .fill(Role::Searchbox, "Search", "no such software")
            .await?;
        browser
            .loses(Role::Option, Name::Starts("QuickBooks Online"))
            .await?;
        self.take("search-nothing").await?;
        self.open("Harbor Coffee").await?;
        browser.choose_service("Sandbox").await?;
        self.take_with_action("consent-instant", "Connect Sandbox")
            .await?;
        self.open("Harbor Coffee").await?;
        browser.choose_service("QuickBooks Online").await?;
        self.take_with_action("consent", "Continue to QuickBooks Online")
            .await?;
        self.at_the_service().await?;
        self.blocked().await?;
        self.failures().await?;
        self.choice().await?;
        self.inline().await
    }

    /// The shell, before the session has answered.
    async fn loading(&self) -> Result<()> {
        let server = &self.0.stage.taps()?.server;
        server.hold("/v1/connect/sessions");
        self.open("Harbor Coffee").await?;
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
        self.0.set_up().await?;
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
        self.take_with_action("success", "Done").await?;
        self.open("Harbor Coffee").await?;
        browser.find(Role::Searchbox, "Search").await?;
        self.take("picker-connected").await
    }

    async fn blocked(&self) -> Result<()> {
        let browser = self.browser();
        self.open("Harbor Coffee").await?;
        browser.script("window.open = () => null", vec![]).await?;
        browser.choose_service("Xero").await?;
        browser.click(Role::Button, "Continue to Xero").await?;
        browser
            .find(Role::Heading, "Your browser blocked the window")
            .await?;
        self.take_with_action("blocked", "Open the window").await
    }

    async fn failures(&self) -> Result<()> {
        let browser = self.browser();
        for (user, press, picture) in [
            ("alice", "Deny", "failure-denied"),
            ("erin", "Allow", "failure-service-unavailable"),
            ("nora", "Allow", "failure-no-account"),
        ] {
            self.open("Harbor Coffee").await?;
            browser.go_to_service("Xero").await?;
            browser.sign_in(user).await?;
            browser.click(Role::Button, press).await?;
            browser.switch_to_host().await?;
            browser.find(Role::Button, "Choose another").await?;
            browser.popup_closes().await?;
            self.take_with_action(picture, "Choose another").await?;
        }
        let unknown = HostWidget {
            widget: "wid_nobody".into(),
            ..self.0.stage.sandbox_widget("Harbor Coffee Ltd", json!({}))
        };
        self.0.stage.open_page(vec![unknown]).await?;
        browser
            .find(Role::Heading, "This connection page isn’t set up correctly")
            .await?;
        self.take("load-failure").await
    }

    async fn choice(&self) -> Result<()> {
        let browser = self.browser();
        self.open("Quayside Events").await?;
        browser.go_to_service("Xero").await?;
        browser.approve_as("olga").await?;
        browser.find(Role::Heading, "Which company?").await?;
        browser.popup_closes().await?;
        self.take_with_action("account-choice", "Connect").await
    }

    async fn inline(&self) -> Result<()> {
        let inline = HostWidget {
            container: Some("#first".into()),
            ..self.0.stage.sandbox_widget("Harbor Coffee Ltd", json!({}))
        };
        self.0.stage.open_page(vec![inline]).await?;
        self.browser().find(Role::Searchbox, "Search").await?;
        self.take("inline").await
    }

    /// Opens the widget for a business that has connected nothing in another camera's pictures.
    async fn open(&self, business: &str) -> Result<()> {
        let business = format!("{business} {} {}", self.0.device, self.0.scheme);
        self.0.stage.open_widget(&business).await
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
}

/// No animation runs, no image is on its way, in any open shadow root. Endless ones (a skeleton's shimmer) don't count.
const SETTLED: &str = "(() => {
    const roots = [document];
    for (const root of roots) for (const element of root.querySelectorAll('*')) if (element.shadowRoot) roots.push(element.shadowRoot);
    const ends = (animation) => animation.effect?.getComputedTiming().endTime !== Infinity;
    const moving = roots.some((root) => root.getAnimations().some((animation) => animation.playState === 'running' && ends(animation)));
    const seen = (image) => image.checkVisibility() && image.getBoundingClientRect().top < innerHeight;
    const missing = roots.some((root) => [...root.querySelectorAll('img')].some((image) => seen(image) && !image.complete));
    return document.readyState === 'complete' && !moving && !missing;
})()";

/// Keeps a picture that the documents show, there when they are to be brought up to date.
pub(crate) fn publish(root: &Path, name: &str, png: &[u8]) -> Result<()> {
    keep(&root.join("target/screenshots").join(name), png)?;
    if env::var("RAILHEAD_UPDATE_SCREENSHOTS").is_ok_and(|value| value == "1") {
        keep(&root.join("docs/screenshots").join(name), png)?;
    }
    Ok(())
}

pub(crate) fn keep(path: &Path, png: &[u8]) -> Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    Ok(fs::write(path, png)?)
}
