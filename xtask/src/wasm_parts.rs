//! The widget's WebAssembly, from cargo to the parts that browsers fetch: what the first step needs, and what comes later.

use std::collections::BTreeSet;
use std::collections::hash_map::DefaultHasher;
use std::ffi::OsStr;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::command;
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

/// Builds the parts and puts them, with the glue between them and JavaScript, into `folder`, which is made anew.
pub(crate) fn build(workspace: &Workspace, folder: &Path) -> Result<()> {
    let whole = compile(workspace)?;
    let work = workspace.target("widget-parts");
    renew(&work)?;
    renew(folder)?;
    let [first, later] = split(workspace, &whole, &work)?;
    let id = identity(&whole)?;
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
    let lean = work.join("lean.wasm");
    drop_unused(workspace, &glue, &bound, &lean)?;
    optimise(workspace, &lean, &folder.join(format!("{name}_bg.wasm")))?;
    optimise(
        workspace,
        &later,
        &folder.join(format!("railhead-later-{id}.wasm")),
    )?;
    fs::copy(&glue, folder.join(format!("{name}.js")))
        .with_context(|| format!("no {}", glue.display()))?;
    Ok(())
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
    let mut split = workspace.command("wasm-split-cli")?;
    command::run(split.arg(whole).arg(work))?;
    let later = fs::read_dir(work)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|path| {
            let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
            name.starts_with("split_") && name.ends_with(".wasm")
        })
        .context("nothing was split off: is there a function marked with `wasm_split`?")?;
    Ok([work.join("main.wasm"), later])
}

/// Takes out what is exported and never called, such as the streams of a library that others of the same library use.
fn drop_unused(workspace: &Workspace, glue: &Path, from: &Path, to: &Path) -> Result<()> {
    let mut used = workspace.command("node")?;
    used.args(["packages/connect/build.mjs", "--used"])
        .arg(glue);
    let used = command::capture(&mut used)?;
    let link = from.with_file_name("__wasm_split.js");
    let link = fs::read_to_string(&link).with_context(|| format!("no {}", link.display()))?;
    let names: BTreeSet<&str> = used.lines().chain(shared(&link)).collect();
    if !names.contains("memory") {
        bail!("the glue was not understood: it seems to use no memory");
    }
    let mut graph: Vec<Value> = names
        .iter()
        .map(|name| json!({ "name": name, "export": name }))
        .collect();
    graph.push(json!({ "name": "JavaScript", "reaches": names, "root": true }));
    let file = to.with_extension("json");
    fs::write(&file, Value::from(graph).to_string())?;
    let mut drop = workspace.command("wasm-metadce")?;
    drop.args(FEATURES)
        .arg("--graph-file")
        .arg(&file)
        .arg(from)
        .arg("--output")
        .arg(to);
    // It prints what it has dropped.
    command::capture(&mut drop)?;
    Ok(())
}

/// What the later part imports from the first one, by what wasm-split has written into its script.
fn shared(link: &str) -> impl Iterator<Item = &str> {
    let list = link
        .split_once("const {")
        .and_then(|(_, rest)| rest.split_once('}'))
        .map_or("", |(list, _)| list);
    list.split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty())
}

fn optimise(workspace: &Workspace, from: &Path, to: &Path) -> Result<()> {
    let mut optimise = workspace.command("wasm-opt")?;
    optimise
        .args(FEATURES)
        .args(["-Oz", "--converge", "--strip-debug", "--strip-producers"])
        .arg(from)
        .arg("--output")
        .arg(to);
    command::run(&mut optimise)
}

/// Names a build in its files' names. One name for all of them: parts of different builds don't fit together.
fn identity(whole: &Path) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    fs::read(whole)
        .with_context(|| format!("cannot read {}", whole.display()))?
        .hash(&mut hasher);
    Ok(format!("{:016x}", hasher.finish()))
}

fn renew(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_the_parts_share() {
        let link = "let sharedImports;\n const { memory, __wasm_split_shared0,  } = initSync();\n const { other } = 1;";
        assert_eq!(
            shared(link).collect::<Vec<_>>(),
            ["memory", "__wasm_split_shared0"]
        );
        assert_eq!(shared("").count(), 0);
    }
}
