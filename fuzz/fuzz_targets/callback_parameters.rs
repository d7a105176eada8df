//! The query with which a service sends the browser back.
#![no_main]

use libfuzzer_sys::fuzz_target;
use railhead_server::oauth::fuzzing;

fuzz_target!(|query: &str| fuzzing::callback_parameters(query));
