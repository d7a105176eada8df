//! A walk through all steps of the widget, with something to look at in each.

use anyhow::{Context, Result};
use railhead_e2e::{HostWidget, Name, Role, Setup, Stage, scenario_with};
use serde_json::json;
use std::time::Duration;

/// What the walk provokes on the console.
const PROVOKED: [&str; 3] = ["/v1/connect/sessions", "unknown_widget", "500"];

/// Walks through all steps and lets `look` look at each, by its name.
pub(super) async fn at_each_step(needs: Setup, look: impl AsyncFn(&Stage, &str) -> Result<()>) {
    let setup = Setup {
        tapped: true,
        limit: Duration::from_mins(8),
        ..needs
    };
    scenario_with(setup, async |stage| {
        for text in PROVOKED {
            stage.expect_console_error(text);
        }
        let walk = Walk { stage, look };
        walk.first_steps().await?;
        walk.at_the_service().await?;
        walk.several_kinds().await?;
        walk.troubles().await
    })
    .await;
}

struct Walk<'a, L> {
    stage: &'a Stage,
    look: L,
}

impl<L: AsyncFn(&Stage, &str) -> Result<()>> Walk<'_, L> {
    async fn look(&self, step: &str) -> Result<()> {
        self.stage.browser.comes_to_rest().await?;
        (self.look)(self.stage, step)
            .await
            .with_context(|| format!("at the step {step}"))
    }

    /// Loading, the list, what is asked for before anything is opened.
    async fn first_steps(&self) -> Result<()> {
        let (stage, browser) = (self.stage, &self.stage.browser);
        let server = &stage.taps()?.server;
        server.hold("/v1/connect/sessions");
        stage.open_widget("Harbor Coffee Ltd").await?;
        browser.find(Role::Dialog, Name::Any).await?;
        self.look("loading").await?;
        server.release();
        browser.find(Role::Searchbox, "Search").await?;
        self.look("picker").await?;
        browser
            .fill(Role::Searchbox, "Search", "no such software")
            .await?;
        browser.reads("Northwind Lending").await?;
        self.look("picker-nothing-found").await?;
        stage.open_widget("Harbor Coffee Ltd").await?;
        browser.choose_service("Oracle NetSuite").await?;
        self.look("consent-fields").await?;
        browser
            .click(Role::Button, "Continue to Oracle NetSuite")
            .await?;
        browser.reads("Fill in “NetSuite address”").await?;
        self.look("consent-fields-wrong").await?;
        stage.open_widget("Harbor Coffee Ltd").await?;
        browser.choose_service("Xero").await?;
        self.look("consent").await
    }

    /// Waiting, the choice of an account, success.
    async fn at_the_service(&self) -> Result<()> {
        let browser = &self.stage.browser;
        browser.click(Role::Button, "Continue to Xero").await?;
        browser.switch_to_popup().await?;
        let popup = browser.client().window().await?;
        browser.find(Role::Textbox, "User name").await?;
        browser.switch_to_host().await?;
        browser
            .find(Role::Heading, "Continue in the other window")
            .await?;
        self.look("waiting").await?;
        browser.client().switch_to_window(popup).await?;
        browser.approve_as("olga").await?;
        browser.find(Role::Heading, "Which company?").await?;
        browser.popup_closes().await?;
        self.look("account-choice").await?;
        browser.click(Role::Button, "Connect").await?;
        browser.reads("Choose a company to go on.").await?;
        self.look("account-choice-wrong").await?;
        browser
            .click(Role::Radio, Name::Starts("Quayside Events LLP"))
            .await?;
        browser.click(Role::Button, "Connect").await?;
        browser
            .find(Role::Heading, Name::Has("is connected"))
            .await?;
        self.look("success").await?;
        self.stage.open_widget("Harbor Coffee Ltd").await?;
        browser.find(Role::Searchbox, "Search").await?;
        self.look("picker-connected").await
    }

    /// The overview, what is connected and its end, the summary, and what stays on the page when all is done. Xero is connected.
    async fn several_kinds(&self) -> Result<()> {
        let (stage, browser) = (self.stage, &self.stage.browser);
        let lender = stage.management("sandbox").await?;
        let settings = |kinds: &[&str], may: bool| json!({ "kinds": kinds, "mayDisconnect": may });
        let several = settings(&["accounting", "commerce"], true);
        lender.change_widget(&stage.widget.id, &several).await?;
        let inline = HostWidget {
            container: Some("#first".into()),
            ..stage.sandbox_widget("Harbor Coffee Ltd", json!({}))
        };
        stage.open_page(vec![inline]).await?;
        browser.find(Role::Heading, "Connect your business").await?;
        self.look("overview").await?;
        browser.click(Role::Button, "Get started").await?;
        browser.choose_service("Xero").await?;
        browser.reads("Access until").await?;
        self.look("details").await?;
        browser
            .click(
                Role::Button,
                Name::Starts("Disconnect: Quayside Events LLP"),
            )
            .await?;
        browser
            .find(Role::Heading, "Disconnect Quayside Events LLP?")
            .await?;
        self.look("disconnect").await?;
        browser.click(Role::Button, "Keep it connected").await?;
        browser.click(Role::Button, "Back").await?;
        browser.click(Role::Button, "Continue").await?;
        browser.click(Role::Button, "Skip this step").await?;
        browser.find(Role::Heading, "All set").await?;
        self.look("summary").await?;
        browser.click(Role::Button, "Done").await?;
        browser.find(Role::Heading, "You’re done").await?;
        self.look("farewell").await?;
        lender
            .change_widget(&stage.widget.id, &settings(&[], false))
            .await?;
        Ok(())
    }

    /// A blocked window, a refusal, a page that is not set up; and the list in the page instead of in a dialog.
    async fn troubles(&self) -> Result<()> {
        let (stage, browser) = (self.stage, &self.stage.browser);
        stage.open_widget("Harbor Coffee Ltd").await?;
        browser.script("window.open = () => null", vec![]).await?;
        browser.choose_service("QuickBooks Online").await?;
        browser
            .click(Role::Button, "Continue to QuickBooks Online")
            .await?;
        browser
            .find(Role::Heading, "Your browser blocked the window")
            .await?;
        self.look("blocked").await?;
        stage.open_widget("Harbor Coffee Ltd").await?;
        browser.go_to_service("QuickBooks Online").await?;
        browser.sign_in("alice").await?;
        browser.click(Role::Button, "Deny").await?;
        browser.switch_to_host().await?;
        browser
            .find(Role::Heading, "You declined access at QuickBooks Online")
            .await?;
        browser.popup_closes().await?;
        self.look("failure-denied").await?;
        let sandbox = stage.sandbox_widget("Harbor Coffee Ltd", json!({}));
        let unknown = HostWidget {
            widget: "wid_nobody".into(),
            ..sandbox.clone()
        };
        stage.open_page(vec![unknown]).await?;
        browser
            .find(Role::Heading, "This connection page isn’t set up correctly")
            .await?;
        self.look("load-failure").await?;
        let inline = HostWidget {
            container: Some("#first".into()),
            ..sandbox
        };
        stage.open_page(vec![inline]).await?;
        browser.find(Role::Searchbox, "Search").await?;
        self.look("inline").await
    }
}
