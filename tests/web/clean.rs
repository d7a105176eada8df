//! A test that fails ends where it is: nothing of it is dropped. What it has left is cleared away before the next one
//! begins, so that no test fails because another has.

use super::stub;
use railhead_widget::Handle;
use std::cell::{Cell, RefCell};
use std::panic;
use std::rc::Rc;

thread_local! {
    static LISTENS: Cell<bool> = const { Cell::new(false) };
    static NEEDED: Cell<bool> = const { Cell::new(false) };
    static RUNNING: RefCell<Vec<Rc<Handle>>> = const { RefCell::new(Vec::new()) };
}

/// Comes before anything that a test does with the page.
pub(crate) fn begin() {
    if !LISTENS.replace(true) {
        let report = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            NEEDED.set(true);
            report(panic);
        }));
    }
    if NEEDED.get() {
        for left in RUNNING.take() {
            stub::attempt(&mut || left.destroy());
        }
        stub::sweep();
        NEEDED.set(false);
    }
}

/// Has anything panicked since this test began?
pub(crate) fn is_needed() -> bool {
    NEEDED.get()
}

/// Remembers a widget, until it is forgotten.
pub(crate) fn keep(handle: Handle) -> Rc<Handle> {
    let handle = Rc::new(handle);
    RUNNING.with_borrow_mut(|running| running.push(Rc::clone(&handle)));
    handle
}

/// A widget that its test has seen to.
pub(crate) fn forget(handle: &Rc<Handle>) {
    RUNNING.with_borrow_mut(|running| running.retain(|known| !Rc::ptr_eq(known, handle)));
}
