//! Inputs of the computations as options: one an entry of the parameter files, under its own name.

use anyhow::Context;
use clap::{Arg, ArgMatches, Command};
use peatplan::model::{
    Choice, Parameter, Parameters, allocation_parameters, blend_parameters, demand_parameters, reserve_parameters,
    season_parameters, supply_parameters,
};
use peatplan::supply::SupplyRequest;
use std::path::Path;

/// Options that are no numbers of a parameter file.
const RESERVE_WORDS: [(&str, &str, &str); 1] =
    [("crs", "EPSG:N", "Working system of this estimate; the project's where left out")];
const SUPPLY_WORDS: [(&str, &str, &str); 14] = [
    ("at", "LON,LAT", "Place of the plant, or where it is moved to"),
    ("electric_capacity_mw", "MW", "Net electric capacity"),
    ("heat_capacity_mw", "MW", "Useful heat capacity"),
    ("fuel_power_mw", "MW", "Fuel input at full load"),
    ("peat_share", "SHARE", "Share of peat in the fuel by energy"),
    ("include_undeveloped", "true|false", "Whether fields that are not prepared yet count"),
    ("yield_by_cycles", "true|false", "Whether the yield of a season follows from technology, cycles and dry days"),
    ("need_by_month", "N,N,...", "Twelve numbers, January first, in whose proportion the fuel is burned"),
    ("routes", "true|false", "Whether routes are answered as lines"),
    ("stock_band", "true|false", "Whether the stack is followed over drawn seasons; in the JSON answer"),
    ("preparation", "true|false", "Whether preparation, harvest and rewetting are told year by year; in the JSON answer"),
    ("blend", "true|false", "Whether the cheapest blend is sought; in the JSON answer"),
    ("wood_chips", "true|false", "Whether a blend can have wood chips"),
    ("backup", "true|false", "Whether a blend can have the backup fuel"),
];

pub(super) fn of_reserves(command: Command) -> Command {
    let command = reserve_parameters().choices().iter().fold(command, |command, choice| command.arg(words(choice)));
    let command = RESERVE_WORDS.iter().fold(command, |command, (name, value, help)| command.arg(option(name, value, help)));
    reserve_parameters().iter().fold(command, |command, parameter| command.arg(number(parameter)))
}

pub(super) fn of_supply(command: Command) -> Command {
    let command = SUPPLY_WORDS.iter().fold(command, |command, (name, value, help)| command.arg(option(name, value, help)));
    let choices = supply_parameters().choices().iter().chain(season_parameters().choices());
    let command = choices.fold(command, |command, choice| command.arg(words(choice)));
    let share = reserve_parameters().iter().filter(|parameter| parameter.name == "net_area_share");
    share
        .chain(supply_parameters().iter())
        .chain(season_parameters().iter())
        .chain(of_blend())
        .fold(command, |command, parameter| command.arg(number(parameter)))
}

/// Numbers of a supply's blend.
fn of_blend() -> impl Iterator<Item = &'static Parameter> {
    let wood = allocation_parameters().get(SupplyRequest::wood_name());
    SupplyRequest::blend_names().filter_map(|name| blend_parameters().get(name)).chain(wood)
}

pub(super) fn of_demand(command: Command) -> Command {
    let command = demand_parameters().choices().iter().fold(command, |command, choice| command.arg(words(choice)));
    demand_parameters().iter().fold(command, |command, parameter| command.arg(number(parameter)))
}

fn number(parameter: &'static Parameter) -> Arg {
    let unit = if parameter.unit.is_empty() { String::new() } else { format!(", {}", parameter.unit) };
    let default = parameter.value.map(|value| format!("default: {value}; ")).unwrap_or_default();
    let help = format!("{}{unit} [{default}{}]", parameter.meaning.en, parameter.source);
    option(&parameter.name, "N", &help)
}

fn words(choice: &'static Choice) -> Arg {
    let default = choice.default.as_ref().map(|word| format!(" [default: {word}]")).unwrap_or_default();
    let help = format!("{}: {}{default}", choice.meaning.en, choice.values().collect::<Vec<_>>().join(", "));
    option(&choice.name, "WORD", &help)
}

fn option(name: &'static str, value: &'static str, help: &str) -> Arg {
    let spelled = name.replace('_', "-");
    let arg = Arg::new(name).long(spelled).value_name(value).help(help.to_owned()).allow_negative_numbers(true);
    if name.contains('_') { arg.alias(name) } else { arg }
}

/// What was given: the entries of a request file first, then the options, which rule over them.
pub(super) fn given(matches: Option<&ArgMatches>, request: Option<&Path>) -> anyhow::Result<Vec<(String, String)>> {
    let mut inputs = request.map(from_file).transpose()?.unwrap_or_default();
    let Some(matches) = matches else { return Ok(inputs) };
    let words = RESERVE_WORDS.iter().chain(&SUPPLY_WORDS).map(|(name, _, _)| *name);
    let tables = [reserve_parameters(), supply_parameters(), season_parameters(), demand_parameters()];
    let choices = tables.into_iter().flat_map(Parameters::choices);
    let choices = choices.map(|choice| choice.name.as_str());
    let mut names: Vec<&str> = words.chain(choices).collect();
    names.extend(tables.into_iter().flat_map(Parameters::names));
    names.extend(of_blend().map(|parameter| parameter.name.as_str()));
    names.sort_unstable();
    names.dedup();
    for name in names {
        if let Ok(Some(text)) = matches.try_get_one::<String>(name) {
            inputs.push((name.to_owned(), text.clone()));
        }
    }
    Ok(inputs)
}

fn from_file(path: &Path) -> anyhow::Result<Vec<(String, String)>> {
    let shown = path.display();
    let text = std::fs::read_to_string(path).with_context(|| format!("request file {shown}"))?;
    let object: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(&text).with_context(|| format!("request file {shown} must hold a JSON object"))?;
    let text = |value: serde_json::Value| match value {
        serde_json::Value::String(text) => text,
        other => other.to_string(),
    };
    Ok(object.into_iter().filter(|(_, value)| !value.is_null()).map(|(name, value)| (name, text(value))).collect())
}
