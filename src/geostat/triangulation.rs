//! Delaunay's triangulation of the samples, with a plane over each triangle.

use super::places::Places;
use super::{Grid, Interpolator, Sample};
use rayon::prelude::*;
use spade::handles::{FixedDirectedEdgeHandle, FixedVertexHandle};
use spade::{DelaunayTriangulation, HasPosition, HierarchyHintGenerator, Point2, PositionInTriangulation, Triangulation as _};
use thiserror::Error;

/// Cells that are walked through in one go, each search starting where the last one ended.
const CELLS_AT_ONCE: usize = 2_048;
/// Samples closer to one line than this share of their extent have no triangles worth the name.
const LEAST_RELATIVE_WIDTH: f64 = 1e-9;
/// Further out than this the place is moved in: what lies beyond sees the same edge of the hull.
const FARTHEST: f64 = 1e12;
/// Below this the predicates of the triangulation may underflow; no survey measures it.
const LEAST_COORDINATE: f64 = 1e-40;

/// Why there is no triangulation.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
pub enum TriangulationError {
    /// One or two places, or none.
    #[error("a triangulation needs samples at three places or more; there are {0}")]
    TooFewPlaces(usize),
    /// All on one line.
    #[error("the samples lie on one line: no triangle can be drawn")]
    OnOneLine,
    /// Not a number, infinite, or too great.
    #[error("a coordinate or value is not a finite number, or too great to compute with")]
    NotFinite,
}

#[derive(Clone, Copy)]
struct Vertex {
    position: Point2<f64>,
    value: f64,
}

impl HasPosition for Vertex {
    type Scalar = f64;
    fn position(&self) -> Point2<f64> {
        self.position
    }
}

type Mesh = DelaunayTriangulation<Vertex, (), (), (), HierarchyHintGenerator<f64>>;

/// Linear interpolation over Delaunay's triangles (Delaunay 1934; Watson & Philip 1984): `z` is the plane through the three
/// corners of the triangle that a place lies in.
///
/// The volume inside the hull is the exact sum of prisms, `Σ A (z1 + z2 + z3) / 3`. Outside the convex hull of the samples
/// there is no triangle: [`Triangulation::value_inside`] says `None` there, and [`Interpolator::value_at`] continues with the
/// value at the nearest place of the hull. Samples at one place count as one with their mean. Any plane is
/// reproduced exactly.
///
/// ```
/// use peatplan::geostat::{Sample, Triangulation};
/// let corners = [(0.0, 0.0, 0.0), (6.0, 0.0, 3.0), (0.0, 6.0, 3.0)].map(|(x, y, value)| Sample { x, y, value });
/// let depth = Triangulation::new(&corners).unwrap();
/// assert_eq!(depth.value_inside(2.0, 2.0), Some(2.0));
/// assert_eq!(depth.value_inside(5.0, 5.0), None);
/// assert_eq!((depth.hull_area(), depth.prism_volume()), (18.0, 36.0));
/// ```
pub struct Triangulation {
    mesh: Mesh,
    /// What was taken from all coordinates: predicates and products keep their digits near zero.
    origin: [f64; 2],
    samples: Vec<Sample>,
    places: Places,
    vertex_of_place: Vec<FixedVertexHandle>,
    mean: f64,
}

impl Triangulation {
    /// Triangulates the samples, in about `n log n`.
    ///
    /// # Errors
    /// Fewer than three places, all on one line, or numbers that are not finite.
    pub fn new(samples: &[Sample]) -> Result<Self, TriangulationError> {
        let places = Places::of(samples).ok_or(TriangulationError::NotFinite)?;
        let means = &places.means;
        if means.len() < 3 {
            return Err(TriangulationError::TooFewPlaces(means.len()));
        }
        let origin = [means[0].x, means[0].y];
        let positions: Vec<Point2<f64>> = means.iter().map(|place| shifted(place.x, place.y, origin)).collect();
        let order = insertion_order(&positions)?;
        let mut mesh = Mesh::new();
        let mut vertex_of_place = vec![FixedVertexHandle::from_index(0); means.len()];
        let mut last = None;
        for place in order {
            let vertex = Vertex { position: positions[place], value: means[place].value };
            let handle = match last {
                Some(last) => mesh.insert_with_hint(vertex, last),
                None => mesh.insert(vertex),
            };
            let handle = handle.map_err(|_| TriangulationError::NotFinite)?;
            vertex_of_place[place] = handle;
            last = Some(handle);
        }
        #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
        let mean = means.iter().map(|place| place.value).sum::<f64>() / means.len() as f64;
        Ok(Self { mesh, origin, samples: samples.to_vec(), places, vertex_of_place, mean })
    }

