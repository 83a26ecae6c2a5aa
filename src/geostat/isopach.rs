//! Volumes from the areas above levels, as they were computed by planimeter from maps of isopachs.

/// How the area changes between two levels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IsopachRule {
    /// Linearly: `Δh (A_k + A_{k+1}) / 2`. Exact for a paraboloid of revolution.
    Trapezoid,
    /// As in a frustum of a cone: `Δh (A_k + A_{k+1} + √(A_k A_{k+1})) / 3`. Exact for a cone.
    Cone,
}

impl IsopachRule {
    fn volume(self, lower_area: f64, upper_area: f64, height: f64) -> f64 {
        match self {
            Self::Trapezoid => 0.5 * height * (lower_area + upper_area),
            Self::Cone => height / 3.0 * (lower_area + upper_area + (lower_area * upper_area).sqrt()),
        }
    }
}

/// What lies between two levels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct IsopachLayer {
    /// Lower level.
    pub from: f64,
    /// Upper level; in the uppermost layer the greatest value.
    pub to: f64,
    /// Area where the value reaches the lower level, in square units.
    pub lower_area: f64,
    /// Area where the value reaches the upper level; zero at the top.
    pub upper_area: f64,
    /// Volume between the two levels, in cubic units.
    pub volume: f64,
}

/// A body cut into layers by levels, its volume computed from the areas above them.
///
/// The part above the highest level that is reached is a cap up to the greatest value, by the same rule with an upper area of
/// zero: a cone under [`IsopachRule::Cone`]. Below the lowest level the body is a prism of the whole area.
///
/// A cone of radius 100 and height 3, cut at 0, 1 and 2, has `π R² h / 3`:
///
/// ```
/// use peatplan::geostat::{Isopachs, IsopachRule};
/// let area = |level: f64| std::f64::consts::PI * (100.0 * (1.0 - level / 3.0)).powi(2);
/// let cone = Isopachs::new(&[0.0, 1.0, 2.0], &[area(0.0), area(1.0), area(2.0)], 3.0, IsopachRule::Cone).unwrap();
/// assert!((cone.volume() - 31_415.93).abs() < 0.01);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Isopachs {
    layers: Vec<IsopachLayer>,
}

impl Isopachs {
    /// From ascending `levels`, the `areas` where the value is at least each level, and the greatest value `top`.
    ///
    /// `None` where there is no level, the levels do not ascend, the areas grow upwards or are negative, their numbers differ,
    /// `top` lies below a level that has an area, or something is not finite.
    #[must_use]
    pub fn new(levels: &[f64], areas: &[f64], top: f64, rule: IsopachRule) -> Option<Self> {
        let numbers = levels.iter().chain(areas).chain([&top]);
        let ascending = levels.windows(2).all(|pair| pair[0] < pair[1]);
        let shrinking = areas.windows(2).all(|pair| pair[0] >= pair[1]);
        let sound = ascending && shrinking && areas.iter().all(|area| *area >= 0.0) && numbers.copied().all(f64::is_finite);
        if levels.is_empty() || levels.len() != areas.len() || !sound {
            return None;
        }
        let reached = areas.iter().filter(|area| **area > 0.0).count();
        if reached > 0 && top < levels[reached - 1] {
            return None;
        }
        let layer = |index: usize| {
            let (from, lower_area) = (levels[index], areas[index]);
            // The last level with an area carries the cap, also where a further level lies above the body.
            let (to, upper_area) = if index + 1 < reached { (levels[index + 1], areas[index + 1]) } else { (top, 0.0) };
            IsopachLayer { from, to, lower_area, upper_area, volume: rule.volume(lower_area, upper_area, to - from) }
        };
        Some(Self { layers: (0..reached).map(layer).collect() })
    }

    /// From the values of cells of one area: each level's area is that of the cells whose value reaches it. All cells belong to
    /// the lowest level, also those with a value below it.
    ///
    /// `None` as in [`Isopachs::new`], or where a value is not finite.
    #[must_use]
    pub fn of_cells(values: &[f64], cell_area: f64, levels: &[f64], rule: IsopachRule) -> Option<Self> {
        if !values.iter().all(|value| value.is_finite()) {
            return None;
        }
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        let lowest = *levels.first()?;
        #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
        let area = |level: &f64| {
            let below = if *level > lowest { sorted.partition_point(|value| value < level) } else { 0 };
            (sorted.len() - below) as f64 * cell_area
        };
        let areas: Vec<f64> = levels.iter().map(area).collect();
        Self::new(levels, &areas, sorted.last().copied().unwrap_or(lowest).max(lowest), rule)
    }

    /// The layers from below.
    #[must_use]
    pub fn layers(&self) -> &[IsopachLayer] {
        &self.layers
    }

    /// The volume above zero: that of the layers and of the prism between zero and the lowest level.
    #[must_use]
    pub fn volume(&self) -> f64 {
        let prism = self.layers.first().map_or(0.0, |layer| layer.from * layer.lower_area);
        prism + self.layers.iter().map(|layer| layer.volume).sum::<f64>()
    }

