//! Marks: the logo of a service or company in a rounded square, or its initial where there is none.

use super::sheet::Rules;
use crate::theme::Color;
use leptos::prelude::*;
use stylist::ast::sheet;

pub(super) const RULES: Rules = ("rh-mark", || {
    sheet!(
        r#"
        flex: none;
        display: grid;
        place-items: center;
        position: relative;
        inline-size: calc(var(--rh-u) * 11);
        block-size: calc(var(--rh-u) * 11);
        border-radius: var(--rh-mark-radius);
        border: 1px solid var(--rh-paper-line);
        background: var(--rh-paper);
        color: #12161d;
        font-size: var(--rh-large);
        font-weight: 600;
        overflow: hidden;
        user-select: none;

        &.is-wide { border-color: var(--rh-border); background-clip: padding-box; }
        &:has(.rh-letter:not([hidden])) { border-width: 0; }
        img { inline-size: calc(var(--rh-u) * 8); block-size: calc(var(--rh-u) * 8); object-fit: contain; }
        &.is-hero { inline-size: calc(var(--rh-u) * 16); block-size: calc(var(--rh-u) * 16); border-radius: calc(var(--rh-mark-radius) * 1.5); font-size: calc(var(--rh-u) * 6.5); }
        &.is-hero img { inline-size: calc(var(--rh-u) * 10); block-size: calc(var(--rh-u) * 10); }
        &.is-wide img { inline-size: 100%; block-size: 100%; }
        .rh-letter { display: grid; place-items: center; grid-area: 1 / 1; inline-size: 100%; block-size: 100%; background: var(--rh-press); color: var(--rh-text); }
        .rh-letter::before { content: attr(data-letter); }
        @media (forced-colors: active) {
            & { forced-color-adjust: none; }
        }
        "#
    )
});

/// What a mark stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brand {
    /// The name, for the initial.
    pub name: String,
    /// Where its logo is.
    pub logo: Option<String>,
    /// Its colour, `#rrggbb`.
    pub color: Option<String>,
    /// Does the logo bring its own ground, as a company's does?
    pub full_bleed: bool,
}

/// How large a mark is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkSize {
    /// In a list: 44 px.
    Tile,
    /// In the middle of a step: 64 px.
    Hero,
}

/// A mark. It says nothing by itself: the name stands beside it.
#[component]
pub fn Mark(
    /// What it stands for.
    brand: Brand,
    /// How large it is.
    size: MarkSize,
) -> impl IntoView {
    let ground = brand.color.as_deref().and_then(Color::from_hex);
    let initial = brand
        .name
        .chars()
        .next()
        .map(|initial| initial.to_ascii_uppercase().to_string());
    let missing = RwSignal::new(false);
    let picture = brand.logo.map(|logo| {
        view! {
            // `loading` before `src`: the browser asks for the picture as soon as it has a `src`.
            <img loading="lazy" decoding="async" alt="" on:error=move |_| missing.set(true) src=logo hidden=move || missing.get() />
        }
    });
    // Behind the picture, and seen when there is none.
    let letter = (picture.is_none(), initial);
    let class = match (size, brand.full_bleed) {
        (MarkSize::Tile, false) => "rh-mark",
        (MarkSize::Tile, true) => "rh-mark is-wide",
        (MarkSize::Hero, false) => "rh-mark is-hero",
        (MarkSize::Hero, true) => "rh-mark is-hero is-wide",
    };
    let paint = |color: Color| color.to_css();
    view! {
        <span class=class part="mark" aria-hidden="true">
            {picture}
            // Drawn, and no text: the accessible name of what it stands on would have to contain it.
            <span
                class="rh-letter"
                data-letter=letter.1
                hidden=move || !letter.0 && !missing.get()
                style:background=ground.map(paint)
                style:color=ground.map(Color::white_or_black).map(paint)
            ></span>
        </span>
    }
}
