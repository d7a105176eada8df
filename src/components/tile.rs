//! One service in the list.

use super::mark::{Brand, Mark, MarkSize};
use super::sheet::Rules;
use leptos::prelude::*;
use stylist::ast::sheet;

pub(super) const RULES: Rules = ("rh-tile", || {
    sheet!(
        r#"
        display: flex;
        align-items: center;
        gap: var(--rh-3);
        inline-size: 100%;
        block-size: 100%;
        min-block-size: calc(var(--rh-u) * 17);
        padding: var(--rh-2) calc(var(--rh-3) - 1px);
        border: 1px solid var(--rh-border);
        border-radius: var(--rh-radius);
        background: var(--rh-surface);
        text-align: start;
        cursor: pointer;
        scroll-margin-block: 96px 24px;
        transition: background-color var(--rh-quick), border-color var(--rh-quick);

        &:hover { background: var(--rh-hover); border-color: var(--rh-control); }
        &:active { background: var(--rh-press); border-color: var(--rh-control); }
        &:focus-visible { border-color: var(--rh-ring); outline-offset: 1px; }
        &[aria-busy=true] { background: var(--rh-press); cursor: progress; }
        .rh-tile-text { display: grid; gap: 2px; min-inline-size: 0; }
        .rh-tile-name { font-weight: 500; line-height: 1.3; overflow-wrap: anywhere; }
        .rh-chip {
            display: inline-flex;
            align-items: center;
            gap: 5px;
            font-size: var(--rh-small);
            line-height: 1.3;
            overflow-wrap: anywhere;
            color: var(--rh-success);
        }
        .rh-chip::before { content: ""; inline-size: 7px; block-size: 7px; border-radius: 50%; background: currentcolor; }
        @media (forced-colors: active) {
            .rh-chip::before { background: CanvasText; }
        }
        .rh-chip.is-due { color: var(--rh-warning); }
        .rh-chip.is-due::before { border-radius: 1px; transform: rotate(45deg); }
        "#
    )
});

/// What a tile says besides the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TileStatus {
    /// Nothing.
    Plain,
    /// All is well.
    Good,
    /// Something is to be done.
    Due,
}

/// A service to choose, in a [`super::TileGrid`]. Its accessible name is the service's name, followed by its status.
#[component]
pub fn ServiceTile(
    /// The service's name and mark.
    brand: Brand,
    /// How it stands.
    status: TileStatus,
    /// The same in words; empty for a plain tile.
    label: String,
    /// Does Tab lead to it? To one of them only: the arrows lead on.
    first: bool,
) -> impl IntoView {
    let name = brand.name.clone();
    // Firefox and WebKit read no name from what is out of view and not laid out yet.
    let told = if status == TileStatus::Plain {
        name.clone()
    } else {
        format!("{name} {label}")
    };
    let class = if status == TileStatus::Due {
        "rh-chip is-due"
    } else {
        "rh-chip"
    };
    view! {
        <button
            type="button"
            role="option"
            aria-selected="false"
            aria-label=told
            class="rh-tile"
            part="tile"
            tabindex=if first { "0" } else { "-1" }
        >
            <Mark brand size=MarkSize::Tile />
            <span class="rh-tile-text">
                <span class="rh-tile-name">{name}</span>
                " "
                <span class=class part="status" hidden=status == TileStatus::Plain>{label}</span>
            </span>
        </button>
    }
}
