//! `cargo xtask dist`: the widget as it is published, and how many bytes a browser fetches to show it.

use std::fmt;
use std::fs;
use std::io::Write;

use anyhow::{Context, Result, bail};
use brotli::CompressorWriter;
use brotli::enc::BrotliEncoderParams;
use clap::Args;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::browser_build;
use crate::progress;
use crate::workspace::Workspace;

/// The most that wasm, glue and loader together may take, in bytes of brotli at level 11.
const BUDGET: usize = 140_000;

/// How to build.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Prints the sizes and fails above the budget.
    #[arg(long)]
    sizes: bool,
}

/// Bytes of one file, by encoding.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Sizes {
    raw: usize,
    gzip: usize,
    brotli: usize,
}

/// Builds, and measures when asked.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    browser_build::ensure(workspace)?;
    if options.sizes {
        measure(workspace)
    } else {
        Ok(())
    }
}

/// Prints what is fetched until the service list shows; fails above the budget.
pub(crate) fn measure(workspace: &Workspace) -> Result<()> {
    let mut names = Vec::new();
    for entry in fs::read_dir(workspace.path("dist")).context("cannot read dist")? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    let fetched: Vec<&String> = names.iter().filter(|name| is_fetched(name)).collect();
    if fetched.len() < 3 {
        bail!("dist/ has {fetched:?}, but wasm, glue and loader were expected");
    }
    let mut total = Sizes::default();
    println!(
        "\n   {:<52}{:>10}{:>10}{:>10}",
        "file", "raw", "gzip", "brotli"
    );
    for name in fetched {
        let bytes = fs::read(workspace.path("dist").join(name)).context("cannot read dist")?;
        let sizes = Sizes::of(&bytes)?;
        println!("   {name:<52}{sizes}");
        total += sizes;
    }
    println!("   {:<52}{total}", "total");
    within_budget(total.brotli)?;
    progress::done(format!("{} of {BUDGET} bytes", total.brotli));
    Ok(())
}

fn within_budget(brotli: usize) -> Result<()> {
    if brotli > BUDGET {
        bail!(
            "{brotli} bytes of brotli are {} over the budget of {BUDGET}: look for what came into the widget with `cargo tree --target wasm32-unknown-unknown --edges normal`",
            brotli - BUDGET
        );
    }
    Ok(())
}

/// Whether a browser fetches this file of `dist/` on the way to the service list.
fn is_fetched(name: &str) -> bool {
    let extension = name.rsplit('.').next().unwrap_or_default();
    // `railhead-widget.js` only tells bundlers where the named files are; `railhead-frame.js` is fetched in the loader's place.
    name.starts_with("railhead")
        && matches!(extension, "js" | "wasm" | "css")
        && !matches!(name, "railhead-widget.js" | "railhead-frame.js")
}

impl Sizes {
    fn of(bytes: &[u8]) -> Result<Self> {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        gzip.write_all(bytes)?;
        let mut brotli = Vec::new();
        let parameters = BrotliEncoderParams {
            quality: 11,
            lgwin: 22,
            ..Default::default()
        };
        CompressorWriter::with_params(&mut brotli, 4096, &parameters).write_all(bytes)?;
        Ok(Self {
            raw: bytes.len(),
            gzip: gzip.finish()?.len(),
            brotli: brotli.len(),
        })
    }
}

impl std::ops::AddAssign for Sizes {
    fn add_assign(&mut self, other: Self) {
        self.raw += other.raw;
        self.gzip += other.gzip;
        self.brotli += other.brotli;
    }
}

impl fmt::Display for Sizes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:>10}{:>10}{:>10}", self.raw, self.gzip, self.brotli)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_what_a_browser_fetches() {
        assert!(is_fetched("railhead.js"));
        assert!(is_fetched("railhead-widget-0123456789abcdef_bg.wasm"));
        assert!(is_fetched("railhead-widget-0123456789abcdef.js"));
        assert!(!is_fetched("railhead-widget.js"));
        assert!(!is_fetched("railhead-frame.js"));
        assert!(!is_fetched("railhead.js.br"));
        assert!(!is_fetched("index.html"));
    }

    #[test]
    fn the_budget_is_a_limit() {
        assert!(within_budget(BUDGET).is_ok());
        let error = within_budget(BUDGET + 7).unwrap_err().to_string();
        assert!(error.contains("7 over the budget"), "{error}");
    }

    #[test]
    fn compression_is_measured() {
        let sizes = Sizes::of(&[7; 10_000]).unwrap();
        assert_eq!(sizes.raw, 10_000);
        assert!(sizes.gzip < 100 && sizes.brotli < sizes.gzip, "{sizes:?}");
    }
}
