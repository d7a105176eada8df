//! Names the build: the server paints the first step and the WebAssembly takes it over, which only works between the two
//! halves of one set of sources.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// What decides how a step is rendered and what it looks like.
const SOURCES: [&str; 6] = [
    "src",
    "style/components.css",
    "style/later.css",
    "protocol/src",
    "Cargo.toml",
    "Cargo.lock",
];

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let mut digest = Fnv::new();
    for source in SOURCES {
        println!("cargo::rerun-if-changed={source}");
        add(&root.join(source), source, &mut digest)?;
    }
    println!("cargo::rustc-env=RAILHEAD_BUILD={:016x}", digest.0);
    Ok(())
}

fn add(path: &Path, name: &str, digest: &mut Fnv) -> io::Result<()> {
    digest.add(name.as_bytes());
    if path.is_dir() {
        let mut entries = fs::read_dir(path)?.collect::<io::Result<Vec<_>>>()?;
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            add(&entry.path(), &entry.file_name().to_string_lossy(), digest)?;
        }
    } else {
        digest.add(&fs::read(path)?);
    }
    Ok(())
}

/// FNV-1a, 64 bits: the same on every machine and with every compiler, unlike the standard library's hasher.
struct Fnv(u64);

impl Fnv {
    fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes.iter().chain(&[0]) {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}
