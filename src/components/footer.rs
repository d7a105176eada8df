//! The bottom of the frame: who secures this, and the company's pages.

use super::icon::{Icon, Picture};
use super::sheet::Rules;
use leptos::prelude::*;
use stylist::ast::sheet;

pub(super) const RULES: Rules = ("rh-footer", || {
    sheet!(
        r#"
        flex: none;
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0 var(--rh-3);
        padding: var(--rh-2) var(--rh-gutter) var(--rh-3);
        font-size: var(--rh-small);
        color: var(--rh-muted);

        .rh-secured { display: inline-flex; align-items: center; gap: 6px; margin-inline-end: auto; min-block-size: 28px; }
        .rh-links { display: flex; flex-wrap: wrap; gap: 0 var(--rh-3); }
        .rh-links:empty { display: none; }
        .rh-glyph { inline-size: 14px; block-size: 14px; }
        .rh-badge { padding: 1px 8px; border-radius: 20px; background: var(--rh-warning-tint); color: var(--rh-warning); font-weight: 600; line-height: 1.5; }
        a { display: inline-flex; align-items: center; min-block-size: 28px; color: inherit; text-decoration: none; border-radius: 3px; }
        a:hover { color: var(--rh-text); text-decoration: underline; text-underline-offset: 3px; }
        @media (forced-colors: active) {
            .rh-badge { border: 1px solid CanvasText; }
        }
        "#
    )
});

/// The footer of the frame.
#[component]
pub fn Footer(
    /// Who secures this.
    secured: String,
    /// Said when this is only for trying out.
    badge: Option<String>,
    /// The company's pages: name and address.
    links: Vec<(String, String)>,
) -> impl IntoView {
    let plain = badge.is_none();
    let links = links.into_iter().map(|(name, address)| {
        view! { <a part="link" href=address target="_blank" rel="noopener noreferrer">{name}</a> }
    });
    view! {
        <div class="rh-footer" part="footer">
            <span class="rh-secured"><Icon picture=Picture::Lock />{secured}</span>
            <span class="rh-badge" part="badge" hidden=plain>{badge}</span>
            <span class="rh-links">{links.collect_view()}</span>
        </div>
    }
}
