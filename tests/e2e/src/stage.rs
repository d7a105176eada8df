//! The stage of one test: server, provider, host site and browser, all its own; and what is true after every test.

use crate::{
    Ability, Browser, DemoProvider, Device, Engine, Host, HostPage, HostWidget, Management,
    NewWidget, Parts, Process, Railhead, RegisteredWidget, Tap, audit::issued_secrets, free_port,
    leaked_secrets, spared::leave_out, third_party_hosts,
};
use anyhow::{Context, Result, anyhow, ensure};
use futures_util::FutureExt;
use serde_json::{Value, json};
use std::fs;
use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::time::Duration;
use tokio::time::timeout;

/// How a stage is set up.
#[derive(Clone, Copy, Debug)]
pub struct Setup {
    /// A [`Tap`] before the server and another before the provider.
    pub tapped: bool,
    /// The longest the test may take.
    pub limit: Duration,
    /// What the person holds.
    pub device: Device,
    /// What the engine's driver must be able to do; the test is left out where it is not.
    pub needs: &'static [Ability],
}

impl Setup {
    /// The usual one: a browser on a desk, nothing between it and the servers.
    pub const DESK: Self = Self {
        tapped: false,
        limit: Duration::from_mins(4),
        device: Device::Desk,
        needs: &[],
    };
}

impl Default for Setup {
    fn default() -> Self {
        Self::DESK
    }
}

/// What is said to the server, and to the provider by the server and the browser.
#[derive(Debug)]
pub struct Taps {
    /// Before the server.
    pub server: Tap,
    /// Before the provider.
    pub provider: Tap,
}

/// Everything one test plays with.
#[derive(Debug)]
pub struct Stage {
    /// The parts under test.
    pub parts: Parts,
    /// The test's folder: logs while it runs, all traces when it fails.
    pub folder: PathBuf,
    /// The server.
    pub railhead: Railhead,
    /// The demo provider.
    pub provider: DemoProvider,
    /// The embedding company's site.
    pub host: Host,
    /// The end user's browser.
    pub browser: Browser,
    /// The sandbox widget of the host's origin.
    pub widget: RegisteredWidget,
    /// The proxies before server and provider, if the test asked for them.
    pub taps: Option<Taps>,
    /// Processes of the test's own that the browser may still ask for something while the stage is taken down.
    guests: Vec<Process>,
    /// Texts of console errors that the test provokes.
    expected_errors: Vec<String>,
    /// Secrets that only the test knows of, beside those that every test has: what and value.
    secrets: Vec<(String, String)>,
}

/// Runs one test on a stage of its own.
///
/// # Panics
/// When the test fails, with the whole story.
pub async fn scenario<F>(body: F)
where
    F: AsyncFnOnce(&mut Stage) -> Result<()>,
{
    scenario_with(Setup::default(), body).await;
}

/// Runs one test on a stage set up like this.
///
/// # Panics
/// When the test fails, with the whole story.
#[expect(clippy::panic, reason = "this is how a test fails")]
pub async fn scenario_with<F>(setup: Setup, body: F)
where
    F: AsyncFnOnce(&mut Stage) -> Result<()>,
{
    let name = test_name::<F>();
    let outcome = async {
        if leave_out(&name, setup.needs)? {
            return Ok(());
        }
        let mut stage = Stage::build(&name, setup)
            .await
            .context("the stage could not be built")?;
        let outcome = play(&mut stage, setup.limit, body).await;
        let kept = match &outcome {
            Ok(()) => None,
            Err(_) => Some(stage.keep_traces().await),
        };
        stage.strike(outcome.is_ok()).await?;
        match kept {
            Some(traces) => outcome.context(traces),
            None => outcome,
        }
    };
    if let Err(error) = outcome.await {
        let story: Vec<_> = error.chain().map(ToString::to_string).collect();
        panic!("{name}: {}", story.join("\n  because "));
    }
}

async fn play<F>(stage: &mut Stage, limit: Duration, body: F) -> Result<()>
where
    F: AsyncFnOnce(&mut Stage) -> Result<()>,
{
    let played = timeout(limit, AssertUnwindSafe(body(stage)).catch_unwind()).await;
    match played {
        Err(_) => Err(anyhow!("took longer than {} s", limit.as_secs())),
        Ok(Err(panic)) => {
            let text = panic.downcast_ref::<String>().cloned();
            let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
            Err(anyhow!(text.unwrap_or_else(|| "it panicked".to_owned())))
        }
        Ok(Ok(outcome)) => outcome,
    }?;
    stage.audit().await
}

