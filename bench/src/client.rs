//! A client that costs next to nothing: one connection, requests written beforehand, answers read by their length.

use anyhow::{Context as _, Result, bail, ensure};
use serde::Deserialize;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// The page that embeds the widget.
const PAGE: &str = "http://lender.test";

/// A broker that runs.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Target {
    /// What its database is.
    pub(crate) name: String,
    /// Host and port.
    pub(crate) address: String,
    /// Its process.
    pub(crate) process: u32,
    /// A sandbox widget.
    pub(crate) widget: String,
    /// A key of the sandbox.
    pub(crate) api_key: String,
    /// A connection that is active.
    pub(crate) connection: String,
}

impl Target {
    /// Loads the widget for a business.
    pub(crate) fn begin_session(&self, business: &str) -> Vec<u8> {
        let body = serde_json::json!({ "widgetId": self.widget, "businessName": business });
        self.post("/v1/connect/sessions", "", &body)
    }

    /// Asks for the connection's credentials.
    pub(crate) fn read_credentials(&self) -> Vec<u8> {
        let path = format!("/v1/connections/{}/credentials", self.connection);
        self.get(&path, &self.api_key)
    }

    /// A GET by the holder of `bearer`.
    pub(crate) fn get(&self, path: &str, bearer: &str) -> Vec<u8> {
        let address = &self.address;
        format!(
            "GET {path} HTTP/1.1\r\nHost: {address}\r\nOrigin: {PAGE}\r\nAuthorization: Bearer {bearer}\r\n\r\n"
        )
        .into_bytes()
    }

    /// A POST by the holder of `bearer`, or by nobody yet.
    pub(crate) fn post(&self, path: &str, bearer: &str, body: &Value) -> Vec<u8> {
        let (address, body) = (&self.address, body.to_string());
        let bearer = if bearer.is_empty() {
            String::new()
        } else {
            format!("Authorization: Bearer {bearer}\r\n")
        };
        let length = body.len();
        format!(
            "POST {path} HTTP/1.1\r\nHost: {address}\r\nOrigin: {PAGE}\r\n{bearer}Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        )
        .into_bytes()
    }
}

/// A connection that is kept.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
    filled: usize,
}

/// A whole answer.
#[derive(Debug)]
pub(crate) struct Answer<'a> {
    /// The lines before the body.
    pub(crate) head: &'a str,
    /// The body.
    pub(crate) body: &'a [u8],
}

impl Connection {
    /// Connects.
    pub(crate) async fn open(address: &str, room: usize) -> Result<Self> {
        let stream = TcpStream::connect(address).await.context("connect")?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            buffer: vec![0; room],
            filled: 0,
        })
    }

    /// Sends a request and reads its answer, which must be a success.
    pub(crate) async fn send(&mut self, request: &[u8]) -> Result<Answer<'_>> {
        self.stream.write_all(request).await?;
        self.answer().await
    }

    /// Sends a request whose answer is read later.
    pub(crate) async fn write(&mut self, request: &[u8]) -> Result<()> {
        Ok(self.stream.write_all(request).await?)
    }

    /// Reads an answer, which must be a success.
    pub(crate) async fn answer(&mut self) -> Result<Answer<'_>> {
        self.filled = 0;
        let end = loop {
            self.read().await?;
            if let Some(at) = find(&self.buffer[..self.filled], b"\r\n\r\n") {
                break at;
            }
        };
        let length = length(std::str::from_utf8(&self.buffer[..end])?)?;
        let (start, whole) = (end + 4, end + 4 + length);
        while self.filled < whole {
            self.read().await?;
        }
        let head = std::str::from_utf8(&self.buffer[..end])?;
        let body = &self.buffer[start..whole];
        ensure!(
            head.as_bytes().get(9) == Some(&b'2'),
            "answered {head}\n{}",
            String::from_utf8_lossy(body)
        );
        Ok(Answer { head, body })
    }

    /// Sends a request; reads its answer as JSON.
    pub(crate) async fn json(&mut self, request: &[u8]) -> Result<Value> {
        Ok(serde_json::from_slice(self.send(request).await?.body)?)
    }

    async fn read(&mut self) -> Result<()> {
        if self.filled == self.buffer.len() {
            self.buffer.resize(self.filled * 2, 0);
        }
        let read = self.stream.read(&mut self.buffer[self.filled..]).await?;
        ensure!(read > 0, "the connection was closed");
        self.filled += read;
        Ok(())
    }
}

fn find(bytes: &[u8], pattern: &[u8]) -> Option<usize> {
    bytes
        .windows(pattern.len())
        .position(|window| window == pattern)
}

fn length(head: &str) -> Result<usize> {
    for line in head.lines() {
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            return Ok(value.trim().parse()?);
        }
    }
    bail!("an answer without a length: {head}")
}
