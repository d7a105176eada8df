//! Who is measured, and where in each page is what.

use serde::Serialize;

/// A page that lets somebody pick a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Contestant {
    /// The widget, from the real broker.
    Railhead,
    /// The same picker written by hand with Preact.
    Preact,
    /// The same picker written by hand with nothing.
    Vanilla,
    /// The reference product as it is published, against a stub of its server.
    Railz,
}

/// CSS selectors, looked for in the page and in all shadow roots.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Places {
    /// The frame, before it has content.
    shell: &'static str,
    /// A service.
    tile: &'static str,
    /// What a click on a service leads to.
    next: &'static str,
    /// The search field.
    input: &'static str,
}

impl Contestant {
    /// All, in the order of the report.
    pub(crate) const ALL: [Self; 4] = [Self::Railhead, Self::Preact, Self::Vanilla, Self::Railz];

    /// Its name for people.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Railhead => "Railhead",
            Self::Preact => "Preact",
            Self::Vanilla => "vanilla",
            Self::Railz => "Railz 2.23.0",
        }
    }

    /// Its page's name.
    pub(crate) fn page(self) -> &'static str {
        match self {
            Self::Railhead => "railhead",
            Self::Preact => "preact",
            Self::Vanilla => "vanilla",
            Self::Railz => "railz",
        }
    }

    /// Where in its page is what.
    pub(crate) fn places(self) -> Places {
        match self {
            Self::Railhead => Places {
                shell: ".rh-frame",
                tile: ".rh-tile",
                next: ".rh-pair",
                input: "input[role=searchbox]",
            },
            Self::Preact | Self::Vanilla => Places {
                shell: "dialog",
                tile: ".tile",
                next: ".consent",
                input: "input[type=search]",
            },
            Self::Railz => Places {
                shell: "#railz-connect-modal",
                tile: "[data-testid=generic-services-tile-grid-container] button",
                // It marks what is chosen by a class that is not there before.
                next: r#"[data-testid=generic-services-tile-grid-container] button:not([class*="null\a             null"])"#,
                input: "#search",
            },
        }
    }

    /// What is typed into its search, one event each; every one of them changes what is listed first. The reference product knows
    /// the names of its own services only.
    pub(crate) fn typed(self) -> &'static [&'static str] {
        match self {
            Self::Railz => &["xero", "", "wave", "", "sage", ""],
            _ => &["g", "d", "h", "c", "j", ""],
        }
    }
}
