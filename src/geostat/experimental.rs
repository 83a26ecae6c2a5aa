//! What samples show of the variogram: half the mean squared difference of pairs, by distance.
//!
//! It knows no model; [`fitted_variogram`](super::fitted_variogram) lays one through its lags.

use super::Sample;
use rayon::prelude::*;
use std::collections::HashMap;

/// Pairs that are looked at, at most about: past them a fixed part of the samples is taken.
const MOST_PAIRS: f64 = 2e7;

/// Lags that a variogram may have; narrower ones are widened to that.
const MOST_LAGS: usize = 10_000;

/// Lags up to the cutoff where no width is given.
const USUAL_LAGS: f64 = 15.0;

/// Samples that one thread takes at a time.
const SAMPLES_AT_ONCE: usize = 64;

/// Pairs of one direction only.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Direction {
    /// Degrees clockwise from north; a direction and its opposite are one.
    pub azimuth_degrees: f64,
    /// How far a pair may lie off it to either side, in degrees; 90 takes every pair.
    pub tolerance_degrees: f64,
}

/// Which pairs count, and how they are gathered.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct VariogramOptions {
    /// Width of a lag; a fifteenth of the cutoff where nothing is said.
    pub width: Option<f64>,
    /// Pairs farther apart do not count; a third of the diagonal of the samples' bounds where nothing is said.
    pub cutoff: Option<f64>,
    /// Every direction where nothing is said.
    pub direction: Option<Direction>,
}

/// Pairs of about one distance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lag {
    /// Mean distance of the pairs.
    pub distance: f64,
    /// Half the mean squared difference, in the squared unit of the values.
    pub semivariance: f64,
    /// How many.
    pub pairs: usize,
}

/// The variogram that samples show.
#[derive(Debug, Clone, PartialEq)]
pub struct ExperimentalVariogram {
    /// By distance, ascending; lags without pairs are left out.
    pub lags: Vec<Lag>,
    /// Variance of all samples (over n − 1).
    pub variance: f64,
    /// Width of a lag.
    pub width: f64,
    /// Greatest distance of a pair that counts.
    pub cutoff: f64,
    /// Samples whose pairs were looked at: all, or a part where all would make more than about 2·10⁷ pairs.
    pub samples_used: usize,
}

/// The experimental variogram by the estimator of Matheron (1963, doi 10.2113/gsecongeo.58.8.1246):
/// γ(h) = Σ (zᵢ − zⱼ)² / 2 N(h) over the N(h) pairs whose distance lies in the lag, upper end included.
///
/// Width and cutoff are those of gstat where nothing is said. Pairs at one place count in the first lag. The work is
/// bounded: past about 2·10⁷ pairs within the cutoff, a part of the samples is taken, always the same one for the same
/// number of samples, chosen without regard to place.
///
/// `None` with fewer than two samples or without any pair, or where widths and numbers are none.
///
/// ```
/// use peatplan::geostat::{Sample, VariogramOptions, experimental_variogram};
/// let samples = [1.0, 2.0, 4.0].map(|value| Sample { x: 10.0 * value, y: 0.0, value });
/// let options = VariogramOptions { width: Some(15.0), cutoff: Some(40.0), direction: None };
/// let lags = experimental_variogram(&samples, options).unwrap().lags;
/// // One pair 10 apart; two pairs 20 and 30 apart, with (2² + 3²) / 4.
/// assert_eq!((lags[0].distance, lags[0].semivariance, lags[0].pairs), (10.0, 0.5, 1));
/// assert_eq!((lags[1].distance, lags[1].semivariance, lags[1].pairs), (25.0, 3.25, 2));
/// ```
#[must_use]
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "lags and samples are counted"
)]
pub fn experimental_variogram(samples: &[Sample], options: VariogramOptions) -> Option<ExperimentalVariogram> {
    if samples.len() < 2 || !samples.iter().all(|s| s.x.is_finite() && s.y.is_finite() && s.value.is_finite()) {
        return None;
    }
    let count = samples.len() as f64;
    let (mut least, mut most) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
    for sample in samples {
        least = [least[0].min(sample.x), least[1].min(sample.y)];
        most = [most[0].max(sample.x), most[1].max(sample.y)];
    }
    let positive = |value: f64| (value.is_finite() && value > 0.0).then_some(value);
    let cutoff = positive(options.cutoff.unwrap_or_else(|| (most[0] - least[0]).hypot(most[1] - least[1]) / 3.0))?;
    let width = positive(options.width.unwrap_or(cutoff / USUAL_LAGS))?.clamp(cutoff / MOST_LAGS as f64, cutoff);
    let direction = match options.direction {
        Some(direction) => Some(Sector::of(direction)?),
        None => None,
    };

    let squares = Squares::of(samples, least, cutoff);
    let pairs = squares.pairs();
    let share = if pairs > MOST_PAIRS { (MOST_PAIRS / pairs).sqrt() } else { 1.0 };
    let squares = if share < 1.0 { Squares::of(&part(samples, share), least, cutoff) } else { squares };

    let lag_count = (cutoff / width).ceil() as usize;
    let sums = squares.sums(cutoff, width, lag_count, direction.as_ref());
    let lags: Vec<Lag> = sums.iter().filter_map(LagSum::lag).collect();
    let mean = samples.iter().map(|sample| sample.value / count).sum::<f64>();
    let variance = samples.iter().map(|sample| (sample.value - mean).powi(2)).sum::<f64>() / (count - 1.0);
    let sound = variance.is_finite() && lags.iter().all(|lag| lag.semivariance.is_finite());
    (!lags.is_empty() && sound).then_some(ExperimentalVariogram {
        lags,
        variance,
        width,
        cutoff,
        samples_used: squares.samples.len(),
    })
}

