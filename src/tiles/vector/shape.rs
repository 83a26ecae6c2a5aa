//! Geometry on the integer grid of a zoom: x to the right, y down, the whole set `4096 · 2^zoom` units wide.

/// A place on the grid.
pub(super) type Place = [i32; 2];
/// Least x, least y, greatest x, greatest y.
pub(super) type Bounds = [i32; 4];

/// What a shape is drawn as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Point,
    Line,
    Polygon,
}

/// A feature's geometry on the grid. Rings are open: their first place is not repeated.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Shape {
    Points(Vec<Place>),
    Lines(Vec<Vec<Place>>),
    /// Polygons as their rings, the outer one first. Outer rings have a positive area by the surveyor's formula (y runs
    /// down), holes a negative one.
    Polygons(Vec<Vec<Vec<Place>>>),
}

impl Shape {
    pub(super) fn kind(&self) -> Kind {
        match self {
            Self::Points(_) => Kind::Point,
            Self::Lines(_) => Kind::Line,
            Self::Polygons(_) => Kind::Polygon,
        }
    }

    pub(super) fn bounds(&self) -> Option<Bounds> {
        match self {
            Self::Points(places) => bounds_of(places),
            Self::Lines(lines) => bounds_of(lines.iter().flatten()),
            Self::Polygons(polygons) => bounds_of(polygons.iter().filter_map(|rings| rings.first()).flatten()),
        }
    }

    /// Bytes that it takes.
    pub(super) fn size(&self) -> usize {
        const LIST: usize = size_of::<Vec<Place>>();
        let places = |places: &Vec<Place>| LIST + places.capacity() * size_of::<Place>();
        match self {
            Self::Points(all) => places(all),
            Self::Lines(lines) => LIST + lines.iter().map(places).sum::<usize>(),
            Self::Polygons(polygons) => {
                LIST + polygons.iter().map(|rings| LIST + rings.iter().map(places).sum::<usize>()).sum::<usize>()
            }
        }
    }
}

pub(super) fn bounds_of<'a>(places: impl IntoIterator<Item = &'a Place>) -> Option<Bounds> {
    let mut places = places.into_iter();
    let first = places.next()?;
    let start = [first[0], first[1], first[0], first[1]];
    Some(places.fold(start, |b, p| [b[0].min(p[0]), b[1].min(p[1]), b[2].max(p[0]), b[3].max(p[1])]))
}

/// Twice the area of a ring by the surveyor's formula: positive where it runs clockwise as seen with y down.
pub(super) fn doubled_area(ring: &[Place]) -> i128 {
    let Some(last) = ring.last() else { return 0 };
    let origin = ring[0];
    let relative = |place: &Place| [i64::from(place[0]) - i64::from(origin[0]), i64::from(place[1]) - i64::from(origin[1])];
    let mut before = relative(last);
    let mut sum = 0_i128;
    for place in ring {
        let here = relative(place);
        sum += i128::from(before[0] * here[1] - here[0] * before[1]);
        before = here;
    }
    sum
}

/// Removes places that repeat the one before, and spikes that go out and back the same way, from an open ring.
pub(super) fn without_spikes(ring: &mut Vec<Place>) {
    let mut kept: Vec<Place> = Vec::with_capacity(ring.len());
    for place in ring.iter() {
        kept.push(*place);
        while shortened(&mut kept) {}
    }
    // The same round the end.
    let (mut start, mut end) = (0, kept.len());
    loop {
        match kept[start..end] {
            [first, .., last] if first == last => end -= 1,
            [first, .., before, last] if is_spike(before, last, first) => end -= 1,
            [first, second, .., last] if is_spike(last, first, second) => start += 1,
            _ => break,
        }
    }
    ring.clear();
    ring.extend_from_slice(&kept[start..end]);
}

/// Takes the last place, or the one before it, off where it repeats or makes a spike.
fn shortened(kept: &mut Vec<Place>) -> bool {
    let count = kept.len();
    if count >= 2 && kept[count - 2] == kept[count - 1] {
        kept.pop();
        return true;
    }
    if count >= 3 && is_spike(kept[count - 3], kept[count - 2], kept[count - 1]) {
        kept.remove(count - 2);
        return true;
    }
    false
}

/// Whether the way from `a` over `b` to `c` turns back on itself.
fn is_spike(a: Place, b: Place, c: Place) -> bool {
    let (to, from) = (way(a, b), way(b, c));
    to[0] * from[1] == to[1] * from[0] && to[0] * from[0] + to[1] * from[1] < 0
}

fn way(a: Place, b: Place) -> [i64; 2] {
    [i64::from(b[0]) - i64::from(a[0]), i64::from(b[1]) - i64::from(a[1])]
}

/// Twice the signed area of a triangle: positive where `c` lies to the right of the way from `a` to `b`, y down.
pub(super) fn turn(a: Place, b: Place, c: Place) -> i64 {
    let (to, on) = (way(a, b), way(a, c));
    to[0] * on[1] - to[1] * on[0]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spikes_and_repeated_places_go() {
        let mut ring = vec![[0, 0], [4, 0], [4, 0], [4, 4], [4, 9], [4, 4], [0, 4], [0, 0]];
        without_spikes(&mut ring);
        assert_eq!(ring, [[0, 0], [4, 0], [4, 4], [0, 4]]);
        assert_eq!(doubled_area(&ring), 32);
        let mut flat = vec![[0, 0], [5, 5], [9, 9], [5, 5]];
        without_spikes(&mut flat);
        assert!(flat.len() < 3, "{flat:?}");
    }
}
