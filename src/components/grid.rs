//! A grid of tiles to choose one from, with the keyboard too: arrows, Home and End, in any number of columns and both
//! directions of writing; typing goes on in the search box.

use gloo_timers::callback::Timeout;
use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use leptos::tachys::view::Mountable;
use std::any::Any;
use std::iter::successors;
use std::mem;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, HtmlInputElement};

/// How many tiles there are at once: more than a first screenful. The same on every machine.
const FIRST: usize = 24;
/// How many more are added at a time, while the browser has nothing else to do.
const MORE: usize = 40;

/// A grid of tiles and the search box above it, as they stand on the page.
#[derive(Clone, Copy)]
pub struct Grid {
    /// The search box.
    pub search: NodeRef<html::Input>,
    list: NodeRef<html::Ul>,
    tiles: StoredValue<Tiles, LocalStorage>,
}

/// The tiles, by place in the list.
#[derive(Default)]
struct Tiles {
    cells: Vec<HtmlElement>,
    /// Those to be seen, in their order.
    shown: Vec<usize>,
    /// Those of them that were moved to the front.
    moved: Vec<usize>,
    /// The one that Tab leads to.
    current: usize,
    /// Keeps what was added alive.
    added: Vec<Box<dyn Any>>,
    timer: Option<Timeout>,
}

impl Default for Grid {
    fn default() -> Self {
        Self {
            search: NodeRef::new(),
            list: NodeRef::new(),
            tiles: StoredValue::new_local(Tiles::default()),
        }
    }
}

impl Grid {
    /// A key was pressed in the grid or in its search box.
    pub fn press(self, event: &KeyboardEvent) {
        if event.ctrl_key() || event.meta_key() || event.alt_key() || event.is_composing() {
            return;
        }
        let key = event.key();
        let Some(to) = self.tiles.with_value(|tiles| tiles.target(event, &key)) else {
            return;
        };
        match to {
            Target::Tile(cell) => {
                event.prevent_default();
                // A tile takes the focus as long as it is on the page.
                let _ = cell.focus();
            }
            Target::Press(cell) => {
                event.prevent_default();
                cell.click();
            }
            Target::Search => {
                if let Some(search) = self.search.get_untracked() {
                    // What was typed goes there by itself. An arrow would move the caret.
                    if key == "ArrowUp" {
                        event.prevent_default();
                    }
                    let _ = search.focus();
                }
            }
        }
    }

    /// The place of the tile in which something happened.
    fn place_of(self, event: &Event) -> Option<usize> {
        let target: Element = event.target()?.dyn_into().ok()?;
        let cell = target.closest("li").ok()??;
        let place = |tiles: &Tiles| {
            tiles
                .cells
                .iter()
                .position(|known| known.is_same_node(Some(&cell)))
        };
        self.tiles.try_with_value(place)?
    }
}

/// Where a key leads.
enum Target {
    /// The focus goes to this tile.
    Tile(HtmlElement),
    /// This tile is chosen.
    Press(HtmlElement),
    /// The focus goes to the search box.
    Search,
}

impl Tiles {
    fn tile(&self, place: usize) -> Option<HtmlElement> {
        self.cells
            .get(place)?
            .first_element_child()?
            .dyn_into()
            .ok()
    }

    fn target(&self, event: &KeyboardEvent, key: &str) -> Option<Target> {
        let at: Element = event.target()?.dyn_into().ok()?;
        let first = || self.tile(*self.shown.first()?);
        if let Some(search) = at.dyn_ref::<HtmlInputElement>() {
            return match key {
                "ArrowDown" => first().map(Target::Tile),
                "Enter" if !search.value().trim().is_empty() => first().map(Target::Press),
                _ => None,
            };
        }
        at.closest("li").ok()??;
        let here = self.shown.iter().position(|place| *place == self.current)?;
        let (columns, back) = self.layout();
        let last = self.shown.len() - 1;
        let sideways = |forward: bool| {
            let next = if forward == back {
                here.checked_sub(1)?
            } else {
                here + 1
            };
            (columns > 1).then_some(next)
        };
        let next = match key {
            "ArrowRight" => sideways(true)?,
            "ArrowLeft" => sideways(false)?,
            // From the last row but one to the last, though it may be shorter.
            "ArrowDown" if here / columns < last / columns => (here + columns).min(last),
            "ArrowUp" if here < columns => return Some(Target::Search),
            "ArrowUp" => here - columns,
            "Home" => 0,
            "End" => last,
            "Backspace" => return Some(Target::Search),
            _ if key.chars().count() == 1 && key != " " => return Some(Target::Search),
            _ => return None,
        };
        self.tile(*self.shown.get(next)?).map(Target::Tile)
    }

    /// How many columns there are, and whether they go from right to left: as the browser has laid them out.
    fn layout(&self) -> (usize, bool) {
        let mut row = self.shown.iter().filter_map(|place| self.cells.get(*place));
        let Some(first) = row.next() else {
            return (1, false);
        };
        let (top, start) = (first.offset_top(), first.offset_left());
        let mut columns = 1;
        let mut back = false;
        for cell in row.take_while(|cell| cell.offset_top() == top) {
            columns += 1;
            back = cell.offset_left() < start;
        }
        (columns, back)
    }

