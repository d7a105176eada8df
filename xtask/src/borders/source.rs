//! Reads from a Rust source which modules and crates it names, without compiling it.

use std::collections::BTreeSet;

/// A piece of Rust as far as paths are concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Name(String),
    Colons,
    Open,
    Close,
    Comma,
    Other,
}

/// The top-level modules of its own crate that a source names.
///
/// `depth` is how deep the source's module lies below the crate's root (`src/flow/step.rs`: 2), so that
/// `super::super::client` is known for what it is.
pub(super) fn modules_named(source: &str, depth: usize) -> BTreeSet<String> {
    let tokens = tokens(source);
    let mut found = BTreeSet::new();
    let mut at = 0;
    while at < tokens.len() {
        let Some(after) = root_path(&tokens, at, depth) else {
            at += 1;
            continue;
        };
        match tokens.get(after) {
            Some(Token::Name(name)) => {
                found.insert(name.clone());
            }
            Some(Token::Open) => found.extend(heads_of_group(&tokens, after)),
            _ => {}
        }
        at = after;
    }
    found
}

/// Whether a source names another crate: `axum::…`, `use axum;`.
pub(super) fn names_crate(source: &str, wanted: &str) -> bool {
    let tokens = tokens(source);
    let is = |at: usize, token: &Token| tokens.get(at) == Some(token);
    let name = Token::Name(wanted.to_owned());
    (0..tokens.len())
        .filter(|at| tokens[*at] == name)
        .any(|at| {
            let inside_a_path =
                at > 0 && is(at - 1, &Token::Colons) && at > 1 && is_name(&tokens[at - 2]);
            let imported = at > 0 && is(at - 1, &Token::Name("use".to_owned()));
            !inside_a_path && (imported || is(at + 1, &Token::Colons))
        })
}

/// Does this source name anything of the crate but what lies in its `module`?
pub(super) fn names_beyond(source: &str, wanted: &str, module: &str) -> bool {
    let tokens = tokens(source);
    let is_name =
        |at: usize, name: &str| matches!(tokens.get(at), Some(Token::Name(found)) if found == name);
    (0..tokens.len())
        .filter(|at| is_name(*at, wanted))
        .any(|at| tokens.get(at + 1) != Some(&Token::Colons) || !is_name(at + 2, module))
}

/// If a path from the crate's root starts here, where its first segment is.
fn root_path(tokens: &[Token], at: usize, depth: usize) -> Option<usize> {
    let is_keyword =
        |at: usize, word: &str| matches!(tokens.get(at), Some(Token::Name(name)) if name == word);
    let is_colons = |at: usize| tokens.get(at) == Some(&Token::Colons);
    if at > 0 && is_colons(at - 1) {
        return None;
    }
    if is_keyword(at, "crate") && is_colons(at + 1) {
        return Some(at + 2);
    }
    let mut ups = 0;
    let mut next = at;
    while is_keyword(next, "super") && is_colons(next + 1) {
        ups += 1;
        next += 2;
    }
    (ups > 0 && ups >= depth).then_some(next)
}

/// The first names of each branch of `{a::b, c, d::{e}}`.
fn heads_of_group(tokens: &[Token], open: usize) -> BTreeSet<String> {
    let mut heads = BTreeSet::new();
    let mut level = 0_usize;
    let mut at_head = false;
    for token in &tokens[open..] {
        match token {
            Token::Open => {
                level += 1;
                at_head = level == 1;
            }
            Token::Close if level == 1 => break,
            Token::Close => level -= 1,
            Token::Comma => at_head = level == 1,
            Token::Name(name) => {
                if at_head {
                    heads.insert(name.clone());
                }
                at_head = false;
            }
            Token::Colons | Token::Other => at_head = false,
        }
    }
    heads
}

fn is_name(token: &Token) -> bool {
    matches!(token, Token::Name(name) if name != "use")
}

