//! What a browser is made to be (size, colour scheme, finger), and what it tells of its console and requests: the
//! parts of a session that each engine has its own way for.

use crate::engine::{
    NARROWEST, console_entries, device_script, log_entries, media_features, media_script,
};
use crate::{Browser, ConsoleEntry, Device, Engine, NetworkRequest, until};
use anyhow::{Context, Result, bail, ensure};
use fantoccini::Locator;
use http::Method;
use serde_json::{Value, json};
use std::sync::PoisonError;

/// A page with one button, which opens a window without a toolbar.
const OPENER: &str = "data:text/html,<button onclick=\"open('about:blank','','popup,width=390,height=844')\">Open</button>";
/// Takes what a host page has written down of its console (`pages/watch.js`).
const WATCHED: &str = "try { const said = sessionStorage.getItem('said'); sessionStorage.removeItem('said'); \
                       return JSON.parse(said ?? '[]') } catch { return [] }";

impl Browser {
    /// What the console has said since it was last asked: in all windows, or, where the driver does not tell, on the
    /// host's pages in the present window.
    pub async fn console(&self) -> Result<Vec<ConsoleEntry>> {
        match self.engine() {
            Engine::Chromium => Ok(log_entries(&self.log("browser").await?)),
            Engine::Firefox => {
                let log = self.driver.log_text();
                let mut read = self.log_read.lock().unwrap_or_else(PoisonError::into_inner);
                // A line that is still being written is read with the next ones.
                let end = log.rfind('\n').map_or(*read, |at| at + 1);
                let entries = console_entries(log.get(*read..end).unwrap_or_default());
                *read = end;
                Ok(entries)
            }
            Engine::WebKit => {
                let said = self.script(WATCHED, vec![]).await?;
                Ok(log_entries(said.as_array().map_or(&[], Vec::as_slice)))
            }
        }
    }

    /// The requests the browser has made since it was last asked, in all windows.
    pub async fn requests(&self) -> Result<Vec<NetworkRequest>> {
        let entries = self.log("performance").await?;
        Ok(entries
            .iter()
            .filter_map(|entry| NetworkRequest::from_log(&entry["message"]))
            .collect())
    }

    async fn log(&self, kind: &str) -> Result<Vec<Value>> {
        let entries = self
            .command(Method::POST, "se/log", Some(json!({ "type": kind })))
            .await?;
        Ok(entries.as_array().cloned().unwrap_or_default())
    }

    /// Makes the present window what the person holds; a desk's is as it should be.
    pub(crate) async fn take_shape(&self) -> Result<()> {
        let (width, height) = self.device().size();
        match (self.engine(), self.device()) {
            // The session itself was started as this device.
            (Engine::Chromium, _) | (Engine::Firefox | Engine::WebKit, Device::Desk) => Ok(()),
            (Engine::Firefox | Engine::WebKit, Device::Phone) => {
                self.set_viewport(width, height).await
            }
        }
    }

    /// The size of the page in the present window, in CSS pixels.
    pub async fn set_viewport(&self, width: u32, height: u32) -> Result<()> {
        match self.engine() {
            Engine::Chromium => {
                let metrics = json!({
                    "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false,
                });
                self.devtools("Emulation.setDeviceMetricsOverride", metrics)
                    .await?;
                Ok(())
            }
            Engine::Firefox => {
                let (script, arguments) = device_script(width, height, self.device());
                self.browser_script(&script, arguments).await?;
                self.has_size(width, height).await
            }
            Engine::WebKit => self.resize_window(width, height).await,
        }
    }

    /// Gives the window such a size that its page has this one.
    async fn resize_window(&self, width: u32, height: u32) -> Result<()> {
        let in_host_window = self.client().window().await? == self.host_window();
        let has_toolbar = "return outerHeight - innerHeight > 20";
        if width < NARROWEST && in_host_window && self.script(has_toolbar, vec![]).await? == true {
            self.move_to_bare_window().await?;
        }
        let frame = "return [outerWidth - innerWidth, outerHeight - innerHeight]";
        let frame = self.script(frame, vec![]).await?;
        let beside = |index: usize| {
            frame[index]
                .as_u64()
                .and_then(|size| u32::try_from(size).ok())
        };
        let (left, above) = beside(0).zip(beside(1)).context("no size of the frame")?;
        self.client()
            .set_window_rect(0, 0, width + left, height + above)
            .await?;
        self.has_size(width, height).await
    }

    /// Goes on in a window without a toolbar, as the host's.
    async fn move_to_bare_window(&self) -> Result<()> {
        let client = self.client();
        let old = self.host_window();
        client.goto(OPENER).await?;
        client.find(Locator::Css("button")).await?.click().await?;
        let bare = until("a window without a toolbar", async || {
            let windows = client.windows().await?;
            Ok(windows.into_iter().find(|window| *window != old))
        })
        .await?;
        client.close_window().await?;
        client.switch_to_window(bare.clone()).await?;
        self.move_host(bare);
        Ok(())
    }

    async fn has_size(&self, width: u32, height: u32) -> Result<()> {
        until(&format!("a page of {width} × {height}"), async || {
            let size = self
                .script("return [innerWidth, innerHeight]", vec![])
                .await?;
            ensure!(size == json!([width, height]), "it is {size}");
            Ok(Some(()))
        })
        .await
    }

    /// What the present window's media queries answer, such as `("prefers-color-scheme", "dark")`.
    pub async fn set_media(&self, features: &[(&str, &str)]) -> Result<()> {
        match self.engine() {
            Engine::Chromium => {
                let parameters = media_features(features);
                self.devtools("Emulation.setEmulatedMedia", parameters)
                    .await?;
                Ok(())
            }
            Engine::Firefox => {
                let (script, arguments) = media_script(features);
                self.browser_script(&script, arguments).await
            }
            Engine::WebKit => bail!("WebKit's driver cannot change media queries"),
        }
    }

    /// Shows all text at `percent` of its size, and only the text.
    pub async fn set_text_zoom(&self, percent: u32) -> Result<()> {
        match self.engine() {
            Engine::Firefox => {
                let script =
                    "gBrowser.selectedBrowser.browsingContext.textZoom = arguments[0] / 100";
                self.browser_script(script, vec![json!(percent)]).await
            }
            Engine::Chromium | Engine::WebKit => bail!("no way to enlarge text alone"),
        }
    }

    /// A command of Chromium's own protocol, in the present window.
    pub async fn devtools(&self, command: &str, parameters: Value) -> Result<Value> {
        let body = json!({ "cmd": command, "params": parameters });
        Ok(self
            .command(Method::POST, "goog/cdp/execute", Some(body))
            .await?)
    }

    /// What Chromium's own protocol has told since it was last asked.
    pub async fn devtools_log(&self) -> Result<Vec<Value>> {
        let entries = self.log("performance").await?;
        let event = |entry: &Value| {
            let entry: Value = serde_json::from_str(entry["message"].as_str()?).ok()?;
            Some(entry["message"].clone())
        };
        Ok(entries.iter().filter_map(event).collect())
    }

    /// Runs a script in Firefox's own window, around the page.
    async fn browser_script(&self, script: &str, arguments: Vec<Value>) -> Result<()> {
        let context = async |name: &str| {
            let body = json!({ "context": name });
            self.command(Method::POST, "moz/context", Some(body)).await
        };
        context("chrome").await?;
        let outcome = self.script(script, arguments).await;
        context("content").await?;
        outcome.map(|_| ())
    }
}