    /// The mean value of the band between two levels that a value lies in, as the rule has it; of the lowest one for a value
    /// below. For [`IsopachRule::Trapezoid`] that is the middle of the band.
    ///
    /// A band's columns reach its lower level everywhere and its layer stands on them but for the part below the next band:
    /// `m = L_k + (V_k - A_{k+1} Δh) / (A_k - A_{k+1})`. So cells that take the mean of their band have, together, the volume of
    /// [`Isopachs::volume`], whatever is then done with them one by one.
    #[must_use]
    pub fn band_mean(&self, value: f64) -> f64 {
        let above = self.layers.partition_point(|layer| layer.from <= value);
        self.layers.get(above.max(1) - 1).map_or(value, |layer| {
            let (own_area, height) = (layer.lower_area - layer.upper_area, layer.to - layer.from);
            if own_area > 0.0 { layer.from + (layer.volume - layer.upper_area * height) / own_area } else { layer.from }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::PI;

    const LEVELS: [f64; 5] = [0.0, 0.5, 1.0, 2.0, 2.5];

    fn body(area: impl Fn(f64) -> f64, rule: IsopachRule) -> f64 {
        Isopachs::new(&LEVELS, &LEVELS.map(area), 3.0, rule).expect("areas").volume()
    }

    #[test]
    fn a_cone_is_exact_by_frustums_and_a_paraboloid_by_trapezoids() {
        let cone = |level: f64| PI * 1e4 * (1.0 - level / 3.0).powi(2);
        let paraboloid = |level: f64| PI * 1e4 * (1.0 - level / 3.0);
        assert!((body(cone, IsopachRule::Cone) - 31_415.926_5).abs() < 1e-3);
        assert!((body(paraboloid, IsopachRule::Trapezoid) - 47_123.889_8).abs() < 1e-3);
        assert!(body(cone, IsopachRule::Trapezoid) > 31_415.93);
        assert!(body(paraboloid, IsopachRule::Cone) < 47_123.88);
    }

    /// A conical body as cells of one square unit.
    fn cells() -> Vec<f64> {
        let middles = (-100..100).flat_map(|i| (-100..100).map(move |j| (f64::from(i) + 0.5).hypot(f64::from(j) + 0.5)));
        middles.filter(|r| *r < 100.0).map(|r| 3.0 * (1.0 - r / 100.0)).collect()
    }

    #[test]
    fn cells_of_a_cone_have_its_volume() {
        let isopachs = Isopachs::of_cells(&cells(), 1.0, &LEVELS, IsopachRule::Cone).expect("cells");
        assert!((isopachs.volume() / 31_415.926_5 - 1.0).abs() < 2e-3, "{}", isopachs.volume());
    }

    #[test]
    fn band_means_have_together_the_volume_of_the_isopachs() {
        for rule in [IsopachRule::Trapezoid, IsopachRule::Cone] {
            for levels in [&LEVELS[..], &[0.3, 0.31, 2.9, 7.0][..], &[1.0][..]] {
                let isopachs = Isopachs::of_cells(&cells(), 1.0, levels, rule).expect("cells");
                let sum: f64 = cells().iter().map(|value| isopachs.band_mean(*value)).sum();
                assert!((sum / isopachs.volume() - 1.0).abs() < 1e-12, "{sum} {}", isopachs.volume());
            }
        }
    }

    #[test]
    fn the_mean_of_a_band_lies_in_it() {
        let isopachs = Isopachs::of_cells(&cells(), 1.0, &LEVELS, IsopachRule::Cone).expect("cells");
        for value in cells() {
            let mean = isopachs.band_mean(value);
            let lower = LEVELS.iter().rfind(|level| **level <= value).expect("a band");
            let upper = LEVELS.iter().find(|level| **level > value).copied().unwrap_or(3.0);
            assert!((*lower..=upper).contains(&mean), "{lower} {mean} {upper}");
        }
    }

    #[test]
    fn levels_above_the_body_change_nothing() {
        let low = Isopachs::of_cells(&[0.2, 1.4, 0.9], 10.0, &[0.0, 1.0], IsopachRule::Cone).expect("cells");
        let high = Isopachs::of_cells(&[0.2, 1.4, 0.9], 10.0, &[0.0, 1.0, 2.0, 3.0], IsopachRule::Cone).expect("cells");
        assert_eq!(low, high);
    }

    #[test]
    fn what_makes_no_body_is_refused() {
        let new = |levels: &[f64], areas: &[f64], top| Isopachs::new(levels, areas, top, IsopachRule::Cone);
        assert!(new(&[], &[], 1.0).is_none());
        assert!(new(&[0.0, 0.0], &[2.0, 1.0], 1.0).is_none());
        assert!(new(&[0.0, 1.0], &[1.0, 2.0], 3.0).is_none());
        assert!(new(&[0.0, 1.0], &[2.0, 1.0], 0.5).is_none());
        assert!(new(&[0.0, f64::NAN], &[2.0, 1.0], 0.5).is_none());
        assert!(Isopachs::of_cells(&[f64::NAN], 1.0, &[0.0], IsopachRule::Cone).is_none());
        let empty = Isopachs::of_cells(&[], 1.0, &[0.0, 1.0], IsopachRule::Cone).expect("an empty body");
        assert!(empty.volume().abs() < 1e-15 && empty.layers().is_empty());
    }
}
