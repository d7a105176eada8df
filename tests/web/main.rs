//! The widget in a real browser: started as the loader starts it, looked at as a person does, by role and label.
#![cfg(target_arch = "wasm32")]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test ends at what it did not expect"
)]

mod clean;
mod details;
mod embedding;
mod flow;
mod history;
mod journey;
mod languages;
mod options;
mod page;
mod picker;
mod search;
mod stub;
mod theme;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
