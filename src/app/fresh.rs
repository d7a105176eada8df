//! A view that is never changed into another of its kind, but always built anew. Steps are such: each brings its own
//! nodes, so that focus, entrance and what was typed never leak from one into the next.

use leptos::attr::Attribute;
use leptos::attr::any_attribute::AnyAttribute;
use leptos::prelude::*;
use leptos::tachys::hydration::Cursor;
use leptos::tachys::view::add_attr::AddAnyAttr;
use leptos::tachys::view::{Mountable, Position, PositionState};

/// A view that is always built anew. `PAINTED`: may the server have rendered it?
pub(super) struct Fresh<V, const PAINTED: bool>(V);

/// `view`, always built anew.
pub(super) const fn fresh<V>(view: V) -> Fresh<V, true> {
    Fresh(view)
}

/// The same of a view that no visit begins with. The server never renders it, so the code for taking it over is not there.
pub(super) const fn unpainted<V>(view: V) -> Fresh<V, false> {
    Fresh(view)
}

impl<V: Render, const PAINTED: bool> Render for Fresh<V, PAINTED> {
    type State = V::State;

    fn build(self) -> Self::State {
        self.0.build()
    }

    fn rebuild(self, state: &mut Self::State) {
        let mut next = self.0.build();
        state.insert_before_this(&mut next);
        state.unmount();
        *state = next;
    }
}

impl<V: RenderHtml, const PAINTED: bool> AddAnyAttr for Fresh<V, PAINTED> {
    type Output<NewAttr: Attribute> = Fresh<V::Output<NewAttr>, PAINTED>;

    fn add_any_attr<NewAttr: Attribute>(self, attr: NewAttr) -> Self::Output<NewAttr>
    where
        Self::Output<NewAttr>: RenderHtml,
    {
        Fresh(self.0.add_any_attr(attr))
    }
}

impl<V: RenderHtml, const PAINTED: bool> RenderHtml for Fresh<V, PAINTED> {
    type AsyncOutput = Fresh<V::AsyncOutput, PAINTED>;
    type Owned = Fresh<V::Owned, PAINTED>;

    const MIN_LENGTH: usize = V::MIN_LENGTH;

    fn dry_resolve(&mut self) {
        self.0.dry_resolve();
    }

    async fn resolve(self) -> Self::AsyncOutput {
        Fresh(self.0.resolve().await)
    }

    fn to_html_with_buf(
        self,
        buf: &mut String,
        position: &mut Position,
        escape: bool,
        mark_branches: bool,
        extra_attrs: Vec<AnyAttribute>,
    ) {
        self.0
            .to_html_with_buf(buf, position, escape, mark_branches, extra_attrs);
    }

    fn hydrate<const FROM_SERVER: bool>(
        self,
        cursor: &Cursor,
        position: &PositionState,
    ) -> Self::State {
        if PAINTED {
            return self.0.hydrate::<FROM_SERVER>(cursor, position);
        }
        debug_assert!(false, "the server has rendered what no visit begins with");
        self.0.build()
    }

    fn into_owned(self) -> Self::Owned {
        Fresh(self.0.into_owned())
    }
}
