//! The standard normal distribution, both ways, to about 16 digits. It stands on the ground floor, because depths, seasons and prices are all drawn
//! by it. The error functions of `statrs` have 11 digits, which is too few to go there and back.

use std::f64::consts::PI;

/// Coefficients of numerator and denominator, from the highest power down.
type Ratio = ([f64; 8], [f64; 8]);

/// For probabilities within 0.425 of a half, in `0.180625 - q²`.
const MIDDLE: Ratio = (
    [
        2.509_080_928_730_122_7e3,
        3.343_057_558_358_813e4,
        6.726_577_092_700_87e4,
        4.592_195_393_154_987e4,
        1.373_169_376_550_946e4,
        1.971_590_950_306_551_3e3,
        1.331_416_678_917_843_8e2,
        3.387_132_872_796_366_5,
    ],
    [
        5.226_495_278_852_854e3,
        2.872_908_573_572_194_3e4,
        3.930_789_580_009_271e4,
        2.121_379_430_158_659_7e4,
        5.394_196_021_424_751e3,
        6.871_870_074_920_579e2,
        4.231_333_070_160_091e1,
        1.0,
    ],
);

/// For tails down to `e⁻²⁵`, in `√(-ln p) - 1.6`.
const TAIL: Ratio = (
    [
        7.745_450_142_783_414e-4,
        2.272_384_498_926_918_4e-2,
        2.417_807_251_774_506e-1,
        1.270_458_252_452_368_4,
        3.647_848_324_763_204_5,
        5.769_497_221_460_691,
        4.630_337_846_156_546,
        1.423_437_110_749_683_5,
    ],
    [
        1.050_750_071_644_416_9e-9,
        5.475_938_084_995_345e-4,
        1.519_866_656_361_645_7e-2,
        1.481_039_764_274_800_8e-1,
        6.897_673_349_851e-1,
        1.676_384_830_183_803_8,
        2.053_191_626_637_759,
        1.0,
    ],
);

/// For tails beyond, in `√(-ln p) - 5`.
const FAR_TAIL: Ratio = (
    [
        2.010_334_399_292_288_1e-7,
        2.711_555_568_743_487_6e-5,
        1.242_660_947_388_078_4e-3,
        2.653_218_952_657_612_4e-2,
        2.965_605_718_285_048_7e-1,
        1.784_826_539_917_291_3,
        5.463_784_911_164_114,
        6.657_904_643_501_103,
    ],
    [
        2.044_263_103_389_939_8e-15,
        1.421_511_758_316_446e-7,
        1.846_318_317_510_054_8e-5,
        7.868_691_311_456_133e-4,
        1.487_536_129_085_061_5e-2,
        1.369_298_809_227_358e-1,
        5.998_322_065_558_879e-1,
        1.0,
    ],
);

/// Φ⁻¹(p): below which value a standard normal variable lies with probability `p` (Wichura 1988, Applied Statistics 37(3),
/// algorithm AS 241, `PPND16`; about 16 digits). Infinite at 0 and 1, not a number outside.
///
/// ```
/// assert!((peatplan::normal::quantile(0.9) - 1.281_551_565_544_601).abs() < 1e-14);
/// ```
#[must_use]
pub fn quantile(p: f64) -> f64 {
    if !(0.0..=1.0).contains(&p) {
        return f64::NAN;
    }
    let from_half = p - 0.5;
    if from_half.abs() <= 0.425 {
        return from_half * ratio(&MIDDLE, 0.180_625 - from_half * from_half);
    }
    let tail = if from_half < 0.0 { p } else { 1.0 - p };
    if tail <= 0.0 {
        return f64::INFINITY.copysign(from_half);
    }
    let r = (-tail.ln()).sqrt();
    let distance = if r <= 5.0 { ratio(&TAIL, r - 1.6) } else { ratio(&FAR_TAIL, r - 5.0) };
    distance.copysign(from_half)
}

