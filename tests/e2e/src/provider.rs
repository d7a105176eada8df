//! The demo provider as a process.

use crate::{Parts, Process, free_port, http_client, until};
use anyhow::Result;
use demo_provider::Records;
use serde_json::Value;
use std::path::Path;
use std::process::Command;

/// A running demo provider.
#[derive(Debug)]
pub struct DemoProvider {
    url: String,
    local_url: String,
    _process: Process,
}

impl DemoProvider {
    /// Starts it on a free port of localhost. `public_port` is where it is reached when a proxy stands before it.
    pub async fn start(parts: &Parts, folder: &Path, public_port: Option<u16>) -> Result<Self> {
        let port = free_port()?;
        let local_url = format!("http://localhost:{port}");
        let url = format!("http://localhost:{}", public_port.unwrap_or(port));
        let mut command = Command::new(&parts.demo_provider);
        command
            .args([
                "--listen",
                &format!("127.0.0.1:{port}"),
                "--public-url",
                &url,
                "--services",
            ])
            .arg(parts.root.join("services"));
        let mut process = Process::start("demo-provider", &mut command, folder)?;
        until("the demo provider to answer", async || {
            process.expect_running()?;
            Ok(Some(
                http_client()?
                    .get(format!("{local_url}/-/records"))
                    .send()
                    .await?
                    .error_for_status()?,
            ))
        })
        .await?;
        Ok(Self {
            url,
            local_url,
            _process: process,
        })
    }

    /// Its address as browsers and the server see it.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Its own address, with no proxy before it.
    #[must_use]
    pub fn local_url(&self) -> &str {
        &self.local_url
    }

    /// What it has counted so far.
    pub async fn records(&self) -> Result<Records> {
        let answer = http_client()?
            .get(format!("{}/-/records", self.local_url))
            .send()
            .await?;
        Ok(answer.error_for_status()?.json().await?)
    }

    /// How many token requests it has seen so far, for all services.
    pub async fn token_requests(&self) -> Result<u64> {
        Ok(self.records().await?.token_requests)
    }

    /// What `access_token` opens at the provider's API of `service`.
    pub async fn who_is(&self, service: &str, access_token: &str) -> Result<Value> {
        let address = format!("{}/{service}/whoami", self.local_url);
        let answer = http_client()?
            .get(address)
            .bearer_auth(access_token)
            .send()
            .await?;
        Ok(answer.error_for_status()?.json().await?)
    }
}
