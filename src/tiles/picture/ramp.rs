//! Colours of a value: even steps of lightness (`OKLab`) from light sand to dark brown-violet, the same as the map's.

use serde::Serialize;

/// Share of the whole range, and the colour there. The map's own stops of depth stand at these shares of 6.5 m.
const STOPS: [(f64, [u8; 3]); 7] = [
    (0.0, [0xf4, 0xe7, 0xc6]),
    (1.0 / 6.5, [0xe3, 0xbf, 0x89]),
    (2.0 / 6.5, [0xd4, 0x93, 0x5c]),
    (3.0 / 6.5, [0xbc, 0x6a, 0x4b]),
    (4.0 / 6.5, [0x96, 0x4a, 0x4b]),
    (5.0 / 6.5, [0x67, 0x34, 0x47]),
    (1.0, [0x3e, 0x1e, 0x39]),
];

/// A colour of a legend.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Stop {
    /// Value, m.
    pub value_m: f64,
    /// Colour as `#rrggbb`.
    pub colour: String,
}

/// A ramp from nothing to a greatest value.
///
/// ```
/// use peatplan::tiles::Ramp;
/// let ramp = Ramp::up_to(3.4);
/// assert_eq!(ramp.most(), 3.5);
/// assert_eq!(ramp.legend()[0].colour, "#f4e7c6");
/// assert_eq!((ramp.legend()[6].value_m, ramp.legend()[6].colour.as_str()), (3.5, "#3e1e39"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ramp {
    most: f64,
}

impl Ramp {
    /// The ramp over `0..=most`, its end at the next round number: half metres from 1 m on, else 1, 2 or 5 times a power of ten.
    #[must_use]
    pub fn up_to(most: f64) -> Self {
        let most = if most.is_finite() && most > 0.0 { most } else { 1.0 };
        if most >= 1.0 {
            return Self { most: (most * 2.0).ceil() / 2.0 };
        }
        let magnitude = 10_f64.powf(most.log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0].into_iter().find(|step| step * magnitude >= most * 0.999_999).unwrap_or(10.0);
        Self { most: step * magnitude }
    }

    /// Its greatest value.
    #[must_use]
    pub fn most(self) -> f64 {
        self.most
    }

    /// The colours that a legend shows.
    #[must_use]
    pub fn legend(self) -> Vec<Stop> {
        let round = |value: f64| (value * 1e3).round() / 1e3;
        let stop = |(share, [red, green, blue]): &(f64, [u8; 3])| Stop {
            value_m: round(share * self.most),
            colour: format!("#{red:02x}{green:02x}{blue:02x}"),
        };
        STOPS.iter().map(stop).collect()
    }

    /// The place of a value in [`palette`]: 1 to 255.
    #[must_use]
    pub fn place(self, value: f64) -> u8 {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 1..=255")]
        let place = (1.0 + (value / self.most).clamp(0.0, 1.0) * 254.0).round() as u8;
        place.max(1)
    }
}

/// 256 colours: the first stands for nothing, the others are the ramp from its least to its greatest value.
pub(super) fn palette() -> Vec<u8> {
    let mut colours = vec![0, 0, 0];
    for place in 0..255_u32 {
        let share = f64::from(place) / 254.0;
        let upper = STOPS.iter().position(|(at, _)| *at >= share).unwrap_or(STOPS.len() - 1).max(1);
        let ((from, low), (to, high)) = (STOPS[upper - 1], STOPS[upper]);
        let along = ((share - from) / (to - from)).clamp(0.0, 1.0);
        for (low, high) in low.into_iter().zip(high) {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between two bytes")]
            colours.push((f64::from(low) + along * (f64::from(high) - f64::from(low))).round() as u8);
        }
    }
    colours
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ramp_is_the_one_of_the_map() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/static/src/map/palette.ts");
        let map = std::fs::read_to_string(file).expect("the map's colours");
        let stops = map.split("DEPTH_STOPS").nth(1).and_then(|rest| rest.split("];").next()).expect("the map's stops");
        let expected: Vec<String> = stops.split('#').skip(1).map(|part| format!("#{}", &part[..6])).collect();
        let legend = Ramp::up_to(6.5).legend();
        assert_eq!(legend.iter().map(|stop| stop.colour.clone()).collect::<Vec<_>>(), expected);
        for stop in legend {
            let metres = if stop.value_m.fract() == 0.0 { format!("{:.0}", stop.value_m) } else { stop.value_m.to_string() };
            assert!(stops.contains(&format!("[{metres}, '{}']", stop.colour)), "{stop:?}");
        }
    }

    #[test]
    fn its_end_is_a_round_number_and_its_places_grow_with_the_value() {
        for (most, end) in [(6.2, 6.5), (1.0, 1.0), (0.31, 0.5), (0.02, 0.02), (0.0, 1.0), (f64::NAN, 1.0)] {
            assert!((Ramp::up_to(most).most() - end).abs() < 1e-12, "{most}");
        }
        let ramp = Ramp::up_to(5.0);
        assert_eq!([ramp.place(-1.0), ramp.place(0.0), ramp.place(2.5), ramp.place(5.0), ramp.place(9.0)], [1, 1, 128, 255, 255]);
        let palette = palette();
        assert_eq!((palette.len(), &palette[3..6], &palette[765..]), (768, &[0xf4, 0xe7, 0xc6][..], &[0x3e, 0x1e, 0x39][..]));
    }
}
