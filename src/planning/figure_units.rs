//! The unit of a figure in a result: what the document says beside it, what the parameter of its name has, or how its name ends.

use crate::model::{
    Parameters, allocation_parameters, blend_parameters, demand_parameters, economics_parameters, emission_parameters,
    plant_parameters, reserve_parameters, season_parameters, siting_parameters, steam_parameters, supply_parameters,
    uncertainty_parameters,
};

/// Endings of names that are units, the longer ones first.
const ENDINGS: [(&str, &str); 60] = [
    ("_rub_mwh_km", "RUB/(MWh·km)"),
    ("_rub_mwh_a", "RUB/(MWh/a)"),
    ("_rub_mwh", "RUB/MWh"),
    ("_rub_gcal", "RUB/Gcal"),
    ("_rub_t_km", "RUB/(t·km)"),
    ("_rub_km", "RUB/km"),
    ("_rub_kw", "RUB/kW"),
    ("_rub_ha", "RUB/ha"),
    ("_rub_t", "RUB/t"),
    ("_rub_h", "RUB/h"),
    ("_rub_a", "RUB/a"),
    ("_rub", "RUB"),
    ("_mwh_ha", "MWh/ha"),
    ("_mwh_a", "MWh/a"),
    ("_kwh_t", "kWh/t"),
    ("_mwh", "MWh"),
    ("_gj_a", "GJ/a"),
    ("_gj", "GJ"),
    ("_mw", "MW"),
    ("_kw", "kW"),
    ("_t_ha", "t/ha"),
    ("_t_mwh", "t/MWh"),
    ("_kg_mwh", "kg/MWh"),
    ("_g_mj", "g/MJ"),
    ("_t_a", "t/a"),
    ("_t_h", "t/h"),
    ("_t", "t"),
    ("_kg_ha", "kg/ha"),
    ("_kg_m3", "kg/m³"),
    ("_m3_kg", "m³/kg"),
    ("_kg_a", "kg/a"),
    ("_mj_kg", "MJ/kg"),
    ("_kj_kg_k", "kJ/(kg·K)"),
    ("_kj_kg", "kJ/kg"),
    ("_m3_loose", "m³"),
    ("_m3", "m³"),
    ("_m2", "m²"),
    ("_ha", "ha"),
    ("_km_h", "km/h"),
    ("_km", "km"),
    ("_mpa", "MPa"),
    ("_k_d", "K·d"),
    ("_k", "K"),
    ("_t_c", "t"),
    ("_c", "°C"),
    ("_m", "m"),
    ("_h_a", "h/a"),
    ("_h", "h"),
    ("_hours", "h"),
    ("_months", "mo"),
    ("_days", "d"),
    ("_years", "a"),
    ("_share_by_year", "share"),
    ("_share", "share"),
    ("_efficiency", "share"),
    ("_utilisation", "share"),
    ("_rate", "share/a"),
    ("_probability", "share"),
    ("_moisture", "share"),
    ("_a", "a"),
];

/// Names that are no ending of others.
const NAMES: [(&str, &str); 16] = [
    ("probability", "share"),
    ("dryness", "share"),
    ("isentropic", "share"),
    ("mechanical_electric", "share"),
    ("relative_capacity", "share"),
    ("hours_at_full_load", "h/a"),
    ("years_of_full_supply", "a"),
    ("years_at_use", "a"),
    ("inflation", "share/a"),
    ("escalation", "share/a"),
    ("capital_escalation", "share/a"),
    ("by_deposit", "MWh"),
    ("remaining_by_deposit", "MWh"),
    ("ash", "share"),
    ("moisture", "share"),
    ("sulphur", "share"),
];

/// Figures whose unit is that of what they stand in: paths without what tells entries apart.
const PATHS: [(&str, &str); 7] = [
    ("tornado.base", "RUB"),
    ("tornado.bars.output_low", "RUB"),
    ("tornado.bars.output_high", "RUB"),
    ("tornado.bars.swing", "RUB"),
    ("local_share.heat", "share"),
    ("local_share.power", "share"),
    ("local_share.both", "share"),
];

/// Members that have the unit which a document says beside or above them.
const OF_THE_DOCUMENT: [&str; 15] = [
    "value",
    "low",
    "high",
    "base",
    "mode",
    "least",
    "most",
    "mean",
    "deviation",
    "p10",
    "p50",
    "p90",
    "standard_deviation",
    "standard_error",
    "median",
];

