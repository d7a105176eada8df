//! The widget's WebAssembly, from cargo to the parts that browsers fetch: what the first step needs, and what comes later.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::command;
use crate::wasm_exports;
use crate::wasm_imports;
use crate::workspace::{WASM_TARGET, Workspace};

/// The widget is linked with a standard library built for size, in which a panic is a plain trap: a fifth fewer bytes. Cargo calls
/// this unstable, so the pinned compiler is told to allow it; Trunk takes the library as it comes.
const SMALL_STD: [(&str, &str); 4] = [
    ("RUSTC_BOOTSTRAP", "1"),
    ("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort"),
    ("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size"),
    (
        "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS",
        "-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none -Zfmt-debug=none",
    ),
];
/// What wasm-opt may use. Every browser that is supported has these.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];
/// The library of the package `railhead-widget`, as cargo names it.
const LIBRARY: &str = "railhead_widget.wasm";

/// Builds the parts and puts them, with the glue between them and JavaScript, into `folder`, which is made anew. `id` is in the
/// names of all of them: parts of different builds don't fit together.
pub(crate) fn build(workspace: &Workspace, folder: &Path, id: &str) -> Result<()> {
    let whole = compile(workspace)?;
    let work = workspace.target("widget-parts");
    renew(&work)?;
    renew(folder)?;
    let [first, later] = split(workspace, &whole, &work)?;
    let name = format!("railhead-widget-{id}");
    let mut bindgen = workspace.command("wasm-bindgen")?;
    bindgen
        // The later part links to what the first one exports.
        .args(["--target=web", "--no-typescript", "--keep-lld-exports"])
        .arg(format!("--out-name={name}"))
        .arg("--out-dir")
        .arg(&work)
        .arg(first);
    command::run(&mut bindgen)?;
    let glue = work.join(format!("{name}.js"));
    let bound = work.join(format!("{name}_bg.wasm"));
    let first = folder.join(format!("{name}_bg.wasm"));
    optimise(workspace, &bound, &first)?;
    optimise(
        workspace,
        &later,
        &folder.join(format!("railhead-later-{id}.wasm")),
    )?;
    let glue =
        fs::read_to_string(&glue).with_context(|| format!("cannot read {}", glue.display()))?;
    let (module, glue) = wasm_imports::shortened(&fs::read(&first)?, &glue)?;
    fs::write(&first, module)?;
    fs::write(folder.join(format!("{name}.js")), glue).context("cannot write the glue")
}

/// The widget in one piece.
fn compile(workspace: &Workspace) -> Result<PathBuf> {
    let mut build = workspace.cargo("rustc")?;
    build
        .args(["--package", "railhead-widget", "--lib"])
        .args(["--target", WASM_TARGET, "--profile", "widget"])
        .args(["--features", "split"])
        // Without the library for Rust beside it, dependencies need not be compiled before they are linked.
        .args(["--crate-type", "cdylib"])
        // The linker keeps its relocations, which say what each function needs: along them the later part is cut off.
        .args(["--", "-Clink-args=--emit-relocs"])
        .envs(SMALL_STD);
    command::run(&mut build)?;
    Ok(workspace.target([WASM_TARGET, "widget", LIBRARY].iter().collect::<PathBuf>()))
}

/// What is needed at first, and what later.
fn split(workspace: &Workspace, whole: &Path, work: &Path) -> Result<[PathBuf; 2]> {
    let lean = work.join("whole.wasm");
    let module = fs::read(whole).with_context(|| format!("cannot read {}", whole.display()))?;
    fs::write(&lean, wasm_exports::without_unused(&module)?)?;
    let mut split = workspace.command("wasm-split-cli")?;
    command::run(split.arg(lean).arg(work))?;
    let later = fs::read_dir(work)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|path| {
            let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
            name.starts_with("split_")
                && path
                    .extension()
                    .is_some_and(|extension| extension == "wasm")
        })
        .context("nothing was split off: is there a function marked with `wasm_split`?")?;
    Ok([work.join("main.wasm"), later])
}

fn optimise(workspace: &Workspace, from: &Path, to: &Path) -> Result<()> {
    let mut optimise = workspace.command("wasm-opt")?;
    optimise
        .args(FEATURES)
        // Taken apart and put together again, the branches compress better: by a hundredth.
        .args(["--flatten", "--rereloop", "-O1", "-Oz", "--converge"])
        .args(["--strip-debug", "--strip-producers"])
        .arg(from)
        .arg("--output")
        .arg(to);
    command::run(&mut optimise)
}

fn renew(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))
}
