//! A grid of tiles to choose one from, with the keyboard too: arrows, Home and End, in any number of columns and both
//! directions of writing; typing goes on in the search box.
//!
//! Of very many no more are on the page than somebody has come near to: a long list costs what a short one does.

use js_sys::Array;
use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use leptos::tachys::view::Mountable;
use std::any::Any;
use std::iter::successors;
use std::mem;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{
    Element, Event, HtmlElement, HtmlInputElement, IntersectionObserver, IntersectionObserverEntry,
};

/// How many tiles there are at once: more than a first screenful. The same on every machine.
pub const FIRST: usize = 16;
/// Up to how many are all on the page soon: a browser's own search finds them, and to draw them costs little.
const FEW: usize = 64;
/// How many more are added when somebody comes near the end of them.
const MORE: usize = 48;

/// A grid of tiles and the search box above it, as they stand on the page.
#[derive(Clone, Copy)]
pub struct Grid {
    /// The search box.
    pub search: NodeRef<html::Input>,
    list: NodeRef<html::Ul>,
    tiles: StoredValue<Tiles, LocalStorage>,
}

type Make = dyn Fn(usize, &Element) -> Box<dyn Any>;

/// The tiles.
#[derive(Default)]
struct Tiles {
    /// What holds each, by place in the list; those that nobody has come near to are not made yet.
    cells: Vec<Option<HtmlElement>>,
    /// Makes the one at a place, on the page.
    make: Option<Rc<Make>>,
    /// The places of those that fit, in their order.
    fitting: Vec<usize>,
    /// How many of these are on the page.
    drawn: usize,
    /// The one that Tab leads to.
    current: usize,
    /// Keeps what was made alive.
    made: Vec<Box<dyn Any>>,
    watch: Option<Watch>,
}

/// Tells when somebody comes near the end of what is on the page.
struct Watch {
    observer: IntersectionObserver,
    _near: Closure<dyn FnMut(Array)>,
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
        // The key that ends a composition belongs to it, though Safari says so by its code alone.
        let composes = event.is_composing() || event.key_code() == 229;
        if event.ctrl_key() || event.meta_key() || event.alt_key() || composes {
            return;
        }
        let key = event.key();
        let to = self.list.get_untracked().and_then(|list| {
            self.tiles
                .try_update_value(|tiles| tiles.target(&list, event, &key))?
        });
        let Some(to) = to else {
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
            tiles.cells.iter().position(|known| {
                known
                    .as_deref()
                    .is_some_and(|known| known.is_same_node(Some(&cell)))
            })
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
    fn cell(&self, place: usize) -> Option<&HtmlElement> {
        self.cells.get(place)?.as_ref()
    }

    fn tile(&self, place: usize) -> Option<HtmlElement> {
        self.cell(place)?.first_element_child()?.dyn_into().ok()
    }

    fn target(&mut self, list: &Element, event: &KeyboardEvent, key: &str) -> Option<Target> {
        let at: Element = event.target()?.dyn_into().ok()?;
        let first = || self.tile(*self.fitting.first()?);
        if let Some(search) = at.dyn_ref::<HtmlInputElement>() {
            return match key {
                "ArrowDown" => first().map(Target::Tile),
                "Enter" if !search.value().trim().is_empty() => first().map(Target::Press),
                _ => None,
            };
        }
        at.closest("li").ok()??;
        let here = self
            .fitting
            .iter()
            .position(|place| *place == self.current)?;
        let (columns, back) = self.layout();
        let end = self.fitting.len() - 1;
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
            "ArrowDown" if here / columns < end / columns => (here + columns).min(end),
            "ArrowUp" if here < columns => return Some(Target::Search),
            "ArrowUp" => here - columns,
            "Home" => 0,
            "End" => end,
            "Backspace" => return Some(Target::Search),
            _ if key.chars().count() == 1 && key != " " => return Some(Target::Search),
            _ => return None,
        };
        let place = *self.fitting.get(next)?;
        // One row more, so that it can be seen that there is one.
        if next + columns >= self.drawn {
            self.draw(list, next + columns + 1);
        }
        self.tile(place).map(Target::Tile)
    }

