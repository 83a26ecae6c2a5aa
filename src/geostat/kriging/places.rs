//! Samples by distinct places: two rows of a kriging system for one place would make it singular.

use super::global::numbered;
use crate::geostat::Sample;
use crate::geostat::variogram::Metric;
use std::collections::HashMap;

/// Samples by distinct places.
pub(super) struct DistinctPlaces {
    pub(super) distinct: Vec<[f64; 2]>,
    pub(super) values: Vec<f64>,
    pub(super) place_of_sample: Vec<u32>,
    pub(super) first_member: Vec<u32>,
    pub(super) members: Vec<u32>,
}

/// Gathers samples by place; several at one place become one with their mean.
pub(super) fn distinct(samples: &[Sample], origin: [f64; 2], metric: &Metric) -> DistinctPlaces {
    let mut known: HashMap<(u64, u64), u32> = HashMap::with_capacity(samples.len());
    let mut places = Vec::new();
    let place_of_sample: Vec<u32> = samples
        .iter()
        .map(|sample| {
            // Adding 0 makes −0 the same place as 0.
            *known.entry(((sample.x + 0.0).to_bits(), (sample.y + 0.0).to_bits())).or_insert_with(|| {
                places.push(metric.place(sample.x - origin[0], sample.y - origin[1]));
                numbered(places.len() - 1)
            })
        })
        .collect();
    let mut first_member = vec![0_u32; places.len() + 1];
    for place in &place_of_sample {
        first_member[*place as usize + 1] += 1;
    }
    for place in 0..places.len() {
        first_member[place + 1] += first_member[place];
    }
    let (mut next, mut members, mut values) = (first_member.clone(), vec![0; samples.len()], vec![0.0; places.len()]);
    for (index, (sample, place)) in samples.iter().zip(&place_of_sample).enumerate() {
        let place = *place as usize;
        members[next[place] as usize] = numbered(index);
        next[place] += 1;
        values[place] += sample.value / f64::from(first_member[place + 1] - first_member[place]);
    }
    DistinctPlaces { distinct: places, values, place_of_sample, first_member, members }
}

/// Places in a unit square, over their bounds.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
pub(super) fn density(places: &[[f64; 2]]) -> f64 {
    let bounds = |axis: usize| {
        let (least, most) = places
            .iter()
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), place| (least.min(place[axis]), most.max(place[axis])));
        most - least
    };
    let area = bounds(0) * bounds(1);
    if area > 0.0 { places.len() as f64 / area } else { 0.0 }
}
