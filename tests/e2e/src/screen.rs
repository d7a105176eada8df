//! An X display without a screen, for an engine that draws only on one.

use crate::environment::program;
use crate::{Process, until};
use anyhow::Result;
use std::fs;
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
    /// In pixels, as is its height.
    pub(crate) const WIDTH: u32 = 1600;
    /// Room for the largest window.
    pub(crate) const HEIGHT: u32 = 1200;

    /// Starts one of its own for the browser `name`.
    pub(crate) async fn start(name: &str, folder: &Path) -> Result<Self> {
        let mut command = Command::new(program("XVFB", "Xvfb"));
        // It picks a free number and prints it once it can be used.
        command.args(["-displayfd", "1", "-screen", "0"]);
        command.arg(format!("{}x{}x24", Self::WIDTH, Self::HEIGHT));
        command.args(["-nolisten", "tcp", "-noreset"]);
        let name = format!("{name}-screen");
        // An earlier attempt's number may be another test's display by now.
        let _ = fs::remove_file(folder.join(format!("{name}.log")));
        let mut server = Process::start(&name, &mut command, folder)?;
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
