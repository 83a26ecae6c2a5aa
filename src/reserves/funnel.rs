//! The funnel of land: from the outline of a deposit to what machines can work, as polygons.
//!
//! The ladder counts cells; the funnel draws the same steps exactly, for the map and for whoever asks where the land went.
//! It knows no depths: the industrial outline is given to it, and volumes are counted under its polygons afterwards.

use super::land::{cleaned, common, united, volume_under, without, workable};
use crate::geostat::Grid;
use crate::units::{CubicMetres, Hectares, Metres, SquareMetres};
use geo::{Area, MultiPolygon};
use serde::Serialize;

/// A step of the funnel, from above.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FunnelStepName {
    /// Inside the zero boundary.
    Gross,
    /// Of that, where the peat is balance reserve.
    Industrial,
    /// Of that, what no law forbids.
    Legal,
    /// Of that, without strips of settlements, roads and fire breaks.
    Technical,
    /// Of that, wide and large enough to be worked.
    Recoverable,
}

/// At which step a constraint takes its land.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExclusionClass {
    /// Law: protected areas and their zones, water protection.
    Legal,
    /// Use: settlements, roads, fire breaks and other strips.
    Technical,
}

impl ExclusionClass {
    /// The class of a constraint of this kind, as in `geodata/schema/constraints.toml`.
    ///
    /// ```
    /// use peatplan::reserves::ExclusionClass;
    /// assert_eq!(ExclusionClass::of_kind("water_protection"), ExclusionClass::Legal);
    /// assert_eq!(ExclusionClass::of_kind("fire_break"), ExclusionClass::Technical);
    /// ```
    #[must_use]
    pub fn of_kind(kind: &str) -> Self {
        match kind {
            "protected_area" | "protective_zone" | "water_protection" => Self::Legal,
            _ => Self::Technical,
        }
    }
}

/// Land that a constraint takes.
#[derive(Debug, Clone, Copy)]
pub struct Exclusion<'a> {
    /// At which step.
    pub class: ExclusionClass,
    /// The land, its strip included.
    pub area: &'a MultiPolygon,
}

/// What the funnel is made of; all in one metric system.
#[derive(Debug, Clone, Copy)]
pub struct FunnelInputs<'a> {
    /// Zero boundary.
    pub outline: &'a MultiPolygon,
    /// Where the peat is balance reserve; what lies outside the zero boundary does not count.
    pub industrial: &'a MultiPolygon,
    /// What takes land; empty where constraints are ignored.
    pub exclusions: &'a [Exclusion<'a>],
    /// Least area of a part that can be worked.
    pub min_part: SquareMetres,
    /// Least width of what can be worked.
    pub min_width: Metres,
}

/// The land of one step.
#[derive(Debug, Clone, PartialEq)]
pub struct FunnelLand {
    /// Step.
    pub step: FunnelStepName,
    /// Its land.
    pub land: MultiPolygon,
    /// Area of it.
    pub area: SquareMetres,
}

/// One step as it is answered.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FunnelStep {
    /// Step.
    pub step: FunnelStepName,
    /// Area that is left.
    pub area_ha: Hectares,
    /// Peat under it, over its full depth.
    pub volume_m3: CubicMetres,
    /// Area that this step took.
    pub lost_area_ha: Hectares,
    /// Volume that this step took.
    pub lost_volume_m3: CubicMetres,
    /// Its land.
    #[serde(skip)]
    pub land: MultiPolygon,
}

/// The land of each step, from gross to recoverable.
///
/// ```text
/// gross        the outline
/// industrial   gross ∩ where the peat is balance reserve
/// legal        industrial − ∪ legal exclusions
/// technical    legal − ∪ technical exclusions
/// recoverable  technical without parts below min_part and stretches below min_width (see `workable`)
/// ```
///
/// Within a class the order of exclusions does not matter; each step lies inside the one before. Losses that are no land
/// (net area share, stumps, extraction) stay with the ladder. Areas are planar.
///
/// A field of 1,000 by 500 m through which a road with a strip of 25 m on both sides runs across loses 2.5 ha to it:
///
/// ```
/// use geo::{MultiPolygon, Rect};
/// use peatplan::{reserves::*, units::*};
/// let rectangle = |x0, y0, x1, y1| MultiPolygon::new(vec![Rect::new((x0, y0), (x1, y1)).to_polygon()]);
/// let outline = rectangle(0.0, 0.0, 1000.0, 500.0);
/// let strip = rectangle(475.0, -10.0, 525.0, 510.0);
/// let steps = funnel(&FunnelInputs {
///     outline: &outline,
///     industrial: &outline,
///     exclusions: &[Exclusion { class: ExclusionClass::of_kind("road"), area: &strip }],
///     min_part: SquareMetres(10_000.0),
///     min_width: Metres(40.0),
/// });
/// let hectares: Vec<f64> = steps.iter().map(|step| (step.area.hectares().0 * 1e6).round() / 1e6).collect();
/// assert_eq!(hectares, [50.0, 50.0, 50.0, 47.5, 47.5]);
/// ```
#[must_use]
pub fn funnel(inputs: &FunnelInputs) -> Vec<FunnelLand> {
    let taken = |class: ExclusionClass| united(inputs.exclusions.iter().filter(|one| one.class == class).map(|one| one.area));
    let gross = cleaned(inputs.outline);
    let industrial = common(&gross, &cleaned(inputs.industrial));
    let legal = without(&industrial, &taken(ExclusionClass::Legal));
    let technical = without(&legal, &taken(ExclusionClass::Technical));
    let recoverable = workable(&technical, inputs.min_width, inputs.min_part);
    let steps = [
        (FunnelStepName::Gross, gross),
        (FunnelStepName::Industrial, industrial),
        (FunnelStepName::Legal, legal),
        (FunnelStepName::Technical, technical),
        (FunnelStepName::Recoverable, recoverable),
    ];
    let mut before = SquareMetres(f64::INFINITY);
    let measured = steps.into_iter().map(|(step, land)| {
        // Rounding of an overlay must not let a step gain a square millimetre.
        before = before.min(SquareMetres(land.unsigned_area()));
        FunnelLand { step, land, area: before }
    });
    measured.collect()
}

