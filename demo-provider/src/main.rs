//! The provider as a program: `demo-provider --listen 127.0.0.1:4401 --services services`.

use anyhow::Context;
use clap::Parser;
use demo_provider::{Config, Provider};
use std::{io::Write, net::SocketAddr, path::PathBuf};
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

/// An OAuth 2.0 provider for demos and tests. Any password works; the user name decides what happens.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Address to listen on; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:4401")]
    listen: SocketAddr,
    /// Address browsers use, for example behind a proxy [default: <http://localhost:PORT>].
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    /// Folder with the catalogue's TOML files, for names and colours; may be given again to override.
    #[arg(long, value_name = "DIR")]
    services: Vec<PathBuf>,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    let arguments = Arguments::parse();
    let config = Config {
        listen: arguments.listen,
        public_url: arguments.public_url,
        services: arguments.services,
        ..Config::default()
    };
    // Listened for before the address is printed: whoever reads it may stop us at once.
    let mut terminate = signal(SignalKind::terminate()).context("can't listen for SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("can't listen for SIGINT")?;
    let running = Provider::start(config).await?;
    writeln!(std::io::stdout(), "Demo provider at {}", running.url)
        .context("can't print the address")?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    running.stop().await;
    Ok(())
}
