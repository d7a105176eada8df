//! What a test asks for on a page: a role and an accessible name, as assistive technology would.

/// An element's role, by its WAI-ARIA name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Something urgent to read.
    Alert,
    /// Something to press.
    Button,
    /// A list to choose from.
    Combobox,
    /// A modal or modeless dialog.
    Dialog,
    /// A title.
    Heading,
    /// Something to follow.
    Link,
    /// A list with one thing to choose.
    Listbox,
    /// One of a list to choose from.
    Option,
    /// One of several.
    Radio,
    /// A named part of a page.
    Region,
    /// A text field to search with.
    Searchbox,
    /// Something to read when there is time.
    Status,
    /// A text field.
    Textbox,
}

impl Role {
    /// The role's WAI-ARIA name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Alert => "alert",
            Self::Button => "button",
            Self::Combobox => "combobox",
            Self::Dialog => "dialog",
            Self::Heading => "heading",
            Self::Link => "link",
            Self::Listbox => "listbox",
            Self::Option => "option",
            Self::Radio => "radio",
            Self::Region => "region",
            Self::Searchbox => "searchbox",
            Self::Status => "status",
            Self::Textbox => "textbox",
        }
    }
}

/// How an accessible name is compared. White space counts as one space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name<'a> {
    /// Any name.
    Any,
    /// Exactly this one.
    Is(&'a str),
    /// It begins so.
    Starts(&'a str),
    /// It contains this.
    Has(&'a str),
}

impl<'a> Name<'a> {
    /// The text to compare with and the kind of comparison, for `query.js`.
    #[must_use]
    pub(crate) const fn for_script(self) -> (&'a str, &'static str) {
        match self {
            Self::Any => ("", "any"),
            Self::Is(text) => (text, "exact"),
            Self::Starts(text) => (text, "starts"),
            Self::Has(text) => (text, "has"),
        }
    }

    /// Does `name` fit?
    #[must_use]
    pub fn fits(self, name: &str) -> bool {
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        match self {
            Self::Any => true,
            Self::Is(text) => name == text,
            Self::Starts(text) => name.starts_with(text),
            Self::Has(text) => name.contains(text),
        }
    }
}

impl<'a> From<&'a str> for Name<'a> {
    fn from(text: &'a str) -> Self {
        Self::Is(text)
    }
}