fn ratio((top, bottom): &Ratio, at: f64) -> f64 {
    let horner = |coefficients: &[f64; 8]| coefficients.iter().fold(0.0, |sum, coefficient| sum * at + coefficient);
    horner(top) / horner(bottom)
}

/// φ(x), the density.
#[must_use]
pub fn density(x: f64) -> f64 {
    (-0.5 * x * x).exp() / (2.0 * PI).sqrt()
}

/// Φ(x): the probability that a standard normal variable lies below `x` (Marsaglia 2004, doi 10.18637/jss.v011.i04: the
/// series about zero; in the tails, where it would cancel, the continued fraction of Laplace for Mills' ratio).
/// The lower tail keeps its digits; for an upper one ask for `probability(-x)`.
///
/// ```
/// assert!((peatplan::normal::probability(1.0) - 0.841_344_746_068_543).abs() < 1e-15);
/// ```
#[must_use]
pub fn probability(x: f64) -> f64 {
    if x.abs() > 3.0 {
        // Two hundred steps give all digits from 3 on.
        let fraction = (1..=200).rev().fold(x.abs(), |tail, step| x.abs() + f64::from(step) / tail);
        let beyond = if x.is_infinite() { 0.0 } else { density(x) / fraction };
        return if x < 0.0 { beyond } else { 1.0 - beyond };
    }
    let (mut sum, mut term, mut odd) = (x, x, 1.0);
    while term.abs() > sum.abs() * f64::EPSILON * 0.1 {
        odd += 2.0;
        term *= x * x / odd;
        sum += term;
    }
    0.5 + density(x) * sum
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Abramowitz & Stegun 1964, tables 26.1 and 26.5.
    #[test]
    fn quantiles_are_those_of_the_table() {
        let table = [
            (0.5, 0.0),
            (0.75, 0.674_489_750_196_082),
            (0.9, 1.281_551_565_544_601),
            (0.95, 1.644_853_626_951_473),
            (0.975, 1.959_963_984_540_054),
            (0.99, 2.326_347_874_040_841),
            (0.999, 3.090_232_306_167_814),
            (0.999_999, 4.753_424_308_822_899),
        ];
        for (p, x) in table {
            assert!((quantile(p) - x).abs() < 1e-9, "{p}: {}", quantile(p));
            assert!((quantile(1.0 - p) + x).abs() < 1e-9, "{p}");
        }
        assert!(quantile(0.0).is_infinite() && quantile(0.0) < 0.0 && quantile(1.0).is_infinite() && quantile(1.0) > 0.0);
        assert!(quantile(-0.1).is_nan() && quantile(1.1).is_nan() && quantile(f64::NAN).is_nan());
    }

    #[test]
    fn both_ways_agree_over_the_whole_range() {
        for step in -600..=600 {
            let x = f64::from(step) / 100.0;
            let back = quantile(probability(x));
            // Above, a probability near 1 has lost digits.
            let tolerance = if x > 3.0 { 1e-7 } else { 1e-12 };
            assert!((back - x).abs() < tolerance, "{x}: {back}");
        }
        assert!((quantile(probability(-37.0)) + 37.0).abs() < 1e-9);
    }

    #[test]
    fn probabilities_are_those_of_the_tables() {
        // Abramowitz & Stegun, table 26.1; the tails by SciPy's norm.cdf.
        for (x, p) in [
            (0.0, 0.5),
            (1.0, 0.841_344_746_068_543),
            (2.0, 0.977_249_868_051_821),
            (3.0, 0.998_650_101_968_370),
            (-1.28, 0.100_272_567_954_443),
            (-2.0, 0.022_750_131_948_179),
            (-4.0, 3.167_124_183_311_992e-5),
            (-5.0, 2.866_515_718_791_94e-7),
        ] {
            assert!((probability(x) / p - 1.0).abs() < 2e-14, "{x}: {}", probability(x));
        }
        assert!(probability(f64::NEG_INFINITY).abs() < 1e-300 && probability(f64::INFINITY) > 0.999);
        assert!((density(1.0) - 0.241_970_724_519_143).abs() < 1e-15);
    }
}