    /// The value at a place inside the convex hull of the samples, its edge included; `None` outside.
    #[must_use]
    pub fn value_inside(&self, x: f64, y: f64) -> Option<f64> {
        if x.is_nan() || y.is_nan() {
            return None;
        }
        let place = shifted(x, y, self.origin);
        value_in(&self.mesh, self.mesh.locate(place), place)
    }

    /// [`Triangulation::value_inside`] at the centres of cells, in parallel, each search starting at the cell before:
    /// neighbouring cells cost a step or two whatever the number of samples. The same on any number of threads.
    #[must_use]
    pub fn over_cells(&self, grid: &Grid, cells: &[usize]) -> Vec<Option<f64>> {
        let walk = |run: &[usize]| {
            let mut hint = None;
            let values = run.iter().map(|cell| {
                let (x, y) = grid.centre(*cell);
                let place = shifted(x, y, self.origin);
                let position = match hint {
                    Some(hint) => self.mesh.locate_with_hint(place, hint),
                    None => self.mesh.locate(place),
                };
                hint = self.vertex_near(position);
                value_in(&self.mesh, position, place)
            });
            values.collect::<Vec<_>>()
        };
        cells.par_chunks(CELLS_AT_ONCE).flat_map_iter(walk).collect()
    }

    /// Corners of each triangle with the values there; coincident samples are one corner with their mean.
    pub fn triangles(&self) -> impl Iterator<Item = [Sample; 3]> + '_ {
        self.mesh.inner_faces().map(|face| {
            face.vertices().map(|vertex| {
                let Vertex { position, value } = vertex.data();
                Sample { x: position.x + self.origin[0], y: position.y + self.origin[1], value: *value }
            })
        })
    }

    /// Area of the convex hull, in the square of the coordinates' unit.
    #[must_use]
    pub fn hull_area(&self) -> f64 {
        self.mesh.inner_faces().map(|face| face.area()).sum()
    }

    /// Volume between zero and the triangles, `Σ A (z1 + z2 + z3) / 3`: that of the hull, not of any outline.
    #[must_use]
    pub fn prism_volume(&self) -> f64 {
        let prism = |values: [f64; 3], area: f64| area * values.iter().sum::<f64>() / 3.0;
        self.mesh.inner_faces().map(|face| prism(face.vertices().map(|vertex| vertex.data().value), face.area())).sum()
    }

    /// A vertex to start the next search at.
    fn vertex_near(&self, position: PositionInTriangulation) -> Option<FixedVertexHandle> {
        match position {
            PositionInTriangulation::OnVertex(vertex) => Some(vertex),
            PositionInTriangulation::OnEdge(edge) | PositionInTriangulation::OutsideOfConvexHull(edge) => {
                Some(self.mesh.directed_edge(edge).from().fix())
            }
            PositionInTriangulation::OnFace(face) => Some(self.mesh.face(face).vertices()[0].fix()),
            PositionInTriangulation::NoTriangulation => None,
        }
    }

    /// The value at the place of the hull that is nearest to a place outside, from an edge that the place sees.
    ///
    /// Along the edges that a place sees the distance falls and then rises, so it is followed downwards both ways.
    fn value_on_hull(&self, seen: FixedDirectedEdgeHandle, place: Point2<f64>) -> f64 {
        let start = self.mesh.directed_edge(seen);
        let (mut nearest, mut value) = to_edge(start.from().data(), start.to().data(), place);
        for forwards in [true, false] {
            let mut edge = start;
            for _ in 0..self.mesh.num_vertices() {
                edge = if forwards { edge.next() } else { edge.prev() };
                let (distance, here) = to_edge(edge.from().data(), edge.to().data(), place);
                if distance > nearest {
                    break;
                }
                (nearest, value) = (distance, here);
            }
        }
        value
    }
}

