//! What the layers and pictures of an estimate are made from: depth by cell, and areas with their properties.

use super::deposit_reserves::label;
use super::inputs_hash::InputsHash;
use super::reserve_areas::{block_areas, funnel_areas};
use super::{DepositLabel, PlanningError, ReservesQuery, Workbench};
use crate::crs::Crs;
use crate::geostat::{Grid, Progress, isobands};
use crate::reserves::{AskedMethod, ComputedReserves, Method, PeatColumn, reserve_estimate};
use geo::{BooleanOps, MultiPolygon};
use moka::sync::Cache;
use serde_json::{Map, Value};
use std::sync::{Arc, OnceLock};

/// Cells of all surfaces that one workbench keeps: about 200 MB with their pictures.
const KEPT_CELLS: u64 = 16_000_000;
/// Most bands between isopachs.
const MOST_BANDS: f64 = 100.0;

/// Which of a surface's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Band {
    /// Depth of peat.
    Depth,
    /// Its standard deviation.
    Deviation,
}

/// An area in the working system, with properties under their public names.
#[derive(Debug, Clone)]
pub struct SurfaceArea {
    /// The area.
    pub shape: MultiPolygon,
    /// Properties.
    pub properties: Map<String, Value>,
}

/// Depth over a deposit, cell by cell, and what is drawn of it. All coordinates are of `crs`.
#[derive(Debug)]
pub struct ReserveSurface {
    /// The deposit; none where only an area was asked for.
    pub deposit: Option<DepositLabel>,
    /// Whether anything it was computed from is invented.
    pub synthetic: bool,
    /// Fingerprint of the inputs, the same as of the estimate.
    pub inputs_hash: String,
    /// Working system.
    pub crs: Crs,
    /// Zero boundary.
    pub outline: MultiPolygon,
    /// The grid.
    pub grid: Grid,
    /// Cells of the grid inside the outline, ascending.
    pub cells: Vec<usize>,
    /// Depth of each of them, m; not a number where the method says nothing.
    pub depths: Vec<f32>,
    /// Standard deviation of each depth, m, where the method has one.
    pub deviations: Option<Vec<f32>>,
    /// Step of the isopachs, m.
    pub isopach_step: f64,
    /// Reserve blocks.
    pub blocks: Vec<SurfaceArea>,
    /// What is left at each step, from the gross area on.
    pub funnel: Vec<SurfaceArea>,
    isopachs: OnceLock<Vec<SurfaceArea>>,
    rasters: [OnceLock<Vec<f32>>; 2],
}

impl ReserveSurface {
    /// A band over the whole grid, row by row from the upper left; not a number outside. None where there is no such band.
    pub fn raster(&self, band: Band) -> Option<&[f32]> {
        let values = self.values(band)?;
        let raster = self.rasters[usize::from(band == Band::Deviation)].get_or_init(|| {
            let mut raster = vec![f32::NAN; self.grid.len()];
            for (cell, value) in self.cells.iter().zip(values) {
                raster[*cell] = *value;
            }
            raster
        });
        Some(raster)
    }

    /// A band by cell, in the order of `cells`.
    #[must_use]
    pub fn values(&self, band: Band) -> Option<&[f32]> {
        match band {
            Band::Depth => Some(&self.depths),
            Band::Deviation => self.deviations.as_deref(),
        }
    }

    /// Greatest value of a band; 0 where nothing is known.
    #[must_use]
    pub fn most(&self, band: Band) -> f64 {
        let values = self.values(band).unwrap_or_default().iter().copied();
        f64::from(values.filter(|value| value.is_finite()).fold(0.0_f32, f32::max))
    }

    /// The ground between neighbouring isopachs, cut with the outline. Area and volume are those of the cells whose depth
    /// lies in the band, so that together they are the geological reserve; the drawn line between two bands runs
    /// between the centres of cells.
    pub fn isopachs(&self) -> &[SurfaceArea] {
        self.isopachs.get_or_init(|| {
            let most = self.most(Band::Depth);
            let step = self.isopach_step.max(most / MOST_BANDS).max(1e-3);
            let count = (most / step).floor() + 1.0;
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most a hundred and one")]
            let levels: Vec<f64> = (0..=count as u32).map(|number| f64::from(number) * step).collect();
            let Some(raster) = self.raster(Band::Depth) else { return Vec::new() };
            let values: Vec<Option<f64>> = raster.iter().map(|v| v.is_finite().then(|| f64::from(*v).max(0.0))).collect();
            let bands = isobands(&self.grid, &values, &levels).into_iter();
            bands.filter_map(|band| self.isopach(band.from, band.to, &band.polygons)).collect()
        })
    }

    fn isopach(&self, from: f64, to: f64, polygons: &MultiPolygon) -> Option<SurfaceArea> {
        let shape = polygons.intersection(&self.outline);
        if shape.0.is_empty() {
            return None;
        }
        let depths = self.depths.iter().map(|depth| f64::from(*depth).max(0.0));
        let (cells, sum) =
            depths.filter(|depth| (from..to).contains(depth)).fold((0_u32, 0.0), |(cells, sum), depth| (cells + 1, sum + depth));
        let cell_area = self.grid.cell() * self.grid.cell();
        let properties = [
            ("from_m", from),
            ("to_m", to),
            ("area_ha", f64::from(cells) * cell_area / 10_000.0),
            ("volume_m3", sum * cell_area),
        ];
        let properties = properties.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
        Some(SurfaceArea { shape, properties })
    }

