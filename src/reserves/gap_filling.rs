//! What a layer's laboratory left out, from what it measured: tables and formulas of one property by another.
//!
//! Each is a function of plain quantities. It knows no cores: who fills gaps with it says so beside the result.

use crate::units::{KilogramsPerCubicMetre, MassFraction, MegaJoulesPerKilogram, Share, saturated_dry_density};

/// Degree of decomposition `R` in the middle of each von Post class H1 to H10 (general knowledge, weakly remembered: the
/// regressions of Malterer, Verry and Erjavec 1992, SSSAJ 56:1200, could not be read).
const DECOMPOSITION_BY_VON_POST: [f64; 10] = [0.03, 0.08, 0.15, 0.20, 0.28, 0.38, 0.48, 0.58, 0.68, 0.80];

/// Mean dry density of each von Post class H1 to H10, kg/m³: 7,021 samples of the Canadian peat database with a measured
/// density and ash of at most 25 % (`CaMP`, 2024).
const DRY_DENSITY_BY_VON_POST: [f64; 10] = [59.0, 77.0, 83.0, 94.0, 110.0, 122.0, 132.0, 146.0, 158.0, 195.0];

/// Moisture below which a sample was no longer saturated as it lay, so that it says nothing of density.
const LEAST_MOISTURE_IN_PLACE: f64 = 0.60;
/// More dry matter in a cubic metre than this is not peat as it lies.
const GREATEST_DRY_DENSITY: f64 = 350.0;

/// Degree of decomposition from a von Post class, straight between the middles of the classes.
///
/// H4 gives 20 %, H5 28 %, H4.5 24 %. The table is general knowledge: a derived value, never a measured one.
///
/// ```
/// use peatplan::reserves::decomposition_of_von_post;
/// assert!((decomposition_of_von_post(4.5).value() - 0.24).abs() < 1e-12);
/// ```
#[must_use]
pub fn decomposition_of_von_post(class: f64) -> Share {
    Share::new(at_class(&DECOMPOSITION_BY_VON_POST, class)).unwrap_or_default()
}

/// The von Post class, with its fraction, whose degree of decomposition this is; H1 and H10 at the ends of the table.
///
/// 24 % is H4.5.
#[must_use]
pub fn von_post_of_decomposition(decomposition: Share) -> f64 {
    let wanted = decomposition.value();
    let table = &DECOMPOSITION_BY_VON_POST;
    let mut class = 1.0;
    for pair in table.windows(2) {
        if wanted <= pair[0] {
            break;
        }
        class += ((wanted - pair[0]) / (pair[1] - pair[0])).min(1.0);
    }
    class
}

/// Dry density from a von Post class, times `factor`.
///
/// The table is of Canadian peat of all depths; means of Finnish municipalities at H 5.5 to 5.8 lie at 0.70 to 0.82 of it,
/// 0.75 in the middle, being of deep and waterlogged layers. H5 with 0.75 gives 82.5 kg/m³.
///
/// ```
/// use peatplan::{reserves::dry_density_of_von_post, units::KilogramsPerCubicMetre};
/// assert_eq!(dry_density_of_von_post(5.0, 0.75), KilogramsPerCubicMetre(82.5));
/// ```
#[must_use]
pub fn dry_density_of_von_post(class: f64, factor: f64) -> KilogramsPerCubicMetre {
    KilogramsPerCubicMetre(at_class(&DRY_DENSITY_BY_VON_POST, class) * factor)
}

/// Dry density from natural moisture: `rho_d = f_sat rho_sat(W, A)` with [`saturated_dry_density`].
///
/// Moisture 91 %, ash 2.7 % and a saturated share of 0.94 give 87.3 kg/m³. `None` where the sample was drier than 60 %
/// or the result is above 350 kg/m³: such a sample had lost water, and the formula would call the air in it peat.
#[must_use]
pub fn dry_density_of_moisture(moisture: MassFraction, ash: MassFraction, saturated: Share) -> Option<KilogramsPerCubicMetre> {
    let density = saturated_dry_density(moisture, ash) * saturated.value();
    (moisture.value() >= LEAST_MOISTURE_IN_PLACE && (0.0..=GREATEST_DRY_DENSITY).contains(&density.0) && density.0 > 0.0)
        .then_some(density)
}

