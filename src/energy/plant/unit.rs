//! A plant unit of a technology and a size, with what it does and what it costs.

use super::{Conversion, ConversionError, ExtractionTurbine, FixedRatio};
use crate::energy::economics::{EconomicsError, SizeExponents, scaled_cost};
use crate::model::{Currency, DefaultUsed, EvidenceTag, Figure, ParameterValues, Plant, Technology, TechnologyKind};
use serde::Serialize;
use thiserror::Error;

/// Hours of a week.
const HOURS_A_WEEK: f64 = 168.0;
/// Weeks of a year.
const WEEKS_A_YEAR: f64 = 365.0 / 7.0;
/// Largest size that is taken, MW.
const LARGEST_MW: f64 = 5_000.0;

/// A unit as it is expected to run and to cost.
#[derive(Debug, Clone, Serialize)]
pub struct PlantUnit {
    /// Name of its technology.
    pub technology: &'static str,
    /// Size by which its costs are counted: electricity where it makes any, else heat.
    pub size_mw: f64,
    /// Fuel to heat and electricity, as expected.
    pub conversion: Conversion,
    /// Share of the nominal efficiency that `conversion` counts: the derates where the technology made its figures, 1 where the plant
    /// itself states them.
    #[serde(skip)]
    pub counted_efficiency: f64,
    /// Least load as a share of the full fuel.
    pub minimum_load_share: f64,
    /// Share of the time in which it stands unplanned, by the technology and by experience.
    pub forced_outage_share: f64,
    /// Hours a year in which it stands as planned.
    pub planned_outage_h: f64,
    /// Economic life.
    pub life_a: f64,
    /// Years of building.
    pub build_a: f64,
    /// Investment.
    pub investment_rub: f64,
    /// Cost a year whether it runs or not.
    pub fixed_cost_rub_a: f64,
    /// Cost of a MWh of electricity, or of heat where it makes no electricity; without fuel.
    pub variable_cost_rub_mwh: f64,
    /// Cost of a start.
    pub start_cost_rub: f64,
    /// Year of the prices.
    pub price_year: u16,
    /// What is unusual about it.
    pub warnings: Vec<String>,
    /// Figures and parameters without a read source.
    pub rests_on: Vec<DefaultUsed>,
}

