//! The tables of `geodata/reference/`, each read once.

use super::Parameters;
use std::sync::LazyLock;

macro_rules! references {
    ($($(#[$doc:meta])* $name:ident = $($file:literal)+;)*) => {
        $(
            $(#[$doc])*
            #[must_use]
            pub fn $name() -> &'static Parameters {
                static TABLE: LazyLock<Parameters> =
                    LazyLock::new(|| Parameters::read(&[$(include_str!(concat!("../../geodata/reference/", $file))),+]));
                &TABLE
            }
        )*

        #[cfg(test)]
        pub(super) const ALL: &[fn() -> &'static Parameters] = &[$($name),*];
    };
}

references! {
    /// Parameters of the reserve estimate.
    reserve_parameters = "reserve-methods.toml" "reserves.toml";
    /// Parameters of the fuel supply.
    supply_parameters = "supply.toml" "haul.toml";
    /// Parameters of emissions.
    emission_parameters = "emissions.toml";
    /// Parameters of a machine in place of a reducing valve.
    steam_parameters = "steam.toml";
    /// Parameters of harvest by season, preparation of fields and the stockpile.
    season_parameters = "season.toml";
    /// Fuels of a blend and limits of a boiler.
    blend_parameters = "blend.toml";
    /// Parameters of the economics of a project.
    economics_parameters = "economics.toml";
    /// What is uncertain in a plan and how.
    uncertainty_parameters = "uncertainty.toml";
    /// Parameters of the choice of sites.
    siting_parameters = "siting.toml";
    /// Parameters of the supply of several plants over years.
    allocation_parameters = "allocation.toml";
    /// Parameters of the demand for heat, steam and power.
    demand_parameters = "demand.toml";
    /// Parameters of plants, their operation and size.
    plant_parameters = "plants.toml";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_lies_within_its_range_and_its_limits() {
        for parameter in ALL.iter().flat_map(|table| table().iter()) {
            let low = parameter.low.unwrap_or(parameter.minimum);
            let high = parameter.high.unwrap_or(parameter.maximum);
            let value = parameter.value.unwrap_or(low);
            assert!(low <= value && value <= high, "{}", parameter.name);
            assert!(parameter.minimum <= low && high <= parameter.maximum, "{}", parameter.name);
            assert!(!parameter.source.is_empty(), "{}", parameter.name);
        }
    }

    #[test]
    fn every_default_word_is_one_of_its_choice() {
        for choice in ALL.iter().flat_map(|table| table().choices()) {
            let default = choice.default.as_deref();
            assert!(default.is_none_or(|word| choice.values().any(|value| value == word)), "{}", choice.name);
        }
    }

    /// Names of computations that are never asked together, each with a meaning of its own there.
    const OF_SEVERAL: [&str; 7] =
        ["availability", "discount_rate", "heating_days", "hot_water_share", "indoor_temperature_c", "price_year", "rub_per_eur"];

    #[test]
    fn a_name_stands_in_one_table() {
        let (mut seen, mut twice) = (std::collections::BTreeSet::new(), std::collections::BTreeSet::new());
        for name in ALL.iter().flat_map(|table| table().names()) {
            if !seen.insert(name) {
                twice.insert(name);
            }
        }
        assert!(twice.iter().copied().eq(OF_SEVERAL), "{twice:?}");
    }

    #[test]
    fn no_name_is_ambiguous_in_an_allocation() {
        let together = [supply_parameters, season_parameters, blend_parameters, allocation_parameters];
        let mut seen = std::collections::BTreeSet::new();
        for name in together.iter().flat_map(|table| table().names()) {
            assert!(seen.insert(name), "{name} stands in two tables that are asked together");
        }
    }
}
