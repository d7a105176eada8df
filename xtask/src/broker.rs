//! A throw-away broker for fuzzing and benchmarks: `railhead serve` on a free port with a new folder, a sandbox widget,
//! an API key and one connection.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::command;
use crate::progress::Stopwatch;
use crate::workspace::Workspace;

/// How long it may take until it answers, and for each answer.
const PATIENCE: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(20);
/// The page that embeds the widget.
const PAGE: &str = "http://lender.test";
/// The widget, as the examples of the API's document name it.
pub(crate) const WIDGET: &str = "wid_sandbox";

/// A running broker. It ends, and its folder goes, when this is dropped.
#[derive(Debug)]
pub(crate) struct Broker {
    child: Child,
    address: String,
    api_key: String,
    key_id: String,
    log: PathBuf,
    _folder: TempDir,
}

impl Broker {
    /// Starts `program` with these variables beside the usual ones; what it logs goes to `log`.
    pub(crate) fn start(
        workspace: &Workspace,
        program: &Path,
        variables: &[(&str, &str)],
        log: &Path,
    ) -> Result<Self> {
        Self::start_for(workspace, program, variables, log, PAGE)
    }

    /// The same with a widget for pages of another `origin`.
    pub(crate) fn start_for(
        workspace: &Workspace,
        program: &Path,
        variables: &[(&str, &str)],
        log: &Path,
        origin: &str,
    ) -> Result<Self> {
        let folder = tempfile::tempdir().context("no temporary folder")?;
        let address = free_address()?;
        let railhead = |arguments: &[&str]| {
            let mut railhead = unlimited(program);
            railhead
                .args(arguments)
                .current_dir(workspace.root())
                .env("RAILHEAD_DATA_DIR", folder.path())
                .env("RAILHEAD_LISTEN", &address)
                .env("RAILHEAD_LIMITS__SESSIONS_PER_MINUTE", "1000000000")
                .envs(variables.iter().copied());
            railhead
        };
        let sandbox = ["--json", "--environment", "sandbox"];
        let widget = [
            "widget",
            "create",
            "--id",
            WIDGET,
            "--company",
            "Northwind Lending",
        ];
        printed(railhead(&widget).args(["--origin", origin]).args(sandbox))?;
        let key = printed(railhead(&["key", "create"]).args(sandbox))?;
        let output = File::create(log).with_context(|| format!("{}", log.display()))?;
        let child = railhead(&["serve"])
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output)
            .spawn()
            .context("cannot start the server")?;
        let mut broker = Self {
            child,
            address,
            api_key: text(&key, "/apiKey")?,
            key_id: text(&key, "/keyId")?,
            log: log.to_owned(),
            _folder: folder,
        };
        broker.until_ready()?;
        Ok(broker)
    }

    /// Its address.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Its host and port.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// Its process.
    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }

    /// The origin of its own pages.
    pub(crate) fn origin(&self) -> String {
        let port = self.address.rsplit(':').next().unwrap_or_default();
        format!("http://localhost:{port}")
    }

    /// A key to the Management API.
    pub(crate) fn api_key(&self) -> &str {
        &self.api_key
    }

    /// That key's id.
    pub(crate) fn key_id(&self) -> &str {
        &self.key_id
    }

    /// Connects the service that is built in; returns the state of the session before and of the authorization.
    pub(crate) fn connect(&self) -> Result<(Value, Value)> {
        let body = json!({ "widgetId": WIDGET, "businessName": "Harbor Coffee" });
        let session = self.post("/v1/connect/sessions", "", &body)?;
        let token = text(&session, "/sessionToken")?;
        let body = json!({ "serviceName": "sandbox", "fields": { "useCase": "good" } });
        let state = self.post("/v1/connect/authorizations", &token, &body)?;
        Ok((session, state))
    }

    /// Has its widget offer all services but these.
    pub(crate) fn leave_out(&self, services: &[&str]) -> Result<()> {
        let path = format!("/v1/widgets/{WIDGET}");
        let change = json!({ "services": { "exclude": services } });
        self.send("PATCH", &path, &self.api_key, &change).map(drop)
    }

    /// Whether it still runs; a server that fell over has failed whatever its answers were.
    pub(crate) fn expect_running(&mut self) -> Result<()> {
        if let Some(status) = self.child.try_wait()? {
            bail!("the server ended ({status}); see {}", self.log.display());
        }
        Ok(())
    }

    fn until_ready(&mut self) -> Result<()> {
        let watch = Stopwatch::start();
        while exchange(&self.address, "GET /healthz HTTP/1.1\r\n", "").is_err() {
            self.expect_running()?;
            if watch.elapsed() > PATIENCE {
                bail!("the server does not answer; see {}", self.log.display());
            }
            sleep(PAUSE);
        }
        Ok(())
    }

    fn post(&self, path: &str, token: &str, body: &Value) -> Result<Value> {
        self.send("POST", path, token, body)
    }

    fn send(&self, method: &str, path: &str, token: &str, body: &Value) -> Result<Value> {
        let body = body.to_string();
        let bearer = if token.is_empty() {
            String::new()
        } else {
            format!("Authorization: Bearer {token}\r\n")
        };
        let length = body.len();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nOrigin: {PAGE}\r\n{bearer}Content-Type: application/json\r\nContent-Length: {length}\r\n"
        );
        let answer = exchange(&self.address, &head, &body).with_context(|| path.to_owned())?;
        serde_json::from_str(&answer).with_context(|| format!("{path} answered {answer}"))
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        // It may have ended already, which is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn printed(command: &mut Command) -> Result<Value> {
    let answer = command::capture(command)?;
    serde_json::from_str(&answer)
        .with_context(|| format!("`{}` answered something else", command::line(command)))
}

/// The text at a JSON pointer.
pub(crate) fn text(value: &Value, pointer: &str) -> Result<String> {
    let found = value.pointer(pointer).and_then(Value::as_str);
    Ok(found
        .with_context(|| format!("no {pointer} in {value}"))?
        .to_owned())
}

/// The program with as many open files as this user may have: each connection is one.
pub(crate) fn unlimited(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new("sh");
    command
        .args(["-c", r#"ulimit -n "$(ulimit -Hn)"; exec "$@""#, "sh"])
        .arg(program);
    command
}

/// Sends one request on a connection of its own; returns the body of a success.
fn exchange(address: &str, head: &str, body: &str) -> Result<String> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    write!(
        stream,
        "{head}Host: {address}\r\nConnection: close\r\n\r\n{body}"
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (head, body) = answer.split_once("\r\n\r\n").context("no whole answer")?;
    if !head.starts_with("HTTP/1.1 2") {
        bail!("{}: {body}", head.lines().next().unwrap_or_default());
    }
    Ok(body.to_owned())
}

/// An address of this machine that nobody listens at.
pub(crate) fn free_address() -> Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0").context("no free port")?;
    Ok(listener.local_addr()?.to_string())
}

/// The last lines of a log, for those who have to find out why.
pub(crate) fn last_lines(log: &Path, count: usize) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(count)..].join("\n")
}
