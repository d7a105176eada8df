//! The server under test: the real binary with its own data folder and configuration, and its operator's commands.

use crate::{Parts, Process, free_port, http_client, run, until};
use anyhow::{Context, Result};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use toml::Table;

/// A running server.
#[derive(Debug)]
pub struct Railhead {
    parts: Parts,
    folder: PathBuf,
    local_url: String,
    public_url: String,
    settings: Table,
    process: Process,
}

/// What `railhead widget create` is asked for.
#[derive(Clone, Copy, Debug)]
pub struct NewWidget<'a> {
    /// `sandbox` or `production`.
    pub environment: &'a str,
    /// The company that embeds it.
    pub company: &'a str,
    /// The origins of its pages.
    pub origins: &'a [&'a str],
    /// Its success page.
    pub success_url: Option<&'a str>,
}

/// What it answered.
#[derive(Clone, Debug)]
pub struct RegisteredWidget {
    /// `wid_…`
    pub id: String,
    /// Signs the result at the success page.
    pub signing_secret: String,
}

impl Railhead {
    /// Starts a server with an empty data folder below `folder`. `public_port` is where browsers reach it when a
    /// proxy stands before it.
    pub async fn start(
        parts: &Parts,
        folder: &Path,
        provider_url: &str,
        public_port: Option<u16>,
    ) -> Result<Self> {
        let port = free_port()?;
        let local_url = format!("http://localhost:{port}");
        let public_url = format!("http://localhost:{}", public_port.unwrap_or(port));
        let mut settings = Table::new();
        let data_dir = folder.join("data");
        let services = [parts.root.join("services"), folder.join("services")];
        fs::create_dir_all(&services[1])?;
        let text = |path: &Path| toml::Value::from(path.display().to_string());
        settings.insert("listen".into(), format!("127.0.0.1:{port}").into());
        settings.insert("public_url".into(), public_url.clone().into());
        settings.insert("data_dir".into(), text(&data_dir));
        settings.insert("assets_dir".into(), text(&parts.dist));
        settings.insert(
            "services_dirs".into(),
            services
                .iter()
                .map(|path| text(path))
                .collect::<Vec<_>>()
                .into(),
        );
        settings.insert("log".into(), "debug".into());
        let mut sandbox = Table::new();
        sandbox.insert("provider_url".into(), provider_url.into());
        settings.insert("sandbox".into(), sandbox.into());
        let process = launch(parts, folder, &settings)?;
        let mut railhead = Self {
            parts: parts.clone(),
            folder: folder.to_owned(),
            local_url,
            public_url,
            settings,
            process,
        };
        railhead.answers().await?;
        Ok(railhead)
    }

    /// Its address as browsers and services see it.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.public_url
    }

    /// Its own address, with no proxy before it.
    #[must_use]
    pub fn local_url(&self) -> &str {
        &self.local_url
    }

    /// What it has logged, over all its starts.
    #[must_use]
    pub fn log_text(&self) -> String {
        self.process.log_text()
    }

    /// SIGKILL.
    pub fn kill(&mut self) {
        self.process.kill();
    }

    /// Starts it again, on the same port and the same data, and waits until it answers.
    pub async fn start_again(&mut self) -> Result<()> {
        self.process.kill();
        self.process = launch(&self.parts, &self.folder, &self.settings)?;
        self.answers().await
    }

    /// Adds a service's file to the catalogue, as an operator would: the server needs no restart for it.
    pub fn add_service(&self, name: &str, file: &str) -> Result<()> {
        Ok(fs::write(
            self.folder.join("services").join(format!("{name}.toml")),
            file,
        )?)
    }

    /// Sets the workspace's OAuth client for a service; it counts from the next start.
    pub fn set_client(&mut self, service: &str, id: &str, secret: &str) {
        let mut client = Table::new();
        client.insert("client_id".into(), id.into());
        client.insert("client_secret".into(), secret.into());
        let clients = self
            .settings
            .entry("clients")
            .or_insert_with(|| Table::new().into());
        if let Some(clients) = clients.as_table_mut() {
            clients.insert(service.to_owned(), client.into());
        }
    }

    /// `railhead widget create`
    pub async fn create_widget(&self, widget: NewWidget<'_>) -> Result<RegisteredWidget> {
        let mut arguments = vec!["widget", "create", "--json"];
        arguments.extend([
            "--environment",
            widget.environment,
            "--company",
            widget.company,
        ]);
        arguments.extend(
            widget
                .origins
                .iter()
                .flat_map(|origin| ["--origin", *origin]),
        );
        arguments.extend(
            widget
                .success_url
                .iter()
                .flat_map(|url| ["--success-url", *url]),
        );
        let answer = self.operator(&arguments).await?;
        Ok(RegisteredWidget {
            id: text_of(&answer, "widgetId")?,
            signing_secret: text_of(&answer, "signingSecret")?,
        })
    }

    /// `railhead key create`
    pub async fn create_key(&self, environment: &str) -> Result<String> {
        let answer = self
            .operator(&["key", "create", "--json", "--environment", environment])
            .await?;
        text_of(&answer, "apiKey")
    }

    /// The bytes of the vault's key file.
    pub fn vault_key(&self) -> Result<String> {
        Ok(fs::read_to_string(self.folder.join("data/vault.key"))?)
    }

    async fn operator(&self, arguments: &[&str]) -> Result<Value> {
        let mut command = command(&self.parts, &self.folder);
        command
            .args(arguments)
            .arg("--config")
            .arg(config_path(&self.folder));
        let output = run(&mut command).await?;
        let text = String::from_utf8_lossy(&output.stdout);
        serde_json::from_str(&text).with_context(|| format!("{arguments:?} printed {text}"))
    }

    async fn answers(&mut self) -> Result<()> {
        let address = format!("{}/healthz", self.local_url);
        until("the server to answer", async || {
            self.process.expect_running()?;
            Ok(Some(
                http_client()?
                    .get(&address)
                    .send()
                    .await?
                    .error_for_status()?,
            ))
        })
        .await?;
        Ok(())
    }
}

fn launch(parts: &Parts, folder: &Path, settings: &Table) -> Result<Process> {
    fs::write(config_path(folder), toml::to_string(settings)?)?;
    let mut command = command(parts, folder);
    command
        .arg("serve")
        .arg("--config")
        .arg(config_path(folder));
    Process::start("railhead", &mut command, folder)
}

/// The server's binary, to be told by its configuration file alone: in the server's environment each `RAILHEAD_…` is
/// a setting.
fn command(parts: &Parts, folder: &Path) -> Command {
    let mut command = Command::new(&parts.railhead);
    command.current_dir(folder);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("RAILHEAD_") {
            command.env_remove(name);
        }
    }
    command
}

fn config_path(folder: &Path) -> PathBuf {
    folder.join("railhead.toml")
}

fn text_of(answer: &Value, name: &str) -> Result<String> {
    let text = answer[name]
        .as_str()
        .with_context(|| format!("no `{name}` in {answer}"))?;
    Ok(text.to_owned())
}
