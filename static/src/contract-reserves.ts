/**
 * What the server answers about the reserves of a deposit: the figures, how they were computed, and
 * how sure they are. Types only. What an older server does not send is optional.
 */
import type { Bilingual, Named, RestsOn, Warning } from './contract';

/** A word to choose, as the server offers it. */
export type Choice = {
  name: string;
  /** Absent or null: the server chooses. */
  default?: string | null;
  title: Bilingual;
  meaning: Bilingual;
  words: ({ value: string } & Bilingual)[];
};

export type LadderStep = {
  step: string;
  area_ha: number;
  volume_m3: number;
  dry_mass_t: number;
  mass_t: number;
  energy_gj: number;
  energy_mwh: number;
  tonnes_coal_equivalent: number;
  lost_volume_m3: number;
  parameter: string | null;
};

export type StatedReserve = {
  id: number;
  category: string;
  balance_class: string | null;
  volume_m3: number | null;
  mass_t: number | null;
  moisture: number | null;
  year: number | null;
  source: string | null;
  synthetic: boolean;
};

export type ConstraintLoss = Named & {
  id: number;
  kind: string;
  area_ha: number;
  geological_volume_m3: number;
  balance_volume_m3: number;
};

export type CrossValidation = { mae_m: number; rmse_m: number; bias_m?: number; probes: number };

export type MethodCandidate = CrossValidation & {
  method: string;
  power?: number | null;
  drift?: string | null;
  shape?: string | null;
};
export type MethodChoice = {
  asked: string | null;
  reason: string;
  reason_code: string;
  candidates: MethodCandidate[];
};

export type Variogram = {
  fitted: boolean;
  shape: string;
  smoothness: number | null;
  nugget_m2: number;
  partial_sill_m2: number;
  range_m: number;
  azimuth_deg: number | null;
  anisotropy_ratio: number | null;
  sample_variance_m2: number;
  experimental: { lag_m: number; semivariance_m2: number; pairs: number }[];
  curve: { lag_m: number; semivariance_m2: number }[];
};

/** One more edge than counts. */
export type Histogram = { edges_m: number[]; counts: number[] };

export type Survey = {
  probes_inside: number;
  probes_outside: number;
  probes_merged: number;
  probes_left_out: number;
  probes_raised?: number;
  stopped_by_wood: number;
  stopped_by_rod: number;
  drained: number;
  undrained: number;
  campaigns: { year: number | null; probes: number; mean_depth_m: number }[];
};

export type Quality = {
  source: string;
  cores: number;
  dry_density_kg_m3: number | null;
  ash: number | null;
  decomposition: number | null;
  moisture: number | null;
  net_calorific_value_dry_mj_kg: number | null;
  derived: { property: string; from: string; cores: number }[];
};

export type Block = {
  block: number;
  category: string;
  balance_class: string;
  legal_access?: boolean;
  reason: string;
  reason_text: string;
  peat_type: string | null;
  area_ha: number;
  mean_depth_m: number;
  volume_m3: number;
  dry_mass_t: number;
  mass_t: number;
  energy_mwh: number;
  ash: number | null;
  decomposition: number | null;
  probes: number;
  probes_per_ha: number;
  spacing_m: number | null;
  relative_error_95: number | null;
  unfc: string;
  crirsco: string;
};

export type FunnelStep = {
  step: string;
  area_ha: number;
  volume_m3: number;
  lost_area_ha: number;
  lost_volume_m3: number;
};

export type Product = {
  product: string;
  area_ha: number;
  mean_thickness_m: number;
  volume_m3: number;
  dry_mass_t: number;
  mass_t: number;
  ash: number | null;
  decomposition: number | null;
  energy_mwh: number | null;
};

export type Carbon = {
  stock_t_c: number;
  combustion_co2_t: number;
  combustion_ch4_t: number;
  combustion_n2o_t: number;
  combustion_co2e_t: number;
  site_area_ha: number;
  site_co2e_t_a: number;
  site_co2_t_a: number;
  site_ch4_t_a: number;
  site_n2o_t_a: number;
};

export type Spread = { p10: number; p50: number; p90: number; mean: number; standard_deviation: number };
export const SPREAD_OF = [
  'geological_volume_m3',
  'balance_volume_m3',
  'extractable_volume_m3',
  'dry_mass_t',
  'mass_t',
  'energy_mwh',
] as const;
export type SpreadOf = (typeof SPREAD_OF)[number];

export type TornadoBar = {
  factor: string;
  unit: string;
  low: number;
  middle: number;
  high: number;
  energy_mwh_low: number;
  energy_mwh_high: number;
};
export type Uncertainty = {
  realisations: number;
  seed: number;
  transform: string;
  below_zero_share?: number;
  quantities: Partial<Record<SpreadOf, Spread>>;
  tornado: TornadoBar[];
  energy_mwh_middle: number;
  exceedance: { energy_mwh: number; probability: number }[];
};

export type Reserves = {
  deposit: (Named & { id: number; code: string | null }) | null;
  method: string;
  method_choice?: MethodChoice | null;
  parameters: Record<string, unknown>;
  area_ha: number;
  area_ellipsoidal_ha: number;
  uncovered_area_ha?: number;
  probes_used: number;
  mean_depth_m: number;
  max_depth_m: number;
  geological_volume_m3: number;
  volume_error_m3?: number | null;
  balance_volume_m3: number;
  extractable_volume_m3: number;
  dry_mass_t: number;
  mass_t: number;
  reference_moisture: number;
  energy_gj: number;
  energy_mwh: number;
  tonnes_coal_equivalent: number;
  ladder: LadderStep[];
  constraints: ConstraintLoss[];
  net_of_constraints: {
    area_ha: number;
    geological_volume_m3: number;
    balance_volume_m3: number;
    extractable_volume_m3: number;
  } | null;
  cross_validation: CrossValidation | null;
  variogram?: Variogram | null;
  histogram?: Histogram | null;
  survey?: Survey | null;
  quality?: Quality | null;
  blocks?: Block[];
  funnel?: FunnelStep[];
  products?: Product[];
  carbon?: Carbon | null;
  uncertainty?: Uncertainty | null;
  stated: StatedReserve[];
  cores_used: number;
  warnings: Warning[];
  rests_on: RestsOn[];
  synthetic: boolean;
  inputs_hash: string;
  software_version: string;
};

/** OGC API - Processes: where a long computation stands. */
export type JobStatus = {
  jobID: string;
  processID?: string;
  status: 'accepted' | 'running' | 'successful' | 'failed' | 'dismissed';
  progress?: number | null;
  message?: string | null;
};

/** TileJSON with the stops of the picture's own ramp, so that the legend cannot disagree with it. */
export type ThicknessTiles = {
  tiles: string[];
  bounds?: [number, number, number, number];
  minzoom?: number;
  maxzoom?: number;
  legend?: RampStop[];
  has_error?: boolean;
};
export type RampStop = { value_m: number; colour: string };

/** What a newer surface says: peat taken since, peat that is left. Errors where one of the surfaces was stated. */
export type Difference = {
  extracted_volume_m3: number;
  extracted_area_ha: number;
  mean_lowering_m: number;
  raised_volume_m3: number;
  raised_area_ha: number;
  net_change_m3: number;
  remaining_volume_m3: number | null;
  remaining_area_ha: number | null;
  below_bottom_area_ha: number;
  compared_area_ha: number;
  area_without_data_ha: number;
  extracted_error_m3: number | null;
  remaining_error_m3: number | null;
  old_top_from: string;
  bottom_from: string;
  warnings: Warning[];
  synthetic: boolean;
};
