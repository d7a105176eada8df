//! As a customer takes it: the npm package in a clean Vite project.

use anyhow::{Context, Result};
use railhead_e2e::{Host, NewWidget, Role, Setup, Stage, run, scenario_with};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

#[tokio::test]
async fn installs_from_a_packed_archive_into_a_clean_vite_project() {
    let setup = Setup {
        limit: Duration::from_mins(6),
        ..Setup::default()
    };
    scenario_with(setup, async |stage| {
        let project = stage.folder.join("vite");
        let site = Host::start(stage.railhead.url(), Some(&project.join("dist"))).await?;
        let widget = stage
            .railhead
            .create_widget(NewWidget {
                environment: "sandbox",
                company: "Northwind Books",
                origins: &[&site.origin()],
                success_url: None,
            })
            .await?;
        build_vite_example(stage, &project, &widget.id).await?;
        let browser = &stage.browser;
        browser.goto(&site.origin()).await?;
        browser.click(Role::Button, "Connect your software").await?;
        browser.go_to_service("QuickBooks Online").await?;
        browser.connect_as("alice").await?;
        Ok(())
    })
    .await;
}

/// Packs the package, installs the archive into a copy of `examples/vite`, and builds that for the widget.
async fn build_vite_example(stage: &Stage, project: &Path, widget: &str) -> Result<()> {
    let package = stage.parts.root.join("packages/connect");
    let mut pack = Command::new("npm");
    pack.args(["pack", "--silent", "--pack-destination"])
        .arg(&stage.folder)
        .current_dir(&package);
    run(&mut pack).await?;
    copy_project(&stage.parts.root.join("examples/vite"), project)?;
    let mut install = Command::new("npm");
    install
        .args(["install", "--prefer-offline"])
        .arg(only_archive(&stage.folder)?)
        .current_dir(project);
    run(&mut install).await?;
    let mut build = Command::new("npm");
    build
        .args(["run", "build"])
        .current_dir(project)
        .env("VITE_RAILHEAD_WIDGET_ID", widget)
        .env("VITE_RAILHEAD_URL", stage.railhead.url());
    run(&mut build).await?;
    Ok(())
}

fn only_archive(folder: &Path) -> Result<PathBuf> {
    let files = fs::read_dir(folder)?.flatten().map(|file| file.path());
    let mut archives =
        files.filter(|path| path.extension().is_some_and(|extension| extension == "tgz"));
    archives.next().context("npm pack left no archive")
}

/// Copies the project's own files, without what was installed or built there.
fn copy_project(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for file in fs::read_dir(from)?.flatten() {
        let name = file.file_name();
        if name == "node_modules" || name == "dist" {
            continue;
        }
        if file.file_type()?.is_dir() {
            copy_project(&file.path(), &to.join(name))?;
        } else {
            fs::copy(file.path(), to.join(name))?;
        }
    }
    Ok(())
}
