//! From fuel to heat and electricity, at full and at part load.

use serde::Serialize;
use thiserror::Error;

/// How a unit turns fuel into heat and electricity.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Conversion {
    /// The load alone decides both: boiler, back-pressure turbine, organic Rankine cycle, engine.
    FixedRatio(FixedRatio),
    /// Heat is chosen beside the load: a turbine with controlled extraction and a condenser.
    Extraction(ExtractionTurbine),
}

/// A unit whose load decides its heat and its electricity.
///
/// Between half and full load both follow straight lines of the fuel (Willans): with the load `l` as a share of the full
/// fuel and `r` the efficiency at half load over that at full load, `X(l) = X_full ((r - 1) + (2 - r) l)`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct FixedRatio {
    /// Fuel at full load, MW by net calorific value.
    pub fuel_mw: f64,
    /// Useful heat at full load, MW.
    pub heat_mw: f64,
    /// Electricity net of own use at full load, MW; below zero for a boiler, which only uses some.
    pub electric_mw: f64,
    /// Heat efficiency at half load over that at full load.
    pub half_load_heat_ratio: f64,
    /// Electric efficiency at half load over that at full load.
    pub half_load_electric_ratio: f64,
}

/// A turbine with controlled extraction and a condenser.
///
/// With `E = P + Cv Q`, the electricity that it would make without heat: `P >= Cb Q`, `E <= E_full`, and the fuel follows
/// `E` alone, by a straight line as in [`FixedRatio`]. `Cb` is power over heat in pure back-pressure operation, where the
/// heat is `E_full / (Cb + Cv)`. The ratio of nameplate efficiencies of a back-pressure plant, often called `Cb` too, is
/// another thing: put in here it would give too little heat.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ExtractionTurbine {
    /// Fuel at full load, MW by net calorific value.
    pub fuel_mw: f64,
    /// Electricity at full load without heat, net, MW.
    pub condensing_mw: f64,
    /// Power over heat in pure back-pressure operation.
    pub cb: f64,
    /// Power lost per heat taken.
    pub cv: f64,
    /// Most heat, MW; not above `condensing_mw / (cb + cv)`.
    pub heat_mw: f64,
    /// Electric efficiency at half load over that at full load, without heat.
    pub half_load_ratio: f64,
}

/// Why a conversion is none.
#[derive(Debug, Error, Clone, PartialEq)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum ConversionError {
    #[error("{name} must lie between {low} and {high}{unit}; it was {value}")]
    OutOfRange { name: &'static str, value: f64, low: f64, high: f64, unit: &'static str },
    #[error(
        "{useful_mw} MW of heat and electricity from {fuel_mw} MW of fuel are an efficiency of {efficiency:.3}; at most 1 is allowed, by net calorific value without condensation of flue gas"
    )]
    EfficiencyOverOne { useful_mw: f64, fuel_mw: f64, efficiency: f64 },
    #[error("heat_mw must not be above condensing_mw / (cb + cv), {most} MW; it was {value} MW")]
    MoreHeatThanBackPressure { value: f64, most: f64 },
}

/// Largest unit that is taken, MW of fuel.
const LARGEST_MW: f64 = 10_000.0;

impl FixedRatio {
    /// A unit that is as efficient at half load as at full load.
    #[must_use]
    pub fn straight(fuel_mw: f64, heat_mw: f64, electric_mw: f64) -> Self {
        Self { fuel_mw, heat_mw, electric_mw, half_load_heat_ratio: 1.0, half_load_electric_ratio: 1.0 }
    }

    /// Heat at a load, a share of the full fuel; MW.
    ///
    /// With half the fuel and 0.98 of the efficiency, 10 MW become 4.9:
    ///
    /// ```
    /// use peatplan::energy::plant::FixedRatio;
    /// let boiler = FixedRatio { half_load_heat_ratio: 0.98, ..FixedRatio::straight(12.0, 10.0, 0.0) };
    /// assert!((boiler.heat_at(0.5) - 4.9).abs() < 1e-12);
    /// ```
    #[must_use]
    pub fn heat_at(&self, load: f64) -> f64 {
        line(self.heat_mw, self.half_load_heat_ratio, load)
    }

    /// Electricity at a load, MW.
    #[must_use]
    pub fn electric_at(&self, load: f64) -> f64 {
        line(self.electric_mw, self.half_load_electric_ratio, load)
    }

