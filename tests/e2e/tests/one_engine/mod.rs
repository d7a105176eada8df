//! What is the same in every engine, because it concerns the server, the packages or the examples, and the pictures,
//! which one engine takes: run in Chromium alone (`cargo xtask test` leaves this module out in the others).

mod attacks;
mod businesses;
mod examples;
mod frames;
mod gallery;
mod hostile;
mod inline_frames;
mod leaks;
mod packages;
mod peer;
mod recovery;
mod screenshots;
mod secrets;
mod strict;
mod themes;
mod traps;
mod troubles;
