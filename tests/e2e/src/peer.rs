//! A certified OAuth 2.0 server that nobody here wrote: npm `oidc-provider`, run by `peers/oidc-provider/server.mjs`.

use crate::{Parts, Process, Stage, http_client, run, until};
use anyhow::Result;
use serde_json::Value;
use std::path::PathBuf;
use std::process::Command;
use tokio::sync::OnceCell;

/// How the peer is set up.
#[derive(Clone, Debug)]
pub struct PeerSettings<'a> {
    /// Where it listens.
    pub port: u16,
    /// The client it knows.
    pub client_id: &'a str,
    /// The client's secret.
    pub client_secret: &'a str,
    /// The one redirect URI it accepts.
    pub redirect_uri: &'a str,
    /// How long access tokens last.
    pub access_token_seconds: u32,
}

/// A running peer.
#[derive(Clone, Debug)]
pub struct Peer {
    url: String,
}

impl Peer {
    /// Installs its packages (once in a test run) and starts it; it runs as long as the stage stands.
    pub async fn start(stage: &mut Stage, settings: &PeerSettings<'_>) -> Result<Self> {
        let home = installed(&stage.parts).await?;
        let mut command = Command::new("node");
        command
            .arg("server.mjs")
            .current_dir(&home)
            .env("PORT", settings.port.to_string())
            .env("CLIENT_ID", settings.client_id)
            .env("CLIENT_SECRET", settings.client_secret)
            .env("REDIRECT_URI", settings.redirect_uri)
            .env(
                "ACCESS_TOKEN_SECONDS",
                settings.access_token_seconds.to_string(),
            );
        let mut process = Process::start("oidc-provider", &mut command, &stage.folder)?;
        let url = format!("http://localhost:{}", settings.port);
        until("oidc-provider to answer", async || {
            process.expect_running()?;
            let address = format!("{url}/.well-known/openid-configuration");
            Ok(Some(
                http_client()?
                    .get(address)
                    .send()
                    .await?
                    .error_for_status()?,
            ))
        })
        .await?;
        stage.keep_running(process);
        Ok(Self { url })
    }

    /// Its address, which is also its issuer.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The tokens it issued (`issued`) and the requests it refused (`refused`).
    pub async fn issued(&self) -> Result<Value> {
        let answer = http_client()?
            .get(format!("{}/-/issued", self.url))
            .send()
            .await?;
        Ok(answer.error_for_status()?.json().await?)
    }
}

async fn installed(parts: &Parts) -> Result<PathBuf> {
    static HOME: OnceCell<PathBuf> = OnceCell::const_new();
    let home = HOME
        .get_or_try_init(async || {
            let home = parts.root.join("tests/e2e/peers/oidc-provider");
            run(Command::new("npm")
                .args(["ci", "--prefer-offline"])
                .current_dir(&home))
            .await?;
            anyhow::Ok(home)
        })
        .await?;
    Ok(home.clone())
}
