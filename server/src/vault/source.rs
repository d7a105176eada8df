//! Where the vault's keys come from: a file that we may write, or an environment variable or a command's output, which
//! only the operator changes.

use crate::config::Config;
use railhead_vault::key_file::{self, KeyFileError};
use railhead_vault::{KeyRing, RingTextError};
use std::io::{self, Read as _};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::channel;
use std::time::{Duration, SystemTime};
use zeroize::Zeroizing;

/// How long a command may take.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(30);
/// How often a command that has said everything is looked at, whether it has ended, before it is killed.
const ENDING_ATTEMPTS: u32 = 250;
/// How long after one look the next one comes.
const ENDING_PAUSE: Duration = Duration::from_millis(20);
/// The most bytes it may print.
const MAX_TEXT: usize = 64 * 1024;

/// Where the keys come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeySource {
    /// A file.
    File(PathBuf),
    /// The environment variable of this name.
    Variable(String),
    /// What this command prints: program and arguments.
    Command(Vec<String>),
}

/// Why there are no keys.
#[derive(Debug, thiserror::Error)]
pub enum KeySourceError {
    /// The file.
    #[error(transparent)]
    File(#[from] KeyFileError),
    /// The variable is not set, or not text.
    #[error("the vault's keys are to come from the variable {0}, which is not set")]
    Variable(String),
    /// The command cannot be run.
    #[error("the command for the vault's keys, `{program}`, cannot be run")]
    NotRun {
        /// The program.
        program: String,
        /// Why.
        source: io::Error,
    },
    /// The command failed. What it printed may be secret and is not told.
    #[error("the command for the vault's keys, `{program}`, {why}")]
    Failed {
        /// The program.
        program: String,
        /// How.
        why: String,
    },
    /// The keys have changed to others that have nothing to do with those in use.
    #[error(
        "{0} holds keys of another vault now, which are not used: none of the keys in use is among them. Put those back"
    )]
    Foreign(String),
    /// What was printed or set are no keys.
    #[error("the vault's keys from {place} cannot be read")]
    Text {
        /// Where they came from.
        place: String,
        /// What is wrong with them.
        source: RingTextError,
    },
}

/// The state of a key file by which a change is noticed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp(u64, Option<SystemTime>, u64);

impl KeySource {
    /// The source that `config` names.
    #[must_use]
    pub fn of(config: &Config) -> Self {
        let vault = &config.vault;
        match (&vault.key_env, &vault.key_command) {
            (Some(name), _) => Self::Variable(name.clone()),
            (None, Some(command)) => Self::Command(command.clone()),
            (None, None) => Self::File(config.key_file()),
        }
    }

    /// Reads the keys. May take as long as the command does.
    pub fn load(&self) -> Result<KeyRing, KeySourceError> {
        let text = match self {
            Self::File(path) => return Ok(key_file::load(path)?),
            Self::Variable(name) => std::env::var(name)
                .map(Zeroizing::new)
                .map_err(|_| KeySourceError::Variable(name.clone()))?,
            Self::Command(command) => run(command)?,
        };
        text.parse().map_err(|source| KeySourceError::Text {
            place: self.to_string(),
            source,
        })
    }

    /// Changes when the file does; `None` for sources that are not watched.
    #[must_use]
    pub fn stamp(&self) -> Option<Stamp> {
        let Self::File(path) = self else { return None };
        let metadata = std::fs::metadata(path).ok()?;
        #[cfg(unix)]
        let number = std::os::unix::fs::MetadataExt::ino(&metadata);
        #[cfg(not(unix))]
        let number = 0;
        Some(Stamp(metadata.len(), metadata.modified().ok(), number))
    }
}

/// For people.
impl std::fmt::Display for KeySource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Variable(name) => write!(f, "the variable {name}"),
            Self::Command(command) => {
                write!(
                    f,
                    "the command `{}`",
                    command.first().map_or("", String::as_str)
                )
            }
        }
    }
}