    /// The load at which the unit gives this heat; it may lie outside of what the unit can do.
    #[must_use]
    pub fn load_for_heat(&self, heat_mw: f64) -> f64 {
        load_on_line(self.heat_mw, self.half_load_heat_ratio, heat_mw)
    }
}

impl ExtractionTurbine {
    /// The load at which the turbine gives this electricity and heat.
    #[must_use]
    pub fn load_for(&self, electric_mw: f64, heat_mw: f64) -> f64 {
        load_on_line(self.condensing_mw, self.half_load_ratio, electric_mw + self.cv * heat_mw)
    }

    /// Electricity without heat at a load, MW.
    #[must_use]
    pub fn condensing_at(&self, load: f64) -> f64 {
        line(self.condensing_mw, self.half_load_ratio, load)
    }
}

impl Conversion {
    /// Fuel at full load, MW.
    #[must_use]
    pub fn fuel_mw(&self) -> f64 {
        match self {
            Self::FixedRatio(unit) => unit.fuel_mw,
            Self::Extraction(unit) => unit.fuel_mw,
        }
    }

    /// Most heat, MW.
    #[must_use]
    pub fn heat_mw(&self) -> f64 {
        match self {
            Self::FixedRatio(unit) => unit.heat_mw,
            Self::Extraction(unit) => unit.heat_mw,
        }
    }

    /// Most electricity, MW; nothing for a boiler.
    #[must_use]
    pub fn electric_mw(&self) -> f64 {
        match self {
            Self::FixedRatio(unit) => unit.electric_mw.max(0.0),
            Self::Extraction(unit) => unit.condensing_mw,
        }
    }

    /// The same unit as seen from the far end of a pipe that loses this share of the heat: less heat for the same fuel and
    /// electricity.
    ///
    /// ```
    /// use peatplan::energy::plant::{Conversion, FixedRatio};
    /// let far = Conversion::FixedRatio(FixedRatio::straight(12.0, 10.0, 1.0)).behind_pipe(0.04);
    /// assert!((far.heat_mw() - 9.6).abs() < 1e-12 && far.fuel_mw() == 12.0);
    /// ```
    #[must_use]
    pub fn behind_pipe(self, loss_share: f64) -> Self {
        let kept = (1.0 - loss_share).clamp(0.01, 1.0);
        match self {
            Self::FixedRatio(unit) => Self::FixedRatio(FixedRatio { heat_mw: unit.heat_mw * kept, ..unit }),
            // Power for heat taken is counted by what arrives.
            Self::Extraction(unit) => Self::Extraction(ExtractionTurbine {
                heat_mw: unit.heat_mw * kept,
                cb: unit.cb / kept,
                cv: unit.cv / kept,
                ..unit
            }),
        }
    }

    /// The load, a share of the full fuel, that this heat and electricity take, following the unit's part-load line.
    #[must_use]
    pub fn load_for(&self, heat_mw: f64, electric_mw: f64) -> f64 {
        match self {
            Self::FixedRatio(unit) => unit.load_for_heat(heat_mw),
            Self::Extraction(unit) => unit.load_for(electric_mw, heat_mw),
        }
    }

    /// Whether the numbers make a unit.
    ///
    /// # Errors
    /// [`ConversionError`]: a number out of its range, more energy out than in, or more heat than back-pressure operation gives.
    pub fn check(&self) -> Result<(), ConversionError> {
        match self {
            Self::FixedRatio(unit) => {
                within("fuel_mw", unit.fuel_mw, f64::MIN_POSITIVE, LARGEST_MW, " MW")?;
                within("heat_mw", unit.heat_mw, f64::MIN_POSITIVE, LARGEST_MW, " MW")?;
                within("electric_mw", unit.electric_mw, -unit.heat_mw, LARGEST_MW, " MW")?;
                within("half_load_heat_ratio", unit.half_load_heat_ratio, 0.1, 1.5, "")?;
                within("half_load_electric_ratio", unit.half_load_electric_ratio, 0.0, 1.5, "")?;
                balanced(unit.heat_mw + unit.electric_mw.max(0.0), unit.fuel_mw)
            }
            Self::Extraction(unit) => {
                within("fuel_mw", unit.fuel_mw, f64::MIN_POSITIVE, LARGEST_MW, " MW")?;
                within("condensing_mw", unit.condensing_mw, f64::MIN_POSITIVE, LARGEST_MW, " MW")?;
                within("cb", unit.cb, 0.01, 10.0, "")?;
                within("cv", unit.cv, 0.0, 1.0, "")?;
                within("heat_mw", unit.heat_mw, 0.0, LARGEST_MW, " MW")?;
                within("half_load_ratio", unit.half_load_ratio, 0.1, 1.5, "")?;
                let most = unit.condensing_mw / (unit.cb + unit.cv);
                if unit.heat_mw > most * (1.0 + 1e-9) {
                    return Err(ConversionError::MoreHeatThanBackPressure { value: unit.heat_mw, most });
                }
                balanced(unit.condensing_mw + (1.0 - unit.cv) * unit.heat_mw, unit.fuel_mw)
            }
        }
    }
}

