//! `cargo xtask gallery`: every component and every step in every state, as pages written by the widget's own components.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use crate::command;
use crate::demo;
use crate::end_to_end;
use crate::progress;
use crate::workspace::Workspace;

/// What to do with the pages.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Opens the index in the browser.
    #[arg(long)]
    open: bool,
    /// Takes the pictures that the documents show, of the gallery, the theme gallery and the lender's site.
    #[arg(long)]
    screenshots: bool,
}

/// Writes the pages.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let folder = render(workspace)?;
    let index = format!("file://{}", folder.join("index.html").display());
    progress::done(format!("the gallery is at {index}"));
    if options.screenshots {
        end_to_end::pictures(workspace)?;
    }
    if options.open {
        demo::open_browser(&index);
    }
    Ok(())
}

/// Writes the pages and returns their folder.
pub(crate) fn render(workspace: &Workspace) -> Result<PathBuf> {
    let folder = workspace.target("gallery");
    let mut gallery = workspace.cargo("run")?;
    gallery
        .args(["--package", "railhead-widget", "--no-default-features"])
        .args(["--features", "ssr", "--example", "gallery", "--"])
        .arg(&folder);
    command::run(&mut gallery)?;
    Ok(folder)
}