impl Interpolator for Triangulation {
    fn value_at(&self, x: f64, y: f64) -> f64 {
        if x.is_nan() || y.is_nan() {
            return self.mean;
        }
        let place = shifted(x, y, self.origin);
        match self.mesh.locate(place) {
            PositionInTriangulation::OutsideOfConvexHull(edge) => self.value_on_hull(edge, place),
            position => value_in(&self.mesh, position, place).unwrap_or(self.mean),
        }
    }

    /// Without a vertex its star is triangulated anew: the triangles that fill the hole are those of Delaunay's triangulation
    /// of the neighbours alone. `None` at a corner of the hull, which the others do not reach.
    fn value_without(&self, index: usize) -> Option<f64> {
        let sample = self.samples.get(index)?;
        if let Some(others) = self.places.others_at_place_of(index, sample.value) {
            return Some(others);
        }
        let vertex = self.mesh.vertex(self.vertex_of_place[self.places.place_of[index] as usize]);
        let mut hole: DelaunayTriangulation<Vertex> = DelaunayTriangulation::new();
        for edge in vertex.out_edges() {
            hole.insert(*edge.to().data()).ok()?;
        }
        let place = vertex.position();
        value_in(&hole, hole.locate(place), place)
    }
}

/// The value at a place whose position among the triangles is known; `None` outside them.
fn value_in<T>(mesh: &T, position: PositionInTriangulation, place: Point2<f64>) -> Option<f64>
where
    T: spade::Triangulation<Vertex = Vertex>,
{
    match position {
        PositionInTriangulation::OnVertex(vertex) => Some(mesh.vertex(vertex).data().value),
        PositionInTriangulation::OnEdge(edge) => {
            let edge = mesh.directed_edge(edge);
            Some(to_edge(edge.from().data(), edge.to().data(), place).1)
        }
        PositionInTriangulation::OnFace(face) => Some(on_plane(mesh.face(face).vertices().map(|vertex| *vertex.data()), place)),
        PositionInTriangulation::OutsideOfConvexHull(_) | PositionInTriangulation::NoTriangulation => None,
    }
}

/// The plane through three corners at a place inside them, by barycentric weights that rounding cannot make negative.
fn on_plane(corners: [Vertex; 3], place: Point2<f64>) -> f64 {
    let [a, b, c] = corners.map(|corner| [corner.position.x - place.x, corner.position.y - place.y]);
    let weights = [cross(b, c).max(0.0), cross(c, a).max(0.0), cross(a, b).max(0.0)];
    let sum: f64 = weights.iter().sum();
    if sum > 0.0 {
        weights.iter().zip(corners).map(|(weight, corner)| weight * corner.value).sum::<f64>() / sum
    } else {
        // A triangle without area: any of its corners is as good as the others.
        corners.iter().map(|corner| corner.value).sum::<f64>() / 3.0
    }
}

/// Squared distance from a place to an edge, and the value at the edge's nearest place.
fn to_edge(from: &Vertex, to: &Vertex, place: Point2<f64>) -> (f64, f64) {
    let along = [to.position.x - from.position.x, to.position.y - from.position.y];
    let off = [place.x - from.position.x, place.y - from.position.y];
    let share = ((along[0] * off[0] + along[1] * off[1]) / (along[0] * along[0] + along[1] * along[1])).clamp(0.0, 1.0);
    let (dx, dy) = (off[0] - share * along[0], off[1] - share * along[1]);
    (dx * dx + dy * dy, from.value + share * (to.value - from.value))
}

fn cross(a: [f64; 2], b: [f64; 2]) -> f64 {
    a[0] * b[1] - a[1] * b[0]
}

fn shifted(x: f64, y: f64, origin: [f64; 2]) -> Point2<f64> {
    let shift = |value: f64| if value.abs() < LEAST_COORDINATE { 0.0 } else { value.clamp(-FARTHEST, FARTHEST) };
    Point2::new(shift(x - origin[0]), shift(y - origin[1]))
}

