//! A whole world for each test: a server with a clock that tests move, the demo provider, and browsers.

pub(crate) mod browser;
pub(crate) mod busy;
pub(crate) mod collector;
pub(crate) mod database;
pub(crate) mod front;
mod machine;
pub(crate) mod peer;
pub(crate) mod peers;
pub(crate) mod postgres;
pub(crate) mod process;
pub(crate) mod receiver;
pub(crate) mod remote;
pub(crate) mod switch;
pub(crate) mod visit;

use machine::Machine;
use railhead_protocol::Environment;
use railhead_server::clock::{Clock as _, ManualClock, SystemClock};
use railhead_server::config::Config;
use railhead_server::entropy::SystemEntropy;
use railhead_server::server::{Parts, Running};
use reqwest::{Client, Method, Response};
use serde_json::Value;
use std::path::Path;
use std::sync::Arc;
use tempfile::TempDir;
use url::Url;
use visit::Visit;

/// The page that embeds the widget.
pub(crate) const HOST: &str = "http://lender.test";

/// A server, its provider and its data.
pub(crate) struct World {
    pub(crate) server: Running,
    pub(crate) provider: demo_provider::Running,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) folder: TempDir,
    pub(crate) machine: Machine,
}

/// How a world differs from the usual one.
pub(crate) struct Setup {
    pub(crate) provider: demo_provider::Config,
    /// PostgreSQL, whatever the others use.
    pub(crate) database: Option<Url>,
    /// SQLite, whatever the others use.
    pub(crate) sqlite: bool,
    pub(crate) configure: Box<dyn FnOnce(&mut Config)>,
    pub(crate) clock: Arc<ManualClock>,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            provider: demo_provider::Config::default(),
            database: None,
            sqlite: false,
            configure: Box::new(|_| {}),
            clock: Arc::new(ManualClock::new(SystemClock.now())),
        }
    }
}

impl World {
    /// The usual world.
    pub(crate) async fn new() -> Self {
        Self::with(Setup::default()).await
    }

    pub(crate) async fn with(setup: Setup) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let provider = demo_provider::Provider::start(setup.provider)
            .await
            .unwrap();
        if let Some(database) = &setup.database {
            process::use_database(folder.path(), database);
        } else if postgres::is_usual() && !setup.sqlite {
            let database = postgres::database().await.unwrap();
            process::use_database(folder.path(), &database);
        }
        let mut config = config(folder.path(), &provider.url);
        (setup.configure)(&mut config);
        let clock = setup.clock;
        create_widget(
            folder.path(),
            "wid_sandbox",
            Environment::Sandbox,
            "default",
            &[],
        );
        let parts = Parts {
            config,
            clock: clock.clone(),
            entropy: Arc::new(SystemEntropy),
        };
        let machine = Machine::new();
        let server = machine.start(parts).await.unwrap();
        Self {
            server,
            provider,
            clock,
            folder,
            machine,
        }
    }

    /// The address of `path` at the server.
    pub(crate) fn url(&self, path: &str) -> String {
        self.server.public_url.join(path).unwrap().into()
    }

    /// Loads the widget for the business `name`, as the host page does.
    pub(crate) async fn visit(&self, name: &str) -> Visit<'_> {
        Visit::begin(self, "wid_sandbox", Some(name)).await
    }

    /// An API key of the sandbox environment.
    pub(crate) fn sandbox_key(&self) -> String {
        create_key(self.folder.path(), Environment::Sandbox, "default")
    }

    /// Asks the Management API.
    pub(crate) async fn manage(&self, key: &str, path: &str) -> (u16, Value) {
        let request = http().get(self.url(path)).bearer_auth(key);
        answered(request.send().await.unwrap()).await
    }

    /// Asks the Management API to do something; without a body where `body` is null.
    pub(crate) async fn ask(
        &self,
        method: Method,
        key: &str,
        path: &str,
        body: Value,
    ) -> (u16, Value) {
        let mut request = http().request(method, self.url(path)).bearer_auth(key);
        if !body.is_null() {
            request = request.body(body.to_string());
        }
        answered(request.send().await.unwrap()).await
    }

    /// Sends a request that belongs to no session.
    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Response {
        let mut request = http().request(method, self.url(path)).body(body.to_owned());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.send().await.unwrap()
    }
}

