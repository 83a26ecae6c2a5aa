/**
 * The shapes of the answer of the process `chp-study`: a plant as a project. Types only; what they mean is said by the
 * server's own documentation. Energies are in MWh, powers in MW, money in roubles of the price year.
 */
import type { Named, RestsOn, Warning } from './contract';
import type { SizeCurve, WeatherUsed } from './contract-sizes';

export type LoadSummary = {
  energy_mwh_a: number;
  peak_mw: number;
  least_mw: number;
  full_load_hours: number | null;
  /** January first. */
  monthly_mwh: number[];
  duration: { from_h: number; hours: number; load_mw: number }[];
};

/** How a unit turns fuel into heat and electricity: by its load alone, or with heat chosen beside the load. */
export type Conversion =
  | {
      kind: 'fixed_ratio';
      fuel_mw: number;
      heat_mw: number;
      electric_mw: number;
    }
  | {
      kind: 'extraction';
      fuel_mw: number;
      heat_mw: number;
      condensing_mw: number;
      cb: number;
      cv: number;
    };

export type PlantUnit = {
  technology: string;
  size_mw: number;
  conversion: Conversion;
  minimum_load_share: number;
  forced_outage_share: number;
  planned_outage_h: number;
  life_a: number;
  build_a: number;
  investment_rub: number;
  fixed_cost_rub_a: number;
  variable_cost_rub_mwh: number;
  start_cost_rub: number;
  price_year: number;
};

export type HeatStore = {
  size_mwh: number;
  loss_share_h: number;
  charge_mw: number | null;
  discharge_mw: number | null;
};

export type UnitYear = {
  id: string;
  heat_mwh: number;
  heat_share: number;
  electric_mwh: number;
  fuel_mwh: number;
  fuel_rub: number;
  full_load_hours: number;
  running_h: number;
  starts: number;
  below_minimum_load_h: number;
};

export type DurationPoint = {
  from_h: number;
  hours: number;
  heat_load_mw: number;
  /** In the order of the units. */
  unit_heat_mw: number[];
  /** Below zero where the store is filled, or heat is thrown away. */
  from_store_mw: number;
  unserved_mw: number;
};

export type DispatchMonth = {
  /** 1 to 12. */
  month: number;
  heat_load_mwh: number;
  unit_heat_mwh: number[];
  unit_electric_mwh: number[];
  unit_fuel_mwh: number[];
  unserved_mwh: number;
};

export type DispatchYear = {
  hours: number;
  heat_load_mwh: number;
  heat_peak_mw: number;
  unserved_mwh: number;
  unserved_h: number;
  dumped_mwh: number;
  electric_mwh: number;
  fuel_mwh: number;
  heat_cost_rub_mwh: number | null;
  units: UnitYear[];
  store: { charged_mwh: number; discharged_mwh: number; lost_mwh: number; cycles: number } | null;
  months: DispatchMonth[];
  duration_curve: DurationPoint[];
};

export type StudyFuel = {
  plant_fuel_mwh_a: number;
  peat_need_mwh_a: number;
  peat_mwh_a: number;
  wood_mwh_a: number;
  backup_mwh_a: number;
  peat_rub_mwh: number;
  wood_rub_mwh: number;
  backup_rub_mwh: number;
};

/** In the order of the server's table. */
export const STREAMS = [
  'investment',
  'replacement',
  'residual_value',
  'decommissioning',
  'working_capital',
  'fixed_operation',
  'variable_operation',
  'fuel',
  'boiler_fuel',
  'electricity_purchase',
  'carbon',
  'electricity_sales',
  'avoided_electricity',
  'heat_sales',
  'avoided_fuel',
  'other_income',
  'loan_drawn',
  'loan_interest',
  'loan_repaid',
  'profit_tax',
] as const;
export type Stream = (typeof STREAMS)[number];

/** One number a year, from the first of construction to the last of operation; income positive, cost negative. */
export type CashFlow = {
  years: number[];
  streams: { stream: Stream; amounts_rub: number[]; present_value_rub: number }[];
  net_rub: number[];
  cumulative_rub: number[];
  discount_factor: number[];
  cumulative_present_value_rub: number[];
};

export type RateOfReturn =
  { outcome: 'none' } | { outcome: 'one'; rate: number } | { outcome: 'several'; rates: number[] };

export type Measures = {
  npv_rub: number;
  npv_annuity_rub_a: number;
  internal_rate_of_return: RateOfReturn;
  /** Counted from the first year of construction. */
  simple_payback_years: number | null;
  discounted_payback_years: number | null;
  investment_present_value_rub: number;
  profitability_index: number | null;
};

