//! A throw-away PostgreSQL for tests, benchmarks and developers: a new cluster in a temporary folder, on a free port of
//! this machine, gone with whoever started it.

use std::fs::{self, File};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::Read;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Args;
use tempfile::TempDir;

use crate::command;
use crate::progress::{self, Stopwatch};
use crate::signal;
use crate::tools::{self, PostgresPrograms};
use crate::workspace::Workspace;

/// How long a new cluster may take until it takes connections, and an old one until it has stopped.
const PATIENCE: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(20);
/// The superuser of the cluster.
const USER: &str = "railhead";
/// Users that own no files of worth; PostgreSQL refuses to run as root.
const UNPRIVILEGED: [&str; 2] = ["postgres", "nobody"];

/// Runs PostgreSQL, and has it stopped when standard input closes: in whatever way this program ends, it does not stay.
///
/// SIGINT is PostgreSQL's word for stopping fast. What runs in the background of a script may be deaf to it, as a program
/// that sets no handler is: so SIGTERM follows, which PostgreSQL passes over while it stops.
const RUN: &str =
    r#"exec 3<&0; (read -r _ <&3; kill -INT $$; kill $$) & exec "$@" 3<&- </dev/null"#;

/// Speed before safety: what is in here is worth nothing tomorrow.
const SETTINGS: [&str; 9] = [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "max_connections=300",
    "shared_buffers=64MB",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "jit=off",
    "timezone=UTC",
];

/// How to run PostgreSQL in the foreground.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The port to listen on; a free one when none is given.
    #[arg(long)]
    port: Option<u16>,
}

/// Starts PostgreSQL, prints its address and waits for Ctrl-C.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let server = Postgres::start_at(workspace, options.port)?;
        println!(
            "\n  {}\n\nCtrl-C stops it; nothing of it is kept.",
            server.url()
        );
        let asked = signal::asked_to_stop().await;
        println!("\nstopping …");
        asked
    })
}

/// A running PostgreSQL. It ends, and its folder goes, when this is dropped.
#[derive(Debug)]
pub(crate) struct Postgres {
    url: String,
    child: Child,
    /// Closed to have it stopped.
    leash: Option<ChildStdin>,
    folder: TempDir,
}

impl Postgres {
    /// Starts a new cluster on a free port.
    pub(crate) fn start(workspace: &Workspace) -> Result<Self> {
        Self::start_at(workspace, None)
    }

    fn start_at(workspace: &Workspace, port: Option<u16>) -> Result<Self> {
        let watch = Stopwatch::start();
        let programs = tools::postgres(workspace)?;
        let cluster = Cluster::create(&programs)?;
        let port = port.map_or_else(free_port, Ok)?;
        let server = cluster.serve(port)?;
        progress::done(format!(
            "PostgreSQL on port {port}, from {} ({})",
            programs.file("postgres").display(),
            watch.reading()
        ));
        Ok(server)
    }

    /// The address of the database `postgres`, as its superuser.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        drop(self.leash.take());
        let watch = Stopwatch::start();
        while matches!(self.child.try_wait(), Ok(None)) {
            if watch.elapsed() > PATIENCE {
                // Nothing more can be done for a process that cannot be ended.
                let _ = self.child.kill();
                let _ = self.child.wait();
                return;
            }
            sleep(PAUSE);
        }
    }
}

/// A cluster that does not run yet.
struct Cluster {
    folder: TempDir,
    programs: PostgresPrograms,
    owner: Option<Owner>,
    password: String,
}

/// Who runs PostgreSQL where this program itself may not.
#[derive(Debug, Clone, Copy)]
struct Owner {
    user: u32,
    group: u32,
}

impl Cluster {
    fn create(programs: &PostgresPrograms) -> Result<Self> {
        let folder = tempfile::Builder::new()
            .prefix("railhead-postgres-")
            .tempdir()
            .context("no temporary folder")?;
        let owner = tools::is_root().then(Owner::find).transpose()?;
        let programs = if owner.is_some() && programs.in_repository {
            programs.copied_to(&folder.path().join("programs"))?
        } else {
            programs.clone()
        };
        let password = unguessable();
        let password_file = folder.path().join("password");
        fs::write(&password_file, &password)?;
        if let Some(owner) = owner {
            owner.take(folder.path())?;
            owner.take(&password_file)?;
        }
        let cluster = Self {
            folder,
            programs,
            owner,
            password,
        };
        let mut init = Command::new(cluster.programs.file("initdb"));
        init.arg("--pgdata").arg(cluster.data());
        init.args(["--username", USER, "--auth", "password", "--pwfile"]);
        init.arg(&password_file);
        init.args(["--encoding", "UTF8", "--locale", "C", "--no-sync"]);
        cluster.as_owner(&mut init);
        command::capture(&mut init)?;
        fs::remove_file(password_file)?;
        Ok(cluster)
    }

