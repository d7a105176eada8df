//! What the broker is measured against: an axum handler that reads the request and answers bytes it was given, in a
//! process of its own.

use crate::client::Connection;
use anyhow::{Context as _, Result};
use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::routing::post;
use serde::{Deserialize, Serialize};
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

/// Headers that the HTTP library sets by itself.
const OWN: [&str; 4] = ["date", "content-length", "connection", "transfer-encoding"];

/// An answer of the broker, to be given again.
#[derive(Debug, Serialize, Deserialize)]
struct Recorded {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

/// The running handler; it ends with this.
#[derive(Debug)]
pub(crate) struct Bare {
    _process: Child,
    /// Host and port.
    pub(crate) address: String,
}

impl Bare {
    /// Asks the broker once, and starts a handler that answers the same.
    pub(crate) async fn like(address: &str, request: &[u8]) -> Result<Self> {
        let mut connection = Connection::open(address, 64 * 1024).await?;
        let answer = connection.send(request).await?;
        let mut lines = answer.head.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1));
        let recorded = Recorded {
            status: status.context("no status")?.parse()?,
            headers: lines
                .filter_map(|line| line.split_once(": "))
                .filter(|(name, _)| !OWN.contains(&name.to_ascii_lowercase().as_str()))
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
            body: String::from_utf8(answer.body.to_vec())?,
        };
        let mut process = Command::new(std::env::current_exe()?)
            .args(["bare", &serde_json::to_string(&recorded)?])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("the bare handler")?;
        let output = process.stdout.take().context("no output")?;
        let address = BufReader::new(output).lines().next_line().await?;
        Ok(Self {
            _process: process,
            address: address.context("the bare handler ended")?,
        })
    }
}

/// Serves an answer, and says where.
pub(crate) async fn serve(recorded: &str) -> Result<()> {
    let recorded: Recorded = serde_json::from_str(recorded)?;
    let status = StatusCode::from_u16(recorded.status)?;
    let mut headers = HeaderMap::new();
    for (name, value) in &recorded.headers {
        headers.append(name.parse::<HeaderName>()?, value.parse::<HeaderValue>()?);
    }
    let body = Bytes::from(recorded.body);
    let handler = post(async move |request: Bytes| {
        drop(request);
        (status, headers, body)
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?);
    let router = Router::new().route("/v1/connect/sessions", handler);
    Ok(axum::serve(listener, router).await?)
}
