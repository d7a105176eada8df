//! Icons, drawn as strokes on a 24 px grid.

use leptos::prelude::*;

/// What an icon shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Picture {
    /// One step back.
    Back,
    /// Leave.
    Close,
    /// Search.
    Search,
    /// A page of figures.
    Document,
    /// A key.
    Key,
    /// A shield.
    Shield,
    /// A person.
    Person,
    /// A lock.
    Lock,
    /// A flask, for trials.
    Flask,
    /// Yes.
    Check,
    /// No.
    Cross,
    /// Something to know.
    Info,
    /// Something to look at.
    Warning,
    /// Time.
    Clock,
    /// Another window.
    Window,
    /// Go on.
    Forward,
    /// Once more.
    Again,
}

impl Picture {
    /// Does it show the way, which leads to the other side where one reads from right to left?
    fn points(self) -> bool {
        matches!(self, Self::Back | Self::Forward)
    }

    fn path(self) -> &'static str {
        match self {
            Self::Back => "M15 5l-7 7 7 7",
            Self::Forward => "M9 5l7 7-7 7",
            Self::Close | Self::Cross => "M6 6l12 12M18 6 6 18",
            Self::Search => "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16 16l4.5 4.5",
            Self::Document => {
                "M7 3h7l5 5v13H7a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2zM14 3v5h5M9 13h6M9 17h4"
            }
            Self::Key => "M15.5 4a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM12.3 11.7 4 20M7 17l2.5 2.5",
            Self::Shield => {
                "M12 3l7.5 3v5.5c0 4.4-3 7.8-7.5 9.5-4.5-1.7-7.5-5.1-7.5-9.5V6zM9 12l2.2 2.2L15.2 10"
            }
            Self::Person => {
                "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4.5 20.5c.8-3.6 3.8-5.5 7.5-5.5s6.7 1.9 7.5 5.5"
            }
            Self::Lock => {
                "M7 11V8a5 5 0 0 1 10 0v3M6 11h12a1 1 0 0 1 1 1v7a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1v-7a1 1 0 0 1 1-1z"
            }
            Self::Flask => {
                "M9 3h6M10 3v6l-5.2 9.2A2 2 0 0 0 6.5 21h11a2 2 0 0 0 1.7-2.8L14 9V3M7.5 15h9"
            }
            Self::Check => "M5 12.5l4.7 4.7L19 7.5",
            Self::Info => "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 11v5.5M12 7.6v.1",
            Self::Warning => "M12 4 2.8 19.5h18.4zM12 10v4.5M12 17v.1",
            Self::Clock => "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7.5V12l3 2",
            Self::Window => {
                "M9 5H6a2 2 0 0 0-2 2v11a2 2 0 0 0 2 2h11a2 2 0 0 0 2-2v-3M13 4h7v7M20 4l-9 9"
            }
            Self::Again => "M20 12a8 8 0 1 1-2.4-5.7M20 3.5V8h-4.5",
        }
    }
}

/// An icon. It says nothing by itself: what it stands for is said in words beside it, or by its button's name.
#[component]
pub fn Icon(
    /// What it shows.
    picture: Picture,
) -> impl IntoView {
    let class = if picture.points() {
        "rh-glyph rh-points"
    } else {
        "rh-glyph"
    };
    view! {
        <svg class=class viewBox="0 0 24 24" aria-hidden="true">
            <path d=picture.path() />
        </svg>
    }
}
