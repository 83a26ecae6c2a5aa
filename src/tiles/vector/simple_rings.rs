//! Whether the rings of a polygon are simple and keep apart, by exact integer arithmetic.

use super::shape::{Place, turn};

/// Pairs of segments that are compared: a second of work. A coast of a hundred thousand corners needs a tenth of it.
const MOST_LOOKS: usize = 200_000_000;

struct Segment {
    ring: usize,
    place: usize,
    from: Place,
    to: Place,
}

/// Whether no ring meets itself, and no ring crosses another or runs along it. Rings may touch each other at single
/// places, as the holes of a polygon may. Segments are swept from left to right. Of a shape made to be slow the check gives
/// up: it is then drawn as it is.
pub(super) fn are_simple(rings: &[Vec<Place>]) -> bool {
    let mut segments: Vec<Segment> = Vec::with_capacity(rings.iter().map(Vec::len).sum());
    for (ring, places) in rings.iter().enumerate() {
        if places.len() < 3 {
            return false;
        }
        for (place, from) in places.iter().enumerate() {
            segments.push(Segment { ring, place, from: *from, to: places[(place + 1) % places.len()] });
        }
    }
    segments.sort_unstable_by_key(|segment| segment.from[0].min(segment.to[0]));
    let mut active: Vec<usize> = Vec::new();
    let mut looks = 0_usize;
    for number in 0..segments.len() {
        let segment = &segments[number];
        let left = segment.from[0].min(segment.to[0]);
        looks += active.len();
        if looks > MOST_LOOKS {
            return true;
        }
        active.retain(|other| segments[*other].from[0].max(segments[*other].to[0]) >= left);
        if active.iter().any(|other| !keep_apart(segment, &segments[*other], rings[segment.ring].len())) {
            return false;
        }
        active.push(number);
    }
    true
}

/// Whether two segments meet at most where they may.
fn keep_apart(a: &Segment, b: &Segment, places: usize) -> bool {
    let span = |segment: &Segment| (segment.from[1].min(segment.to[1]), segment.from[1].max(segment.to[1]));
    let ((a_low, a_high), (b_low, b_high)) = (span(a), span(b));
    if a_high < b_low || b_high < a_low {
        return true;
    }
    let (from, to) = (turn(a.from, a.to, b.from), turn(a.from, a.to, b.to));
    if from == 0 && to == 0 {
        return apart_on_a_line(a, b, places);
    }
    let (back_from, back_to) = (turn(b.from, b.to, a.from), turn(b.from, b.to, a.to));
    let between = |one: i64, other: i64| one.signum() * other.signum() <= 0;
    if !(between(from, to) && between(back_from, back_to)) {
        return true;
    }
    // They meet in one place: the corner of neighbours, or, of two rings, a touch that does not cross.
    if a.ring == b.ring { are_neighbours(a, b, places) } else { from == 0 || to == 0 || back_from == 0 || back_to == 0 }
}

/// Segments of one straight line: they may share an end where that is allowed, and no more.
fn apart_on_a_line(a: &Segment, b: &Segment, places: usize) -> bool {
    let axis = usize::from(a.from[0] == a.to[0]);
    let range = |segment: &Segment| {
        let (one, other) = (segment.from[axis], segment.to[axis]);
        (one.min(other), one.max(other))
    };
    let ((a_low, a_high), (b_low, b_high)) = (range(a), range(b));
    let shared = a_high.min(b_high).cmp(&a_low.max(b_low));
    match shared {
        std::cmp::Ordering::Less => true,
        std::cmp::Ordering::Equal => a.ring != b.ring || are_neighbours(a, b, places),
        std::cmp::Ordering::Greater => false,
    }
}

fn are_neighbours(a: &Segment, b: &Segment, places: usize) -> bool {
    (a.place + 1) % places == b.place || (b.place + 1) % places == a.place
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(at: i32, side: i32) -> Vec<Place> {
        vec![[at, at], [at + side, at], [at + side, at + side], [at, at + side]]
    }

    #[test]
    fn a_ring_that_crosses_or_touches_itself_is_not_simple() {
        assert!(are_simple(&[square(0, 10)]));
        assert!(!are_simple(&[vec![[0, 0], [10, 10], [10, 0], [0, 10]]]), "a bow tie");
        assert!(!are_simple(&[vec![[0, 0], [10, 0], [5, 5], [10, 10], [0, 10], [5, 5]]]), "a pinch");
        assert!(!are_simple(&[vec![[0, 0], [10, 0], [10, 10], [5, 0]]]), "a corner on a side");
    }

    #[test]
    fn a_hole_may_touch_its_ring_and_not_cross_it() {
        assert!(are_simple(&[square(0, 10), square(2, 3)]));
        assert!(are_simple(&[square(0, 10), vec![[0, 5], [3, 4], [3, 6]]]), "a corner on a side");
        assert!(!are_simple(&[square(0, 10), square(5, 10)]));
        assert!(!are_simple(&[square(0, 10), square(0, 5)]), "sides that run along");
    }
}
