//! One browser session: windows, scripts, commands.

use crate::engine::Start;
use crate::screen::Screen;
use crate::strangers::Strangers;
use crate::{Device, Engine, Process, free_port, http_client, until};
use anyhow::{Context, Result, bail};
use fantoccini::error::CmdError;
use fantoccini::wd::{WebDriverCompatibleCommand, WindowHandle};
use fantoccini::{Client, ClientBuilder};
use http::Method;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Mutex;
use std::time::Duration;
use tempfile::TempDir;
use tokio::time::timeout;
use url::Url;

/// How long a session may take to start before it is started anew, and how often that is tried.
const PATIENCE_TO_START: Duration = Duration::from_secs(25);
const ATTEMPTS_TO_START: u32 = 6;
/// How long a session may take to end by itself.
const PATIENCE_TO_CLOSE: Duration = Duration::from_secs(10);

/// A browser with an empty profile; `close` ends it, dropping it kills it.
#[derive(Debug)]
pub struct Browser {
    client: Client,
    host_window: WindowHandle,
    engine: Engine,
    device: Device,
    pub(crate) part: Mutex<Option<&'static str>>,
    /// How much of the driver's log has been read as the console.
    pub(crate) log_read: Mutex<usize>,
    pub(crate) driver: Process,
    strangers: Strangers,
    _screen: Option<Screen>,
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
        Self::start_as(engine, Device::Desk, name, folder).await
    }

    /// The same, as this device.
    pub async fn start_as(
        engine: Engine,
        device: Device,
        name: &str,
        folder: &Path,
    ) -> Result<Self> {
        let mut attempts = 1;
        let browser = loop {
            match timeout(
                PATIENCE_TO_START,
                Self::launch(engine, device, name, folder),
            )
            .await
            {
                Ok(browser) => break browser?,
                // On a busy machine WebKit's browser leaves before its driver has reached it, which waits for ever.
                Err(_) if attempts < ATTEMPTS_TO_START => attempts += 1,
                Err(_) => bail!("{} did not start", engine.name()),
            }
        };
        browser.take_shape().await?;
        Ok(browser)
    }

    async fn launch(engine: Engine, device: Device, name: &str, folder: &Path) -> Result<Self> {
        let screen = if engine.needs_screen() {
            Some(Screen::start(name, folder).await?)
        } else {
            None
        };
        let strangers = Strangers::start().await?;
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
        let start = Start {
            profile: profile.path(),
            device,
            strangers: strangers.port(),
            display: screen.as_ref().map(|screen| screen.number),
        };
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(engine.capabilities(&start)?)
            .connect(&address)
            .await
            .context("cannot start the browser")?;
        let host_window = client.window().await?;
        Ok(Self {
            client,
            host_window,
            engine,
            device,
            part: Mutex::default(),
            log_read: Mutex::default(),
            driver,
            strangers,
            _screen: screen,
            _profile: profile,
        })
    }

    /// Its engine.
    #[must_use]
    pub const fn engine(&self) -> Engine {
        self.engine
    }

    /// What the person holds.
    #[must_use]
    pub const fn device(&self) -> Device {
        self.device
    }

    /// Who beyond this machine was asked for, in an engine that is sent past a proxy.
    #[must_use]
    pub fn strangers(&self) -> BTreeSet<String> {
        let makers = |host: &String| {
            // Firefox asks its own maker for settings of its own.
            let makers = [".mozilla.com", ".mozilla.org", ".mozilla.net"];
            self.engine == Engine::Firefox && makers.iter().any(|maker| host.ends_with(maker))
        };
        let mut hosts = self.strangers.asked();
        hosts.retain(|host| !makers(host));
        hosts
    }

    /// The window that the host page is in.
    pub(crate) fn host_window(&self) -> WindowHandle {
        self.host_window.clone()
    }

    /// The WebDriver client itself.
    #[must_use]
    pub const fn client(&self) -> &Client {
        &self.client
    }

    /// Ends the session and the browser.
    pub async fn close(self) -> Result<()> {
        // WebKit's driver may wait for a browser that has gone already. Whatever is left is killed with its driver.
        match timeout(PATIENCE_TO_CLOSE, self.client.clone().close()).await {
            Ok(closed) => Ok(closed?),
            Err(_) => Ok(()),
        }
    }

    /// Opens `address` in the present window, and waits until the page is whole: drivers come back earlier now and then, with
    /// the page before still there or this one half read.
    pub async fn goto(&self, address: &str) -> Result<()> {
        self.script("window.isLeft = true", vec![]).await.ok();
        self.client
            .goto(address)
            .await
            .with_context(|| format!("cannot open {address}"))?;
        let unfinished = "return window.isLeft === true || document.readyState !== 'complete'";
        let whole = until("the whole page", async || {
            // A page that closes its own window has nothing more to wait for.
            let waits = self.script(unfinished, vec![]).await;
            Ok((!matches!(waits, Ok(Value::Bool(true)))).then_some(()))
        });
        whole
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
        let host = self.host_window();
        let popup = until("a second window", async || {
            let windows = self.client.windows().await?;
            Ok(windows.into_iter().find(|window| *window != host))
        })
        .await?;
        self.client.switch_to_window(popup.clone()).await?;
        self.take_shape().await?;
        Ok(popup)
    }

    /// Goes on in the window that the session began with.
    pub async fn switch_to_host(&self) -> Result<()> {
        Ok(self.client.switch_to_window(self.host_window()).await?)
    }

    /// Closes the present window, which is not the host page's, and goes on there.
    pub async fn close_popup(&self) -> Result<()> {
        if self.client.window().await? == self.host_window() {
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
