//! The widget in a frame of the server's origin, and in a window of its own.

use crate::journey::Found;
use crate::{Browser, HostPage, HostWidget, Stage, until};
use anyhow::Result;
use fantoccini::wd::WindowHandle;
use serde_json::{Value, json};

/// The frame of the widget in the part of the page that is looked at.
const FRAME: &str = "
    const hosts = document.querySelectorAll(`${arguments[0] ?? ''} [data-railhead]`);
    for (const host of hosts) {
        const frame = host.shadowRoot.querySelector('iframe.is-there');
        if (frame) return frame;
    }
    return null;";

impl Browser {
    /// Waits for the frame that the widget runs in, and goes on in it, until the window is switched.
    pub async fn enter_widget(&self, part: Option<&str>) -> Result<()> {
        let frame = until("the widget's frame", async || {
            let found = self.script(FRAME, vec![json!(part)]).await?;
            Ok(serde_json::from_value::<Option<Found>>(found)?)
        })
        .await?;
        Ok(frame.element(self).enter_frame().await?)
    }

    /// Waits for a window beside `known` ones and goes on in it.
    pub async fn switch_to_window_beside(&self, known: &[WindowHandle]) -> Result<WindowHandle> {
        let window = until("another window", async || {
            let windows = self.client().windows().await?;
            Ok(windows.into_iter().find(|window| !known.contains(window)))
        })
        .await?;
        self.client().switch_to_window(window.clone()).await?;
        Ok(window)
    }
}

impl Stage {
    /// Opens a page of the host under `policy`, in which `{api}` is the API's origin, that starts the sandbox widget by itself.
    pub async fn open_under(&self, policy: &str, options: Value) -> Result<()> {
        let widget = self.sandbox_widget("Harbor Coffee Ltd", options);
        self.open_as(
            include_str!("../pages/host.html"),
            policy,
            vec![widget],
            true,
        )
        .await
    }

    /// Opens a page of the host's that is made from `template`.
    pub async fn open_as(
        &self,
        template: &str,
        policy: &str,
        widgets: Vec<HostWidget>,
        starts_by_itself: bool,
    ) -> Result<()> {
        let page = HostPage {
            widgets,
            starts_by_itself,
            more_policy: "",
            headers: vec![],
        };
        let path = self.host.put_as(template, &page, policy)?;
        self.browser
            .goto(&format!("{}{path}", self.host.origin()))
            .await
    }
}