/// A part of the samples, chosen by a fixed scramble of their indices: survey lines come in order, and each k-th sample of
/// a line would have no near neighbour.
fn part(samples: &[Sample], share: f64) -> Vec<Sample> {
    let scrambled = |index: usize| {
        // The finaliser of splitmix64 (Steele, Lea & Flood 2014, doi 10.1145/2660193.2660195).
        let mut bits = (index as u64).wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^ (bits >> 31)
    };
    #[expect(clippy::cast_precision_loss, reason = "a share of chance needs few digits")]
    let chosen = |index: usize| (scrambled(index) >> 11) as f64 / ((1_u64 << 53) as f64) < share;
    samples.iter().enumerate().filter(|(index, _)| chosen(*index)).map(|(_, sample)| *sample).collect()
}

/// The double cone of directions that count.
struct Sector {
    axis: [f64; 2],
    least_cosine: f64,
}

impl Sector {
    fn of(direction: Direction) -> Option<Self> {
        let (sin, cos) = direction.azimuth_degrees.to_radians().sin_cos();
        let tolerance = direction.tolerance_degrees;
        // A hair keeps pairs that lie exactly on the edge, in spite of rounding.
        let least_cosine = if tolerance >= 90.0 { -1.0 } else { tolerance.to_radians().cos() - 1e-12 };
        (sin.is_finite() && tolerance >= 0.0).then_some(Self { axis: [sin, cos], least_cosine })
    }

    fn holds(&self, dx: f64, dy: f64, distance: f64) -> bool {
        (dx * self.axis[0] + dy * self.axis[1]).abs() >= self.least_cosine * distance
    }
}

#[derive(Debug, Clone, Copy, Default)]
struct LagSum {
    distance: f64,
    squares: f64,
    pairs: usize,
}

impl LagSum {
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    fn lag(&self) -> Option<Lag> {
        let pairs = self.pairs as f64;
        (self.pairs > 0).then(|| Lag {
            distance: self.distance / pairs,
            semivariance: self.squares / (2.0 * pairs),
            pairs: self.pairs,
        })
    }
}

/// Samples sorted into squares of the cutoff's edge: partners lie in a square or next to it.
struct Squares {
    samples: Vec<Sample>,
    keys: Vec<(i64, i64)>,
    /// Where the samples of each square stand.
    ranges: HashMap<(i64, i64), (usize, usize)>,
}

