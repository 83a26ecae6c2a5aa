//! A consumer's heat taken apart: space heat, hot water, process. What the row does not say is derived, and noted.

use super::consumer_demand::Derived;
use super::error::{DemandError, within};
use super::request::Shapes;
use crate::model::{Consumer, ConsumerKind, ParameterValues};

/// More of the heat of buildings is hardly ever hot water; a peak that says so is not one of these buildings.
const GREATEST_HOT_WATER_SHARE: f64 = 0.6;
/// kJ in a MWh.
const KILOJOULES_PER_MEGAWATT_HOUR: f64 = 3.6e6;

/// Loads of the parts of a consumer's heat.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
#[expect(clippy::struct_field_names, reason = "the unit stands in the name")]
pub(super) struct Split {
    /// Space heat at the design temperature, MW.
    pub space_mw: f64,
    /// Hot water, mean of a winter day, MW.
    pub hot_water_mw: f64,
    /// Process in full operation, MW.
    pub process_mw: f64,
}

/// What was found on the way.
#[derive(Debug, Default)]
pub(super) struct Findings {
    pub derived: Vec<Derived>,
    pub warnings: Vec<String>,
    pub defaults: Vec<&'static str>,
}

impl Findings {
    fn derive(&mut self, quantity: &'static str, value: f64, unit: &'static str, from: &[&'static str], how: &str) {
        self.derived.push(Derived { quantity, value, unit, from: from.to_vec(), how: how.to_owned() });
    }

    fn assume(&mut self, numbers: &ParameterValues, name: &'static str) -> f64 {
        self.defaults.push(name);
        numbers.get(name)
    }
}

/// The part of the heat that does not follow the weather, where it must be found: its share, its hours at full load, and what
/// its greatest hour is over that load.
struct Base {
    name: &'static str,
    hours: f64,
    peak: f64,
    greatest_share: f64,
}

/// Takes a consumer's heat apart. With `E` the annual heat, `P` the peak, `H_s` the hours a year at design load of space heat and
/// `H_b` those of the base (process for industry, else hot water) with its peak `c_b` over its load, where both are known and the share of
/// the base is not: `B = (E - P H_s) / (H_b - c_b H_s)` and `Q_d = P - c_b B`, the one split that has this energy and this peak.
/// Where only the peak is known the shares give the energy; where only the floor area is known, the degree days do.
pub(super) fn split(
    consumer: &Consumer,
    shapes: &Shapes,
    process_hours: f64,
    numbers: &ParameterValues,
) -> Result<(Split, Findings), DemandError> {
    check(consumer)?;
    let mut findings = Findings::default();
    let annual = consumer.heat_demand_mwh_a;
    let peak = consumer.peak_heat_mw;
    let steam_mw = match consumer.steam_flow_t_h {
        Some(flow) if process_hours > 0.0 => {
            let load = flow * findings.assume(numbers, "steam_heat_mwh_t");
            findings.derive(
                "process_heat_mw",
                load,
                "MW",
                &["steam_flow_t_h", "steam_heat_mwh_t"],
                "flow times heat of a tonne of steam",
            );
            Some(load)
        }
        _ => None,
    };
    let case = Case { consumer, shapes, process_hours, numbers, steam_mw };
    let split = match (annual, peak) {
        (Some(annual), _) => of_annual(annual, &case, &mut findings),
        (None, Some(peak)) => of_peak(peak, &case, &mut findings),
        (None, None) => of_area(&case, &mut findings),
    };
    Ok((split, findings))
}

/// What all ways of splitting need to know.
struct Case<'a> {
    consumer: &'a Consumer,
    shapes: &'a Shapes,
    /// Hours a year of the process at full operation.
    process_hours: f64,
    numbers: &'a ParameterValues,
    /// Heat of the process in full operation, where a flow of steam is given, MW.
    steam_mw: Option<f64>,
}

fn check(consumer: &Consumer) -> Result<(), DemandError> {
    let numbers = [
        ("heat_demand_mwh_a", consumer.heat_demand_mwh_a, 1e9, " MWh"),
        ("peak_heat_mw", consumer.peak_heat_mw, 1e6, " MW"),
        ("power_demand_mwh_a", consumer.power_demand_mwh_a, 1e9, " MWh"),
        ("steam_flow_t_h", consumer.steam_flow_t_h, 1e5, " t/h"),
        ("floor_area_m2", consumer.floor_area_m2, 1e9, " m²"),
        ("process_share", consumer.process_share, 1.0, ""),
        ("hot_water_share", consumer.hot_water_share, 1.0, ""),
        ("process_share plus hot_water_share", consumer.process_share.zip(consumer.hot_water_share).map(|(p, w)| p + w), 1.0, ""),
        ("network_loss_share", consumer.network_loss_share, 0.6, ""),
        ("shutdown_weeks", consumer.shutdown_weeks, 52.0, " weeks"),
    ];
    for (name, value, high, unit) in numbers {
        if let Some(value) = value {
            within(name, value, [0.0, high], unit)?;
        }
    }
    Ok(())
}

