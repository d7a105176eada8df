//! Takes exports out of linked WebAssembly before it is split: what JavaScript never calls would keep alive all the code behind it.
//!
//! Sections are copied as they are, but for two: the exports, and what wasm-bindgen's macros say about them.

use anyhow::Result;

use crate::wasm_binary::{Reader, with_sections, write_number};

/// How the exports of the crate wasm-streams begin, of which each class and each method is one, apart from case: streams of
/// server functions, which come with Leptos and which the widget has none of.
const UNUSED: [&str; 2] = ["intounderlying", "IntoUnderlying"];

const CUSTOM: u8 = 0;
const EXPORTS: u8 = 7;
/// Where wasm-bindgen's macros describe what they export and import.
const BINDGEN: &[u8] = b"__wasm_bindgen_unstable";

/// The module without the exports that nobody calls.
pub(crate) fn without_unused(module: &[u8]) -> Result<Vec<u8>> {
    with_sections(module, |id, section| match id {
        EXPORTS => exports(section),
        CUSTOM => custom(section),
        _ => Ok(section.to_vec()),
    })
}

/// A count, then for each export its name, its kind and its index.
fn exports(section: &[u8]) -> Result<Vec<u8>> {
    let mut reader = Reader(section);
    let mut kept: Vec<u8> = Vec::new();
    let mut count = 0_usize;
    for _ in 0..reader.number()? {
        let before = reader.0;
        let name = reader.name()?;
        reader.byte()?;
        reader.number()?;
        if !is_unused(name) {
            kept.extend(&before[..before.len() - reader.0.len()]);
            count += 1;
        }
    }
    let mut lean = Vec::new();
    write_number(count, &mut lean);
    lean.extend(kept);
    Ok(lean)
}

/// wasm-bindgen's: for each use of a macro the version of the format and what it says, each with its length before it.
fn custom(section: &[u8]) -> Result<Vec<u8>> {
    let mut reader = Reader(section);
    if reader.name()? != BINDGEN {
        return Ok(section.to_vec());
    }
    let mut lean = section[..section.len() - reader.0.len()].to_vec();
    while !reader.0.is_empty() {
        let before = reader.0;
        reader.block()?;
        let said = reader.block()?;
        if !is_unused(said) {
            lean.extend(&before[..before.len() - reader.0.len()]);
        }
    }
    Ok(lean)
}

fn is_unused(text: &[u8]) -> bool {
    UNUSED.iter().any(|unused| {
        text.windows(unused.len())
            .any(|part| part == unused.as_bytes())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wasm_binary::{MAGIC, write_name};

    fn section(id: u8, content: &[u8]) -> Vec<u8> {
        let mut section = vec![id];
        write_number(content.len(), &mut section);
        section.extend(content);
        section
    }

    fn module(sections: &[Vec<u8>]) -> Vec<u8> {
        [MAGIC.to_vec(), sections.concat()].concat()
    }

    fn exported(names: &[&str]) -> Vec<u8> {
        let mut content = vec![u8::try_from(names.len()).unwrap()];
        for name in names {
            write_name(name.as_bytes(), &mut content);
            content.extend([0, 0xac, 0x02]);
        }
        section(EXPORTS, &content)
    }

    fn described(said: &[&str]) -> Vec<u8> {
        let mut content = section(0, BINDGEN)[1..].to_vec();
        for text in said {
            for block in ["version", text] {
                content.extend(u32::try_from(block.len()).unwrap().to_le_bytes());
                content.extend(block.as_bytes());
            }
        }
        section(CUSTOM, &content)
    }

    #[test]
    fn takes_out_what_nobody_calls_and_nothing_else() {
        let code = section(10, &[7; 300]);
        let full = module(&[
            exported(&["init", "intounderlyingsink_close_12", "memory"]),
            code.clone(),
            described(&["handle", "IntoUnderlyingSink", "close"]),
        ]);
        let lean = module(&[
            exported(&["init", "memory"]),
            code,
            described(&["handle", "close"]),
        ]);
        assert_eq!(without_unused(&full).unwrap(), lean);
        assert_eq!(without_unused(&lean).unwrap(), lean);
    }

    #[test]
    fn what_breaks_off_is_an_error() {
        let full = module(&[exported(&["init"])]);
        assert!(without_unused(&full[..full.len() - 1]).is_err());
        assert!(without_unused(b"<!doctype html>").is_err());
    }
}
