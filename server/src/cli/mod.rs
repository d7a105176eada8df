//! The commands of `railhead`.

mod backup;
mod check;
mod key;
mod serve;
mod vault;
mod widget;

use crate::config::{Config, DatabaseUrl, FILE_VARIABLE};
use crate::domain::id::WorkspaceId;
use crate::domain::tenant::{Workspace, WorkspaceName};
use crate::entropy::{Entropy, SharedEntropy, SystemEntropy};
use crate::open::{Opened, open};
use crate::store::TenantStore as _;
use clap::{Args, Parser, Subcommand, ValueEnum};
use railhead_protocol::Environment;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use time::OffsetDateTime;

/// Railhead Connect: the broker between your customers' software and your product.
#[derive(Debug, Parser)]
#[command(name = "railhead", version, propagate_version = true)]
struct Cli {
    /// The configuration file; without one, defaults and RAILHEAD_… variables count.
    #[arg(long, global = true, env = FILE_VARIABLE, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The PostgreSQL database, over what the configuration says.
    #[arg(long, global = true, value_name = "URL")]
    database: Option<DatabaseUrl>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs the server.
    Serve,
    /// Widgets.
    #[command(subcommand)]
    Widget(widget::WidgetCommand),
    /// API keys.
    #[command(subcommand)]
    Key(key::KeyCommand),
    /// The keys that seal credentials.
    #[command(subcommand)]
    Vault(vault::VaultCommand),
    /// Copies the SQLite database while a server goes on.
    Backup {
        /// The copy; a file that is not there yet.
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
    },
    /// Prints the OpenAPI document of the HTTP API.
    Openapi,
    /// Shows the configuration, and what in it would keep something from working.
    Check,
}

/// What commands have in common that work in one workspace.
#[derive(Debug, Args)]
struct Place {
    /// Which environment.
    #[arg(long, value_enum)]
    environment: EnvironmentArg,
    /// Which workspace; made when there is none of this name.
    #[arg(long, default_value = WorkspaceName::DEFAULT, value_name = "NAME")]
    workspace: String,
    /// Prints JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum EnvironmentArg {
    /// For trying out.
    Sandbox,
    /// The real services.
    Production,
}

impl From<EnvironmentArg> for Environment {
    fn from(argument: EnvironmentArg) -> Self {
        match argument {
            EnvironmentArg::Sandbox => Self::Sandbox,
            EnvironmentArg::Production => Self::Production,
        }
    }
}

/// Runs the command that the process was started with.
pub fn run() -> anyhow::Result<ExitCode> {
    let cli = Cli::parse();
    let mut config = Config::load(cli.config.as_deref(), std::env::vars_os())?;
    config.database = cli.database.or(config.database);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let serves = matches!(cli.command, Command::Serve);
    let traces = crate::log::init(&config, serves.then(|| runtime.handle().clone()))?;
    let told = matches!(cli.command, Command::Check);
    for name in config.passed_over.iter().filter(|_| !told) {
        tracing::warn!(
            name,
            "not a setting: container platforms set it; passed over"
        );
    }
    let result = runtime.block_on(async {
        match cli.command {
            Command::Serve => serve::serve(config).await,
            Command::Widget(command) => widget::run(&config, command).await,
            Command::Key(command) => key::run(&config, command).await,
            Command::Vault(command) => vault::run(&config, command).await,
            Command::Backup { to } => backup::backup(&config, &to).await,
            Command::Openapi => {
                say(&crate::routes::document().indented)?;
                Ok(ExitCode::SUCCESS)
            }
            Command::Check => check::check(&config).await,
        }
    });
    // While the runtime is there to send them.
    if let Some(traces) = traces {
        traces.close();
    }
    result
}

/// Prints a command's result. Whoever reads it may have heard enough before its end.
fn say(text: &str) -> io::Result<()> {
    match io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

/// The data, and what commands need to add to it.
struct Workplace {
    opened: Opened,
    entropy: SharedEntropy,
    now: OffsetDateTime,
}

impl Workplace {
    /// Opens the data, making what is missing: what a command was given has to be checked before.
    async fn open(config: &Config) -> anyhow::Result<Self> {
        let entropy: SharedEntropy = Arc::new(SystemEntropy);
        let now = crate::clock::Clock::now(&crate::clock::SystemClock);
        let opened = open(config, entropy.clone()).await?;
        Ok(Self {
            opened,
            entropy,
            now,
        })
    }

    /// The workspace `name`; made when there is none.
    async fn workspace(&self, name: &WorkspaceName) -> anyhow::Result<Workspace> {
        let new = WorkspaceId::generate(self.entropy.as_ref() as &dyn Entropy);
        let store = &self.opened.store;
        Ok(store.ensure_workspace(name, &new, self.now).await?)
    }
}
