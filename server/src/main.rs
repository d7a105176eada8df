//! The command `railhead`.

use std::process::ExitCode;

fn main() -> ExitCode {
    match railhead_server::cli::run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("railhead: {error:#}");
            ExitCode::FAILURE
        }
    }
}
