//! Places of samples, each once: samples that share a place become one with their mean.
//!
//! Neighbours, triangles and systems of equations all break on two samples at one place; here they are joined
//! once, in the order in which they came, and each sample keeps the way to its place.

use super::Sample;
use std::collections::HashMap;

/// The distinct places of some samples.
#[derive(Debug, Clone)]
pub(super) struct Places {
    /// One sample a place, with the mean of the values there, in the order of first mention.
    pub means: Vec<Sample>,
    /// For each sample the place it lies at.
    pub place_of: Vec<u32>,
    /// Sum and count of the values at each place.
    sums: Vec<(f64, u32)>,
}

impl Places {
    /// Joins samples with equal coordinates. Samples whose coordinates or value are no finite numbers are `None`
    /// as a whole: a picture with holes nobody asked for would be worse.
    pub fn of(samples: &[Sample]) -> Option<Self> {
        let mut index: HashMap<(u64, u64), u32> = HashMap::with_capacity(samples.len());
        let mut places = Self { means: Vec::new(), place_of: Vec::with_capacity(samples.len()), sums: Vec::new() };
        for sample in samples {
            if !(sample.x.is_finite() && sample.y.is_finite() && sample.value.is_finite()) {
                return None;
            }
            // Adding zero turns -0 into 0, which is the same place with other bits.
            let key = ((sample.x + 0.0).to_bits(), (sample.y + 0.0).to_bits());
            let next = u32::try_from(places.means.len()).ok()?;
            let place = *index.entry(key).or_insert(next);
            if place == next {
                places.means.push(*sample);
                places.sums.push((0.0, 0));
            }
            let (sum, count) = &mut places.sums[place as usize];
            *sum += sample.value;
            *count += 1;
            places.place_of.push(place);
        }
        for (mean, (sum, count)) in places.means.iter_mut().zip(&places.sums) {
            // A single value stays bit for bit what it was.
            if *count > 1 {
                mean.value = sum / f64::from(*count);
            }
        }
        Some(places)
    }

    /// Mean of the other samples at the place of this one; `None` where it is alone or unknown.
    pub fn others_at_place_of(&self, sample: usize, value: f64) -> Option<f64> {
        let (sum, count) = self.sums[*self.place_of.get(sample)? as usize];
        (count > 1).then(|| (sum - value) / f64::from(count - 1))
    }
}
