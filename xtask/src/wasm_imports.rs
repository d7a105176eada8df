//! Shortens the names under which the WebAssembly finds the functions of its glue. wasm-bindgen ends each with a number of sixteen
//! digits, which no compression makes smaller, and writes it on both sides.

use std::collections::{BTreeSet, HashMap};

use anyhow::{Result, bail};

use crate::wasm_binary::{Reader, with_sections, write_name, write_number};

const IMPORTS: u8 = 2;
/// What an import is: a function, a table, a memory, a global, a tag.
const FUNCTION: u8 = 0;
const TABLE: u8 = 1;
const MEMORY: u8 = 2;
const GLOBAL: u8 = 3;
const TAG: u8 = 4;
/// How the names begin that wasm-bindgen gives.
const PREFIX: &[u8] = b"__wb";
/// How the name of the glue ends, as a module that is imported from, and what stands for it.
const GLUE: &[u8] = b"_bg.js";
const SHORT_GLUE: &str = "w";

/// The module and its glue, with short names on both sides.
pub(crate) fn shortened(module: &[u8], glue: &str) -> Result<(Vec<u8>, String)> {
    let mut names = HashMap::new();
    let mut glues = BTreeSet::new();
    let module = with_sections(module, |id, section| {
        if id == IMPORTS {
            imports(section, &mut names, &mut glues)
        } else {
            Ok(section.to_vec())
        }
    })?;
    let mut glue = renamed(glue, &names);
    for name in glues {
        glue = glue.replace(&format!("\"{name}\""), &format!("\"{SHORT_GLUE}\""));
    }
    Ok((module, glue))
}

/// A count, then for each import its module, its name and what it is.
fn imports(
    section: &[u8],
    names: &mut HashMap<String, String>,
    glues: &mut BTreeSet<String>,
) -> Result<Vec<u8>> {
    let mut reader = Reader(section);
    let count = reader.number()?;
    let mut short = Vec::new();
    write_number(count, &mut short);
    for _ in 0..count {
        let module = reader.name()?;
        let name = reader.name()?;
        let before = reader.0;
        let kind = reader.byte()?;
        what(kind, &mut reader)?;
        if module.ends_with(GLUE) {
            glues.insert(String::from_utf8(module.to_vec())?);
            write_name(SHORT_GLUE.as_bytes(), &mut short);
        } else {
            write_name(module, &mut short);
        }
        if name.starts_with(PREFIX) {
            let next = format!("w{}", names.len());
            let known = names
                .entry(String::from_utf8(name.to_vec())?)
                .or_insert(next);
            write_name(known.as_bytes(), &mut short);
        } else {
            write_name(name, &mut short);
        }
        short.extend(&before[..before.len() - reader.0.len()]);
    }
    Ok(short)
}

/// Reads over the type of an import.
fn what(kind: u8, reader: &mut Reader<'_>) -> Result<()> {
    let limits = |reader: &mut Reader<'_>| {
        let has_most = reader.byte()? & 1 == 1;
        reader.number()?;
        if has_most {
            reader.number()?;
        }
        Ok(())
    };
    match kind {
        FUNCTION => reader.number().map(drop),
        TABLE => {
            reader.byte()?;
            limits(reader)
        }
        MEMORY => limits(reader),
        GLOBAL | TAG => reader.take(2).map(drop),
        _ => bail!("the WebAssembly imports something unheard-of"),
    }
}

/// The glue with each of these words in its short form.
fn renamed(glue: &str, names: &HashMap<String, String>) -> String {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == '$';
    let mut short = String::with_capacity(glue.len());
    let mut rest = glue;
    while !rest.is_empty() {
        let word = rest.find(|letter| !is_part(letter)).unwrap_or(rest.len());
        let (found, after) = rest.split_at(word);
        short.push_str(names.get(found).map_or(found, String::as_str));
        let next = after.find(is_part).unwrap_or(after.len());
        short.push_str(&after[..next]);
        rest = &after[next..];
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wasm_binary::MAGIC;

    fn module(from: &str, names: &[&str]) -> Vec<u8> {
        let mut content = vec![u8::try_from(names.len()).unwrap()];
        for name in names {
            write_name(from.as_bytes(), &mut content);
            write_name(name.as_bytes(), &mut content);
            content.extend([FUNCTION, 0xac, 0x02]);
        }
        let mut module = MAGIC.to_vec();
        for (id, section) in [(IMPORTS, content), (10, vec![7; 300])] {
            module.push(id);
            write_number(section.len(), &mut module);
            module.extend(section);
        }
        module
    }

    #[test]
    fn names_are_short_on_both_sides_and_nothing_else_changes() {
        let full = module(
            "./glue_bg.js",
            &[
                "__wbg_append_0123456789abcdef",
                "memory",
                "__wbg_append_0123456789abcde0",
            ],
        );
        let glue = "({ \"./glue_bg.js\": 0, __wbg_append_0123456789abcdef: 1, __wbg_append_0123456789abcde0(ü) {}, x__wbg_append_0123456789abcdef: 2 })";
        let (short, glue) = shortened(&full, glue).unwrap();
        assert_eq!(short, module(SHORT_GLUE, &["w0", "memory", "w1"]));
        assert_eq!(
            glue,
            "({ \"w\": 0, w0: 1, w1(ü) {}, x__wbg_append_0123456789abcdef: 2 })"
        );
    }

    #[test]
    fn what_is_no_import_is_an_error() {
        let mut broken = module("./glue_bg.js", &["memory"]);
        let kind = broken
            .windows(3)
            .position(|bytes| bytes == [FUNCTION, 0xac, 0x02])
            .unwrap();
        broken[kind] = 9;
        assert!(shortened(&broken, "").is_err());
    }
}
