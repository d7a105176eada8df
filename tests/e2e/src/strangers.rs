//! A proxy that leads nowhere: whoever a browser asks for beyond this machine is noted and not reached.

use anyhow::Result;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// The running proxy; dropping it stops it.
#[derive(Debug)]
pub(crate) struct Strangers {
    port: u16,
    asked: Arc<Mutex<BTreeSet<String>>>,
    task: JoinHandle<()>,
}

impl Strangers {
    /// Listens on a port of the system's choice: nobody needs to find it again.
    pub(crate) async fn start() -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let port = listener.local_addr()?.port();
        let asked = Arc::<Mutex<BTreeSet<String>>>::default();
        let notes = Arc::clone(&asked);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let notes = Arc::clone(&notes);
                tokio::spawn(async move {
                    let mut stream = BufReader::new(stream);
                    let mut line = String::new();
                    // Whatever cannot be read names nobody.
                    if stream.read_line(&mut line).await.is_ok() {
                        let mut notes = notes.lock().unwrap_or_else(PoisonError::into_inner);
                        notes.extend(host_of(&line));
                    }
                    let refusal = b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n";
                    let _ = stream.get_mut().write_all(refusal).await;
                });
            }
        });
        Ok(Self { port, asked, task })
    }

    /// Where it listens.
    pub(crate) const fn port(&self) -> u16 {
        self.port
    }

    /// The hosts that were asked for.
    pub(crate) fn asked(&self) -> BTreeSet<String> {
        let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.clone()
    }
}

impl Drop for Strangers {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The host in a proxy request's first line: `CONNECT host:443 …` or `GET http://host/path …`.
fn host_of(line: &str) -> Option<String> {
    let target = line.split_whitespace().nth(1)?;
    let rest = target.split_once("://").map_or(target, |(_, rest)| rest);
    let authority = rest.split(['/', '?']).next()?;
    let host = authority
        .rsplit_once(':')
        .map_or(authority, |(host, _)| host);
    (!host.is_empty()).then(|| host.to_owned())
}

#[cfg(test)]
mod tests {
    use super::host_of;

    #[test]
    fn reads_who_was_asked_for() {
        let host = |line| host_of(line).unwrap_or_default();
        assert_eq!(
            host("CONNECT fonts.example:443 HTTP/1.1\r\n"),
            "fonts.example"
        );
        assert_eq!(
            host("GET http://cdn.example/a?b=c:d HTTP/1.1\r\n"),
            "cdn.example"
        );
        assert_eq!(host_of("\r\n"), None);
    }
}
