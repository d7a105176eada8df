//! A file of the services directory.
#![no_main]

use libfuzzer_sys::fuzz_target;
use railhead_server::oauth::fuzzing;

fuzz_target!(|text: &str| fuzzing::service_file(text));
