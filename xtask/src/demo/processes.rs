//! The programs of the demo: started together, their output prefixed, stopped together.

use std::fmt;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::process::Child;
use tokio::time::{sleep, timeout};

use crate::progress::{Ink, coloured, ink};

/// How long a program may take until it answers.
const START_TIME: Duration = Duration::from_mins(1);
/// How long a program may take to stop by itself.
const STOP_TIME: Duration = Duration::from_secs(10);

/// A program to start, and the address that answers once it is up.
#[derive(Debug)]
pub(super) struct Program {
    /// What its lines of output begin with.
    pub(super) name: &'static str,
    /// How it is started.
    pub(super) command: Command,
    /// An address that answers with a success.
    pub(super) health: String,
}

/// The running programs; none outlives it.
#[derive(Debug, Default)]
pub(super) struct Processes(Vec<Process>);

#[derive(Debug)]
struct Process {
    name: &'static str,
    health: String,
    child: Child,
}

impl Processes {
    /// Starts a program.
    pub(super) fn start(&mut self, program: Program) -> Result<()> {
        let Program {
            name,
            mut command,
            health,
        } = program;
        if !coloured() {
            command.env("NO_COLOR", "1");
        }
        let mut child = tokio::process::Command::from(command)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("cannot start the {name}"))?;
        if let Some(stdout) = child.stdout.take() {
            tokio::spawn(show(name, stdout));
        }
        if let Some(stderr) = child.stderr.take() {
            tokio::spawn(show(name, stderr));
        }
        self.0.push(Process {
            name,
            health,
            child,
        });
        Ok(())
    }

    /// Waits until all answer; fails when one ends before that.
    pub(super) async fn until_ready(&mut self) -> Result<()> {
        for process in &mut self.0 {
            let Process {
                name,
                health,
                child,
            } = process;
            tokio::select! {
                ready = timeout(START_TIME, until_answers(health)) => {
                    if ready.is_err() {
                        bail!("the {name} does not answer at {health}; its own lines above may say why");
                    }
                }
                status = child.wait() => bail!("the {name} ended at once ({})", status?),
            }
        }
        Ok(())
    }

    /// Waits for a program to end, which none should.
    pub(super) async fn until_one_ends(&mut self) -> Result<()> {
        loop {
            for process in &mut self.0 {
                if let Some(status) = process.child.try_wait()? {
                    bail!(
                        "the {} ended ({status}); its own lines above may say why",
                        process.name
                    );
                }
            }
            sleep(Duration::from_millis(250)).await;
        }
    }

    /// Asks all to stop, and ends those that don't.
    pub(super) async fn stop(&mut self) {
        for process in &mut self.0 {
            ask_to_stop(&mut process.child).await;
        }
        for process in &mut self.0 {
            if timeout(STOP_TIME, process.child.wait()).await.is_err() {
                // Ending a process that has just ended by itself fails, which is as good.
                let _ = process.child.kill().await;
            }
        }
    }
}

async fn ask_to_stop(child: &mut Child) {
    let Some(id) = child.id() else { return };
    if cfg!(unix) {
        let asked = tokio::process::Command::new("kill")
            .args(["-TERM", &id.to_string()])
            .status();
        if asked.await.is_ok() {
            return;
        }
    }
    // It may have ended already, which is what was wanted.
    let _ = child.start_kill();
}

async fn show(name: impl fmt::Display, output: impl AsyncRead + Unpin) {
    let mut lines = BufReader::new(output).split(b'\n');
    let prefix = ink(Ink::Dim, format!("{name:<9}│"));
    while let Ok(Some(line)) = lines.next_segment().await {
        println!("{prefix} {}", String::from_utf8_lossy(&line).trim_end());
    }
}

async fn until_answers(address: &str) {
    while !answers(address).await {
        sleep(Duration::from_millis(100)).await;
    }
}

/// Whether a GET of an address on this machine succeeds (HTTP status 2xx).
async fn answers(address: &str) -> bool {
    let address = address.trim_start_matches("http://");
    let (host, path) = address.split_once('/').unwrap_or((address, ""));
    let exchange = async {
        let mut stream = TcpStream::connect(host).await?;
        let request = format!("GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await?;
        let mut start = [0; 10];
        stream.read_exact(&mut start).await?;
        Ok::<_, std::io::Error>(start == *b"HTTP/1.1 2")
    };
    matches!(
        timeout(Duration::from_secs(5), exchange).await,
        Ok(Ok(true))
    )
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    fn program(script: &str, health: &str) -> Program {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        Program {
            name: "test",
            command,
            health: health.to_owned(),
        }
    }

    #[tokio::test]
    async fn readiness_is_an_http_success() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/healthz", listener.local_addr().unwrap());
        let server = tokio::spawn(async move {
            for status in ["503 Service Unavailable", "204 No Content"] {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut request = [0; 16];
                stream.read_exact(&mut request).await.unwrap();
                assert_eq!(&request[..13], b"GET /healthz ");
                stream
                    .write_all(format!("HTTP/1.1 {status}\r\n\r\n").as_bytes())
                    .await
                    .unwrap();
            }
        });
        assert!(!answers(&address).await);
        assert!(answers(&address).await);
        server.await.unwrap();
    }

    #[tokio::test]
    async fn a_program_that_ends_while_starting_is_reported() {
        let mut processes = Processes::default();
        processes
            .start(program("exit 7", "http://127.0.0.1:9/never"))
            .unwrap();
        let error = processes.until_ready().await.unwrap_err().to_string();
        assert!(
            error.contains("the test ended at once") && error.contains('7'),
            "{error}"
        );
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn stopping_asks_first() {
        let folder = tempfile::tempdir().unwrap();
        let ready = folder.path().join("ready");
        let mut stubborn = program(
            "trap 'exit 5' TERM; : > \"$0\"; while :; do sleep 0.05; done",
            "",
        );
        stubborn.command.arg(&ready);
        let mut processes = Processes::default();
        processes.start(stubborn).unwrap();
        while !ready.exists() {
            sleep(Duration::from_millis(5)).await;
        }
        processes.stop().await;
        let status = processes.0[0].child.wait().await.unwrap();
        assert_eq!(status.code(), Some(5), "its own way out, not a kill");
    }
}