/// The unit of the figure at a path; `said` is what the document says of its unit.
pub(super) fn unit_of(path: &str, said: Option<&str>) -> Option<String> {
    let bare = bare(path);
    if let Some((_, unit)) = PATHS.iter().find(|(known, _)| *known == bare) {
        return Some((*unit).to_owned());
    }
    let name = bare.rsplit('.').next().unwrap_or_default();
    let parent = bare.rsplit('.').nth(1).unwrap_or_default();
    // The error of a probability is one itself.
    if parent == "above_zero" && name == "standard_error" {
        return Some("share".to_owned());
    }
    if let Some(said) = said.filter(|_| OF_THE_DOCUMENT.contains(&name)) {
        return Some(said.to_owned()).filter(|unit| !unit.is_empty());
    }
    unit_of_name(name)
}

/// The unit that a name has by itself.
pub(super) fn unit_of_name(name: &str) -> Option<String> {
    let by_name = || NAMES.iter().find(|(known, _)| *known == name).map(|(_, unit)| (*unit).to_owned());
    // A list of years is of calendar years; a single letter is no unit.
    let is_whole = |ending: &str| name == &ending[1..] && ending.len() > 3 && name != "years";
    let ends = |ending: &str| name.ends_with(ending) || is_whole(ending);
    let by_ending = || ENDINGS.iter().find(|(ending, _)| ends(ending)).map(|(_, unit)| (*unit).to_owned());
    unit_of_parameter(name).or_else(by_name).or_else(by_ending)
}

/// The unit of the parameter of that name, where it has one.
fn unit_of_parameter(name: &str) -> Option<String> {
    let tables: [&'static Parameters; 12] = [
        reserve_parameters(),
        supply_parameters(),
        season_parameters(),
        blend_parameters(),
        steam_parameters(),
        demand_parameters(),
        plant_parameters(),
        economics_parameters(),
        emission_parameters(),
        siting_parameters(),
        allocation_parameters(),
        uncertainty_parameters(),
    ];
    let known = tables.into_iter().find_map(|table| table.get(name))?;
    Some(known.unit.replace("m3", "m³").replace("m2", "m²")).filter(|unit| !unit.is_empty())
}

/// A path without what tells entries of lists apart.
fn bare(path: &str) -> String {
    let mut depth = 0_usize;
    path.chars()
        .filter(|letter| {
            let kept = depth == 0 && *letter != '[';
            match letter {
                '[' => depth += 1,
                ']' => depth = depth.saturating_sub(1),
                _ => {}
            }
            kept
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_read_off_the_longest_ending() {
        for (path, unit) in [
            ("deposits[id=2].mean_cost_rub_mwh", "RUB/MWh"),
            ("wet_season.short_t_a", "t/a"),
            ("covered_share", "share"),
            ("years[year=3].remaining_mwh[2]", "MWh"),
            ("expansion.inlet.enthalpy_kj_kg", "kJ/kg"),
            ("expansion.inlet.entropy_kj_kg_k", "kJ/(kg·K)"),
            ("expansion.exhaust.specific_volume_m3_kg", "m³/kg"),
            ("expansion.gross_kwh_t", "kWh/t"),
            ("design_steam_t_h", "t/h"),
            ("sizes[3].size_kw", "kW"),
            ("simple_payback_a", "a"),
            ("years_of_full_supply", "a"),
            ("flows[1].mwh_a[3]", "MWh/a"),
            ("local_share.heat", "share"),
            ("tornado.bars[factor=a.b].swing", "RUB"),
            ("project.discount_rate", "share/a"),
            ("months.size_needed_m3_loose", "m³"),
        ] {
            assert_eq!(unit_of(path, None).as_deref(), Some(unit), "{path}");
        }
        for path in ["name", "candidates[1].rank", "uncertainty.draws", "id", "fields[field_id=3].transfers"] {
            assert_eq!(unit_of(path, None), None, "{path}");
        }
    }

    #[test]
    fn what_a_document_says_holds_for_what_it_says_it_of() {
        assert_eq!(unit_of("bars[1].low", Some("RUB/t")).as_deref(), Some("RUB/t"));
        assert_eq!(unit_of("outputs[1].above_zero.standard_error", Some("RUB")).as_deref(), Some("share"));
        assert_eq!(unit_of("bars[1].used_mwh_a", Some("RUB/t")).as_deref(), Some("MWh/a"));
    }
}