/// Splits a source, leaving out comments and everything quoted.
fn tokens(source: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            block_comment(rest)
        } else if first == '"' {
            quoted(rest)
        } else if first == '\'' {
            character_or_lifetime(rest)
        } else if first == '_' || first.is_alphabetic() {
            let length = name_length(rest);
            let (name, after) = rest.split_at(length);
            if let Some(string) = raw_string(name, after) {
                length + string
            } else {
                tokens.push(Token::Name(name.to_owned()));
                length
            }
        } else if rest.starts_with("::") {
            tokens.push(Token::Colons);
            2
        } else {
            match first {
                '{' => tokens.push(Token::Open),
                '}' => tokens.push(Token::Close),
                ',' => tokens.push(Token::Comma),
                _ if first.is_whitespace() => {}
                _ => tokens.push(Token::Other),
            }
            first.len_utf8()
        };
        rest = &rest[length..];
    }
    tokens
}

fn name_length(text: &str) -> usize {
    text.find(|character: char| character != '_' && !character.is_alphanumeric())
        .unwrap_or(text.len())
}

fn block_comment(text: &str) -> usize {
    let mut level = 0_usize;
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        if rest.starts_with("/*") {
            level += 1;
            at += 2;
        } else if rest.starts_with("*/") {
            level -= 1;
            at += 2;
            if level == 0 {
                return at;
            }
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    text.len()
}

fn quoted(text: &str) -> usize {
    let mut escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// `'a'`, `'\n'` and `'\u{1b}'` are characters; `'static` is a lifetime.
fn character_or_lifetime(text: &str) -> usize {
    let inside = &text[1..];
    if inside.starts_with('\\') {
        let escaped = inside.chars().take(2).map(char::len_utf8).sum::<usize>();
        return inside[escaped..]
            .find('\'')
            .map_or(text.len(), |end| 1 + escaped + end + 1);
    }
    let character = inside.chars().next().map_or(0, char::len_utf8);
    if inside[character..].starts_with('\'') {
        1 + character + 1
    } else {
        1
    }
}

/// The length of what follows an `r` or `br` when that is a raw string.
fn raw_string(prefix: &str, after: &str) -> Option<usize> {
    if !matches!(prefix, "r" | "br" | "cr") {
        return None;
    }
    let hashes = after.len() - after.trim_start_matches('#').len();
    let body = after[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    Some(
        body.find(&end)
            .map_or(after.len(), |at| hashes + 1 + at + end.len()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(source: &str, depth: usize) -> Vec<String> {
        modules_named(source, depth).into_iter().collect()
    }

    #[test]
    fn reads_single_and_grouped_imports() {
        let source = "use crate::text::en;\npub(crate) use crate::{\n  components::{Button, Notice},\n  flow,\n};";
        assert_eq!(named(source, 2), ["components", "flow", "text"]);
    }

    #[test]
    fn reads_paths_in_code_but_not_in_words() {
        let source = "// crate::popup\n/* crate::client /* nested */ */ const A: &str = \"crate::app \\\" crate::app\";\n\
            const B: &str = r#\"crate::embed \" \"#; fn f<'a>(x: &'a str) { let c = '\"'; let d = '\\''; crate::client::call(x) }";
        assert_eq!(named(source, 1), ["client"]);
    }

    #[test]
    fn super_counts_once_it_reaches_the_root() {
        assert_eq!(named("use super::super::client::Call;", 2), ["client"]);
        assert!(named("use super::picker::Tile;", 2).is_empty());
        assert_eq!(named("use super::client;", 1), ["client"]);
    }

    #[test]
    fn reads_other_crates() {
        assert!(names_crate("use axum::Router;", "axum"));
        assert!(names_crate(
            "fn f() -> ::sqlx::Result<()> { Ok(()) }",
            "sqlx"
        ));
        assert!(names_crate("use {std::fmt, sqlx::Row};", "sqlx"));
        assert!(names_crate("use sqlx;", "sqlx"));
        assert!(!names_crate(
            "// axum::Router\nlet axum = 1; crate::axum::x(); \"axum::y\"",
            "axum"
        ));
    }

    #[test]
    fn a_crate_may_be_open_to_one_module_alone() {
        let beyond = |source| names_beyond(source, "widget", "paint");
        assert!(!beyond(
            "use widget::paint; use widget::paint::{Step, first};"
        ));
        assert!(!beyond("// widget::app\nlet x = \"widget::app\";"));
        for source in [
            "use widget::app::App;",
            "use widget::{paint, app};",
            "use widget as w;",
            "widget::init()",
        ] {
            assert!(beyond(source), "{source}");
        }
    }
}
