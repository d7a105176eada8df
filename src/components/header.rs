//! The top of the frame: back, progress, close.

use super::icon::{Icon, Picture};
use super::sheet::Rules;
use leptos::prelude::*;
use stylist::ast::sheet;

// The header itself is painted by the shell (style/shell.css); this is what the widget adds to it.
pub(super) const RULES: Rules = ("rh-progress", || {
    sheet!(
        r#"
        display: flex;
        grid-column: 2;
        justify-content: center;
        gap: 5px;

        li { flex: 0 1 36px; block-size: 4px; border-radius: 2px; background: var(--rh-track); transition: background-color var(--rh-calm); }
        li.is-done, li.is-current { background: var(--rh-ring); }
        li.is-skipped { background: var(--rh-control); }
        @media (forced-colors: active) {
            li { border: 1px solid CanvasText; }
            li.is-done, li.is-current { background: Highlight; }
        }
        "#
    )
});

/// The header of the frame. It stays while the steps below it change.
#[component]
pub fn Header(
    /// The name of the progress bar.
    progress_label: String,
    /// Its steps.
    steps: Vec<ProgressStep>,
    /// The button that goes back.
    back: Way,
    /// The button that closes.
    close: Way,
) -> impl IntoView {
    let steps = steps.into_iter().map(|ProgressStep { name, state }| {
        let class = match state {
            ProgressState::Done => "is-done",
            ProgressState::Skipped => "is-skipped",
            ProgressState::Current => "is-current",
            ProgressState::Ahead => "",
        };
        view! {
            <li class=class aria-current=(state == ProgressState::Current).then_some("step")>
                <span class="rh-unseen">{name}</span>
            </li>
        }
    });
    view! {
        <div class="rh-header" part="header">
            {button("rh-icon rh-back", "back", Picture::Back, back)}
            <ol class="rh-progress" part="progress" role="list" aria-label=progress_label>{steps.collect_view()}</ol>
            {button("rh-icon rh-close", "close", Picture::Close, close)}
        </div>
    }
}

/// One step of the progress bar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgressStep {
    /// What is read out: its name and how it stands.
    pub name: String,
    /// How it stands.
    pub state: ProgressState,
}

/// How a step of the progress bar stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProgressState {
    /// Behind.
    Done,
    /// Passed over.
    Skipped,
    /// The person is there.
    Current,
    /// Ahead.
    Ahead,
}

/// A way out of a step.
#[derive(Clone, Debug)]
pub struct Way {
    /// Its name.
    pub label: String,
    /// Is it open?
    pub open: bool,
    /// It was taken.
    pub on_take: Callback<()>,
}

fn button(class: &'static str, part: &'static str, picture: Picture, way: Way) -> impl IntoView {
    view! {
        <button type="button" class=class part=part aria-label=way.label hidden=!way.open on:click=move |_| way.on_take.run(())>
            <Icon picture />
        </button>
    }
}