fn line(full: f64, half_load_ratio: f64, load: f64) -> f64 {
    full * ((half_load_ratio - 1.0) + (2.0 - half_load_ratio) * load)
}

fn load_on_line(full: f64, half_load_ratio: f64, output: f64) -> f64 {
    (output / full - (half_load_ratio - 1.0)) / (2.0 - half_load_ratio)
}

fn balanced(useful_mw: f64, fuel_mw: f64) -> Result<(), ConversionError> {
    let efficiency = useful_mw / fuel_mw;
    if efficiency > 1.0 + 1e-9 {
        return Err(ConversionError::EfficiencyOverOne { useful_mw, fuel_mw, efficiency });
    }
    Ok(())
}

fn within(name: &'static str, value: f64, low: f64, high: f64, unit: &'static str) -> Result<(), ConversionError> {
    if (low..=high).contains(&value) {
        return Ok(());
    }
    let low = if low <= f64::MIN_POSITIVE { low.min(0.0) } else { low };
    Err(ConversionError::OutOfRange { name, value, low, high, unit })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn extraction(cb: f64) -> ExtractionTurbine {
        ExtractionTurbine {
            fuel_mw: 100.0,
            condensing_mw: 28.2,
            cb,
            cv: 0.15,
            heat_mw: 28.2 / (cb + 0.15),
            half_load_ratio: 0.85,
        }
    }

    #[test]
    fn a_nameplate_ratio_in_the_formula_of_an_extraction_turbine_would_underproduce_heat() {
        // Nameplate: 28.2 % electricity at a ratio of 0.366 are 77 % heat. As if it were the Cb of an extraction turbine
        // the same ratio yields 55 %: so plants of a fixed ratio get their heat from the heat efficiency alone.
        let coupled = FixedRatio::straight(100.0, 28.2 / 0.366, 28.2);
        assert!((coupled.heat_at(1.0) - 77.05).abs() < 0.005);
        assert!((extraction(0.366).heat_mw - 54.65).abs() < 0.005);
    }

    #[test]
    fn an_extraction_turbine_keeps_its_fuel_while_heat_takes_power() {
        let turbine = extraction(0.44);
        let most = turbine.heat_mw;
        assert!((turbine.load_for(28.2, 0.0) - 1.0).abs() < 1e-12);
        assert!((turbine.load_for(28.2 - 0.15 * 10.0, 10.0) - 1.0).abs() < 1e-12);
        assert!((turbine.load_for(0.44 * most, most) - 1.0).abs() < 1e-12, "pure back-pressure operation");
    }

    #[test]
    fn a_willans_line_meets_full_and_half_load() {
        let unit = FixedRatio { half_load_electric_ratio: 0.82, ..FixedRatio::straight(10.0, 7.0, 1.5) };
        assert!((unit.electric_at(1.0) - 1.5).abs() < 1e-12);
        assert!((unit.electric_at(0.5) - 0.5 * 1.5 * 0.82).abs() < 1e-12);
        assert!((unit.load_for_heat(unit.heat_at(0.7)) - 0.7).abs() < 1e-12);
    }

    #[test]
    fn more_out_than_in_is_refused_with_its_efficiency() {
        let error = Conversion::FixedRatio(FixedRatio::straight(10.0, 9.0, 2.0)).check().unwrap_err();
        assert!(error.to_string().contains("an efficiency of 1.100"), "{error}");
        for bad in [f64::NAN, -1.0, f64::INFINITY] {
            assert!(Conversion::FixedRatio(FixedRatio::straight(bad, 1.0, 0.0)).check().is_err());
            assert!(Conversion::FixedRatio(FixedRatio::straight(2.0, bad, 0.0)).check().is_err());
        }
        let over = ExtractionTurbine { heat_mw: 60.0, ..extraction(0.44) };
        assert!(matches!(Conversion::Extraction(over).check(), Err(ConversionError::MoreHeatThanBackPressure { .. })));
    }
}