    /// How many columns there are, and whether they go from right to left: as the browser has laid them out.
    fn layout(&self) -> (usize, bool) {
        let mut row = self.fitting.iter().filter_map(|place| self.cell(*place));
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

    /// Shows a first screenful of these, in this order. No tile is made anew.
    fn show(&mut self, list: &Element, fitting: Vec<usize>) {
        let drawn = fitting.len().min(FIRST);
        if self.fitting.get(..self.drawn) != fitting.get(..drawn) {
            list.replace_children_with_node_0();
            self.drawn = 0;
        }
        let standing = self.drawn;
        self.fitting = fitting;
        self.draw(list, drawn);
        self.number(0, standing);
        if let Some(first) = self.fitting.first() {
            self.select(*first, "false");
        }
    }

    /// Has at least so many on the page, if there are that many, and waits until somebody comes near the end of them.
    fn draw(&mut self, list: &Element, least: usize) {
        let standing = self.drawn;
        let places = self.fitting.iter().take(least).enumerate();
        for (number, place) in places.skip(standing) {
            let (Some(cell), Some(make)) = (self.cells.get_mut(*place), &self.make) else {
                continue;
            };
            if let Some(cell) = cell {
                // Moving a node that is whole fails never.
                let _ = list.append_child(cell);
            } else {
                self.made.push(make(*place, list));
                *cell = list
                    .last_element_child()
                    .and_then(|new| new.dyn_into().ok());
            }
            self.drawn = number + 1;
        }
        self.number(standing, self.drawn);
        self.look_out();
    }

    /// Says of these tiles how many there are and which it is of them: what is not on the page counts, too.
    fn number(&self, from: usize, to: usize) {
        if self.cells.len() <= FIRST {
            return;
        }
        let count = self.fitting.len().to_string();
        for number in from..to {
            let place = self.fitting.get(number);
            if let Some(tile) = place.and_then(|place| self.tile(*place)) {
                // Any element takes these, too.
                let _ = tile.set_attribute("aria-setsize", &count);
                let _ = tile.set_attribute("aria-posinset", &(number + 1).to_string());
            }
        }
    }

    /// Takes the tiles that are on the page from the beginning.
    fn collect(&mut self, list: &Element, total: usize) {
        let cells = successors(list.first_element_child(), Element::next_element_sibling);
        self.cells = cells.map(|cell| cell.dyn_into().ok()).collect();
        self.drawn = self.cells.len();
        self.fitting = (0..self.drawn).collect();
        self.cells.resize(total, None);
    }

    fn look_out(&self) {
        let Some(Watch { observer, .. }) = &self.watch else {
            return;
        };
        observer.disconnect();
        if self.drawn == self.fitting.len() {
            return;
        }
        let near = if self.cells.len() > FEW {
            self.drawn / 4 * 3
        } else {
            0
        };
        // Who jumps to the end passes by the first of these.
        for place in [near, self.drawn - 1] {
            let place = self.fitting.get(place);
            if let Some(cell) = place.and_then(|place| self.cell(*place)) {
                observer.observe(cell);
            }
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

impl Watch {
    fn new(grid: Grid) -> Option<Self> {
        let near = move |entries: Array| {
            let near = entries.iter().any(|entry| {
                entry
                    .unchecked_into::<IntersectionObserverEntry>()
                    .is_intersecting()
            });
            let Some(list) = grid.list.try_get_untracked().flatten().filter(|_| near) else {
                return;
            };
            grid.tiles
                .try_update_value(|tiles| tiles.draw(&list, tiles.drawn + MORE));
        };
        let near = Closure::<dyn FnMut(Array)>::new(near);
        let observer = IntersectionObserver::new(near.as_ref().unchecked_ref()).ok()?;
        Some(Self {
            observer,
            _near: near,
        })
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

/// The tiles of a [`Grid`]. A first screenful is there at once, more when somebody comes near its end.
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
    /// The places of those that fit to that, best first.
    find: impl Fn(&str) -> Vec<usize> + 'static,
    /// How many fit; `None` while nothing is searched.
    found: RwSignal<Option<usize>>,
    /// The tile at this place was chosen.
    on_choose: Callback<usize>,
) -> impl IntoView {
    let first = (0..total.min(FIRST)).map(&tile).collect_view();
    let owner = Owner::current().unwrap_or_default();
    let make = move |place: usize, list: &Element| -> Box<dyn Any> {
        let mut made = owner.with(|| tile(place).into_view().build());
        made.mount(list, None);
        Box::new(made)
    };
    grid.tiles
        .update_value(|tiles| tiles.make = Some(Rc::new(make)));
    Effect::new(move || {
        let typed = query.get();
        let Some(list) = grid.list.get() else { return };
        grid.tiles.update_value(|tiles| {
            if tiles.cells.is_empty() {
                tiles.collect(&list, total);
                tiles.watch = Watch::new(grid);
            }
            tiles.show(&list, find(&typed));
            let searched = !typed.trim().is_empty();
            found.set(searched.then_some(tiles.fitting.len()));
        });
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
