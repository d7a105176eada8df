//! One browser session: windows, scripts, the console, what the engine's own protocol tells.

use crate::{Engine, NetworkRequest, Process, free_port, http_client, until};
use anyhow::{Context, Result, bail};
use fantoccini::error::CmdError;
use fantoccini::wd::{WebDriverCompatibleCommand, WindowHandle};
use fantoccini::{Client, ClientBuilder};
use http::Method;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Mutex;
use tempfile::TempDir;
use url::Url;

/// A browser with an empty profile; `close` ends it, dropping it kills it.
#[derive(Debug)]
pub struct Browser {
    client: Client,
    host_window: WindowHandle,
    engine: Engine,
    pub(crate) part: Mutex<Option<&'static str>>,
    _driver: Process,
    _profile: TempDir,
}

/// One line of the browser's console.
#[derive(Clone, Debug)]
pub struct ConsoleEntry {
    /// `SEVERE`, `WARNING`, `INFO` …
    pub level: String,
    /// What it says.
    pub text: String,
}

impl ConsoleEntry {
    /// Would a developer see it in red?
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.level == "SEVERE"
    }
}

/// A command that the client library has no method for.
#[derive(Debug)]
struct Raw {
    method: Method,
    path: String,
    body: Option<String>,
}

impl WebDriverCompatibleCommand for Raw {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, url::ParseError> {
        base.join(&format!(
            "session/{}/{}",
            session.unwrap_or_default(),
            self.path
        ))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (self.method.clone(), self.body.clone())
    }
}

impl Browser {
    /// Starts a driver and a session of it; `name` tells its log from another browser's.
    pub async fn start(engine: Engine, name: &str, folder: &Path) -> Result<Self> {
        let port = free_port()?;
        let mut driver = Process::start(name, &mut engine.driver(port), folder)?;
        let address = format!("http://127.0.0.1:{port}");
        until("the browser's driver to answer", async || {
            driver.expect_running()?;
            Ok(Some(
                http_client()?
                    .get(format!("{address}/status"))
                    .send()
                    .await?,
            ))
        })
        .await?;
        let profile = tempfile::tempdir()?;
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(engine.capabilities(profile.path()))
            .connect(&address)
            .await
            .context("cannot start the browser")?;
        let host_window = client.window().await?;
        Ok(Self {
            client,
            host_window,
            engine,
            part: Mutex::default(),
            _driver: driver,
            _profile: profile,
        })
    }

    /// The WebDriver client itself.
    #[must_use]
    pub const fn client(&self) -> &Client {
        &self.client
    }

    /// Ends the session and the browser.
    pub async fn close(self) -> Result<()> {
        Ok(self.client.clone().close().await?)
    }

    /// Opens `address` in the present window.
    pub async fn goto(&self, address: &str) -> Result<()> {
        self.client
            .goto(address)
            .await
            .with_context(|| format!("cannot open {address}"))
    }

    /// The present window's address.
    pub async fn address(&self) -> Result<Url> {
        Ok(self.client.current_url().await?)
    }

    /// Waits until the present window's address begins with `start`.
    pub async fn arrives_at(&self, start: &str) -> Result<Url> {
        until(&format!("the address {start}"), async || {
            let address = self.address().await?;
            Ok(address.as_str().starts_with(start).then_some(address))
        })
        .await
    }

    /// Runs `script` (the body of a function) in the page.
    pub async fn script(&self, script: &str, arguments: Vec<Value>) -> Result<Value> {
        Ok(self.client.execute(script, arguments).await?)
    }

    /// Waits until `expression` is truthy in the page and returns its value.
    pub async fn becomes(&self, expression: &str) -> Result<Value> {
        until(&format!("`{expression}` in the page"), async || {
            let value = self
                .script(&format!("return ({expression})"), vec![])
                .await?;
            let falsy =
                matches!(&value, Value::Null | Value::Bool(false)) || value == 0 || value == "";
            Ok((!falsy).then_some(value))
        })
        .await
    }

    /// Waits for a second window and goes on in it.
    pub async fn switch_to_popup(&self) -> Result<WindowHandle> {
        let popup = until("a second window", async || {
            Ok(self
                .client
                .windows()
                .await?
                .into_iter()
                .find(|window| *window != self.host_window))
        })
        .await?;
        self.client.switch_to_window(popup.clone()).await?;
        Ok(popup)
    }

    /// Goes on in the window that the session began with.
    pub async fn switch_to_host(&self) -> Result<()> {
        Ok(self
            .client
            .switch_to_window(self.host_window.clone())
            .await?)
    }

    /// Closes the present window, which is not the host page's, and goes on there.
    pub async fn close_popup(&self) -> Result<()> {
        if self.client.window().await? == self.host_window {
            bail!("the present window is the host page's");
        }
        self.client.close_window().await?;
        self.switch_to_host().await
    }

    /// How many windows are open.
    pub async fn window_count(&self) -> Result<usize> {
        Ok(self.client.windows().await?.len())
    }

    /// Waits until only the host page's window is open, and goes on there.
    pub async fn popup_closes(&self) -> Result<()> {
        until("the second window to close", async || {
            Ok((self.window_count().await? == 1).then_some(()))
        })
        .await?;
        self.switch_to_host().await
    }

    /// What the console has said since it was last asked, in all windows.
    pub async fn console(&self) -> Result<Vec<ConsoleEntry>> {
        let entries = self.log("browser").await?;
        let entry = |value: &Value| ConsoleEntry {
            level: value["level"].as_str().unwrap_or_default().to_owned(),
            text: value["message"].as_str().unwrap_or_default().to_owned(),
        };
        Ok(entries.iter().map(entry).collect())
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
        match self.engine {
            Engine::Chromium => {
                let entries = self
                    .command(Method::POST, "se/log", Some(json!({ "type": kind })))
                    .await?;
                Ok(entries.as_array().cloned().unwrap_or_default())
            }
        }
    }

    /// The size of the page in the present window, in CSS pixels.
    pub async fn set_viewport(&self, width: u32, height: u32) -> Result<()> {
        match self.engine {
            Engine::Chromium => {
                let metrics = json!({
                    "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false,
                });
                self.devtools("Emulation.setDeviceMetricsOverride", metrics)
                    .await?;
                Ok(())
            }
        }
    }

    /// What the present window's media queries answer, such as `("prefers-color-scheme", "dark")`.
    pub async fn set_media(&self, features: &[(&str, &str)]) -> Result<()> {
        let features: Vec<_> = features
            .iter()
            .map(|(name, value)| json!({ "name": name, "value": value }))
            .collect();
        match self.engine {
            Engine::Chromium => {
                self.devtools(
                    "Emulation.setEmulatedMedia",
                    json!({ "features": features }),
                )
                .await?;
                Ok(())
            }
        }
    }

    /// A command of Chromium's own protocol in the present window, with its answer.
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

    /// A WebDriver command of this session by its path.
    pub(crate) async fn command(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Result<Value, CmdError> {
        let body = body.map(|body| body.to_string());
        self.client
            .issue_cmd(Raw {
                method,
                path: path.to_owned(),
                body,
            })
            .await
    }
}
