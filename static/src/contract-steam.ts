/** The shapes of the steam of a boiler house: a machine in place of its reducing valve. Types only. */
import type { Named, RestsOn, Warning } from './contract';

/** A machine of one size over the year. */
export type SteamYear = {
  size_kw: number;
  design_steam_t_h: number;
  isentropic_efficiency: number;
  running_h_a: number;
  full_load_h_a: number;
  machine_steam_t_a: number;
  extra_steam_t_a: number;
  extra_fuel_mwh_a: number;
  electricity_mwh_a: number;
  surplus_mwh_a: number;
  electricity_value_rub_a: number;
  fuel_cost_rub_a: number;
  o_and_m_rub_a: number;
  investment_rub: number;
  capital_rub_a: number;
  net_gain_rub_a: number;
  /** Null where it never pays back. */
  simple_payback_a: number | null;
};
export type SteamState = {
  pressure_mpa: number;
  temperature_c: number;
  enthalpy_kj_kg: number;
  dryness: number;
  superheat_k: number;
};
export type SteamRetrofit = SteamYear & {
  machine: 'turbine' | 'screw';
  size_chosen: boolean;
  expansion: {
    inlet: SteamState;
    exhaust: SteamState;
    throttled: SteamState;
    net_kwh_t: number;
    heat_kwh_t: number;
    heat_neutral_steam_factor: number;
  };
  operating_h_a: number;
  below_minimum_h_a: number;
  peak_steam_t_h: number;
  steam_before_t_a: number;
  steam_after_t_a: number;
  heat_mwh_a: number;
  electricity_kwh_t: number;
  marginal_electric_efficiency: number | null;
  generation_cost_rub_mwh: number | null;
  /** What other sizes would give, from small to large. */
  sizes: SteamYear[];
  consumer: (Named & { id: number; code: string | null }) | null;
  parameters: Record<string, unknown>;
  rests_on: RestsOn[];
  warnings: Warning[];
  currency: string;
  price_year: number;
  synthetic: boolean;
  inputs_hash: string;
  software_version: string;
};