    /// Weight in the cache.
    fn cells_kept(&self) -> u32 {
        u32::try_from(self.grid.len()).unwrap_or(u32::MAX)
    }
}

/// Surfaces that were asked for lately. They go with the workbench and those after it over the same survey, so the data
/// behind them are always those in force.
#[derive(Debug, Clone)]
pub(super) struct ReserveSurfaces(Cache<String, Arc<ReserveSurface>>);

impl Default for ReserveSurfaces {
    fn default() -> Self {
        let weigh = |_: &String, surface: &Arc<ReserveSurface>| surface.cells_kept();
        Self(Cache::builder().max_capacity(KEPT_CELLS).weigher(weigh).build())
    }
}

impl Workbench {
    /// Depth by cell for a query. Computed once for all who ask: a map asks for a hundred tiles at a time.
    ///
    /// # Errors
    /// As [`Workbench::deposit_reserves`].
    pub fn reserve_surface(&self, query: &ReservesQuery, progress: &dyn Progress) -> Result<Arc<ReserveSurface>, PlanningError> {
        let key = self.surface_key(query)?;
        let computed = self.surfaces.0.try_get_with(key, || self.computed_surface(query, progress).map(Arc::new));
        computed.map_err(|error| PlanningError::clone(&error))
    }

    /// The same, where it was computed lately: it costs nothing.
    #[must_use]
    pub fn reserve_surface_at_hand(&self, query: &ReservesQuery) -> Option<Arc<ReserveSurface>> {
        self.surfaces.0.get(&self.surface_key(query).ok()?)
    }

    /// Within one workbench the data are fixed: what is asked decides.
    fn surface_key(&self, query: &ReservesQuery) -> Result<String, PlanningError> {
        let place = query.deposit.as_deref().map(|name| self.deposit_place(name)).transpose()?;
        let mut hash = InputsHash::new();
        hash.text(&format!("{place:?} {:?} {:?} {:?}", query.crs, query.area, query.request));
        Ok(hash.finish())
    }

    fn computed_surface(&self, query: &ReservesQuery, progress: &dyn Progress) -> Result<ReserveSurface, PlanningError> {
        let nouns = &self.catalogue.nouns;
        let place = query.deposit.as_deref().map(|name| self.deposit_place(name)).transpose()?;
        let survey = self.survey(place, query)?;
        let deposit = place.map(|place| &nouns.deposits[place]);
        let subject = deposit.map_or_else(|| "the area".to_owned(), |deposit| format!("deposit {}", deposit.name));
        // A surface is of depths; realisations would be drawn around it for nothing.
        let mut request = query.request.clone();
        if request.method == AskedMethod::Given(Method::Simulation) {
            request.method = AskedMethod::Given(Method::Kriging);
        }
        let computed = reserve_estimate(&survey, &request, self.most_cells, progress)
            .map_err(|error| PlanningError::Estimate { subject, error })?;
        let mut hash = InputsHash::new();
        hash.survey(&survey, &query.request);
        Ok(ReserveSurface {
            deposit: deposit.map(label),
            synthetic: deposit.map_or_else(|| self.catalogue.is_synthetic(), |deposit| deposit.synthetic),
            inputs_hash: hash.finish(),
            crs: query.crs.clone().unwrap_or_else(|| self.catalogue.project.working_crs.clone()),
            depths: depths(&computed),
            deviations: deviations(&computed),
            isopach_step: query.request.numbers.get("isopach_step_m"),
            blocks: block_areas(&computed.estimate, &survey.outline),
            funnel: funnel_areas(&computed.estimate),
            grid: computed.thickness.grid,
            cells: computed.thickness.cells,
            outline: survey.outline,
            isopachs: OnceLock::new(),
            rasters: [OnceLock::new(), OnceLock::new()],
        })
    }
}

/// Depth of each cell inside; a method that knows no places has the same depth everywhere.
#[expect(clippy::cast_possible_truncation, reason = "depths to a tenth of a millimetre")]
fn depths(computed: &ComputedReserves) -> Vec<f32> {
    let thickness = &computed.thickness;
    if !thickness.by_cell {
        return vec![computed.estimate.mean_depth_m.0 as f32; thickness.cells.len()];
    }
    let known = |place: usize| thickness.unknown.get(place) != Some(&true);
    let depth = |(place, column): (usize, &PeatColumn)| if known(place) { column.depth.0 as f32 } else { f32::NAN };
    thickness.columns.iter().enumerate().map(depth).collect()
}

#[expect(clippy::cast_possible_truncation, reason = "deviations to a tenth of a millimetre")]
fn deviations(computed: &ComputedReserves) -> Option<Vec<f32>> {
    let deviations = computed.thickness.deviations.as_ref()?;
    Some(deviations.iter().map(|deviation| *deviation as f32).collect())
}
