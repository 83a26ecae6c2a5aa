//! `peatplan supply`.

use super::table::{figure, print, print_csv};
use super::{Format, ProjectFile, inputs};
use clap::{ArgMatches, Args};
use peatplan::config::Config;
use peatplan::planning::{PlantSupply, SupplyQuery, Workbench};
use peatplan::store::Store;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct Options {
    /// The plant, by identifier, code or name; left out, --at gives its place
    plant: Option<String>,
    #[command(flatten)]
    file: ProjectFile,
    /// A JSON file with inputs; options rule over it
    #[arg(long, value_name = "FILE.json")]
    request: Option<PathBuf>,
    /// How the result is written
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
}

pub(super) fn run(options: &Options, given: Option<&ArgMatches>) -> anyhow::Result<()> {
    let mut query = SupplyQuery { plant: options.plant.clone(), ..SupplyQuery::default() };
    for (name, text) in inputs::given(given, options.request.as_deref())? {
        query.set(&name, &text)?;
    }
    let bench = Workbench::new(options.file.open()?.load()?, Config::default().estimate_cells);
    let supply = bench.plant_supply(&query)?;
    match options.format {
        Format::Json => say!("{}", serde_json::to_string_pretty(&supply)?),
        Format::Csv => print_csv(&CSV_HEADER, &csv_rows(&supply))?,
        Format::Table => print_table(&supply),
    }
    Ok(())
}

const CSV_HEADER: [&str; 11] = [
    "field",
    "deposit",
    "route",
    "distance_km",
    "net_area_ha",
    "harvest_mwh_a",
    "stock_mwh",
    "delivered_cost_rub_t",
    "delivered_cost_rub_mwh",
    "cumulative_mwh_a",
    "used_mwh_a",
];

fn csv_rows(supply: &PlantSupply) -> Vec<Vec<String>> {
    let row = |field: &peatplan::supply::FieldDelivery| {
        let route =
            serde_json::to_value(field.route).ok().and_then(|route| route.as_str().map(str::to_owned)).unwrap_or_default();
        let numbers = [
            field.distance_km,
            field.net_area_ha.0,
            field.harvest_mwh_a.0,
            field.stock_mwh.0,
            field.delivered_cost_rub_t.0,
            field.delivered_cost_rub_mwh,
            field.cumulative_mwh_a.0,
            field.used_mwh_a.0,
        ];
        let texts = [field.labels.name.clone(), field.labels.deposit_name.clone(), route];
        texts.into_iter().chain(numbers.iter().map(f64::to_string)).collect()
    };
    supply.supply.fields.iter().map(row).collect()
}

fn print_table(supply: &PlantSupply) {
    let (plant, answer) = (&supply.plant, &supply.supply);
    let name = plant.name.as_deref().unwrap_or("plant at the place given");
    say!("{name}{}", if supply.synthetic { "  (invented for demonstration)" } else { "" });
    say!(
        "needs {} MWh of peat a year ({} t at {:.0} %): {} MW of fuel, {} h, peat {:.0} %",
        figure(supply.need.fuel_mwh_a.0),
        figure(supply.need.mass_t_a.0),
        supply.need.reference_moisture * 100.0,
        figure(plant.fuel_power_mw),
        figure(plant.full_load_hours),
        plant.peat_share * 100.0
    );
    say!(
        "covered {:.1} % in an average season, {:.1} % in a wet one (short of {} MWh), {} MWh left over in a dry one; full supply for {} years of {}",
        answer.covered_share * 100.0,
        answer.wet_season.covered_share * 100.0,
        figure(answer.wet_season.short_mwh_a.0),
        figure(answer.dry_season.surplus_mwh_a.0),
        answer.years_of_full_supply,
        answer.horizon_years
    );
    if let (Some(mean), Some(marginal)) = (answer.mean_cost_rub_mwh, answer.marginal_cost_rub_mwh) {
        say!(
            "delivered cost {} RUB/MWh on average, {} RUB/MWh for the dearest field in use (money of {})",
            figure(mean),
            figure(marginal),
            supply.price_year
        );
    }
    say!("distances by {}\n", answer.routes_by);
    let header = ["field", "deposit", "km", "net ha", "MWh/a", "RUB/t", "RUB/MWh", "cumulative", "used MWh/a", "years"];
    let rows: Vec<Vec<String>> = answer
        .fields
        .iter()
        .map(|field| {
            vec![
                format!("{}{}", field.labels.name, if field.marginal { " *" } else { "" }),
                field.labels.deposit_name.clone(),
                figure(field.distance_km),
                figure(field.net_area_ha.0),
                figure(field.harvest_mwh_a.0),
                figure(field.delivered_cost_rub_t.0),
                figure(field.delivered_cost_rub_mwh),
                figure(field.cumulative_mwh_a.0),
                figure(field.used_mwh_a.0),
                field.years_at_use.map_or_else(|| "-".into(), figure),
            ]
        })
        .collect();
    print(&header, &rows);
    say!("* the dearest field in use\n");
    for deposit in &answer.deposits {
        let end = deposit
            .worked_out_year
            .map_or_else(|| format!("lasts past year {}", answer.horizon_years), |year| format!("worked out in year {year}"));
        say!("{}: {} MWh held, {} MWh/a used, {end}", deposit.name, figure(deposit.stock_mwh.0), figure(deposit.used_mwh_a.0));
    }
    for warning in &supply.warnings {
        say!("note: {}", warning.message);
    }
    let names = answer.rests_on.iter().map(|used| format!("{} = {}", used.parameter, used.value)).collect::<Vec<_>>();
    say!("rests on defaults without a read source: {}", names.join(", "));
}