fn run(command: &[String]) -> Result<Zeroizing<String>, KeySourceError> {
    let (program, arguments) = command
        .split_first()
        .map_or(("", command), |(first, rest)| (first.as_str(), rest));
    let not_run = |source| KeySourceError::NotRun {
        program: program.to_owned(),
        source,
    };
    let failed = |why: String| KeySourceError::Failed {
        program: program.to_owned(),
        why,
    };
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(not_run)?;
    let printed = child
        .stdout
        .take()
        .ok_or_else(|| failed("prints nothing".to_owned()))?;
    let (said, heard) = channel();
    std::thread::spawn(move || {
        // Room for all of it at once: growing would leave copies behind that are not wiped.
        let mut text = Zeroizing::new(String::with_capacity(MAX_TEXT + 1));
        let read = printed.take(MAX_TEXT as u64).read_to_string(&mut text);
        // Nobody waits for it any more when it took too long.
        let _ = said.send(read.map(|_| text));
    });
    // Whatever it has started may hold its output open after it has ended, so both are waited for, and not for ever.
    let text = heard.recv_timeout(COMMAND_TIMEOUT);
    let status = ended(&mut child).map_err(not_run)?;
    let (Ok(text), Some(status)) = (text, status) else {
        let seconds = COMMAND_TIMEOUT.as_secs();
        return Err(failed(format!("did not end within {seconds} seconds")));
    };
    if !status.success() {
        return Err(failed(format!("failed ({status})")));
    }
    text.map_err(not_run)
}

/// How a command ended that has said all it has to say; one that does not end soon is killed.
fn ended(child: &mut Child) -> io::Result<Option<ExitStatus>> {
    for _ in 0..ENDING_ATTEMPTS {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        std::thread::sleep(ENDING_PAUSE);
    }
    // It may have ended just now.
    let _ = child.kill();
    let _ = child.wait();
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::{KeySource, KeySourceError};
    use railhead_vault::KeyRing;

    fn ring() -> String {
        let random = |buffer: &mut [u8]| buffer.fill(7);
        KeyRing::generate(&random).to_text().to_string()
    }

    fn command(script: &str) -> KeySource {
        KeySource::Command(["sh", "-c", script].map(str::to_owned).into())
    }

    #[test]
    fn takes_the_keys_that_a_command_prints() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("keys");
        std::fs::write(&file, ring()).unwrap();
        let source = command(&format!("cat '{}'", file.display()));
        assert!(source.load().is_ok());
    }

    #[test]
    fn a_command_that_fails_is_told_of_without_what_it_printed() {
        let error = command("echo s3cret; echo s3cret >&2; exit 3")
            .load()
            .unwrap_err();
        let shown = format!("{error:?} {error}");
        assert!(
            shown.contains("exit status: 3") && !shown.contains("s3cret"),
            "{shown}"
        );
        let error = command("echo s3cret").load().unwrap_err();
        assert!(matches!(error, KeySourceError::Text { .. }), "{error}");
        assert!(
            !format!("{error:?} {error}").contains("s3cret"),
            "{error:?}"
        );
        let missing = KeySource::Command(vec!["/nonexistent/program".to_owned()]);
        assert!(matches!(missing.load(), Err(KeySourceError::NotRun { .. })));
    }

    #[test]
    fn a_program_that_the_command_leaves_behind_keeps_nobody_waiting() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("keys");
        std::fs::write(&file, ring()).unwrap();
        let source = command(&format!("sleep 20 >/dev/null & cat '{}'", file.display()));
        assert!(source.load().is_ok());
    }

    #[test]
    fn a_variable_that_is_not_set_is_named() {
        let source = KeySource::Variable("KEYS_THAT_NOBODY_SETS".to_owned());
        let error = source.load().unwrap_err().to_string();
        assert!(error.contains("KEYS_THAT_NOBODY_SETS"), "{error}");
    }
}