/// The steps with their volumes. Gross is all peat, industrial that of the cells that are balance reserve (`in_balance`); from
/// there each step loses the balance cells whose centre lies in the land that it took. `cells` are ascending, `depths` and
/// `in_balance` in their order.
///
/// Areas come from the polygons, volumes from the cells, as everywhere in the estimate; lost areas and volumes sum to gross less
/// recoverable.
#[must_use]
pub fn funnel_steps(
    lands: Vec<FunnelLand>,
    grid: &Grid,
    cells: &[usize],
    depths: &[Metres],
    in_balance: &[bool],
) -> Vec<FunnelStep> {
    let counted: Vec<Metres> =
        depths.iter().zip(in_balance).map(|(depth, counts)| if *counts { *depth } else { Metres::ZERO }).collect();
    let all = |depths: &[Metres]| SquareMetres(grid.cell() * grid.cell()) * depths.iter().copied().sum::<Metres>();
    let mut under_before = CubicMetres::ZERO;
    let mut before: Option<(SquareMetres, CubicMetres)> = None;
    let step = |FunnelLand { step, land, area }: FunnelLand| {
        let volume = match (step, before) {
            (FunnelStepName::Gross, _) | (_, None) => all(depths),
            (FunnelStepName::Industrial, _) => {
                under_before = volume_under(&land, grid, cells, &counted);
                all(&counted)
            }
            (_, Some((_, volume))) => {
                let under = volume_under(&land, grid, cells, &counted).min(under_before);
                let left = volume - (under_before - under);
                under_before = under;
                left.max(CubicMetres::ZERO)
            }
        };
        let (area_before, volume_before) = before.unwrap_or((area, volume));
        before = Some((area, volume));
        FunnelStep {
            step,
            area_ha: area.hectares(),
            volume_m3: volume,
            lost_area_ha: (area_before - area).hectares(),
            lost_volume_m3: volume_before - volume,
            land,
        }
    };
    lands.into_iter().map(step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geostat::Bounds;
    use geo::{Buffer, LineString, Polygon, Rect};

    fn rectangle(x: f64, y: f64, width: f64, height: f64) -> MultiPolygon {
        MultiPolygon::new(vec![Rect::new((x, y), (x + width, y + height)).to_polygon()])
    }

    /// A star of many corners around a place.
    fn star(corners: u32, radius: f64, x: f64, y: f64) -> MultiPolygon {
        let corner = |i: u32| {
            let angle = f64::from(i) / f64::from(corners) * std::f64::consts::TAU;
            let reach = radius * (1.0 + 0.2 * (angle * 7.0).sin() + 0.01 * (angle * 1_001.0).sin());
            (x + reach * angle.cos(), y + reach * angle.sin())
        };
        MultiPolygon::new(vec![Polygon::new(LineString::from((0..corners).map(corner).collect::<Vec<_>>()), Vec::new())])
    }

    fn areas(inputs: &FunnelInputs) -> Vec<f64> {
        funnel(inputs).iter().map(|step| step.area.0).collect()
    }

    #[test]
    fn exclusions_of_a_class_may_come_in_any_order() {
        let outline = star(720, 2_000.0, 500_000.0, 6e6);
        let industrial = star(720, 1_700.0, 500_000.0, 6e6);
        let park = star(90, 900.0, 501_000.0, 6e6);
        let river = LineString::from(vec![(497_000.0, 5_999_500.0), (503_000.0, 6_001_000.0)]).buffer(100.0);
        let road = LineString::from(vec![(500_100.0, 5_990_000.0), (500_300.0, 6_010_000.0)]).buffer(50.0);
        let town = star(40, 600.0, 498_800.0, 6_000_900.0);
        let exclusions: Vec<Exclusion> = [&park, &river]
            .into_iter()
            .map(|area| Exclusion { class: ExclusionClass::Legal, area })
            .chain([&road, &town].into_iter().map(|area| Exclusion { class: ExclusionClass::Technical, area }))
            .collect();
        let inputs = FunnelInputs {
            outline: &outline,
            industrial: &industrial,
            exclusions: &exclusions,
            min_part: SquareMetres(1e4),
            min_width: Metres(40.0),
        };
        let one_way = areas(&inputs);
        assert!(one_way.windows(2).all(|pair| pair[1] < pair[0]), "each step takes something: {one_way:?}");
        let reversed: Vec<Exclusion> = exclusions.iter().rev().copied().collect();
        let other_way = areas(&FunnelInputs { exclusions: &reversed, ..inputs });
        for (one, other) in one_way.iter().zip(&other_way) {
            assert!((one - other).abs() < 0.1, "{one} against {other}");
        }
    }

    #[test]
    fn lost_areas_and_volumes_sum_to_gross_less_recoverable() {
        let outline = rectangle(0.0, 0.0, 2_000.0, 1_000.0);
        let industrial = rectangle(100.0, 100.0, 1_800.0, 2_000.0);
        let river = rectangle(900.0, -100.0, 200.0, 2_000.0);
        let exclusions = [Exclusion { class: ExclusionClass::Legal, area: &river }];
        let inputs = FunnelInputs {
            outline: &outline,
            industrial: &industrial,
            exclusions: &exclusions,
            min_part: SquareMetres(1e4),
            min_width: Metres(40.0),
        };
        let bounds = Bounds { min_x: 0.0, min_y: 0.0, max_x: 2_000.0, max_y: 1_000.0 };
        let grid = Grid::covering(bounds, 10.0, 100_000).expect("a grid");
        let cells: Vec<usize> = (0..grid.len()).collect();
        let depths = vec![Metres(2.0); cells.len()];
        let industrial = grid.cells_inside(&super::super::rings(inputs.industrial));
        let in_balance: Vec<bool> = cells.iter().map(|cell| industrial.binary_search(cell).is_ok()).collect();
        let steps = funnel_steps(funnel(&inputs), &grid, &cells, &depths, &in_balance);
        let close = |value: f64, expected: f64| assert!((value - expected).abs() < 1e-6 * expected, "{value}, not {expected}");
        close(steps[0].area_ha.0, 200.0);
        close(steps[0].volume_m3.0, 4e6);
        close(steps[1].area_ha.0, 162.0);
        close(steps[2].area_ha.0, 144.0);
        close(steps[4].volume_m3.0, 2.88e6);
        let lost: f64 = steps.iter().map(|step| step.lost_area_ha.0).sum();
        close(lost, steps[0].area_ha.0 - steps[4].area_ha.0);
        let lost: f64 = steps.iter().map(|step| step.lost_volume_m3.0).sum();
        close(lost, steps[0].volume_m3.0 - steps[4].volume_m3.0);
    }

    #[test]
    fn land_that_is_all_taken_leaves_nothing_and_breaks_nothing() {
        let outline = star(100, 500.0, 0.0, 0.0);
        let all = rectangle(-2_000.0, -2_000.0, 4_000.0, 4_000.0);
        let exclusions = [Exclusion { class: ExclusionClass::Legal, area: &all }];
        let nothing = MultiPolygon::new(Vec::new());
        let inputs = FunnelInputs {
            outline: &outline,
            industrial: &outline,
            exclusions: &exclusions,
            min_part: SquareMetres(1e4),
            min_width: Metres(40.0),
        };
        assert_eq!(areas(&inputs)[2..], [0.0; 3]);
        assert_eq!(areas(&FunnelInputs { outline: &nothing, ..inputs }), [0.0; 5]);
        assert_eq!(areas(&FunnelInputs { industrial: &nothing, ..inputs })[1..], [0.0; 4]);
    }

    #[test]
    fn an_outline_of_a_hundred_thousand_corners_is_no_trouble() {
        let outline = star(100_000, 8_000.0, 500_000.0, 6e6);
        let industrial = star(100_000, 7_500.0, 500_000.0, 6e6);
        let park = star(2_000, 4_000.0, 507_000.0, 6e6);
        let exclusions = [Exclusion { class: ExclusionClass::Legal, area: &park }];
        let inputs = FunnelInputs {
            outline: &outline,
            industrial: &industrial,
            exclusions: &exclusions,
            min_part: SquareMetres(1e4),
            min_width: Metres(40.0),
        };
        let areas = areas(&inputs);
        assert!(areas.windows(2).all(|pair| pair[1] <= pair[0]) && areas[4] > 0.9 * areas[3], "{areas:?}");
    }
}