impl Squares {
    #[expect(clippy::cast_possible_truncation, reason = "squares beyond 2^63 cutoffs saturate and still hold all samples")]
    fn of(samples: &[Sample], least: [f64; 2], cutoff: f64) -> Self {
        let key = |sample: &Sample| (((sample.x - least[0]) / cutoff) as i64, ((sample.y - least[1]) / cutoff) as i64);
        let mut keyed: Vec<((i64, i64), Sample)> = samples.iter().map(|sample| (key(sample), *sample)).collect();
        // Stable: samples of one square keep their order, so sums are formed in one order.
        keyed.sort_by_key(|(key, _)| *key);
        let mut ranges = HashMap::new();
        for (index, (key, _)) in keyed.iter().enumerate() {
            ranges.entry(*key).or_insert((index, index)).1 = index + 1;
        }
        let (keys, samples) = keyed.into_iter().unzip();
        Self { samples, keys, ranges }
    }

    /// Squares next to one that come after it, in which the partners of its samples stand that are not in it itself.
    fn after((column, row): (i64, i64)) -> [(i64, i64); 4] {
        [(column, row + 1), (column + 1, row - 1), (column + 1, row), (column + 1, row + 1)]
    }

    /// Pairs of samples in one square or in two next to each other.
    #[expect(clippy::cast_precision_loss, reason = "an estimate")]
    fn pairs(&self) -> f64 {
        let count = |key: &(i64, i64)| self.ranges.get(key).map_or(0.0, |(from, to)| (to - from) as f64);
        // Whole numbers, so the order of the squares changes nothing.
        let pairs = self.ranges.keys().map(|key| {
            let own = count(key);
            own * (own - 1.0) / 2.0 + own * Self::after(*key).iter().map(count).sum::<f64>()
        });
        pairs.sum()
    }

