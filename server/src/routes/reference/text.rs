//! The little Markdown that descriptions are written in, as HTML.

pub(super) use crate::routes::pages::render::escape;
use std::fmt::Write as _;

/// Paragraphs, lists (`- `) and headings (`## `). A heading's id is its text, in lower case and with hyphens.
pub(super) fn blocks(markdown: &str) -> String {
    let mut html = String::new();
    for block in markdown.split("\n\n").filter(|block| !block.is_empty()) {
        if let Some(heading) = block.strip_prefix("## ") {
            let _ = write!(
                html,
                "<h2 id=\"{}\">{}</h2>",
                anchor(heading),
                inline(heading)
            );
        } else if block.starts_with("- ") {
            let entries = block.lines().map(|line| line.trim_start_matches("- "));
            html.push_str("<ul>");
            html.extend(entries.map(|entry| format!("<li>{}</li>", inline(entry))));
            html.push_str("</ul>");
        } else {
            let _ = write!(html, "<p>{}</p>", inline(&block.replace('\n', " ")));
        }
    }
    html
}

/// `code` and **strong**.
pub(super) fn inline(markdown: &str) -> String {
    let mut html = String::new();
    for (at, part) in markdown.split('`').enumerate() {
        if at % 2 == 1 {
            let _ = write!(html, "<code>{}</code>", escape(part));
            continue;
        }
        for (at, part) in part.split("**").enumerate() {
            let escaped = escape(part);
            if at % 2 == 1 {
                let _ = write!(html, "<strong>{escaped}</strong>");
            } else {
                html.push_str(&escaped);
            }
        }
    }
    html
}

/// The headings of `markdown`.
pub(super) fn headings(markdown: &str) -> impl Iterator<Item = &str> {
    markdown.lines().filter_map(|line| line.strip_prefix("## "))
}

/// The id of a heading.
pub(super) fn anchor(heading: &str) -> String {
    heading.to_lowercase().replace(' ', "-")
}

#[cfg(test)]
mod tests {
    use super::blocks;

    #[test]
    fn marks_up_and_leaves_text_text() {
        assert_eq!(
            blocks("## Rate limits\n\nA **key**\nand `<b>`.\n\n- `a`: one\n- two"),
            "<h2 id=\"rate-limits\">Rate limits</h2><p>A <strong>key</strong> and <code>&lt;b&gt;</code>.</p>\
            <ul><li><code>a</code>: one</li><li>two</li></ul>"
        );
    }
}
