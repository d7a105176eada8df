//! What the developer of the host page is told, on the console, each thing once.

use std::cell::RefCell;

thread_local! {
    static SAID: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// Something is wrong and was left out.
pub(super) fn error(what: &[&str]) {
    say(what, |line| web_sys::console::error_1(&line.into()));
}

/// Something is probably not as it was meant.
pub(super) fn warn(what: &[&str]) {
    say(what, |line| web_sys::console::warn_1(&line.into()));
}

fn say(what: &[&str], write: fn(&str)) {
    let line = ["Railhead: ", &what.concat()].concat();
    let new = SAID.with_borrow_mut(|said| {
        let new = !said.contains(&line);
        if new {
            said.push(line.clone());
        }
        new
    });
    if new {
        write(&line);
    }
}
