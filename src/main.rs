//! Arguments to one command to one exit status.

use std::process::ExitCode;

fn main() -> ExitCode {
    qianfa::cli::main()
}