/// Net calorific value of dry matter from decomposition and ash: `Q_s,daf = 20.9 + 6.0 (R - 0.10)` MJ/kg for `R` between
/// 10 and 60 %, `q_gr = Q_s,daf (1 - A)`, hydrogen `H_daf = 6.0 - 1.0 (R - 0.10)` %, `q_net = q_gr - 0.212 H_d - 0.0008
/// (O + N)_d` (ISO 18125; two published pairs of 20.9 and 23.9 MJ/kg, with 39 and 34.5 % oxygen and nitrogen).
///
/// It is offered, not used to fill gaps: at `R` 30 % and ash 5 % it gives about 19.8 MJ/kg, 0.8 to 1.5 below what the
/// laboratory of the Finnish survey found at the same decomposition. A mean of the deposit or the default is nearer.
///
/// ```
/// use peatplan::{reserves::calorific_value_of_decomposition, units::*};
/// let value = calorific_value_of_decomposition(Share::new(0.30).unwrap(), MassFraction::new(0.05).unwrap());
/// assert!((value.0 - 19.8).abs() < 0.1, "{value:?}");
/// ```
#[must_use]
pub fn calorific_value_of_decomposition(decomposition: Share, ash: MassFraction) -> MegaJoulesPerKilogram {
    let above = decomposition.value().clamp(0.10, 0.60) - 0.10;
    let organic = 1.0 - ash.value();
    let gross = (20.9 + 6.0 * above) * organic;
    let hydrogen = (6.0 - above) * organic;
    let oxygen_and_nitrogen = (39.0 - 9.0 * above) * organic;
    MegaJoulesPerKilogram(gross - 0.212 * hydrogen - 0.0008 * oxygen_and_nitrogen)
}

/// A table by von Post class, straight between classes and level beyond its ends.
fn at_class(table: &[f64; 10], class: f64) -> f64 {
    let place = (class.clamp(1.0, 10.0) - 1.0).max(0.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 9")]
    let below = (place.floor() as usize).min(8);
    #[expect(clippy::cast_precision_loss, reason = "at most 8")]
    let share = place - below as f64;
    table[below] + share * (table[below + 1] - table[below])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn class_and_degree_of_decomposition_go_both_ways() {
        for tenth in 10..=100 {
            let class = f64::from(tenth) / 10.0;
            let back = von_post_of_decomposition(decomposition_of_von_post(class));
            assert!((back - class).abs() < 1e-9, "H{class} came back as H{back}");
        }
    }

    #[test]
    fn beyond_the_table_its_ends_hold() {
        assert!((von_post_of_decomposition(Share::ONE) - 10.0).abs() < 1e-12);
        assert!((von_post_of_decomposition(Share::ZERO) - 1.0).abs() < 1e-12);
        assert_eq!(dry_density_of_von_post(12.0, 1.0), dry_density_of_von_post(10.0, 1.0));
    }

    #[test]
    fn density_from_moisture_is_that_of_saturated_peat_times_its_share() {
        let fraction = |value| MassFraction::new(value).expect("a fraction");
        let share = Share::new(0.94).expect("a share");
        let density = dry_density_of_moisture(fraction(0.91), fraction(0.027), share).expect("wet peat");
        assert!((density.0 - 87.28).abs() < 0.01, "{density:?}");
        assert_eq!(dry_density_of_moisture(fraction(0.45), fraction(0.027), share), None, "a dried sample");
        assert_eq!(dry_density_of_moisture(fraction(0.62), fraction(0.027), share), None, "denser than peat lies");
    }
}
