//! An X display without a screen, for an engine that draws only on one.

use crate::environment::program;
use crate::{Process, until};
use anyhow::Result;
use std::path::Path;
use std::process::Command;

/// A running display; dropping it ends it.
#[derive(Debug)]
pub(crate) struct Screen {
    /// Its number: `:7` is 7.
    pub(crate) number: u32,
    _server: Process,
}

impl Screen {
    /// Starts one of its own for the browser `name`.
    pub(crate) async fn start(name: &str, folder: &Path) -> Result<Self> {
        let mut command = Command::new(program("XVFB", "Xvfb"));
        // It picks a free number and prints it once it can be used.
        command.args(["-displayfd", "1", "-screen", "0", "1600x1200x24"]);
        command.args(["-nolisten", "tcp", "-noreset"]);
        let mut server = Process::start(&format!("{name}-screen"), &mut command, folder)?;
        let number = until("a display", async || {
            server.expect_running()?;
            let log = server.log_text();
            Ok(log.lines().find_map(|line| line.trim().parse().ok()))
        })
        .await?;
        Ok(Self {
            number,
            _server: server,
        })
    }
}