export type Economics = {
  money: {
    currency: string;
    price_year: number;
    first_year: number;
    terms: 'real' | 'nominal';
    discount_rate: number;
    real_discount_rate: number;
    inflation: number;
  };
  cash_flow: CashFlow;
  measures: Measures;
  levelised_cost_electricity_rub_mwh: number | null;
  levelised_cost_heat_rub_mwh: number | null;
  /** The owner's money, where there is a loan. */
  equity: { cash_flow: CashFlow; measures: Measures } | null;
};

export type StackGases = {
  fossil_co2_t_a: number;
  biogenic_co2_t_a: number;
  ch4_n2o_as_co2_t_a: number;
};

export type EmissionAccount = {
  stack: StackGases;
  haul_co2_t_a: number;
  drained_land_co2_equivalent_t_a: number;
  ditches_co2_equivalent_t_a: number;
  /** Of electricity that a plant without any of its own buys. */
  grid_co2_t_a: number;
  total_co2_equivalent_t_a: number;
  total_with_biogenic_t_a: number;
  present: StackGases;
  present_grid_co2_t_a: number;
  present_co2_equivalent_t_a: number;
  /** The plan less the present: below zero it saves. */
  change_co2_equivalent_t_a: number;
  air: { nitrogen_oxides_t_a: number; dust_t_a: number; sulphur_dioxide_t_a: number };
};

export type StudyTornado = {
  base: number;
  low_probability: number;
  high_probability: number;
  bars: {
    factor: string;
    unit: string;
    low: number;
    base: number;
    high: number;
    output_low: number | null;
    output_high: number | null;
    swing: number;
  }[];
};

export type Summary = {
  defined: number;
  undefined: number;
  least: number;
  p10: number;
  p50: number;
  p90: number;
  most: number;
  mean: number;
  standard_deviation: number;
  standard_error: number;
};

export type DrawnOutput = {
  output: string;
  summary: Summary | null;
  above_zero: { above: number; probability: number; standard_error: number } | null;
  /** One more bound than counts. */
  histogram: { bounds: number[]; counts: number[] };
  exceedance: { value: number; probability: number }[];
};

export type DrawnUncertainty = { draws: number; seed: number; outputs: DrawnOutput[] };

export type ChpStudy = {
  plant: Named & {
    id: number | null;
    code: string | null;
    coordinates: [number, number];
    electric_capacity_mw: number | null;
    heat_capacity_mw: number | null;
    fuel_power_mw: number;
    total_efficiency: number;
    full_load_hours: number;
    peat_share: number;
    synthetic: boolean;
  };
  technology: string;
  /** English, Russian. */
  technology_title: [string, string];
  unit: PlantUnit;
  backup: PlantUnit;
  store: HeatStore | null;
  /** Who is heated, and over which pipe. */
  consumers: {
    consumer_id: number | null;
    code: string | null;
    name: string;
    name_ru: string | null;
    pipe_km: number;
    heat_mwh_a: number;
  }[];
  /** Mean by heat. */
  mean_pipe_km: number;
  /** Of the plant's heat; the heat of `dispatch` is what arrives. */
  pipe_loss_share: number;
  /** Whether the project builds the boiler of the peaks; else those that stand serve them. */
  build_backup: boolean;
  weather: WeatherUsed;
  heat_demand: LoadSummary;
  power_demand: LoadSummary;
  dispatch: DispatchYear;
  /** None where other sizes were not asked for. */
  sizing: SizeCurve | null;
  local_share: {
    heat: number | null;
    power: number | null;
    both: number | null;
    heat_met_mwh_a: number;
    power_met_mwh_a: number;
    heat_surplus_mwh_a: number;
    power_surplus_mwh_a: number;
  };
  fuel: StudyFuel;
  years_of_full_supply: number;
  covered_share_by_year: number[];
  economics: Economics;
  /** What the money was made from: what is built, and what flows every year of operation. */
  project: {
    construction_years: number;
    operation_years: number;
    capital: { name: string; cost_rub: number; life_years: number }[];
    flows: {
      stream: Stream;
      name: string;
      /** The same every year, or by year of operation. */
      quantity: number | number[];
      price_rub: number;
      escalation: number;
    }[];
    working_capital_rub: number;
  };
  emissions: EmissionAccount;
  /** How far the stock of each deposit may lie from its estimate. */
  reserve_factors: {
    deposit_id: number;
    deposit_name: string | null;
    deposit_name_ru: string | null;
    estimate_mwh: number;
    p10: number;
    p50: number;
    p90: number;
  }[];
  /** None where the uncertainty was not asked for. */
  tornado: StudyTornado | null;
  uncertainty: DrawnUncertainty | null;
  parameters: Record<string, unknown>;
  currency: string;
  price_year: number;
  rests_on: RestsOn[];
  warnings: Warning[];
  synthetic: boolean;
  inputs_hash: string;
  software_version: string;
};