    fn serve(self, port: u16) -> Result<Postgres> {
        let log = self.folder.path().join("log");
        let output = File::create(&log)?;
        let mut serve = Command::new("sh");
        serve.args(["-c", RUN, "railhead"]);
        serve.arg(self.programs.file("postgres"));
        serve.arg("-D").arg(self.data());
        serve.args(["-c", &format!("port={port}")]);
        for setting in SETTINGS {
            serve.args(["-c", setting]);
        }
        self.as_owner(&mut serve);
        let mut child = serve
            .stdin(Stdio::piped())
            .stdout(output.try_clone()?)
            .stderr(output)
            .spawn()
            .context("cannot start a shell")?;
        let leash = child.stdin.take();
        let mut server = Postgres {
            url: format!(
                "postgres://{USER}:{}@127.0.0.1:{port}/postgres",
                self.password
            ),
            child,
            leash,
            folder: self.folder,
        };
        until_ready(&mut server.child, server.folder.path()).with_context(|| last_lines(&log))?;
        Ok(server)
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Has the command run by the owner, from a folder that the owner may enter.
    fn as_owner(&self, command: &mut Command) {
        command.current_dir(self.folder.path());
        #[cfg(unix)]
        if let Some(owner) = self.owner {
            use std::os::unix::process::CommandExt;
            command.uid(owner.user).gid(owner.group);
        }
    }
}

impl Owner {
    fn find() -> Result<Self> {
        for name in UNPRIVILEGED {
            let id = |what| command::capture(Command::new("id").args([what, name]));
            if let (Ok(user), Ok(group)) = (id("-u"), id("-g")) {
                return Ok(Self {
                    user: user.trim().parse()?,
                    group: group.trim().parse()?,
                });
            }
        }
        bail!("PostgreSQL does not run as root, and there is no user {UNPRIVILEGED:?} to run it as")
    }

    #[cfg_attr(
        not(unix),
        expect(clippy::unnecessary_wraps, reason = "there is no root")
    )]
    fn take(self, path: &Path) -> Result<()> {
        #[cfg(unix)]
        std::os::unix::fs::chown(path, Some(self.user), Some(self.group))
            .with_context(|| format!("cannot hand over {}", path.display()))?;
        #[cfg(not(unix))]
        let _ = (self, path);
        Ok(())
    }
}

/// Waits until the cluster says so itself: the last line of `postmaster.pid` is its state.
fn until_ready(child: &mut Child, folder: &Path) -> Result<()> {
    let watch = Stopwatch::start();
    loop {
        if let Some(status) = child.try_wait()? {
            bail!("PostgreSQL ended at once ({status})");
        }
        let state = fs::read_to_string(folder.join("data/postmaster.pid")).unwrap_or_default();
        if state.lines().nth(7).map(str::trim) == Some("ready") {
            return Ok(());
        }
        if watch.elapsed() > PATIENCE {
            bail!("PostgreSQL took no connections within {PATIENCE:?}");
        }
        sleep(PAUSE);
    }
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0").context("no free port")?;
    Ok(listener.local_addr()?.port())
}

/// A password from the keys that the system gives every hash map: others on this machine must not become superuser.
fn unguessable() -> String {
    let part = || RandomState::new().build_hasher().finish();
    format!("{:016x}{:016x}", part(), part())
}

fn last_lines(log: &Path) -> String {
    let mut text = String::new();
    // A log that cannot be read adds nothing to the error it would explain.
    let _ = File::open(log).and_then(|mut file| file.read_to_string(&mut text));
    let lines: Vec<&str> = text.lines().collect();
    let last = lines[lines.len().saturating_sub(5)..].join("\n");
    format!("its last lines were:\n{last}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What stands before and behind the programme to run, in place of PostgreSQL.
    #[cfg(unix)]
    #[test]
    fn does_not_outlive_whoever_holds_the_leash() {
        let mut child = Command::new("sh")
            .args(["-c", RUN, "railhead", "sleep", "600"])
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        assert!(child.try_wait().unwrap().is_none());
        drop(child.stdin.take());
        assert!(!child.wait().unwrap().success());
    }

    #[test]
    fn passwords_differ() {
        assert_ne!(unguessable(), unguessable());
        assert_eq!(unguessable().len(), 32);
    }
}
