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

/// The most that WebAssembly, JavaScript and CSS until the first service shows may take, in bytes of brotli at level 11
/// (`docs/adr/0004-the-widgets-bytes.md`).
const BUDGET: usize = 120_000;

/// The most that the sentences in one language may take, in bytes of brotli at level 11.
const PACK_BUDGET: usize = 8_192;

/// How to build.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Prints the sizes and fails above the budget.
    #[arg(long)]
    sizes: bool,
}

/// When a browser fetches a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    /// Without it no service shows.
    First,
    /// By itself, once the first step stands.
    Later,
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

/// Prints what browsers fetch, and when; fails when what they need to show the first service is above the budget.
pub(crate) fn measure(workspace: &Workspace) -> Result<()> {
    let mut names = Vec::new();
    for entry in fs::read_dir(workspace.path("dist")).context("cannot read dist")? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    println!(
        "\n   {:<52}{:>10}{:>10}{:>10}",
        "file", "raw", "gzip", "brotli"
    );
    let first = sum(workspace, &names, Turn::First)?;
    println!("   {:<52}{first}", "until the first service shows");
    let mut all = first;
    all += sum(workspace, &names, Turn::Later)?;
    println!("   {:<52}{all}", "with everything that comes later");
    measure_packs(workspace, &names)?;
    within_budget(first.brotli)?;
    progress::done(format!("{} of {BUDGET} bytes", first.brotli));
    Ok(())
}

/// Prints the files of a turn; adds them up.
fn sum(workspace: &Workspace, names: &[String], turn: Turn) -> Result<Sizes> {
    let mut total = Sizes::default();
    let files: Vec<_> = names
        .iter()
        .filter(|name| Turn::of(name) == Some(turn))
        .collect();
    if turn == Turn::First && files.len() < 3 {
        bail!("dist/ has {files:?}, but wasm, glue and loader were expected");
    }
    for name in files {
        let bytes = fs::read(workspace.path("dist").join(name)).context("cannot read dist")?;
        let sizes = Sizes::of(&bytes)?;
        println!("   {name:<52}{sizes}");
        total += sizes;
    }
    Ok(total)
}

/// Prints the packs, of which a browser fetches one; fails above the budget.
fn measure_packs(workspace: &Workspace, names: &[String]) -> Result<()> {
    let packs: Vec<&String> = names.iter().filter(|name| is_pack(name)).collect();
    if packs.is_empty() {
        bail!("dist/ has no pack of texts");
    }
    for name in packs {
        let bytes = fs::read(workspace.path("dist").join(name)).context("cannot read dist")?;
        let sizes = Sizes::of(&bytes)?;
        println!("   {name:<52}{sizes}");
        if sizes.brotli > PACK_BUDGET {
            bail!(
                "{name} is over the budget of {PACK_BUDGET} bytes of brotli: shorten its sentences"
            );
        }
    }
    Ok(())
}

/// Whether it is a pack of texts, as `railhead-text-fr-0123456789abcdef.json`.
fn is_pack(name: &str) -> bool {
    let extension = name.rsplit('.').next().unwrap_or_default();
    name.starts_with("railhead-text-") && extension == "json"
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

impl Turn {
    /// When a browser fetches this file of `dist/`, if it does.
    fn of(name: &str) -> Option<Self> {
        let (stem, extension) = name.rsplit_once('.')?;
        // `railhead-widget.js` only tells bundlers where the named files are; `railhead-frame.js` comes in the loader's place. The
        // stylesheet is in the loader; the file is for the npm package's.
        if !stem.starts_with("railhead")
            || !matches!(extension, "js" | "wasm")
            || matches!(name, "railhead-widget.js" | "railhead-frame.js")
        {
            return None;
        }
        if stem.starts_with("railhead-later") {
            Some(Self::Later)
        } else {
            Some(Self::First)
        }
    }
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
    fn tells_what_the_first_service_needs_from_what_comes_later() {
        for first in [
            "railhead.js",
            "railhead-widget-0123456789abcdef_bg.wasm",
            "railhead-widget-0123456789abcdef.js",
        ] {
            assert_eq!(Turn::of(first), Some(Turn::First), "{first}");
        }
        assert_eq!(
            Turn::of("railhead-later-0123456789abcdef.wasm"),
            Some(Turn::Later)
        );
        let pack = "railhead-text-fr-0123456789abcdef.json";
        for neither in [
            "railhead-widget.js",
            "railhead-frame.js",
            "railhead.js.br",
            "railhead-steps-0123456789abcdef.css",
            "index.html",
            pack,
        ] {
            assert_eq!(Turn::of(neither), None, "{neither}");
        }
        assert!(is_pack(pack) && !is_pack("railhead-text-fr-0123456789abcdef.json.br"));
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
