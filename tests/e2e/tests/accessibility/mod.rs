//! Accessibility, proved: the rules of WCAG, what assistive technology is told, the keyboard alone, small screens,
//! large text.

mod announcements;
mod keyboard;
mod rules;
mod steps;
mod tree;