/// Why there is no such unit.
#[derive(Debug, Error, Clone, PartialEq)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum PlantError {
    #[error("the plant has no size; give electric_capacity_mw, heat_capacity_mw or fuel_power_mw (MW)")]
    NoSize,
    #[error("{name} must lie above 0 and not above {high} MW; it was {value}")]
    Size { name: &'static str, value: f64, high: f64 },
    #[error("total_efficiency must lie between 0.05 and 1; it was {value}")]
    TotalEfficiency { value: f64 },
    #[error("technology {technology} lacks the figure {figure}")]
    NoFigure { technology: &'static str, figure: &'static str },
    #[error(transparent)]
    Conversion(#[from] ConversionError),
    #[error(transparent)]
    Cost(#[from] EconomicsError),
}

struct Reader<'a> {
    technology: &'static Technology,
    numbers: &'a ParameterValues,
    used: Vec<DefaultUsed>,
}

impl PlantUnit {
    /// A unit of a technology by its size (electricity where it makes any, else heat), with all else from the technology.
    ///
    /// The nominal efficiency is multiplied by what monitored plants reach of theirs (`electric_efficiency_derate`,
    /// `heat_efficiency_derate`); the fuel stays that of the nominal plant. Costs are
    /// `C = C_0 (P / P_0)^s` with the figure at the reference size `P_0`, by the parameter rates of exchange, raised by
    /// `equipment_price_rise` a year from the year of the source to `plant_price_year`.
    ///
    /// An organic Rankine plant of 1 MW nominal burns 1 / 0.14 = 7.14 MW and is expected to give 0.93 MW:
    ///
    /// ```
    /// use peatplan::{energy::plant::PlantUnit, model::{ParameterValues, plant_parameters, technology}};
    /// let numbers = ParameterValues::defaults(plant_parameters());
    /// let unit = PlantUnit::of_size(technology("organic_rankine").unwrap(), 1.0, &numbers).unwrap();
    /// assert!((unit.conversion.fuel_mw() - 7.142_857).abs() < 1e-6 && (unit.conversion.electric_mw() - 0.93).abs() < 1e-9);
    /// ```
    ///
    /// # Errors
    /// [`PlantError`]: a size that is none, or efficiencies over one.
    pub fn of_size(technology: &'static Technology, size_mw: f64, numbers: &ParameterValues) -> Result<Self, PlantError> {
        let plant = match technology.kind {
            TechnologyKind::Boiler => Plant { heat_capacity_mw: Some(size_mw), ..Plant::default() },
            TechnologyKind::Coupled | TechnologyKind::Extraction => {
                Plant { electric_capacity_mw: Some(size_mw), ..Plant::default() }
            }
        };
        Self::build(&plant, technology, numbers, false)
    }

    /// A unit of a technology with what the plant says of itself: capacities, fuel power and total efficiency as given
    /// are taken at their word, and are not derated; the technology fills in what the plant leaves open. What measured plants fall
    /// short of their word is a matter of draws: `counted_efficiency` says what is counted already.
    ///
    /// # Errors
    /// [`PlantError`]: no size, a number outside of its limits, or more energy out than in.
    pub fn of_plant(plant: &Plant, technology: &'static Technology, numbers: &ParameterValues) -> Result<Self, PlantError> {
        Self::build(plant, technology, numbers, true)
    }

    fn build(plant: &Plant, technology: &'static Technology, numbers: &ParameterValues, given: bool) -> Result<Self, PlantError> {
        let mut from = Reader { technology, numbers, used: Vec::new() };
        let (conversion, counted_efficiency) = match technology.kind {
            TechnologyKind::Extraction => extraction(plant, &mut from, given)?,
            TechnologyKind::Boiler | TechnologyKind::Coupled => fixed_ratio(plant, &mut from, given)?,
        };
        conversion.check()?;
        let size = match technology.kind {
            TechnologyKind::Boiler => plant.heat_capacity_mw.unwrap_or_else(|| conversion.heat_mw()),
            _ => plant.electric_capacity_mw.filter(|size| *size > 0.0).unwrap_or_else(|| conversion.electric_mw()),
        };
        let reference = from.figure("reference_size_mw")?.value;
        let exponent = SizeExponents::single(from.value("size_exponent")?);
        let scale = scaled_cost(1_000.0 * reference, reference, size, &exponent)?;
        let (smallest, largest) = (from.figure("smallest_size_mw")?.value, from.figure("largest_size_mw")?.value);
        let mut warnings = Vec::new();
        if !(smallest..=largest).contains(&size) {
            let name = &technology.title.en;
            warnings.push(format!("{name}: {size:.2} MW lies outside of the usual sizes, {smallest} to {largest} MW"));
        }
        if let (Conversion::Extraction(turbine), Some(heat)) = (&conversion, plant.heat_capacity_mw)
            && heat > turbine.heat_mw * (1.0 + 1e-9)
        {
            warnings.push(format!(
                "of heat_capacity_mw {heat:.1} MW the turbine can give {:.1} MW: electric_capacity_mw, {:.1} MW, counts as what it makes without heat",
                turbine.heat_mw, turbine.condensing_mw
            ));
        }
        if technology.kind == TechnologyKind::Extraction && plant.total_efficiency.is_some() {
            warnings.push("total_efficiency is not used: that of an extraction turbine follows the heat it gives".to_owned());
        }
        let standing = from.value("forced_outage_share")?;
        let kept = from.parameter("availability_derate");
        let variable = from.cost("variable_cost")?;
        Ok(Self {
            technology: &technology.name,
            size_mw: size,
            conversion,
            counted_efficiency,
            minimum_load_share: from.value("minimum_load_share")?,
            forced_outage_share: 1.0 - (1.0 - standing) * kept,
            planned_outage_h: from.value("planned_outage_weeks")? * HOURS_A_WEEK,
            life_a: from.value("life_a")?,
            build_a: from.value("build_a")?,
            investment_rub: from.cost("investment")? * scale,
            fixed_cost_rub_a: from.cost("fixed_cost")? * scale,
            variable_cost_rub_mwh: variable,
            start_cost_rub: from.cost("start_cost")? * size,
            price_year: price_year(numbers),
            warnings,
            rests_on: from.used,
        })
    }

    /// Share of the year in which the unit can run: outside planned outages and unplanned ones.
    ///
    /// Three weeks planned and 7.85 % unplanned leave 0.868.
    #[must_use]
    pub fn availability(&self) -> f64 {
        (1.0 - self.forced_outage_share) * (1.0 - self.planned_outage_h / (WEEKS_A_YEAR * HOURS_A_WEEK))
    }
}

impl Reader<'_> {
    fn figure(&self, name: &'static str) -> Result<&'static Figure, PlantError> {
        self.technology.figure(name).ok_or(PlantError::NoFigure { technology: &self.technology.name, figure: name })
    }

    fn value(&mut self, name: &'static str) -> Result<f64, PlantError> {
        let figure = self.figure(name)?;
        if figure.tag != EvidenceTag::Sourced {
            self.used.push(DefaultUsed::new(&figure.name, figure.value, &figure.unit, figure.tag, &figure.source));
        }
        Ok(figure.value)
    }

    fn parameter(&mut self, name: &'static str) -> f64 {
        let unsourced = self.numbers.unsourced_defaults(&[name]);
        if self.used.iter().all(|used| used.parameter != name) {
            self.used.extend(unsourced);
        }
        self.numbers.get(name)
    }

    /// A cost in roubles of the study's price year.
    fn cost(&mut self, name: &'static str) -> Result<f64, PlantError> {
        let value = self.value(name)?;
        let figure = self.figure(name)?;
        let rate = match figure.currency {
            Some(Currency::Eur) => self.parameter("rub_per_eur"),
            Some(Currency::Usd) => self.parameter("rub_per_usd"),
            Some(Currency::Rub) | None => 1.0,
        };
        let rise = 1.0 + self.parameter("equipment_price_rise");
        let to = self.parameter("plant_price_year");
        let years = figure.price_year.map_or(0.0, |year| to - f64::from(year));
        Ok(value * rate * rise.powf(years))
    }
}

/// The conversion, and the share of the nominal efficiency that it counts.
fn fixed_ratio(plant: &Plant, from: &mut Reader, given: bool) -> Result<(Conversion, f64), PlantError> {
    let boiler = from.technology.kind == TechnologyKind::Boiler;
    let heat_efficiency = from.value("heat_efficiency")?;
    let electric_efficiency = if boiler { 0.0 } else { from.value("electric_efficiency")? };
    let heat_derate = from.parameter("heat_efficiency_derate");
    let electric_derate = if boiler { 1.0 } else { from.parameter("electric_efficiency_derate") };
    let electric = size("electric_capacity_mw", plant.electric_capacity_mw)?;
    let heat = size("heat_capacity_mw", plant.heat_capacity_mw)?;
    let nominal = match (electric.filter(|_| !boiler), heat) {
        (Some(electric), _) => Some(electric / electric_efficiency),
        (None, Some(heat)) => Some(heat / heat_efficiency),
        (None, None) => None,
    };
    let (mut heat_efficiency, mut electric_efficiency) = (heat_efficiency, electric_efficiency);
    if let Some(total) = plant.total_efficiency {
        let (least, greatest, _) = Plant::range("total_efficiency");
        if !(least..=greatest).contains(&total) {
            return Err(PlantError::TotalEfficiency { value: total });
        }
        // The plant's own total, shared out between heat and electricity as the technology does.
        let factor = total / (heat_efficiency * heat_derate + electric_efficiency * electric_derate);
        heat_efficiency *= factor;
        electric_efficiency *= factor;
    }
    let by_total = plant.total_efficiency.and_then(|total| match (electric.filter(|_| !boiler), heat) {
        (Some(electric), Some(heat)) => Some((electric + heat) / total),
        (Some(electric), None) => Some(electric / (electric_efficiency * electric_derate)),
        (None, Some(heat)) => Some(heat / (heat_efficiency * heat_derate)),
        _ => None,
    });
    let fuel = size("fuel_power_mw", plant.fuel_power_mw)?.or(by_total).or(nominal).ok_or(PlantError::NoSize)?;
    let heat_mw = heat.filter(|_| given).unwrap_or(fuel * heat_efficiency * heat_derate);
    let electric_mw = if boiler {
        -from.value("own_use_share")? * heat_mw
    } else {
        electric.filter(|_| given).unwrap_or(fuel * electric_efficiency * electric_derate)
    };
    let total_ratio = from.value("half_load_total_ratio")?;
    let electric_ratio = if boiler { total_ratio } else { from.value("half_load_electric_ratio")? };
    let made = electric_mw.max(0.0);
    // A plant with little heat beside its electricity would get a line that falls with the load.
    let heat_ratio = ((total_ratio * (heat_mw + made) - electric_ratio * made) / heat_mw).clamp(0.5, 1.5);
    // Whose figures are the plant's own are not derated.
    let counted = |own: bool, derate: f64| if own || plant.total_efficiency.is_some() { 1.0 } else { derate };
    let nominal_mw =
        heat_mw / counted(given && heat.is_some(), heat_derate) + made / counted(given && electric.is_some(), electric_derate);
    let ratio = FixedRatio {
        fuel_mw: fuel,
        heat_mw,
        electric_mw,
        half_load_heat_ratio: heat_ratio,
        half_load_electric_ratio: electric_ratio,
    };
    Ok((Conversion::FixedRatio(ratio), (heat_mw + made) / nominal_mw))
}

/// The conversion, and the share of the nominal efficiency that it counts.
fn extraction(plant: &Plant, from: &mut Reader, given: bool) -> Result<(Conversion, f64), PlantError> {
    let efficiency = from.value("electric_efficiency")?;
    let derate = from.parameter("electric_efficiency_derate");
    let (cb, cv) = (from.value("cb")?, from.value("cv")?);
    let electric = size("electric_capacity_mw", plant.electric_capacity_mw)?;
    let heat = size("heat_capacity_mw", plant.heat_capacity_mw)?;
    let share = from.value("largest_heat_share")?;
    let nominal = electric.or(heat.map(|heat| heat * (cb + cv) / share)).map(|electric| electric / efficiency);
    let fuel = size("fuel_power_mw", plant.fuel_power_mw)?.or(nominal).ok_or(PlantError::NoSize)?;
    let condensing = electric.filter(|_| given).unwrap_or(fuel * efficiency * derate);
    let most = condensing / (cb + cv);
    let heat_mw = heat.filter(|_| given).map_or(share * most, |heat| heat.min(most));
    let half_load_ratio = from.value("half_load_electric_ratio")?;
    let turbine = ExtractionTurbine { fuel_mw: fuel, condensing_mw: condensing, cb, cv, heat_mw, half_load_ratio };
    Ok((Conversion::Extraction(turbine), if given && electric.is_some() { 1.0 } else { derate }))
}

fn size(name: &'static str, value: Option<f64>) -> Result<Option<f64>, PlantError> {
    match value {
        Some(value) if !(0.0..=LARGEST_MW).contains(&value) => Err(PlantError::Size { name, value, high: LARGEST_MW }),
        other => Ok(other.filter(|value| *value > 0.0)),
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the parameter lies between 1990 and 2100")]
fn price_year(numbers: &ParameterValues) -> u16 {
    numbers.get("plant_price_year") as u16
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{plant_parameters, technologies, technology};

    fn numbers() -> ParameterValues {
        ParameterValues::defaults(plant_parameters())
    }

    fn named(name: &str) -> &'static Technology {
        technology(name).expect("a technology of the table")
    }

    #[test]
    fn every_technology_makes_a_unit_of_its_reference_size() {
        for technology in technologies() {
            let size = technology.figure("reference_size_mw").map_or(1.0, |figure| figure.value);
            let unit = PlantUnit::of_size(technology, size, &numbers()).expect("a unit");
            assert!(unit.warnings.is_empty(), "{:?}", unit.warnings);
            assert!((0.70..0.96).contains(&unit.availability()), "{} {}", technology.name, unit.availability());
            assert!(unit.investment_rub > 0.0 && unit.rests_on.iter().all(|used| used.tag != EvidenceTag::Sourced));
            let load = unit.conversion.load_for(unit.conversion.heat_mw(), 0.44 * unit.conversion.heat_mw());
            assert!((load - 1.0).abs() < 1e-9, "{}: full heat is full load", technology.name);
        }
    }

    #[test]
    fn the_gasifier_of_guessing_burns_eight_megawatts_for_two_and_four_and_a_half() {
        let plant = Plant { electric_capacity_mw: Some(2.0), heat_capacity_mw: Some(4.5), ..Plant::default() };
        let unit = PlantUnit::of_plant(&plant, named("gasifier_engine"), &numbers()).expect("a unit");
        let conversion = unit.conversion;
        assert!((conversion.fuel_mw() - 8.0).abs() < 1e-9 && (conversion.heat_mw() - 4.5).abs() < 1e-12);
        // Its own figures are not derated; the technology's are.
        assert!((conversion.electric_mw() - 2.0).abs() < 1e-12);
        let nominal = PlantUnit::of_size(named("gasifier_engine"), 2.0, &numbers()).expect("a unit");
        assert!((nominal.conversion.electric_mw() - 1.86).abs() < 1e-12);
        // The figures of the row count in full, those of the technology by the derates of heat and of electricity.
        assert!((unit.counted_efficiency - 1.0).abs() < 1e-12);
        let [electric, heat] =
            ["electric_efficiency", "heat_efficiency"].map(|name| named("gasifier_engine").figure(name).unwrap().value);
        let counted = (0.97 * heat + 0.93 * electric) / (heat + electric);
        assert!((nominal.counted_efficiency - counted).abs() < 1e-12, "{}", nominal.counted_efficiency);
    }

    #[test]
    fn lienz_at_its_expected_best_makes_what_it_planned() {
        // 1.0 MW net: 7,200 MWh a year were planned, some 5,000 were monitored. Run whenever it can, 0.93 MW for the available
        // hours is the most that is expected here; what the heat load leaves of that is for dispatch to say.
        let unit = PlantUnit::of_size(named("organic_rankine"), 1.0, &numbers()).expect("a unit");
        let most = unit.conversion.electric_mw() * unit.availability() * 8_760.0;
        assert!((7_000.0..7_400.0).contains(&most), "{most}");
        let ratio = unit.conversion.electric_mw() / unit.conversion.heat_mw();
        assert!((0.20..0.22).contains(&ratio), "power to heat {ratio}");
    }

    #[test]
    fn investment_follows_the_size_exponent() {
        let small = PlantUnit::of_size(named("back_pressure_small"), 2.93, &numbers()).expect("a unit");
        let large = PlantUnit::of_size(named("back_pressure_small"), 5.86, &numbers()).expect("a unit");
        assert!((large.investment_rub / small.investment_rub - 2_f64.powf(0.72)).abs() < 1e-12);
        // 6,320 EUR/kW of 2015, 3 % a year for ten years, 100 RUB/EUR.
        let expected = 6_320.0 * 2_930.0 * 1.03_f64.powi(10) * 100.0;
        assert!((small.investment_rub / expected - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_plant_without_size_or_with_nonsense_is_refused() {
        let technology = named("grate_boiler");
        assert_eq!(PlantUnit::of_plant(&Plant::default(), technology, &numbers()).err(), Some(PlantError::NoSize));
        for bad in [-1.0, f64::NAN, 1e9] {
            assert!(matches!(PlantUnit::of_size(technology, bad, &numbers()), Err(PlantError::Size { .. })));
        }
        let over = Plant { heat_capacity_mw: Some(10.0), fuel_power_mw: Some(9.0), ..Plant::default() };
        assert!(matches!(PlantUnit::of_plant(&over, technology, &numbers()), Err(PlantError::Conversion(_))));
    }
}
