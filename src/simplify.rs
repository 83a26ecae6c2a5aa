//! Lines with fewer vertices (Douglas & Peucker 1973), for whoever draws them: tiles, features, ways and blocks.
//!
//! Without recursion, for a line of many teeth would need as deep a stack as it has vertices, and within a bound of work:
//! the method looks at a line of n vertices up to n² / 2 times. Where the bound is reached, the stretches that are still
//! open keep all their vertices, so that what comes back is within the tolerance all the same.

use geo::{LineString, MultiLineString, MultiPolygon, Polygon};

/// Looks at vertices for one line: some tens of milliseconds. A coast of a hundred thousand vertices needs a tenth of it.
const MOST_LOOKS: usize = 30_000_000;
/// Places of the least ring, its first and last one being the same.
const LEAST_RING: usize = 4;

/// Which places of a line stay: its ends, and, between two that stay, the one farthest from the way between them where it is
/// farther than the tolerance.
///
/// ```
/// let line = [[0.0, 0.0], [1.0, 0.1], [2.0, 0.0], [3.0, 4.0], [4.0, 0.0]];
/// let stays = peatplan::simplify::kept(line.len(), |number| line[number], 0.5);
/// assert_eq!(stays, [true, false, true, true, true]);
/// ```
pub fn kept(count: usize, place: impl Fn(usize) -> [f64; 2], tolerance: f64) -> Vec<bool> {
    let mut stays = vec![false; count];
    let Some(last) = count.checked_sub(1) else { return stays };
    (stays[0], stays[last]) = (true, true);
    let (mut open, mut looks) = (vec![(0, last)], 0_usize);
    while let Some((first, last)) = open.pop() {
        looks += last - first;
        if looks > MOST_LOOKS {
            stays[first..last].fill(true);
            continue;
        }
        let (mut farthest, mut corner) = (tolerance * tolerance, None);
        let from_way = SquaredDistance::new(place(first), place(last));
        for number in first + 1..last {
            let distance = from_way.of(place(number));
            if distance > farthest {
                (farthest, corner) = (distance, Some(number));
            }
        }
        if let Some(corner) = corner {
            stays[corner] = true;
            open.extend([(first, corner), (corner, last)]);
        }
    }
    stays
}

/// The square of the distance of places from a segment.
struct SquaredDistance {
    from: [f64; 2],
    way: [f64; 2],
    squared_length: f64,
}

impl SquaredDistance {
    fn new(from: [f64; 2], to: [f64; 2]) -> Self {
        let way = [to[0] - from[0], to[1] - from[1]];
        Self { from, way, squared_length: way[0] * way[0] + way[1] * way[1] }
    }

    fn of(&self, place: [f64; 2]) -> f64 {
        let to = [place[0] - self.from[0], place[1] - self.from[1]];
        let along = (to[0] * self.way[0] + to[1] * self.way[1]) / self.squared_length;
        // Of a closed ring both ends are one place: the share is no number, and the distance is from there.
        let share = if self.squared_length > 0.0 { along.clamp(0.0, 1.0) } else { 0.0 };
        let beside = [to[0] - share * self.way[0], to[1] - share * self.way[1]];
        beside[0] * beside[0] + beside[1] * beside[1]
    }
}

/// A line without the vertices that lie within the tolerance.
#[must_use]
pub fn line(line: &LineString, tolerance: f64) -> LineString {
    let stays = kept(line.0.len(), |number| line.0[number].into(), tolerance);
    line.0.iter().zip(stays).filter(|(_, stays)| *stays).map(|(place, _)| *place).collect()
}

/// Each line of several.
#[must_use]
pub fn lines(lines: &MultiLineString, tolerance: f64) -> MultiLineString {
    lines.iter().map(|one| line(one, tolerance)).collect()
}

/// A polygon whose rings have fewer vertices; a ring of which nothing would be left stays whole. Rings may come to cross.
#[must_use]
pub fn polygon(polygon: &Polygon, tolerance: f64) -> Polygon {
    let ring = |whole: &LineString| Some(line(whole, tolerance)).filter(|ring| ring.0.len() >= LEAST_RING);
    let ring = |whole: &LineString| ring(whole).unwrap_or_else(|| whole.clone());
    Polygon::new(ring(polygon.exterior()), polygon.interiors().iter().map(ring).collect())
}

/// Each polygon of several.
#[must_use]
pub fn polygons(polygons: &MultiPolygon, tolerance: f64) -> MultiPolygon {
    polygons.iter().map(|one| polygon(one, tolerance)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{CoordsIter, Simplify};

    fn winding(count: i32) -> LineString {
        (0..count).map(|i| (f64::from(i * 7 + i * i * 31 % 90), f64::from((i * 5_077 % 1_013) * (1 + i % 3)))).collect()
    }

    /// Up and down at each step: the method finds the farthest place at the end of every stretch.
    fn comb(count: i32) -> LineString {
        (0..count).map(|i| (f64::from(i) * 1e-3, if i % 2 == 0 { 0.0 } else { 1.0 + f64::from(i) * 1e-9 })).collect()
    }

    #[test]
    fn the_places_that_stay_are_those_of_geo() {
        let winding = winding(2_000);
        for tolerance in [4.0, 40.0, 400.0] {
            assert_eq!(line(&winding, tolerance), winding.simplify(tolerance), "{tolerance}");
        }
        let ring = Polygon::new(winding.clone(), vec![]);
        assert_eq!(polygon(&ring, 40.0), ring.simplify(40.0));
        assert_eq!(polygon(&ring, 1e9).coords_count(), ring.coords_count(), "of nothing it stays whole");
    }

    #[test]
    fn a_comb_of_a_hundred_thousand_teeth_takes_no_stack_and_no_time_without_end() {
        let comb = comb(100_000);
        let found = line(&comb, 0.01);
        assert!(found.0.len() > 90_000 && found.0.len() <= comb.0.len());
        assert_eq!((found.0.first(), found.0.last()), (comb.0.first(), comb.0.last()));
    }

    #[test]
    fn lines_of_no_place_and_of_one_stay_as_they_are() {
        assert!(kept(0, |_| [0.0, 0.0], 1.0).is_empty());
        assert_eq!(kept(1, |_| [0.0, 0.0], 1.0), [true]);
        assert_eq!(line(&LineString::new(vec![]), 1.0).0.len(), 0);
    }
}