/// The order in which places are inserted: three corners of a fat triangle first, so that the triangulation is never a line
/// (which would make it quadratic), then along Morton's curve (1966), so that each place is near the one before.
fn insertion_order(positions: &[Point2<f64>]) -> Result<Vec<usize>, TriangulationError> {
    let farthest_by = |measure: &dyn Fn(&Point2<f64>) -> f64| {
        let measured = positions.iter().map(measure).enumerate();
        measured.max_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or((0, 0.0))
    };
    let first = positions[0];
    let (second, squared_extent) = farthest_by(&|p| (p.x - first.x).powi(2) + (p.y - first.y).powi(2));
    let along = [positions[second].x - first.x, positions[second].y - first.y];
    let (third, double_area) = farthest_by(&|p| cross(along, [p.x - first.x, p.y - first.y]).abs());
    if !double_area.is_finite() {
        return Err(TriangulationError::NotFinite);
    }
    if double_area <= LEAST_RELATIVE_WIDTH * squared_extent {
        return Err(TriangulationError::OnOneLine);
    }
    let extent = squared_extent.sqrt();
    let key = |p: &Point2<f64>| {
        // No place is further from the first one than `extent`: both shares lie in 0..=1.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of 0..=1, sixteen bits of it")]
        let level = |offset: f64| ((0.5 + 0.5 * offset / extent).clamp(0.0, 1.0) * 65_535.0) as u32;
        interleaved(level(p.x - first.x)) | interleaved(level(p.y - first.y)) << 1
    };
    let corners = [0, second, third];
    let mut order: Vec<usize> = (0..positions.len()).filter(|place| !corners.contains(place)).collect();
    order.sort_by_cached_key(|place| key(&positions[*place]));
    Ok(corners.into_iter().chain(order).collect())
}

