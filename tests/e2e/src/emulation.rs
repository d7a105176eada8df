//! What a browser is made to be (size, colour scheme, finger), and what it tells of its console and requests: the
//! parts of a session that each engine has its own way for.

use crate::engine::{console_entries, device_script, log_entries, media_features, media_script};
use crate::screen::Screen;
use crate::{Browser, ConsoleEntry, Device, Engine, NetworkRequest, until};
use anyhow::{Context, Result, bail, ensure};
use http::Method;
use serde_json::{Value, json};
use std::sync::PoisonError;

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
            (Engine::Chromium, _) | (Engine::Firefox, Device::Desk) => Ok(()),
            (Engine::WebKit, Device::Desk) => self.come_below_the_pointer().await,
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

    /// Without a window manager the window below the pointer has the keyboard: the pointer rests in the display's middle.
    async fn come_below_the_pointer(&self) -> Result<()> {
        let (x, y) = (Screen::WIDTH / 2, Screen::HEIGHT / 2);
        let (left, above, width, height) = self.client().get_window_rect().await?;
        let covers = |start: u64, size: u64, at: u32| (start..start + size).contains(&at.into());
        if covers(left, width, x) && covers(above, height, y) {
            return Ok(());
        }
        let beside =
            |middle: u32, size: u64| u32::try_from(u64::from(middle).saturating_sub(size / 2));
        let (left, above) = (beside(x, width)?, beside(y, height)?);
        let (width, height) = (u32::try_from(width)?, u32::try_from(height)?);
        Ok(self
            .client()
            .set_window_rect(left, above, width, height)
            .await?)
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
