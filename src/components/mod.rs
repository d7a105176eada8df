//! What the steps are made of. Each component knows its looks and its manners, and nothing of the flow, the network or
//! the language: texts come in as props.

#![expect(
    unreachable_pub,
    reason = "the `component` macro writes a public function for each component"
)]

mod button;
mod field;
mod footer;
mod grid;
mod header;
mod heading;
mod icon;
mod live;
mod mark;
mod notice;
mod option;
mod pair;
mod panel;
mod search;
mod sheet;
mod tile;

pub use button::{Button, ButtonKind};
pub use field::{Choice, Control, TextField};
pub use footer::Footer;
pub use grid::{FIRST as TILES_AT_ONCE, Grid, TileGrid};
pub use header::{Header, ProgressState, ProgressStep, Way};
pub use heading::Heading;
pub use icon::{Icon, Picture};
pub use live::LiveRegion;
pub use mark::{Brand, Mark, MarkSize};
pub use notice::{Notice, Tone};
pub use option::RadioOption;
pub use pair::{Pair, PairState};
pub use panel::{Fact, Seal, SealKind};
pub use search::Search;
pub use sheet::{Rules, later_stylesheet, stylesheet};
pub use tile::{ServiceTile, TileStatus};
