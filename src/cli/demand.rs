//! `peatplan demand`.

use super::table::{figure, print, print_csv};
use super::{Format, ProjectFile, inputs};
use clap::{ArgMatches, Args};
use peatplan::config::Config;
use peatplan::exchange::weather_file_text;
use peatplan::planning::{DemandQuery, DemandStudy, Workbench};
use peatplan::store::Store;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct Options {
    /// Consumers, by identifier, code or name; all of the project where none is named
    consumers: Vec<String>,
    #[command(flatten)]
    file: ProjectFile,
    /// A weather year of the project, by identifier, code or name
    #[arg(long, value_name = "NAME", conflicts_with = "weather_file")]
    weather: Option<String>,
    /// A file of hourly weather, EPW or TRY; a year made from the climate where neither this nor --weather is given
    #[arg(long, value_name = "FILE")]
    weather_file: Option<PathBuf>,
    /// A JSON file with inputs; options rule over it
    #[arg(long, value_name = "FILE.json")]
    request: Option<PathBuf>,
    /// How the result is written
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
}

pub(super) fn run(options: &Options, given: Option<&ArgMatches>) -> anyhow::Result<()> {
    let mut query = DemandQuery::default();
    for (name, text) in inputs::given(given, options.request.as_deref())? {
        query.set(&name, &text)?;
    }
    if !options.consumers.is_empty() {
        query.consumers.clone_from(&options.consumers);
    }
    if let Some(name) = &options.weather {
        (query.weather, query.weather_file) = (Some(name.clone()), None);
    }
    if let Some(path) = &options.weather_file {
        (query.weather, query.weather_file) = (None, Some(weather_file_text(path)?));
    }
    let bench = Workbench::new(options.file.open()?.load()?, Config::default().estimate_cells);
    let study = bench.demand_study(&query)?;
    match options.format {
        Format::Json => say!("{}", serde_json::to_string_pretty(&study)?),
        Format::Csv => print_csv(&CSV_HEADER, &csv_rows(&study))?,
        Format::Table => print_table(&study),
    }
    Ok(())
}

const CSV_HEADER: [&str; 11] = [
    "consumer",
    "kind",
    "space_heat_mwh_a",
    "hot_water_mwh_a",
    "process_heat_mwh_a",
    "network_loss_mwh_a",
    "heat_mwh_a",
    "peak_heat_mw",
    "full_load_hours",
    "power_mwh_a",
    "peak_power_mw",
];

fn csv_rows(study: &DemandStudy) -> Vec<Vec<String>> {
    let consumers = study.demand.consumers.iter().map(|one| {
        let numbers = [
            one.space_heat_mwh_a,
            one.hot_water_mwh_a,
            one.process_heat_mwh_a,
            one.network_loss_mwh_a,
            one.heat.energy_mwh_a,
            one.heat.peak_mw,
        ];
        let hours = one.heat.full_load_hours.map_or_else(String::new, |hours| hours.to_string());
        let power = [one.power.energy_mwh_a, one.power.peak_mw];
        let texts = [one.name.clone(), one.kind.word().to_owned()];
        let numbers = numbers.iter().map(f64::to_string).chain([hours]).chain(power.iter().map(f64::to_string));
        texts.into_iter().chain(numbers).collect()
    });
    consumers.collect()
}

fn print_table(study: &DemandStudy) {
    let (town, weather) = (&study.demand, &study.demand.weather);
    say!("{}{}", weather.place, if study.synthetic { "  (with invented data)" } else { "" });
    let days = &town.weather_degree_days;
    say!(
        "weather: mean {:.1} °C, coldest hour {:.1} °C, {} heating days of {:.1} °C, {} degree days (norm: {})",
        weather.mean_c,
        weather.coldest_hour_c,
        days.heating_days,
        days.heating_mean_c.unwrap_or(f64::NAN),
        figure(days.degree_days_k_d),
        figure(town.degree_days.degree_days_k_d)
    );
    for remark in &weather.remarks {
        say!("  {remark}");
    }
    let hours = |hours: Option<f64>| hours.map_or_else(|| "-".to_owned(), figure);
    say!(
        "heat {} MWh a year, {} MW at its peak, {} full-load hours; electricity {} MWh, {} MW\n",
        figure(town.heat.energy_mwh_a),
        figure(town.heat.peak_mw),
        hours(town.heat.full_load_hours),
        figure(town.power.energy_mwh_a),
        figure(town.power.peak_mw)
    );
    let header = ["consumer", "space MWh", "hot water", "process", "loss", "heat MWh", "peak MW", "hours", "power MWh"];
    let rows: Vec<Vec<String>> = town
        .consumers
        .iter()
        .map(|one| {
            let numbers = [
                one.space_heat_mwh_a,
                one.hot_water_mwh_a,
                one.process_heat_mwh_a,
                one.network_loss_mwh_a,
                one.heat.energy_mwh_a,
                one.heat.peak_mw,
            ];
            let first = [one.name.clone()].into_iter().chain(numbers.iter().map(|number| figure(*number)));
            first.chain([hours(one.heat.full_load_hours), figure(one.power.energy_mwh_a)]).collect()
        })
        .collect();
    print(&header, &rows);
    say!("\na base unit of this share of the peak covers, of the heat by the hours and of space heat by Rossander's curve:");
    let covered = town.coverage.iter().zip(&town.space_heat_coverage).map(|(hours, curve)| {
        let percent = |share: f64| format!("{:.1} %", share * 100.0);
        vec![percent(hours.relative_capacity), percent(hours.heat_share), percent(curve.heat_share)]
    });
    print(&["share of peak", "by hours", "by curve"], &covered.collect::<Vec<_>>());
    for warning in &study.warnings {
        say!("note: {}", warning.message);
    }
    let names = town.rests_on.iter().map(|used| format!("{} = {}", used.parameter, used.value)).collect::<Vec<_>>();
    say!("rests on defaults without a read source: {}", names.join(", "));
}
