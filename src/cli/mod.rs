//! The commands. Results go to standard output, progress, warnings and errors to standard error.

use std::fmt::Arguments as Text;
use std::io::Write;

/// A line to standard output. A reader that has gone (`| head`) ends the program quietly.
macro_rules! say {
    ($($text:tt)*) => { $crate::cli::write_line(&mut std::io::stdout().lock(), format_args!($($text)*)) };
}
/// A line to standard error.
macro_rules! say_aside {
    ($($text:tt)*) => { $crate::cli::write_line(&mut std::io::stderr().lock(), format_args!($($text)*)) };
}

mod demand;
mod difference;
mod estimate;
mod export;
mod import;
mod inputs;
mod key;
mod project;
mod serve;
mod supply;
mod table;
mod watch;

use clap::{ArgMatches, Args, Command, Parser, Subcommand, ValueEnum};
use peatplan::store::{GeoPackageStore, StoreError};
use peatplan::telemetry::LogFormat;
use std::path::PathBuf;

/// From probes in the bog to the fuel supply of a plant.
#[derive(Debug, Parser)]
#[command(name = "peatplan", version, about, propagate_version = true)]
pub struct Arguments {
    #[command(subcommand)]
    command: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Serves a project: the map at /, the layers at /ogc
    Serve(serve::Options),
    /// Imports a file into a layer of a project, all of it or nothing
    Import(import::Options),
    /// Estimates the reserves of a deposit
    Estimate(estimate::Options),
    /// Compares a new surface of a deposit with the old one: what was extracted, what remains
    Difference(difference::Options),
    /// Computes the fuel supply of a plant
    Supply(supply::Options),
    /// Computes what consumers need, hour by hour over a year of weather
    Demand(demand::Options),
    /// Writes a layer to a file
    Export(export::Options),
    /// Makes keys of the service
    Key(key::Options),
    /// Shows what a project holds, or sets its title and working system
    Project(project::Options),
}

/// The project's file, the same for every command.
#[derive(Debug, Args)]
struct ProjectFile {
    /// The project's file
    #[arg(long, value_name = "FILE.gpkg", default_value = "data/demo.gpkg", env = "PEATPLAN_PROJECT")]
    project: PathBuf,
}

impl ProjectFile {
    fn open(&self) -> Result<GeoPackageStore, StoreError> {
        GeoPackageStore::open(&self.project)
    }
}

/// How a result is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Table,
    /// As the API answers
    Json,
    /// For spreadsheets
    Csv,
}

/// Adds the inputs of the computations, which come from `geodata/reference/`, to their commands.
pub fn with_inputs(command: Command) -> Command {
    command
        .mut_subcommand("estimate", inputs::of_reserves)
        .mut_subcommand("supply", inputs::of_supply)
        .mut_subcommand("demand", inputs::of_demand)
}

/// Runs a command.
///
/// # Errors
/// What the command says; it is for the user's eyes.
pub fn run(arguments: Arguments, matches: &ArgMatches) -> anyhow::Result<()> {
    let given = matches.subcommand().map(|(_, given)| given);
    match &arguments.command {
        Action::Serve(options) => peatplan::telemetry::start("info", options.log_format()),
        _ => peatplan::telemetry::start("warn", LogFormat::Text),
    }
    match arguments.command {
        Action::Serve(options) => serve::run(options),
        Action::Import(options) => import::run(&options),
        Action::Estimate(options) => estimate::run(&options, given),
        Action::Difference(options) => difference::run(&options),
        Action::Supply(options) => supply::run(&options, given),
        Action::Demand(options) => demand::run(&options, given),
        Action::Export(options) => export::run(&options),
        Action::Key(options) => key::run(&options),
        Action::Project(options) => project::run(&options),
    }
}

/// Writes a line, or ends the program where nobody can read it: `println!` would panic.
fn write_line(out: &mut impl Write, text: Text<'_>) {
    if let Err(error) = writeln!(out, "{text}") {
        let gone = error.kind() == std::io::ErrorKind::BrokenPipe;
        std::process::exit(i32::from(!gone));
    }
}

/// Says why a command failed.
pub fn complain(error: &anyhow::Error) {
    say_aside!("error: {error:#}");
}
