/** The shapes of scenarios, their comparison, and the plans of several plants. Types only. */
import type { Feature, FeatureCollection, Geometry, LineString, Point } from 'geojson';
import type { Named, RestsOn, Warning } from './contract';

/** Processes whose inputs a scenario may hold. */
export const SCENARIO_PROCESSES = [
  'fuel-supply',
  'allocate',
  'site-plants',
  'reserve-estimate',
  'steam-retrofit',
] as const;

export type ScenarioProperties = {
  code: string | null;
  name: string;
  name_ru: string | null;
  process: string;
  /** A JSON object. */
  inputs: string;
  parent: string | null;
  note: string | null;
  source: string | null;
  synthetic: boolean;
};
export type Scenario = Feature<Point | null, ScenarioProperties> & { id: number };
/** As it is stored now, with the tag by which a change says what it was made from. */
export type StoredScenario = { scenario: Scenario; tag: string };

export type DifferenceRow = {
  path: string;
  unit?: string;
  /** By scenario; null where it has none. */
  values: unknown[];
  changes: (number | null)[];
  relative_changes: (number | null)[];
};
export type Comparison = {
  process: string;
  scenarios: (Named & {
    id: number;
    code: string | null;
    name: string;
    synthetic: boolean;
    inputs: Record<string, unknown>;
    inputs_hash: string | null;
    currency: string | null;
    price_year: number | null;
  })[];
  inputs: DifferenceRow[];
  results: DifferenceRow[];
  same_results: number;
  rows_left_out: number;
  software_version: string;
};

/** What every answer of a computation says of itself. */
type Told = {
  parameters: Record<string, unknown>;
  rests_on: RestsOn[];
  warnings: Warning[];
  currency: string;
  price_year: number;
  synthetic: boolean;
  inputs_hash: string;
  software_version: string;
};

export type AllocationPlant = Named & {
  id: number;
  code: string | null;
  coordinates: [number, number];
  need_mwh_a: number[];
  peat_mwh_a: number[];
  alternatives_mwh_a: number[];
  unmet_mwh_a: number[];
  mean_cost_rub_mwh: (number | null)[];
  marginal_cost_rub_mwh: (number | null)[];
  first_short_year: number | null;
};
export type AllocationSource = Named & {
  id: number;
  kind: 'field' | 'deposit';
  code: string | null;
  deposit_id: number | null;
  deposit_name: string | null;
  deposit_name_ru: string | null;
  coordinates: [number, number];
  stock_mwh: number;
  newly_prepared_ha: number[];
  harvested_mwh_a: number[];
  remaining_mwh: number[];
  capacity_value_rub_mwh_a: number | null;
  scarcity_rent_rub_mwh: number | null;
  worked_out_year: number | null;
};
export type AllocationFlow = {
  /** Ids of a source and of a plant. */
  source: number;
  plant: number;
  mwh_a: number[];
  total_mwh: number;
  total_t: number;
  delivered_cost_rub_mwh: number;
  distance_km: number;
  route: string;
  geometry: LineString | null;
};
export type Allocation = Told & {
  years: number[];
  by: 'field' | 'deposit';
  plants: AllocationPlant[];
  sources: AllocationSource[];
  flows: AllocationFlow[];
  alternatives: { fuel: string; plant: number; price_rub_mwh: number; mwh_a: number[] }[];
  totals: {
    need_mwh: number;
    peat_mwh: number;
    alternatives_mwh: number;
    unmet_mwh: number;
    covered_share: number;
    remaining_mwh: number;
  };
  cost: Record<
    | 'discounted_rub'
    | 'total_rub'
    | 'harvest_rub'
    | 'delivery_rub'
    | 'preparation_rub'
    | 'alternatives_rub'
    | 'shortage_rub',
    number
  >;
};
/** A limit that must give way where needs cannot be met. */
export type Shortfall = {
  kind: string;
  id: string;
  year: number | null;
  amount: number;
  unit: string;
  sentence: string;
};

export type SitingCost = Record<
  | 'investment_rub_a'
  | 'fixed_rub_a'
  | 'site_rub_a'
  | 'variable_rub_a'
  | 'pipe_rub_a'
  | 'fuel_rub_a'
  | 'power_rub_a'
  | 'other_heat_rub_a'
  | 'total_rub_a',
  number
>;
export type ChosenSite = {
  site_id: string;
  name: string | null;
  name_ru: string | null;
  plant_id: number | null;
  coordinates: [number, number];
  heat_capacity_mw: number;
  heat_sent_mwh_a: number;
  heat_delivered_mwh_a: number;
  utilisation_share: number;
  electricity_mwh_a: number;
  fuel_mwh_a: number;
  investment_rub: number;
  cost: SitingCost;
  heat_cost_rub_mwh: number;
  heats: (Named & {
    consumer_id: number;
    delivered_mwh_a: number;
    distance_km: number;
  })[];
  fed_by: (Named & {
    deposit_id: number;
    fuel_mwh_a: number;
    delivered_cost_rub_mwh: number;
    distance_km: number;
  })[];
};
/** One set of sites with what it costs. */
export type SitingSet = {
  sites: ChosenSite[];
  cost: SitingCost;
  investment_rub: number;
  heat_demand_mwh_a: number;
  served_share: number;
  heat_cost_rub_mwh: number | null;
  gap_share: number | null;
  proven: boolean;
};
export type SitingCandidate = {
  site_id: string;
  name: string | null;
  name_ru: string | null;
  plant_id: number | null;
  coordinates: [number, number];
  origin: string;
  status: string;
  chosen: boolean;
  on_constraint: boolean;
  heat_within_reach_mwh_a: number;
  rank: number | null;
  score: number | null;
  criteria: {
    criterion: string;
    value: number | null;
    unit: string;
    scaled: number | null;
    weight: number;
    contribution: number | null;
  }[];
  stability: {
    first_share: number;
    kept_share: number;
    best_rank: number;
    worst_rank: number;
    mean_rank: number;
  } | null;
};
export type Siting = Told &
  SitingSet & {
    cost_without_plants_rub_a: number | null;
    saving_rub_a: number | null;
    alternatives: (SitingSet & {
      left_out: string[];
      instead: string[];
      extra_share: number;
      extra_rub_a: number;
    })[];
    candidates: SitingCandidate[];
    method: { name: string; indifferent: string[] };
    consumers: (Named & {
      consumer_id: number;
      coordinates: [number, number];
      heat_demand_mwh_a: number;
      from_plants_mwh_a: number;
      within_reach: boolean;
    })[];
  };
/** Both outputs: the plan, and its drawing. */
export type SitingAnswer = { plan: Siting; sites: FeatureCollection<Geometry, Record<string, unknown>> };

export const CATCHMENT_MEASURES = ['cost', 'distance', 'time'] as const;
export type CatchmentMeasure = (typeof CATCHMENT_MEASURES)[number];
export type Catchment = FeatureCollection<LineString, Record<string, unknown>> & {
  measure: CatchmentMeasure;
  most: number;
  unit: string;
};
export type FieldsLeft = FeatureCollection<
  Geometry,
  { field_id: number; remaining_share: number; remaining_mwh: number; taken_mwh_a: number }
> & { year: number };