/// A ratio; nothing where there is nothing to divide by.
fn over(energy: f64, hours: f64) -> f64 {
    if hours > 0.0 { energy / hours } else { 0.0 }
}

/// Shares of process and hot water by the row, else by the parameters.
fn shares(consumer: &Consumer, numbers: &ParameterValues, findings: &mut Findings) -> [f64; 2] {
    let process = consumer.process_share.unwrap_or_else(|| match consumer.kind {
        ConsumerKind::GlassWorks => findings.assume(numbers, "glass_process_share"),
        ConsumerKind::Industry => findings.assume(numbers, "industry_process_share"),
        _ => 0.0,
    });
    let water = consumer
        .hot_water_share
        .unwrap_or_else(|| if consumer.kind.is_industry() { 0.0 } else { findings.assume(numbers, "hot_water_share") });
    // A stated share stands; the other, of the parameters, takes no more than is left.
    match (consumer.process_share, consumer.hot_water_share) {
        (None, Some(water)) => [process.min(1.0 - water), water],
        _ => [process, water.min(1.0 - process)],
    }
}

/// The loads of an annual heat with its shares. Heat of a year that has no hours for a part goes to one that has.
fn loads(annual: f64, [process, water]: [f64; 2], shapes: &Shapes, process_hours: f64) -> Split {
    let space = (1.0 - process - water).max(0.0);
    let hours = [shapes.space_hours, shapes.hot_water_hours, process_hours];
    let mut parts = [space, water, process].map(|share| share * annual);
    let best = if hours[0] > 0.0 {
        0
    } else if hours[1] > 0.0 {
        1
    } else {
        2
    };
    for part in 0..parts.len() {
        if hours[part] <= 0.0 {
            parts[best] += std::mem::take(&mut parts[part]);
        }
    }
    Split { space_mw: over(parts[0], hours[0]), hot_water_mw: over(parts[1], hours[1]), process_mw: over(parts[2], hours[2]) }
}

fn of_annual(annual: f64, case: &Case<'_>, findings: &mut Findings) -> Split {
    let &Case { consumer, shapes, process_hours, numbers, steam_mw } = case;
    if annual <= 0.0 {
        return Split::default();
    }
    let stated_process = steam_mw.map(|load| load * process_hours / annual).or(consumer.process_share);
    if stated_process.is_some_and(|share| share > 1.0) {
        findings
            .warnings
            .push("steam_flow_t_h gives more heat a year than heat_demand_mwh_a; all of it is taken as process heat".to_owned());
    }
    let stated_process = stated_process.map(|share| share.min(1.0 - consumer.hot_water_share.unwrap_or(0.0)));
    let industry = consumer.kind.is_industry();
    let open = if industry { stated_process.is_none() } else { consumer.hot_water_share.is_none() };
    let shares = match consumer.peak_heat_mw {
        Some(peak) if open && peak > 0.0 && shapes.space_hours > 0.0 => {
            let other = if industry {
                (consumer.hot_water_share.unwrap_or(0.0), shapes.hot_water_hours, shapes.hot_water_peak)
            } else {
                (stated_process.unwrap_or(0.0), process_hours, 1.0)
            };
            let base = if industry {
                Base { name: "process_share", hours: process_hours, peak: 1.0, greatest_share: 1.0 - other.0 }
            } else {
                let greatest_share = GREATEST_HOT_WATER_SHARE.min(1.0 - other.0);
                Base { name: "hot_water_share", hours: shapes.hot_water_hours, peak: shapes.hot_water_peak, greatest_share }
            };
            let other_mw = over(other.0 * annual, other.1);
            let share = base_share(annual, peak, annual * (1.0 - other.0), peak - other.2 * other_mw, &base, shapes, findings);
            if industry { [share, other.0] } else { [other.0, share] }
        }
        _ => {
            let stated = Consumer { process_share: stated_process, ..consumer.clone() };
            self::shares(&stated, numbers, findings)
        }
    };
    let split = loads(annual, shares, shapes, process_hours);
    if consumer.peak_heat_mw.is_none() {
        let peak = peak_of(&split, shapes);
        let from = ["heat_demand_mwh_a", "climate"];
        findings.derive(
            "peak_heat_mw",
            peak,
            "MW",
            &from,
            "annual heat over the full-load hours that the climate and the working hours give",
        );
    }
    split
}

