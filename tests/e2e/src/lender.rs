//! The demo lender: `examples/lender/server.mjs`, a host site with a server of its own.

use crate::{NewWidget, Process, RegisteredWidget, Stage, free_port, http_client, until};
use anyhow::Result;
use std::process::Command;

/// The running lender.
#[derive(Clone, Debug)]
pub struct Lender {
    site: String,
    widget: RegisteredWidget,
}

impl Lender {
    /// Registers a sandbox widget for the lender's site, makes it an API key, and starts it; it runs as
    /// long as the stage stands.
    pub async fn start(stage: &mut Stage) -> Result<Self> {
        let port = free_port()?;
        let site = format!("http://localhost:{port}");
        let widget = stage
            .railhead
            .create_widget(NewWidget {
                environment: "sandbox",
                company: "Northwind Lending",
                origins: &[&site],
                success_url: None,
            })
            .await?;
        let key = stage.railhead.create_key("sandbox").await?;
        let mut command = Command::new("node");
        command
            .arg(stage.parts.root.join("examples/lender/server.mjs"))
            .env("PORT", port.to_string())
            .env("RAILHEAD_URL", stage.railhead.url())
            .env("RAILHEAD_WIDGET_ID", &widget.id)
            .env("RAILHEAD_SIGNING_SECRET", &widget.signing_secret)
            .env("RAILHEAD_API_KEY", &key);
        let mut process = Process::start("lender", &mut command, &stage.folder)?;
        until("the lender's site to answer", async || {
            process.expect_running()?;
            Ok(Some(
                http_client()?.get(&site).send().await?.error_for_status()?,
            ))
        })
        .await?;
        stage.keep_running(process);
        Ok(Self { site, widget })
    }

    /// Its origin.
    #[must_use]
    pub fn site(&self) -> &str {
        &self.site
    }

    /// Its widget.
    #[must_use]
    pub const fn widget(&self) -> &RegisteredWidget {
        &self.widget
    }
}
