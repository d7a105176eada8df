//! Two marks joined by a line: who asks, and where.

use super::icon::{Icon, Picture};
use super::mark::{Brand, Mark, MarkSize};
use super::sheet::Rules;
use leptos::prelude::*;
use stylist::ast::sheet;

pub(super) const RULES: Rules = ("rh-pair", || {
    sheet!(
        r#"
        display: flex;
        align-items: center;
        justify-content: center;

        .rh-line {
            position: relative;
            display: grid;
            place-items: center;
            inline-size: 72px;
            block-size: 28px;
            color: var(--rh-muted);
        }
        .rh-line::before { content: ""; position: absolute; inset-inline: 0; inset-block-start: 13px; border-block-start: 2px dotted var(--rh-control); opacity: 0.6; }
        .rh-knot { position: relative; display: grid; place-items: center; inline-size: 28px; block-size: 28px; border-radius: 50%; background: var(--rh-surface); border: 1px solid var(--rh-border); }
        .rh-glyph { inline-size: 14px; block-size: 14px; stroke-width: 2.2; }
        &.is-moving .rh-line::before { opacity: 0.35; }
        .rh-dot { position: absolute; inset-block-start: 11px; inset-inline-start: 0; inline-size: 6px; block-size: 6px; border-radius: 50%; background: var(--rh-ring); animation: rh-travel 1.8s ease-in-out infinite; }
        .rh-dot:nth-child(2) { animation-delay: 0.22s; }
        .rh-dot:nth-child(3) { animation-delay: 0.44s; }
        @keyframes rh-travel {
            0% { transform: translateX(0); opacity: 0; }
            20% { opacity: 1; }
            80% { opacity: 1; }
            100% { transform: translateX(calc(66px * var(--rh-forward))); opacity: 0; }
        }
        @media (forced-colors: active) {
            .rh-dot { background: CanvasText; }
        }
        @media (prefers-reduced-motion: reduce) {
            .rh-dot { position: static; display: inline-block; margin-inline: 4px; animation: none; }
            &.is-moving .rh-line { display: flex; justify-content: center; }
            &.is-moving .rh-line::before { display: none; }
        }
        "#
    )
});

/// What the line between the marks shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PairState {
    /// A safe way between the two.
    Safe,
    /// Something is under way.
    Moving,
}

/// Two marks joined by a line. Decoration: the words beside it say the same.
#[component]
pub fn Pair(
    /// Who asks.
    from: Brand,
    /// Where.
    to: Brand,
    /// What the line shows.
    state: PairState,
) -> impl IntoView {
    let moving = state == PairState::Moving;
    let class = if moving {
        "rh-pair is-moving"
    } else {
        "rh-pair"
    };
    view! {
        <div class=class aria-hidden="true">
            <Mark brand=from size=MarkSize::Hero />
            <span class="rh-line">
                <i class="rh-dot" hidden=!moving></i>
                <i class="rh-dot" hidden=!moving></i>
                <i class="rh-dot" hidden=!moving></i>
                <span class="rh-knot" hidden=moving>
                    <Icon picture=Picture::Lock />
                </span>
            </span>
            <Mark brand=to size=MarkSize::Hero />
        </div>
    }
}