/// Settings of a server on a free port.
pub(crate) fn config(folder: &Path, provider: &str) -> Config {
    let mut config = Config::load(None, []).unwrap();
    config.database = process::database(folder).map(|url| url.parse().unwrap());
    config.listen = "127.0.0.1:0".parse().unwrap();
    config.data_dir = folder.join("data");
    config.assets_dir = folder.join("dist");
    config.services_dirs = vec![process::services()];
    // The clock stands still here, so no minute ever passes.
    config.limits.sessions_per_minute = 100_000;
    config.limits.wrong_keys_per_minute = 100_000;
    config.limits.credentials_per_minute = 100_000;
    config.limits.requests_per_minute = 100_000;
    config.limits.webhook_tests_per_minute = 100_000;
    config.sandbox.provider_url = Some(Url::parse(provider).unwrap());
    config
}

/// A clock that a provider shares with the server, as far ahead of it as this.
pub(crate) struct SharedHands(pub(crate) Arc<ManualClock>, pub(crate) time::Duration);

impl demo_provider::Clock for SharedHands {
    fn now(&self) -> std::time::SystemTime {
        (self.0.now() + self.1).into()
    }
}

/// A client without cookies that follows nothing.
#[expect(
    clippy::disallowed_methods,
    reason = "plays the browser, not the server"
)]
pub(crate) fn http() -> Client {
    Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .unwrap()
}

/// Status and body of an answer.
pub(crate) async fn answered(response: Response) -> (u16, Value) {
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    (
        status,
        serde_json::from_str(&text).unwrap_or(Value::String(text)),
    )
}

/// One line for a refusal.
pub(crate) fn told(answer: &(u16, Value)) -> String {
    let (status, problem) = answer;
    let part = |name: &str| problem[name].as_str().unwrap_or("-").to_owned();
    format!(
        "{status} {} {}: {}",
        part("code"),
        part("field"),
        part("detail")
    )
}

/// Runs `railhead widget create`; answers its JSON.
pub(crate) fn create_widget(
    folder: &Path,
    id: &str,
    environment: Environment,
    workspace: &str,
    more: &[&str],
) -> Value {
    let environment = name_of(environment);
    let mut arguments = vec![
        "widget",
        "create",
        "--json",
        "--id",
        id,
        "--environment",
        environment,
    ];
    arguments.extend([
        "--workspace",
        workspace,
        "--company",
        "Northwind Lending",
        "--origin",
        HOST,
    ]);
    arguments.extend(more);
    serde_json::from_str(&process::railhead(folder, &arguments)).unwrap()
}

/// Runs `railhead key create`; answers the key.
pub(crate) fn create_key(folder: &Path, environment: Environment, workspace: &str) -> String {
    create_key_with(folder, environment, workspace, &[])
}

/// The same with more arguments.
pub(crate) fn create_key_with(
    folder: &Path,
    environment: Environment,
    workspace: &str,
    more: &[&str],
) -> String {
    let environment = name_of(environment);
    let mut arguments = vec![
        "key",
        "create",
        "--json",
        "--environment",
        environment,
        "--workspace",
        workspace,
    ];
    arguments.extend(more);
    let created: Value = serde_json::from_str(&process::railhead(folder, &arguments)).unwrap();
    created["apiKey"].as_str().unwrap().to_owned()
}

fn name_of(environment: Environment) -> &'static str {
    match environment {
        Environment::Sandbox => "sandbox",
        Environment::Production => "production",
    }
}
