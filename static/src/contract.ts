/**
 * The shapes of the server's answers. Types only: what they mean is said by the server's own
 * documentation, and nothing here computes.
 */
import type { Feature, FeatureCollection, Geometry } from 'geojson';

export * from './contract-processes';
export * from './contract-reserves';
export * from './contract-sizes';
export * from './contract-study';
import type { Choice } from './contract-reserves';

export type Bilingual = { en: string; ru: string };

export const LAYERS = [
  'districts',
  'waters',
  'settlements',
  'deposits',
  'fields',
  'constraints',
  'haul-network',
  'consumers',
  'plants',
  'probes',
  'cores',
  'reserve-statements',
] as const;
export type LayerName = (typeof LAYERS)[number];

/**
 * What is only drawn comes in vector tiles, as much of it as is seen: one set of tiles for the ground, one for the survey, which
 * is asked for from close by only. What lists, panels and the search need whole is loaded whole.
 */
export const TILESETS = {
  ground: ['districts', 'waters', 'constraints', 'haul-network'],
  survey: ['probes', 'cores'],
} as const satisfies Record<string, readonly LayerName[]>;
export type TileSource = keyof typeof TILESETS;
export type TiledLayer = (typeof TILESETS)[TileSource][number];

/** The map's source of a layer. */
export function sourceOf(layer: LayerName): string {
  const found = (Object.keys(TILESETS) as TileSource[]).find((name) =>
    (TILESETS[name] as readonly LayerName[]).includes(layer),
  );
  return found ?? layer;
}
export const isTiled = (layer: LayerName): layer is TiledLayer => sourceOf(layer) !== layer;

/** TileJSON 3.0, as far as the map reads it. */
export type Tileset = {
  tiles: string[];
  minzoom: number;
  maxzoom: number;
  bounds?: [number, number, number, number];
};

export type Properties = Record<string, unknown>;
export type LayerFeature = Feature<Geometry, Properties> & { id: number };
export type LayerPage = FeatureCollection<Geometry, Properties> & {
  features: LayerFeature[];
  numberMatched?: number;
  numberReturned?: number;
  links?: { rel: string; href: string }[];
};

export type Project = {
  title: string;
  title_ru: string | null;
  synthetic: boolean;
  working_crs: string;
  bbox: [number, number, number, number] | null;
  software_version: string;
  data_version: number;
  layers: Partial<Record<LayerName, { title: Bilingual; features: number }>>;
  currency: string;
  price_year: number;
};

export type PropertySchema = {
  title?: string;
  title_ru?: string;
  description?: string;
  type?: string | string[];
  'x-unit'?: string;
  enum?: (string | null)[];
  'x-enum-titles'?: Record<string, Bilingual>;
  minimum?: number;
  maximum?: number;
};
export type LayerSchema = { title?: string; properties: Record<string, PropertySchema> };

export type Parameter = {
  name: string;
  /** Null: left open, so that it has no effect until it is set. */
  value?: number | null;
  low: number | null;
  high: number | null;
  minimum: number | null;
  maximum: number | null;
  unit: string;
  tag: string;
  source: string;
  source_ru?: string;
  title: Bilingual;
  meaning: Bilingual;
};
export type Parameters = {
  reserves: Parameter[];
  supply: Parameter[];
  /** Numbers of the harvest, the seasons and the stockpile: inputs of a supply too. */
  season?: Parameter[];
  allocation?: Parameter[];
  steam?: Parameter[];
  reserve_choices?: Choice[];
  supply_choices?: Choice[];
  /** The tables of further computations, each under its name. */
  [table: string]: Parameter[] | Choice[] | undefined;
};
/** Tables of what the panels compute; where they share a name, the first counts. Other studies have numbers of their own by the same names. */
const TABLES = [
  'reserves',
  'supply',
  'season',
  'economics',
  'plants',
  'demand',
  'emissions',
  'uncertainty',
  'blend',
  'siting',
  'allocation',
];
/** Their words end the names of tables. */
const CHOICES = ['reserve', ...TABLES.slice(1)];
/** All numbers. */
export const parametersOf = (of: Parameters): Parameter[] =>
  TABLES.flatMap((table) => (of[table] ?? []) as Parameter[]);
/** All words to choose. */
export const choicesOf = (of: Parameters): Choice[] =>
  CHOICES.flatMap((table) => (of[`${table}_choices`] ?? []) as Choice[]);

export type Named = { name: string | null; name_ru?: string | null; synthetic?: boolean };
export type Warning = { code: string; message: string };
export type RestsOn = {
  parameter: string;
  value: unknown;
  unit: string;
  tag: string;
  source: string;
  source_ru?: string;
};

export type HaulLeg = {
  mode: 'truck' | 'narrow_gauge';
  distance_km: number;
  travel_h: number;
  cost_rub_t: number;
};