/// The share of the base that goes with energy and peak; `annual` is the whole, `rest_mwh` and `rest_mw` are without the other parts.
fn base_share(annual: f64, peak: f64, rest_mwh: f64, rest_mw: f64, base: &Base, shapes: &Shapes, findings: &mut Findings) -> f64 {
    let spread = base.hours - base.peak * shapes.space_hours;
    // Without a difference of hours the peak tells nothing of the base.
    let load = if spread > 0.0 { (rest_mwh - rest_mw * shapes.space_hours) / spread } else { 0.0 };
    let share = load * base.hours / annual;
    let taken = share.clamp(0.0, base.greatest_share);
    findings.derive(
        base.name,
        taken,
        "share",
        &["heat_demand_mwh_a", "peak_heat_mw", "climate"],
        "the share with which the annual heat has this peak",
    );
    if (share - taken).abs() > 0.01 {
        let hours = annual / peak;
        findings.warnings.push(format!(
            "heat_demand_mwh_a and peak_heat_mw together are {hours:.0} full-load hours, which no {} gives in this climate \
             ({:.0} h for space heat alone); the annual heat holds, the peak of the hours differs from the stated one",
            base.name, shapes.space_hours
        ));
    }
    taken
}

/// The peak of a split: space heat at the design temperature with hot water in its greatest hour and the process at work.
fn peak_of(split: &Split, shapes: &Shapes) -> f64 {
    split.space_mw + split.hot_water_mw * shapes.hot_water_peak + split.process_mw
}

fn of_peak(peak: f64, case: &Case<'_>, findings: &mut Findings) -> Split {
    let &Case { consumer, shapes, process_hours, numbers, steam_mw } = case;
    let process_mw = steam_mw.map(|steam| steam.min(peak));
    if steam_mw.is_some_and(|steam| steam > peak) {
        findings.warnings.push("steam_flow_t_h gives more heat than peak_heat_mw; the peak holds".to_owned());
    }
    // With steam stated apart, the shares are those of the buildings.
    let buildings = Consumer { process_share: process_mw.map(|_| 0.0).or(consumer.process_share), ..consumer.clone() };
    let unit = loads(1.0, shares(&buildings, numbers, findings), shapes, process_hours);
    // A year in which nothing ever runs has no shares to scale.
    let scale = over(peak - process_mw.unwrap_or(0.0), peak_of(&unit, shapes));
    let split = Split {
        space_mw: unit.space_mw * scale,
        hot_water_mw: unit.hot_water_mw * scale,
        process_mw: process_mw.unwrap_or(unit.process_mw * scale),
    };
    let annual = annual_of(&split, shapes, process_hours);
    let from = ["peak_heat_mw", "climate"];
    findings.derive(
        "heat_demand_mwh_a",
        annual,
        "MWh/a",
        &from,
        "peak times the full-load hours that climate, shares and working hours give",
    );
    split
}

fn annual_of(split: &Split, shapes: &Shapes, process_hours: f64) -> f64 {
    split.space_mw * shapes.space_hours + split.hot_water_mw * shapes.hot_water_hours + split.process_mw * process_hours
}

fn of_area(case: &Case<'_>, findings: &mut Findings) -> Split {
    let &Case { consumer, shapes, process_hours, numbers, steam_mw } = case;
    let mut split = match consumer.floor_area_m2.filter(|area| *area > 0.0) {
        Some(area) => {
            let specific = findings.assume(numbers, "specific_space_heat_kj_m2_k_d");
            let space_mwh = specific * area * shapes.degree_days_k_d / KILOJOULES_PER_MEGAWATT_HOUR;
            // With steam stated apart, the shares are those of the buildings.
            let buildings = Consumer {
                process_share: if steam_mw.is_some() { Some(0.0) } else { consumer.process_share },
                ..consumer.clone()
            };
            let [process, water] = shares(&buildings, numbers, findings);
            let space_share = 1.0 - process - water;
            let annual = if space_share > 0.05 { space_mwh / space_share } else { space_mwh };
            let from = ["floor_area_m2", "specific_space_heat_kj_m2_k_d", "climate"];
            findings.derive(
                "space_heat_mwh_a",
                space_mwh,
                "MWh/a",
                &from,
                "specific space heat times floor area times degree days; the other parts by their shares",
            );
            loads(annual, if space_share > 0.05 { [process, water] } else { [0.0, 0.0] }, shapes, process_hours)
        }
        None => Split::default(),
    };
    split.process_mw += steam_mw.unwrap_or(0.0);
    let annual = annual_of(&split, shapes, process_hours);
    if annual > 0.0 {
        let from: &[&'static str] = match (consumer.floor_area_m2.is_some(), steam_mw.is_some()) {
            (true, true) => &["floor_area_m2", "steam_flow_t_h", "climate"],
            (true, false) => &["floor_area_m2", "climate"],
            _ => &["steam_flow_t_h", "operating_profile"],
        };
        findings.derive("heat_demand_mwh_a", annual, "MWh/a", from, "sum of the parts that could be derived");
        findings.derive("peak_heat_mw", peak_of(&split, shapes), "MW", from, "sum of the greatest loads of the parts");
    } else {
        findings.warnings.push(
            "heat_demand_mwh_a, peak_heat_mw, floor_area_m2 and steam_flow_t_h are all missing: no heat is counted".to_owned(),
        );
    }
    split
}
