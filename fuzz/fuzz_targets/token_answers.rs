//! What a token endpoint answers: a line with status and content type, then the body.
#![no_main]

use libfuzzer_sys::fuzz_target;
use railhead_server::oauth::fuzzing;

fuzz_target!(|answer: &[u8]| fuzzing::token_answer(answer));
