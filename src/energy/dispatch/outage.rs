//! When a unit stands.

use super::DispatchError;
use super::system::MOST_HOURS;

/// Share of a unit that can run by the hour: nothing in its planned outage, laid where the least heat is needed, and
/// `1 - forced` of it in the other hours.
///
/// The outage is one stretch of whole hours, the one with the least sum of heat load; of equals, the first. Unplanned
/// outages lower the capacity in all other hours, which keeps the yearly output but not the single failure.
///
/// ```
/// use peatplan::energy::dispatch::availability_by_hour;
/// let shares = availability_by_hour(&[9.0, 2.0, 1.0, 8.0], 2.0, 0.05).unwrap();
/// assert_eq!(shares, [0.95, 0.0, 0.0, 0.95]);
/// ```
///
/// # Errors
/// [`DispatchError`]: no hours, more outage than hours, or a share outside of 0 to 1.
pub fn availability_by_hour(
    heat_load_mw: &[f64],
    planned_outage_h: f64,
    forced_outage_share: f64,
) -> Result<Vec<f64>, DispatchError> {
    let hours = heat_load_mw.len();
    if !(1..=MOST_HOURS).contains(&hours) {
        return Err(DispatchError::Hours { hours, most: MOST_HOURS });
    }
    let out_of_range = |name: &str, value: f64, high: f64, unit: &'static str| DispatchError::OutOfRange {
        name: name.to_owned(),
        value,
        low: 0.0,
        high,
        unit,
        place: String::new(),
    };
    #[expect(clippy::cast_precision_loss, reason = "a year has few hours")]
    let all = hours as f64;
    if !(0.0..=all).contains(&planned_outage_h) {
        return Err(out_of_range("planned_outage_h", planned_outage_h, all, " h"));
    }
    if !(0.0..=1.0).contains(&forced_outage_share) {
        return Err(out_of_range("forced_outage_share", forced_outage_share, 1.0, ""));
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between nought and the hours of a year")]
    let length = planned_outage_h.round() as usize;
    let mut shares = vec![1.0 - forced_outage_share; hours];
    let mut missed: f64 = heat_load_mw[..length].iter().sum();
    let (mut first, mut least) = (0, missed);
    for end in length..hours {
        missed += heat_load_mw[end] - heat_load_mw[end - length];
        if missed < least - 1e-9 * least.abs() {
            (first, least) = (end + 1 - length, missed);
        }
    }
    shares[first..first + length].fill(0.0);
    Ok(shares)
}
