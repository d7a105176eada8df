//! No rule of a stylesheet knows left from right, so that right-to-left languages are laid out by the same rules.

use std::path::{Path, PathBuf};

const FOLDERS: [&str; 3] = ["style", "packages/connect/src", "server/pages"];
/// The reference of the API is in English only.
const ENGLISH: &str = "server/pages/reference.css";

/// Every declaration of a stylesheet, as property and value.
fn declarations(css: &str) -> Vec<(String, String)> {
    let mut plain = String::new();
    let mut rest = css;
    while let Some((before, after)) = rest.split_once("/*") {
        plain.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    plain.push_str(rest);
    let parts = plain.split([';', '{', '}']);
    let split = parts.filter_map(|part| part.split_once(':'));
    let clean = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    split
        .map(|(name, value)| (clean(name), clean(value)))
        .collect()
}

/// Whether a declaration says left or right where it should say start or end.
fn takes_sides(property: &str, value: &str) -> bool {
    let names_side = |text: &str| {
        let mut words = text.split(|c: char| !c.is_ascii_alphanumeric());
        words.any(|word| word == "left" || word == "right")
    };
    let values: Vec<&str> = value.split(' ').collect();
    let uneven = match (property, values.as_slice()) {
        ("inset" | "margin" | "padding" | "scroll-padding", [_, right, _, left]) => {
            !value.contains('(') && right != left
        }
        ("border-radius", [a, b, c, d]) => !value.contains('(') && (a != b || c != d),
        ("border-radius", [a, b, ..]) => !value.contains('(') && a != b,
        _ => false,
    };
    let slides = value.contains("translateX(")
        && !value.contains("translateX(0)")
        && !value.contains("var(--rh-forward)");
    let physical = names_side(property) && !property.starts_with("--") && !property.contains(' ');
    uneven || slides || physical || names_side(value)
}

fn stylesheets(root: &Path) -> Vec<PathBuf> {
    let folders = FOLDERS.map(|folder| std::fs::read_dir(root.join(folder)).unwrap());
    let files = folders
        .into_iter()
        .flatten()
        .map(|entry| entry.unwrap().path());
    files
        .filter(|path| path.extension().is_some_and(|extension| extension == "css"))
        .filter(|path| !path.ends_with(ENGLISH))
        .collect()
}

#[test]
fn stylesheets_know_start_and_end_and_not_left_and_right() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let sheets = stylesheets(root);
    assert!(sheets.len() >= 6, "{sheets:?}");
    let mut wrong = Vec::new();
    for sheet in sheets {
        let css = std::fs::read_to_string(&sheet).unwrap();
        for (property, value) in declarations(&css) {
            if takes_sides(&property, &value) {
                let file = sheet.strip_prefix(root).unwrap().display();
                wrong.push(format!("{file}: {property}: {value}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn sides_are_found() {
    let wrong = |css: &str| {
        let found = declarations(css).into_iter();
        found
            .filter(|(property, value)| takes_sides(property, value))
            .count()
    };
    for css in [
        ".a { left: 0 }",
        ".a{color:red;margin-left:4px}",
        ".a { border-top-right-radius: 4px }",
        ".a { text-align: left }",
        ".a { margin: 0 4px 0 8px; }",
        ".a { border-radius: 4px 0 0 4px }",
        ".a { transform: translateX(4px) }",
        ".a { background: linear-gradient(to right, red, blue) }",
    ] {
        assert_eq!(wrong(css), 1, "{css}");
    }
    for css in [
        ".a-left { inset-inline-start: 0 } /* left: 0 */",
        ".a { margin: 0 4px; padding: 1px 2px 3px 2px; border-radius: 4px 4px 0 0 }",
        ".a { transform: translateX(calc(16px * var(--rh-forward))) }",
        ".a:dir(rtl) { transform: scaleX(-1) }",
    ] {
        assert_eq!(wrong(css), 0, "{css}");
    }
}
