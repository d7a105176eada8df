//! The real command `railhead`.

use super::postgres;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::process::{Child, Command};

/// Runs `railhead` with `arguments` on the data of `folder`; answers what it printed.
pub(crate) fn railhead(folder: &Path, arguments: &[&str]) -> String {
    let (succeeded, printed, errors) = railhead_with(folder, arguments, &[]);
    assert!(succeeded, "{printed}{errors}");
    printed
}

/// The same for what has to fail; answers what it printed and complained of.
pub(crate) fn railhead_fails(folder: &Path, arguments: &[&str]) -> String {
    let (succeeded, printed, errors) = railhead_with(folder, arguments, &[]);
    assert!(!succeeded, "{printed}{errors}");
    printed + &errors
}

/// Has every command that works on `folder` use the PostgreSQL database at `url`.
pub(crate) fn use_database(folder: &Path, url: &url::Url) {
    std::fs::write(folder.join(DATABASE), url.as_str()).unwrap();
}

/// Where a folder's database is, when it is not in the folder.
pub(crate) fn database(folder: &Path) -> Option<String> {
    std::fs::read_to_string(folder.join(DATABASE)).ok()
}

/// The file of a folder that says so.
const DATABASE: &str = "database-url";

/// Runs `railhead` with more variables, however it ends; answers whether it succeeded, what it printed and what it complained
/// of.
pub(crate) fn railhead_with(
    folder: &Path,
    arguments: &[&str],
    variables: &[(&str, &str)],
) -> (bool, String, String) {
    let mut command = command(folder, arguments);
    let output = command.envs(variables.iter().copied()).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (
        output.status.success(),
        text(output.stdout),
        text(output.stderr),
    )
}

/// `railhead` with `arguments` on the data of `folder`.
pub(crate) fn command(folder: &Path, arguments: &[&str]) -> std::process::Command {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_railhead"));
    command
        .args(arguments)
        .env("RAILHEAD_DATA_DIR", folder.join("data"))
        .env("RAILHEAD_SERVICES_DIRS", services())
        .env_remove(postgres::SERVER)
        .env_remove(postgres::STORE)
        .envs(database(folder).map(|url| ("RAILHEAD_DATABASE", url)));
    command
}

/// The project's service files.
pub(crate) fn services() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../services")
}

/// A server in a process of its own, which can be killed.
pub(crate) struct Process {
    child: Child,
    errors: Option<tokio::task::JoinHandle<String>>,
}

impl Process {
    /// Starts `railhead serve` on `port` and waits until it listens.
    pub(crate) async fn serve(folder: &Path, port: u16, provider: &str, log: &str) -> Self {
        Self::serve_with(folder, port, provider, &[("RAILHEAD_LOG", log)]).await
    }

    /// The same with more variables.
    pub(crate) async fn serve_with(
        folder: &Path,
        port: u16,
        provider: &str,
        variables: &[(&str, &str)],
    ) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_railhead"))
            .arg("serve")
            .env("RAILHEAD_DATA_DIR", folder.join("data"))
            .env("RAILHEAD_SERVICES_DIRS", services())
            .env("RAILHEAD_LISTEN", format!("127.0.0.1:{port}"))
            .env("RAILHEAD_SANDBOX__PROVIDER_URL", provider)
            .env_remove(postgres::SERVER)
            .env_remove(postgres::STORE)
            .envs(database(folder).map(|url| ("RAILHEAD_DATABASE", url)))
            .env("RAILHEAD_LOG_FORMAT", "json")
            .envs(variables.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap());
        let mut seen = String::new();
        while !seen.contains("\nRailhead Connect listens on")
            && !seen.starts_with("Railhead Connect")
        {
            assert!(
                lines.read_line(&mut seen).await.unwrap() > 0,
                "did not start: {seen}"
            );
        }
        let errors = tokio::spawn(async move {
            lines.read_to_string(&mut seen).await.unwrap();
            seen
        });
        Self {
            child,
            errors: Some(errors),
        }
    }

    /// Kills it with SIGKILL: it can finish nothing. Answers what it logged.
    pub(crate) async fn kill(mut self) -> String {
        self.child.kill().await.unwrap();
        self.errors.take().unwrap().await.unwrap()
    }

    /// Asks it to end with SIGTERM and waits until it has. Answers its exit code and what it logged.
    pub(crate) async fn terminate(self) -> (Option<i32>, String) {
        self.ask_to_end().await;
        self.ended().await
    }

    /// Sends SIGTERM.
    pub(crate) async fn ask_to_end(&self) {
        let id = self.child.id().unwrap().to_string();
        assert!(
            Command::new("kill")
                .args(["-TERM", &id])
                .status()
                .await
                .unwrap()
                .success()
        );
    }

    /// Waits until it has ended. Answers its exit code and what it logged.
    pub(crate) async fn ended(mut self) -> (Option<i32>, String) {
        let status = self.child.wait().await.unwrap();
        (status.code(), self.errors.take().unwrap().await.unwrap())
    }
}

/// A port that was free just now.
pub(crate) fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}
