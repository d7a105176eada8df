//! Runs other programs: with their output shown, kept, or both.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use anyhow::{Context, Result, bail};

use crate::progress;

/// Runs a program and shows its output; fails when it does.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command
        .stdin(Stdio::null())
        .status()
        .with_context(|| format!("cannot start `{}`", line(command)))?;
    if status.success() {
        return Ok(());
    }
    bail!("`{}` failed ({status})", line(command))
}

/// Runs a program and returns its standard output; its errors are shown when it fails.
pub(crate) fn capture(command: &mut Command) -> Result<String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot start `{}`", line(command)))?;
    if output.status.success() {
        return String::from_utf8(output.stdout)
            .with_context(|| format!("`{}` printed something that is no text", line(command)));
    }
    bail!(
        "`{}` failed ({}): {}",
        line(command),
        output.status,
        String::from_utf8_lossy(&output.stderr).trim()
    )
}

/// What a program printed and whether it succeeded.
#[derive(Debug)]
pub(crate) struct Transcript {
    /// Both streams, in the order the lines came.
    pub(crate) text: String,
    /// Whether it left with status zero.
    pub(crate) succeeded: bool,
}

/// Runs a program, shows its output while it runs, and keeps it.
pub(crate) fn tee(command: &mut Command) -> Result<Transcript> {
    if progress::coloured() {
        command
            .env("CARGO_TERM_COLOR", "always")
            .env("FORCE_COLOR", "1");
    }
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start `{}`", line(command)))?;
    let kept = Arc::new(Mutex::new(String::new()));
    let mut readers = Vec::new();
    if let Some(stdout) = child.stdout.take() {
        readers.push(copy(stdout, std::io::stdout(), Arc::clone(&kept)));
    }
    if let Some(stderr) = child.stderr.take() {
        readers.push(copy(stderr, std::io::stderr(), Arc::clone(&kept)));
    }
    let status = child
        .wait()
        .with_context(|| format!("lost `{}`", line(command)))?;
    for reader in readers {
        // A reader that panicked has lost output, not the verdict.
        let _ = reader.join();
    }
    let text = std::mem::take(&mut *kept.lock().unwrap_or_else(PoisonError::into_inner));
    Ok(Transcript {
        text,
        succeeded: status.success(),
    })
}

fn copy(
    from: impl Read + Send + 'static,
    mut to: impl Write + Send + 'static,
    kept: Arc<Mutex<String>>,
) -> thread::JoinHandle<()> {
    thread::spawn(move || {
        let mut from = BufReader::new(from);
        let mut bytes = Vec::new();
        while matches!(from.read_until(b'\n', &mut bytes), Ok(read) if read > 0) {
            // Whoever closed our output still wants the run to finish.
            let _ = to.write_all(&bytes).and_then(|()| to.flush());
            kept.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push_str(&String::from_utf8_lossy(&bytes));
            bytes.clear();
        }
    })
}

/// The command as one would type it.
pub(crate) fn line(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_both_streams_and_the_verdict() {
        let transcript =
            tee(Command::new("sh").args(["-c", "echo seen; echo also >&2; exit 3"])).unwrap();
        assert!(transcript.text.contains("seen\n") && transcript.text.contains("also\n"));
        assert!(!transcript.succeeded);
    }

    #[test]
    fn a_failure_names_the_command_and_its_words() {
        let error = capture(Command::new("sh").args(["-c", "echo why >&2; exit 1"])).unwrap_err();
        assert!(error.to_string().starts_with("`sh -c"), "{error}");
        assert!(error.to_string().ends_with("why"), "{error}");
    }
}