    /// Shows these, the first `ahead` of them before all others; hides the rest. No tile is made anew.
    fn show(&mut self, list: &Element, shown: Vec<usize>, ahead: usize) {
        let mut seen = vec![false; self.cells.len()];
        for place in &shown {
            if let Some(seen) = seen.get_mut(*place) {
                *seen = true;
            }
        }
        // Home first, the last one first, so that the one before which it belongs is there already. Moving a node
        // that is on the page fails never.
        let mut moved = mem::take(&mut self.moved);
        moved.sort_unstable();
        for place in moved.into_iter().rev() {
            let after = self.cells.get(place + 1).map(AsRef::as_ref);
            let _ = list.insert_before(&self.cells[place], after);
        }
        self.moved = shown.iter().copied().take(ahead).collect();
        for place in self.moved.iter().rev() {
            let _ = list.insert_before(&self.cells[*place], list.first_child().as_ref());
        }
        for (cell, seen) in self.cells.iter().zip(seen) {
            if cell.hidden() == seen {
                cell.set_hidden(!seen);
            }
        }
        self.shown = shown;
        if let Some(first) = self.shown.first() {
            self.select(*first, "false");
        }
    }

    /// Tab leads to this tile from now on. It is selected while it has the focus.
    fn select(&mut self, place: usize, selected: &str) {
        let before = mem::replace(&mut self.current, place);
        for (place, tab, selected) in [(before, "-1", "false"), (place, "0", selected)] {
            if let Some(tile) = self.tile(place) {
                // These are attributes that any element takes.
                let _ = tile.set_attribute("tabindex", tab);
                let _ = tile.set_attribute("aria-selected", selected);
            }
        }
    }
}

/// The tiles of a [`Grid`]. A first screenful is there at once, the rest soon after.
#[component]
pub fn TileGrid<Tile: IntoView + 'static>(
    /// What it stands in.
    grid: Grid,
    /// Its name.
    label: String,
    /// How many tiles there are.
    total: usize,
    /// The tile at a place.
    tile: impl Fn(usize) -> Tile + 'static,
    /// What was typed.
    query: RwSignal<String>,
    /// What fits to that, best first, and how many of these go before all others.
    find: impl Fn(&str) -> (Vec<usize>, usize) + 'static,
    /// How many fit; `None` while nothing is searched.
    found: RwSignal<Option<usize>>,
    /// The tile at this place was chosen.
    on_choose: Callback<usize>,
) -> impl IntoView {
    let first = (0..total.min(FIRST)).map(&tile).collect_view();
    let owner = Owner::current().unwrap_or_default();
    let add = move |list: &Element, tiles: &mut Tiles, most: usize| {
        let from = tiles.cells.len();
        let more = (from..total.min(from + most)).map(&tile);
        let mut more = owner.with(|| more.collect_view().into_view().build());
        more.mount(list, None);
        tiles.added.push(Box::new(more));
        collect(list, tiles);
    };
    let add = StoredValue::new_local(add);
    Effect::new(move || {
        let typed = query.get();
        let Some(list) = grid.list.get() else { return };
        let searched = !typed.trim().is_empty();
        grid.tiles.update_value(|tiles| {
            if tiles.cells.is_empty() {
                collect(&list, tiles);
            }
            if searched && tiles.cells.len() < total {
                add.with_value(|add| add(&list, tiles, total));
            }
            let (shown, ahead) = find(&typed);
            tiles.show(&list, shown, ahead);
            found.set(searched.then_some(tiles.shown.len()));
        });
        if grid.tiles.with_value(|tiles| tiles.cells.len() < total) {
            grow(grid, total, add);
        }
    });
    let choose = move |event: leptos::ev::MouseEvent| {
        if let Some(place) = grid.place_of(&event) {
            on_choose.run(place);
        }
    };
    let arrive = move |event: leptos::ev::FocusEvent| {
        if let Some(place) = grid.place_of(&event) {
            grid.tiles.update_value(|tiles| tiles.select(place, "true"));
        }
    };
    view! {
        <ul class="rh-list" role="listbox" aria-label=label node_ref=grid.list on:click=choose on:focusin=arrive>
            {first}
        </ul>
    }
}

/// Adds some more tiles, a little later, until all are there.
fn grow(
    grid: Grid,
    total: usize,
    add: StoredValue<impl Fn(&Element, &mut Tiles, usize) + 'static, LocalStorage>,
) {
    let later = Timeout::new(1, move || {
        let Some(list) = grid.list.try_get_untracked().flatten() else {
            return;
        };
        let left = grid.tiles.try_update_value(|tiles| {
            add.with_value(|add| add(&list, tiles, MORE));
            tiles.cells.len() < total
        });
        if left == Some(true) {
            grow(grid, total, add);
        }
    });
    grid.tiles.update_value(|tiles| tiles.timer = Some(later));
}

/// Takes the tiles that are on the page into account: new ones stand behind all others.
fn collect(list: &Element, tiles: &mut Tiles) {
    let cells = successors(list.first_element_child(), Element::next_element_sibling);
    let new = cells.skip(tiles.cells.len());
    tiles
        .cells
        .extend(new.filter_map(|cell| cell.dyn_into().ok()));
}