    fn sums(&self, cutoff: f64, width: f64, lag_count: usize, sector: Option<&Sector>) -> Vec<LagSum> {
        let chunks: Vec<usize> = (0..self.samples.len()).step_by(SAMPLES_AT_ONCE).collect();
        let parts: Vec<Vec<LagSum>> = chunks
            .par_iter()
            .map(|first| {
                let mut sums = vec![LagSum::default(); lag_count];
                for index in *first..self.samples.len().min(first + SAMPLES_AT_ONCE) {
                    let sample = &self.samples[index];
                    let own = self.ranges.get(&self.keys[index]).map(|(_, to)| (index + 1, *to));
                    let next = Self::after(self.keys[index]).into_iter().filter_map(|key| self.ranges.get(&key).copied());
                    for (from, to) in own.into_iter().chain(next) {
                        for other in &self.samples[from..to] {
                            count_pair(sample, other, cutoff, width, sector, &mut sums);
                        }
                    }
                }
                sums
            })
            .collect();
        let mut all = vec![LagSum::default(); lag_count];
        for part in parts {
            for (sum, part) in all.iter_mut().zip(part) {
                sum.distance += part.distance;
                sum.squares += part.squares;
                sum.pairs += part.pairs;
            }
        }
        all
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most the number of lags, and not below 0")]
fn count_pair(one: &Sample, other: &Sample, cutoff: f64, width: f64, sector: Option<&Sector>, sums: &mut [LagSum]) {
    let (dx, dy) = (other.x - one.x, other.y - one.y);
    let distance = (dx * dx + dy * dy).sqrt();
    if distance > cutoff || sector.is_some_and(|sector| !sector.holds(dx, dy, distance)) {
        return;
    }
    // A distance on the border of two lags belongs to the nearer one.
    let lag = ((distance / width).ceil() as usize).saturating_sub(1).min(sums.len() - 1);
    let difference = other.value - one.value;
    sums[lag].distance += distance;
    sums[lag].squares += difference * difference;
    sums[lag].pairs += 1;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scattered(count: u32) -> Vec<Sample> {
        let place = |i: u32| (f64::from(i * 7_919 % 10_007), f64::from(i * 104_729 % 10_009));
        (0..count).map(place).map(|(x, y)| Sample { x, y, value: (x / 900.0).sin() + (y / 700.0).cos() }).collect()
    }

    #[test]
    fn squares_find_the_pairs_that_every_pair_written_out_gives() {
        let samples = scattered(300);
        let options = VariogramOptions { width: Some(130.0), cutoff: Some(1_000.0), direction: None };
        let seen = experimental_variogram(&samples, options).unwrap();
        let mut pairs = 0;
        let mut squares = 0.0;
        for (index, one) in samples.iter().enumerate() {
            for other in &samples[..index] {
                if (one.x - other.x).hypot(one.y - other.y) <= 1_000.0 {
                    pairs += 1;
                    squares += (one.value - other.value).powi(2) / 2.0;
                }
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "small counts")]
        let found: f64 = seen.lags.iter().map(|lag| lag.semivariance * lag.pairs as f64).sum();
        assert_eq!(seen.lags.iter().map(|lag| lag.pairs).sum::<usize>(), pairs);
        assert!((found - squares).abs() < 1e-9 * squares);
    }

    #[test]
    fn a_direction_sees_the_pairs_along_it() {
        // A ramp to the north: no difference along an east-west line.
        let samples: Vec<Sample> =
            (0..100).map(|i| (f64::from(i % 10), f64::from(i / 10))).map(|(x, y)| Sample { x, y, value: y }).collect();
        let along = |azimuth_degrees| {
            let direction = Some(Direction { azimuth_degrees, tolerance_degrees: 1.0 });
            experimental_variogram(&samples, VariogramOptions { width: Some(1.0), cutoff: Some(3.5), direction }).unwrap().lags
        };
        assert!(along(90.0).iter().all(|lag| lag.semivariance == 0.0 && lag.pairs > 0));
        // Three steps north differ by 3.
        assert!((along(0.0)[2].semivariance - 4.5).abs() < 1e-12);
        assert_eq!(along(0.0), along(180.0));
    }

    #[test]
    fn a_hundred_thousand_samples_are_thinned_and_tell_much_the_same() {
        let many: Vec<Sample> = (0..100_000_u32)
            .map(|i| (f64::from(i % 317) * 31.0, f64::from(i / 317) * 31.0))
            .map(|(x, y)| Sample { x, y, value: (x / 900.0).sin() + (y / 700.0).cos() })
            .collect();
        let seen = experimental_variogram(&many, VariogramOptions::default()).unwrap();
        assert!(seen.samples_used > 3_000 && seen.samples_used < 20_000, "{}", seen.samples_used);
        assert_eq!(seen.lags.len(), 15);
        let near =
            experimental_variogram(&many, VariogramOptions { cutoff: Some(100.0), ..VariogramOptions::default() }).unwrap();
        assert_eq!(near.samples_used, 100_000);
        assert_eq!(experimental_variogram(&many, VariogramOptions::default()), Some(seen));
    }

    #[test]
    fn what_has_no_pairs_has_no_variogram() {
        let one = Sample { x: 1.0, y: 1.0, value: 2.0 };
        assert_eq!(experimental_variogram(&[one], VariogramOptions::default()), None);
        // All at one place: no distance to measure.
        assert_eq!(experimental_variogram(&[one, one], VariogramOptions::default()), None);
        let two = [one, Sample { x: 9.0, ..one }];
        assert_eq!(experimental_variogram(&two, VariogramOptions { cutoff: Some(-1.0), ..VariogramOptions::default() }), None);
        assert_eq!(experimental_variogram(&two, VariogramOptions { width: Some(f64::NAN), ..VariogramOptions::default() }), None);
        assert_eq!(experimental_variogram(&two, VariogramOptions { cutoff: Some(1.0), ..VariogramOptions::default() }), None);
        assert!(experimental_variogram(&[one, Sample { value: f64::NAN, ..one }], VariogramOptions::default()).is_none());
        // Lags narrower than memory allows are widened.
        let narrow = VariogramOptions { width: Some(1e-300), cutoff: Some(10.0), direction: None };
        assert_eq!(experimental_variogram(&two, narrow).unwrap().lags.len(), 1);
    }
}
