//! One binary: parses the command line, wires the rooms, sets the exit code.

mod cli;

use clap::{CommandFactory, FromArgMatches};
use std::process::ExitCode;

fn main() -> ExitCode {
    let matches = cli::with_inputs(cli::Arguments::command()).get_matches();
    let outcome = match cli::Arguments::from_arg_matches(&matches) {
        Ok(arguments) => cli::run(arguments, &matches),
        Err(error) => error.exit(),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            cli::complain(&error);
            ExitCode::FAILURE
        }
    }
}
