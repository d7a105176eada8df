//! A view that is never changed into another of its kind, but always built anew. Steps are such: each brings its own
//! nodes, so that focus, entrance and what was typed never leak from one into the next.

use leptos::attr::Attribute;
use leptos::attr::any_attribute::AnyAttribute;
use leptos::prelude::*;
use leptos::tachys::hydration::Cursor;
use leptos::tachys::view::add_attr::AddAnyAttr;
use leptos::tachys::view::{Mountable, Position, PositionState};

/// A view that is always built anew.
pub(super) struct Fresh<V>(pub(super) V);

impl<V: Render> Render for Fresh<V> {
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

impl<V: RenderHtml> AddAnyAttr for Fresh<V> {
    type Output<NewAttr: Attribute> = Fresh<V::Output<NewAttr>>;

    fn add_any_attr<NewAttr: Attribute>(self, attr: NewAttr) -> Self::Output<NewAttr>
    where
        Self::Output<NewAttr>: RenderHtml,
    {
        Fresh(self.0.add_any_attr(attr))
    }
}

impl<V: RenderHtml> RenderHtml for Fresh<V> {
    type AsyncOutput = Fresh<V::AsyncOutput>;
    type Owned = Fresh<V::Owned>;

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
        self.0.hydrate::<FROM_SERVER>(cursor, position)
    }

    fn into_owned(self) -> Self::Owned {
        Fresh(self.0.into_owned())
    }
}

/// A view that is always built anew and that the server never renders, as no visit begins with it. So it is never taken over,
/// and the code for that is not there.
pub(super) struct Unpainted<V>(pub(super) V);

impl<V: Render> Render for Unpainted<V> {
    type State = V::State;

    fn build(self) -> Self::State {
        self.0.build()
    }

    fn rebuild(self, state: &mut Self::State) {
        Fresh(self.0).rebuild(state);
    }
}

impl<V: RenderHtml> AddAnyAttr for Unpainted<V> {
    type Output<NewAttr: Attribute> = Unpainted<V::Output<NewAttr>>;

    fn add_any_attr<NewAttr: Attribute>(self, attr: NewAttr) -> Self::Output<NewAttr>
    where
        Self::Output<NewAttr>: RenderHtml,
    {
        Unpainted(self.0.add_any_attr(attr))
    }
}

impl<V: RenderHtml> RenderHtml for Unpainted<V> {
    type AsyncOutput = Unpainted<V::AsyncOutput>;
    type Owned = Unpainted<V::Owned>;

    const MIN_LENGTH: usize = V::MIN_LENGTH;

    fn dry_resolve(&mut self) {
        self.0.dry_resolve();
    }

    async fn resolve(self) -> Self::AsyncOutput {
        Unpainted(self.0.resolve().await)
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

    fn hydrate<const FROM_SERVER: bool>(self, _: &Cursor, _: &PositionState) -> Self::State {
        debug_assert!(false, "the server has rendered what no visit begins with");
        self.0.build()
    }

    fn into_owned(self) -> Self::Owned {
        Unpainted(self.0.into_owned())
    }
}