/// The sixteen low bits with a zero between each two.
fn interleaved(bits: u32) -> u32 {
    let bits = (bits | bits << 8) & 0x00ff_00ff;
    let bits = (bits | bits << 4) & 0x0f0f_0f0f;
    let bits = (bits | bits << 2) & 0x3333_3333;
    (bits | bits << 1) & 0x5555_5555
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geostat::Bounds;

    fn sample(x: f64, y: f64, value: f64) -> Sample {
        Sample { x, y, value }
    }

    /// Places without any order, the same ones each time.
    fn scattered(count: u32, extent: f64, value: impl Fn(f64, f64) -> f64) -> Vec<Sample> {
        let share = |i: u32, by: f64| (f64::from(i) * by).fract();
        let places = (1..=count).map(|i| (extent * share(i, 0.754_877_666), extent * share(i, 0.569_840_291)));
        places.map(|(x, y)| sample(x, y, value(x, y))).collect()
    }

    #[test]
    fn a_plane_is_reproduced_and_has_its_volume() {
        let plane = |x: f64, _: f64| 1.0 + 0.01 * x;
        let mut samples = scattered(200, 100.0, plane);
        samples.extend([(0.0, 0.0), (100.0, 0.0), (0.0, 100.0), (100.0, 100.0)].map(|(x, y)| sample(x, y, plane(x, y))));
        let tin = Triangulation::new(&samples).expect("triangles");
        assert!((tin.hull_area() - 10_000.0).abs() < 1e-8);
        assert!((tin.prism_volume() - 15_000.0).abs() < 1e-8);
        let grid = Grid::covering(Bounds { min_x: 0.0, min_y: 0.0, max_x: 100.0, max_y: 100.0 }, 1.0, 10_000).expect("a grid");
        let cells: Vec<usize> = (0..grid.len()).collect();
        let values = tin.over_cells(&grid, &cells);
        let volume: f64 = values.iter().map(|value| value.expect("inside")).sum();
        assert!((volume - 15_000.0).abs() < 1e-8, "{volume}");
    }

    #[test]
    fn far_from_zero_the_same_triangles_stand() {
        // Places in 64ths of a metre keep all their digits when they are moved.
        let fine = |s: Sample| sample((s.x * 64.0).round() / 64.0, (s.y * 64.0).round() / 64.0, s.value);
        let here: Vec<Sample> = scattered(300, 1_000.0, |x, y| (x * 0.01).sin() + y * 0.001).into_iter().map(fine).collect();
        let there: Vec<Sample> = here.iter().map(|s| sample(s.x + 6_000_000.0, s.y + 500_000.0, s.value)).collect();
        let (here, there) = (Triangulation::new(&here).expect("here"), Triangulation::new(&there).expect("there"));
        assert_eq!(here.triangles().count(), there.triangles().count());
        assert!((here.prism_volume() - there.prism_volume()).abs() < 1e-6);
        assert!((here.value_at(400.0, 500.0) - there.value_at(6_000_400.0, 500_500.0)).abs() < 1e-9);
    }

    #[test]
    fn outside_the_hull_its_nearest_place_answers() {
        let tin = Triangulation::new(&[sample(0.0, 0.0, 0.0), sample(10.0, 0.0, 10.0), sample(0.0, 10.0, 20.0)]).expect("one");
        assert_eq!(tin.value_inside(4.0, -3.0), None);
        assert!((tin.value_at(4.0, -3.0) - 4.0).abs() < 1e-12);
        assert!((tin.value_at(-5.0, -5.0)).abs() < 1e-12);
        assert!((tin.value_at(10.0, 10.0) - 15.0).abs() < 1e-12);
        assert!((tin.value_at(1e300, -1e300) - 10.0).abs() < 1e-9);
        assert!(tin.value_at(f64::NAN, 0.0).is_finite());
    }

    #[test]
    fn the_nearest_place_of_a_round_hull_is_found_from_any_side() {
        let ring = |a: f64| sample(100.0 * a.cos(), 100.0 * a.sin(), a.cos());
        let tin =
            Triangulation::new(&(0..720).map(|i| ring(f64::from(i).to_radians() / 2.0)).collect::<Vec<_>>()).expect("a disc");
        for degrees in 0..360 {
            let angle = f64::from(degrees).to_radians() + 0.001;
            let value = tin.value_at(500.0 * angle.cos(), 500.0 * angle.sin());
            // Corners stand every half degree; the nearest one is at most a quarter away.
            assert!((value - angle.cos()).abs() < 0.25_f64.to_radians(), "{degrees}: {value}");
        }
    }

    #[test]
    fn without_a_sample_the_rest_is_triangulated_anew() {
        let samples = scattered(60, 100.0, |x, y| (x * 0.05).sin() * 3.0 + y * y * 1e-3);
        let whole = Triangulation::new(&samples).expect("triangles");
        let mut inner = 0;
        for index in 0..samples.len() {
            let mut others = samples.clone();
            let left_out = others.remove(index);
            let expected = Triangulation::new(&others).expect("triangles").value_inside(left_out.x, left_out.y);
            match (whole.value_without(index), expected) {
                (Some(a), Some(b)) => assert!((a - b).abs() < 1e-9, "{index}: {a} {b}"),
                (a, b) => assert_eq!(a, b, "{index}"),
            }
            inner += usize::from(expected.is_some());
        }
        assert!(inner > 40, "{inner}");
    }

    #[test]
    fn too_few_places_and_lines_are_named() {
        let error = |samples: &[Sample]| Triangulation::new(samples).err();
        assert_eq!(error(&[]), Some(TriangulationError::TooFewPlaces(0)));
        assert_eq!(error(&[sample(1.0, 1.0, 1.0); 5]), Some(TriangulationError::TooFewPlaces(1)));
        let line: Vec<Sample> = (0..100_000).map(|i| sample(f64::from(i) * 0.1 + 5e5, f64::from(i) * 0.7 + 6e6, 1.0)).collect();
        assert_eq!(error(&line[..2]), Some(TriangulationError::TooFewPlaces(2)));
        assert_eq!(error(&line), Some(TriangulationError::OnOneLine));
        assert_eq!(error(&[sample(f64::NAN, 0.0, 0.0)]), Some(TriangulationError::NotFinite));
    }

    #[test]
    fn a_long_line_with_one_sample_beside_it_is_no_trap() {
        let mut samples: Vec<Sample> = (0..20_000).map(|i| sample(f64::from(i), 0.0, 1.0)).collect();
        samples.push(sample(10_000.0, 5_000.0, 1.0));
        let tin = Triangulation::new(&samples).expect("triangles");
        assert_eq!(tin.triangles().count(), 19_999);
        assert_eq!(tin.value_at(10_000.0, 1_000.0).to_bits(), 1.0_f64.to_bits());
    }

    #[test]
    fn threads_change_nothing() {
        let tin = Triangulation::new(&scattered(1_000, 1_000.0, |x, y| x.sin() + y.cos())).expect("triangles");
        let grid = Grid::covering(Bounds { min_x: 0.0, min_y: 0.0, max_x: 1e3, max_y: 1e3 }, 5.0, 100_000).expect("a grid");
        let cells: Vec<usize> = (0..grid.len()).collect();
        let with = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
            pool.install(|| tin.over_cells(&grid, &cells))
        };
        assert_eq!(with(1), with(4));
    }
}
