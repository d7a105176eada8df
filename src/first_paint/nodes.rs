//! Reads what the framework has rendered into the nodes that the loader builds. The framework's text is well-formed;
//! whatever is not as it writes it, or could act in a browser, is refused, should a name ever come through unescaped.

use railhead_protocol::PaintNode;

/// The elements that the steps are made of.
const ELEMENTS: &[&str] = &[
    "a", "bdi", "button", "dd", "div", "dl", "dt", "em", "fieldset", "footer", "form", "h1", "h2",
    "h3", "header", "i", "img", "input", "label", "legend", "li", "nav", "ol", "p", "path",
    "section", "small", "span", "strong", "svg", "time", "ul",
];
/// Those of them that have no end.
const VOID: &[&str] = &["img", "input"];
/// How deep elements may lie in each other.
const DEPTH: usize = 40;

/// Something that is not sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsendable {
    /// Not as the framework writes it.
    #[error("malformed at byte {0}")]
    Malformed(usize),
    /// An element that no step is made of.
    #[error("an element {0}")]
    Element(String),
    /// An attribute that acts.
    #[error("an attribute {0}")]
    Attribute(String),
}

/// The nodes of `html`.
pub(super) fn read(html: &str) -> Result<Vec<PaintNode>, Unsendable> {
    let mut reader = Reader { html, at: 0 };
    let nodes = reader.nodes(None, DEPTH)?;
    Ok(nodes)
}

struct Reader<'a> {
    html: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.html.get(self.at..).unwrap_or_default()
    }

    fn malformed<T>(&self) -> Result<T, Unsendable> {
        Err(Unsendable::Malformed(self.at))
    }

    /// Passes `token`, if it comes next.
    fn take(&mut self, token: &str) -> bool {
        let found = self.rest().starts_with(token);
        if found {
            self.at += token.len();
        }
        found
    }

    /// What comes before one of `ends`.
    fn until(&mut self, ends: &[char]) -> Result<&'a str, Unsendable> {
        let rest = self.rest();
        let Some(length) = rest.find(ends) else {
            return self.malformed();
        };
        self.at += length;
        Ok(&rest[..length])
    }

    /// The nodes up to the end of `parent`, or of everything.
    fn nodes(&mut self, parent: Option<&str>, depth: usize) -> Result<Vec<PaintNode>, Unsendable> {
        let mut nodes = Vec::new();
        loop {
            if self.rest().is_empty() {
                return if parent.is_none() {
                    Ok(nodes)
                } else {
                    self.malformed()
                };
            } else if self.take("</") {
                let name = self.until(&['>'])?;
                return if parent == Some(name) && self.take(">") {
                    Ok(nodes)
                } else {
                    self.malformed()
                };
            } else if self.take("<!>") || self.take("<!---->") {
                nodes.push(PaintNode::Mark(()));
            } else if self.take("<") {
                nodes.push(self.element(depth)?);
            } else {
                let text = self.rest();
                let length = text.find('<').unwrap_or(text.len());
                self.at += length;
                nodes.push(PaintNode::Text(self.plain(&text[..length])?));
            }
        }
    }

    fn element(&mut self, depth: usize) -> Result<PaintNode, Unsendable> {
        let name = self.until(&[' ', '>', '/'])?;
        if !ELEMENTS.contains(&name) || depth == 0 {
            return Err(Unsendable::Element(name.to_owned()));
        }
        let mut attributes = Vec::new();
        while self.take(" ") {
            // The framework leaves a space behind where an attribute is absent.
            if !self.rest().starts_with([' ', '>', '/']) {
                self.attribute(name, &mut attributes)?;
            }
        }
        let closed = self.take("/");
        if !self.take(">") {
            return self.malformed();
        }
        let nodes = if closed || VOID.contains(&name) {
            Vec::new()
        } else {
            self.nodes(Some(name), depth - 1)?
        };
        Ok(PaintNode::Element(name.to_owned(), attributes, nodes))
    }

    fn attribute(&mut self, element: &str, attributes: &mut Vec<String>) -> Result<(), Unsendable> {
        let name = self.until(&['=', ' ', '>', '/'])?;
        let value = if self.take("=\"") {
            let written = self.until(&['"'])?;
            self.at += 1;
            self.plain(written)?
        } else {
            String::new()
        };
        let lower = name.to_ascii_lowercase();
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        let leads = lower == "href" && !crate::app::is_web(&value);
        let acts = lower.starts_with("on")
            || ["srcdoc", "srcset", "action", "formaction"].contains(&&*lower);
        if name.is_empty()
            || !name.chars().all(plain)
            || acts
            || leads
            || (lower == "src" && element != "img")
        {
            return Err(Unsendable::Attribute(name.to_owned()));
        }
        attributes.extend([name.to_owned(), value]);
        Ok(())
    }

    /// `written` without the framework's escapes.
    fn plain(&self, written: &str) -> Result<String, Unsendable> {
        let mut text = String::with_capacity(written.len());
        let mut parts = written.split('&');
        text.push_str(parts.next().unwrap_or_default());
        for part in parts {
            let known = part.split_once(';').and_then(|(name, after)| {
                let character = match name {
                    "amp" => '&',
                    "lt" => '<',
                    "gt" => '>',
                    "quot" => '"',
                    "#x27" | "#39" => '\'',
                    _ => return None,
                };
                Some((character, after))
            });
            let Some((character, after)) = known else {
                return self.malformed();
            };
            text.push(character);
            text.push_str(after);
        }
        Ok(text)
    }
}