export type SupplyField = Named & {
  field_id: number;
  code: string | null;
  deposit_id: number | null;
  deposit_name: string | null;
  deposit_name_ru: string | null;
  status: string;
  net_area_ha: number;
  harvest_t_a: number;
  harvest_mwh_a: number;
  stock_t: number;
  stock_mwh: number;
  route: 'network' | 'straight_line';
  distance_km: number;
  off_road_km: number;
  travel_h: number;
  /** The haul, the field's leg first. */
  legs: HaulLeg[];
  transfers: number;
  transfer_cost_rub_t: number;
  production_cost_rub_t: number;
  handling_cost_rub_t: number;
  haul_cost_rub_t: number;
  delivered_cost_rub_t: number;
  delivered_cost_rub_mwh: number;
  cumulative_mwh_a: number;
  used_mwh_a: number;
  marginal: boolean;
  years_at_use: number | null;
  line?: [number, number][];
};

/** A calendar month of a stockpile, 1 to 12. Tonnes are at the reference moisture. */
export type StockMonth = {
  month: number;
  harvest_t: number;
  need_t: number;
  burned_t: number;
  short_t: number;
  lost_t: number;
  /** At the end of the month. */
  stock_t: number;
};
export type StockSeason = {
  weather_factor: number;
  harvest_t: number;
  burned_t: number;
  lost_t: number;
  short_t: number;
  covered_share: number;
  /** From the first month of harvest on. */
  months: StockMonth[];
};
export type StockMonths = {
  need_t_a: number;
  safety_stock_t: number;
  size_needed_t: number;
  size_needed_mwh: number;
  size_needed_m3_loose: number;
  size_needed_month: number;
  planned_harvest_t_a: number;
  lost_share: number;
  carry_over_t: number;
  carry_over_m3_loose: number;
  mean: StockSeason;
  wet: StockSeason;
  warnings: Warning[];
  rests_on: RestsOn[];
};

/** The stack over drawn seasons: what is short of it, and the store for a wanted certainty. */
export type StockBand = {
  year_short_share: number;
  covered_share: number;
  certain_store: {
    certainty: number;
    safety_stock_t: number | null;
    store_t: number | null;
    reached: number;
  };
  warnings: Warning[];
  rests_on: RestsOn[];
};
/** Fields year by year; years are counted from one. */
export type Preparation = {
  next_decision_year: number | null;
  years_of_full_supply: number;
  preparation_cost_rub: number;
  restoration_cost_rub: number;
  fields: (Named & { field_id: number; decision_year: number | null; first_harvest_year: number | null })[];
  warnings: Warning[];
  rests_on: RestsOn[];
};
/** The cheapest blend; `mixture` is null where there is none, and `refused` says why. */
export type Blend = {
  mixture: {
    cost_rub_mwh: number;
    cost_without_limits_rub_mwh: number;
    peat_share: number;
    moisture: number | null;
    ash: number | null;
  } | null;
  refused: { code: string; message: string } | null;
  warnings: Warning[];
  rests_on: RestsOn[];
};

/** A unit that serves the base of a heat load. */
export type FirstUnit = { heat_mw: number; alpha: number; heat_share: number; full_load_hours: number };
/** The consumers that a pipe can reach, and a first size for them in closed form. */
export type FirstSize = {
  consumers: number;
  greatest_pipe_km: number;
  heat_mwh_a: number;
  peak_mw: number;
  base_load_mw: number;
  unit: FirstUnit;
  of_plant: FirstUnit | null;
  rests_on: RestsOn[];
};

/** What a season gives that is not the average one. */
export type SeasonSupply = {
  weather_factor: number;
  available_mwh_a: number;
  covered_share: number;
  short_mwh_a: number;
  short_t_a: number;
  surplus_mwh_a: number;
  surplus_t_a: number;
};

export type Supply = {
  plant: Named & {
    id: number | null;
    code: string | null;
    coordinates: [number, number];
    electric_capacity_mw: number;
    heat_capacity_mw: number;
    fuel_power_mw: number;
    total_efficiency: number;
    full_load_hours: number;
    peat_share: number;
  };
  need: { fuel_mwh_a: number; fuel_gj_a: number; mass_t_a: number; reference_moisture: number };
  parameters: Record<string, unknown>;
  fields: SupplyField[];
  covered_share: number;
  covered_mwh_a: number;
  short_mwh_a: number;
  short_t_a: number;
  mean_cost_rub_mwh: number | null;
  marginal_cost_rub_mwh: number | null;
  wet_season: SeasonSupply;
  dry_season: SeasonSupply;
  /** Null where the inputs make no year of a stockpile; `months_refused` says why. */
  months: StockMonths | null;
  months_refused: string | null;
  /** These three only where they are asked for by name. */
  stock_band?: StockBand;
  preparation?: Preparation;
  blend?: Blend;
  /** Null where a pipe reaches nobody. */
  first_size: FirstSize | null;
  deposits: (Named & {
    deposit_id: number;
    stock_mwh: number;
    used_mwh_a: number;
    worked_out_year: number | null;
  })[];
  years: {
    year: number;
    supplied_mwh: number;
    covered_share: number;
    by_deposit: number[];
    remaining_by_deposit: number[];
  }[];
  years_of_full_supply: number;
  horizon_years: number;
  routes_by: string;
  currency: string;
  price_year: number;
  warnings: Warning[];
  rests_on: RestsOn[];
  synthetic: boolean;
  inputs_hash: string;
  software_version: string;
};