impl Stage {
    async fn build(name: &str, setup: Setup) -> Result<Self> {
        let parts = Parts::find()?;
        let folder = parts.traces()?.join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder)?;
        let [provider_port, server_port] = if setup.tapped {
            [Some(free_port()?), Some(free_port()?)]
        } else {
            [None, None]
        };
        let provider = DemoProvider::start(&parts, &folder, provider_port).await?;
        let railhead = Railhead::start(&parts, &folder, provider.url(), server_port).await?;
        let taps = match (server_port, provider_port) {
            (Some(server), Some(beside)) => Some(Taps {
                server: Tap::start(server, railhead.local_url()).await?,
                provider: Tap::start(beside, provider.local_url()).await?,
            }),
            _ => None,
        };
        let host = Host::start(railhead.url(), None).await?;
        let widget = railhead
            .create_widget(NewWidget {
                environment: "sandbox",
                company: "Northwind Lending",
                origins: &[&host.origin()],
                success_url: None,
            })
            .await?;
        let engine = Engine::from_environment()?;
        let browser = Browser::start_as(engine, setup.device, "browser", &folder).await?;
        let (guests, expected_errors, secrets) = (vec![], vec![], vec![]);
        Ok(Self {
            parts,
            folder,
            railhead,
            provider,
            host,
            browser,
            widget,
            taps,
            guests,
            expected_errors,
            secrets,
        })
    }

    /// A call of `init` for the sandbox widget.
    #[must_use]
    pub fn sandbox_widget(&self, business: &str, options: Value) -> HostWidget {
        HostWidget {
            widget: self.widget.id.clone(),
            business: Some(business.to_owned()),
            container: None,
            options,
        }
    }

    /// Opens a page of the host that starts these widgets by itself.
    pub async fn open_page(&self, widgets: Vec<HostWidget>) -> Result<()> {
        let page = HostPage {
            widgets,
            starts_by_itself: true,
            more_policy: "",
            headers: vec![],
        };
        let path = self.host.put(&page)?;
        // Another page is another visit. A test that wants the former one to go on loads its page again.
        let forget = "for (const key of Object.keys(sessionStorage)) if (key.startsWith('railhead ')) sessionStorage.removeItem(key)";
        // The first page has none of this to forget, and may not even have a storage.
        let _ = self.browser.script(forget, vec![]).await;
        self.browser
            .goto(&format!("{}{path}", self.host.origin()))
            .await
    }

    /// Opens a page of the host that starts the sandbox widget for `business`.
    pub async fn open_widget(&self, business: &str) -> Result<()> {
        self.open_page(vec![self.sandbox_widget(business, json!({}))])
            .await
    }

    /// The customer's server, with a new API key of this environment.
    pub async fn management(&self, environment: &str) -> Result<Management> {
        let key = self.railhead.create_key(environment).await?;
        Ok(Management::new(self.railhead.local_url(), &key))
    }

    /// Another browser, with nothing in common with the first.
    pub async fn other_browser(&self) -> Result<Browser> {
        Browser::start(Engine::from_environment()?, "other-browser", &self.folder).await
    }

    /// Keeps a process of the test's own as long as the stage stands.
    pub fn keep_running(&mut self, process: Process) {
        self.guests.push(process);
    }

    /// The test provokes console errors that contain `text`.
    pub fn expect_console_error(&mut self, text: &str) {
        self.expected_errors.push(text.to_owned());
    }

    /// Another value that must not be found in logs and answers.
    pub fn keep_secret(&mut self, what: &str, value: &str) {
        self.secrets.push((what.to_owned(), value.to_owned()));
    }

    /// The proxies before server and provider.
    pub fn taps(&self) -> Result<&Taps> {
        self.taps.as_ref().context("this stage has no taps")
    }

    /// All secrets there are now: credentials of every connection, client secrets, the vault's key, signing secrets.
    pub async fn all_secrets(&self) -> Result<Vec<(String, String)>> {
        let mut secrets = self.secrets.clone();
        let mut add = |what: &str, value: &str| secrets.push((what.to_owned(), value.to_owned()));
        add("the sandbox client's secret", "railhead-sandbox-secret+/:=");
        add("the signing secret", &self.widget.signing_secret);
        let vault_key = self.railhead.vault_key()?;
        for word in vault_key.split(|c: char| c.is_whitespace() || "\"'".contains(c)) {
            if word.len() >= 24 {
                add("the vault's key", word);
            }
        }
        for environment in ["sandbox", "production"] {
            let management = self.management(environment).await?;
            for connection in management.connections().await? {
                // A connection without credentials (the built-in sandbox service) has none to leak.
                if let Ok(credentials) = management.credentials(&connection.connection_id).await {
                    add("an access token", &credentials.access_token);
                }
            }
        }
        if let Some(taps) = &self.taps {
            secrets.extend(issued_secrets(&taps.provider.answers()));
        }
        Ok(secrets)
    }

    /// What is true after every test: no third party was contacted, no secret was logged, the console is clean.
    async fn audit(&self) -> Result<()> {
        let mut hosts = self.browser.strangers();
        if self.browser.engine().can(Ability::Requests) {
            hosts.extend(third_party_hosts(&self.browser.requests().await?));
        }
        ensure!(hosts.is_empty(), "third parties were contacted: {hosts:?}");
        let leaked = leaked_secrets(&self.railhead.log_text(), &self.all_secrets().await?);
        ensure!(leaked.is_empty(), "found in the server's log: {leaked:?}");
        ensure!(
            !self.railhead.log_text().contains("panicked at"),
            "the server panicked"
        );
        let console = self.browser.console().await?;
        let errors: Vec<_> = console
            .iter()
            .filter(|entry| entry.is_error())
            .filter(|entry| {
                !self
                    .expected_errors
                    .iter()
                    .any(|text| entry.text.contains(text))
            })
            .collect();
        ensure!(errors.is_empty(), "errors on the console: {errors:#?}");
        Ok(())
    }

    /// Saves what the browser shows, in every window, and says where.
    async fn keep_traces(&self) -> String {
        for (number, window) in self
            .browser
            .client()
            .windows()
            .await
            .unwrap_or_default()
            .into_iter()
            .enumerate()
        {
            // What can be saved is saved: the failure itself matters more than a missing trace of it.
            if self
                .browser
                .client()
                .switch_to_window(window)
                .await
                .is_err()
            {
                continue;
            }
            let address = self
                .browser
                .address()
                .await
                .map(String::from)
                .unwrap_or_default();
            let text = self.browser.text().await.unwrap_or_default();
            let source = self.browser.client().source().await.unwrap_or_default();
            let _ = fs::write(
                self.folder.join(format!("window-{number}.txt")),
                format!("{address}\n\n{text}\n"),
            );
            let _ = fs::write(self.folder.join(format!("window-{number}.html")), source);
            if let Ok(png) = self.browser.client().screenshot().await {
                let _ = fs::write(self.folder.join(format!("window-{number}.png")), png);
            }
        }
        let console = self.browser.console().await.unwrap_or_default();
        let lines: Vec<_> = console
            .iter()
            .map(|entry| format!("{} {}", entry.level, entry.text))
            .collect();
        let _ = fs::write(self.folder.join("console.txt"), lines.join("\n"));
        let files = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let names: Vec<_> = files
            .map(|file| file.file_name().to_string_lossy().into_owned())
            .collect();
        format!("traces in {}: {}", self.folder.display(), names.join(", "))
    }

    /// Takes the stage down; the traces of a good test are of no use.
    async fn strike(self, good: bool) -> Result<()> {
        self.browser.close().await?;
        drop((
            self.railhead,
            self.provider,
            self.host,
            self.taps,
            self.guests,
        ));
        if good {
            fs::remove_dir_all(&self.folder)?;
        }
        Ok(())
    }
}

/// The test's path without its crate: `flow::connects_…`, with `-` for `::` so that it names a folder.
fn test_name<F>() -> String {
    let path = std::any::type_name::<F>();
    let words = path
        .split("::")
        .skip(1)
        .filter(|word| !word.starts_with('{'));
    words.collect::<Vec<_>>().join("-")
}
