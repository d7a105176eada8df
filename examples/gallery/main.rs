//! The gallery: every component and every step of the widget, in every state, written as HTML pages by the widget's own
//! components, which build natively. `cargo xtask gallery` runs it and opens it; the end-to-end tests look at its pages.
//!
//! ```sh
//! cargo run -p railhead-widget --no-default-features --features ssr --example gallery -- target/gallery
//! cargo run -p railhead-widget --no-default-features --features ssr --example gallery -- target/gallery-ja ja
//! ```

#![expect(
    unreachable_pub,
    reason = "the `component` macro writes a public function for each component"
)]

mod answers;
mod catalogue;
mod components;
mod pages;
mod states;

use std::path::PathBuf;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args_os()
        .nth(1)
        .map(PathBuf::from)
        .ok_or("say where to: gallery FOLDER [LANGUAGE]")?;
    let language = std::env::args().nth(2);
    let written = pages::write(&folder, language.as_deref())?;
    println!("{written} pages in {}", folder.display());
    Ok(())
}
