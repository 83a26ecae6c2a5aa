//! Draws that are spread evenly.

use super::error::number;
use rand_pcg::Pcg64;
use rand_pcg::rand_core::{Rng, SeedableRng};
use sha2::{Digest, Sha256};

/// Most draws.
pub(super) const MOST_DRAWS: usize = 1_000_000;

/// Probabilities of a factor's draws, each strictly between 0 and 1: `p_k = (k + u_k) / n` for `k = 0..n`, one in each of `n` equal layers, in an
/// order by chance (Latin hypercube sampling; `McKay`, Beckman and Conover 1979, Technometrics 21(2)).
///
/// The stream of chance is that of SHA-256 over the seed and the factor's name. Factors draw independently of each other, and
/// the same factor draws the same in every study with this seed and number of draws.
///
/// Of ten draws one lies in each tenth:
///
/// ```
/// let mut draws = peatplan::energy::uncertainty::latin_hypercube("harvest_factor", 10, 1);
/// draws.sort_by(f64::total_cmp);
/// assert!(draws.iter().zip(0..).all(|(draw, tenth)| (0.1 * f64::from(tenth)..0.1 * f64::from(tenth + 1)).contains(draw)));
/// ```
#[must_use]
pub fn latin_hypercube(name: &str, draws: usize, seed: u64) -> Vec<f64> {
    let digest = Sha256::new().chain_update(seed.to_le_bytes()).chain_update(name.as_bytes()).finalize();
    let mut chance = Pcg64::from_seed(digest.into());
    let mut layers: Vec<usize> = (0..draws).collect();
    for last in (1..draws).rev() {
        layers.swap(last, below(&mut chance, last + 1));
    }
    let last = 1.0 - 0.5 * f64::EPSILON;
    let draw = |layer: usize| ((number(layer) + unit(&mut chance)) / number(draws)).min(last);
    layers.into_iter().map(draw).collect()
}

/// A number strictly between 0 and 1, from 52 bits.
fn unit(chance: &mut Pcg64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "52 bits fit")]
    let bits = (chance.next_u64() >> 12) as f64;
    (bits + 0.5) * (0.5_f64).powi(52)
}

/// A whole number below `bound`, each as likely as the others (Lemire 2019, doi 10.1145/3230636).
fn below(chance: &mut Pcg64, bound: usize) -> usize {
    let bound = bound as u64;
    let refused = bound.wrapping_neg() % bound;
    loop {
        let product = u128::from(chance.next_u64()) * u128::from(bound);
        #[expect(clippy::cast_possible_truncation, reason = "the lower half is meant; the upper one is below the bound")]
        let (low, high) = (product as u64, (product >> 64) as usize);
        if low >= refused {
            return high;
        }
    }
}
