import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { haulText } from '../src/charts/haul';
import { shownMass, stockLine, wetDiffers } from '../src/charts/stock';
import type { StockMonth, StockMonths, StockSeason } from '../src/contract';
import { monthName } from '../src/i18n/numbers';
import { decode, EMPTY, encode } from '../src/state/address';
import { isUsedBySupply, SUPPLY_GROUPS, supplyGroupOf } from '../src/state/supply-inputs';

const month = (number: number, stock_t: number): StockMonth => ({
  month: number,
  harvest_t: 0,
  need_t: 10,
  burned_t: 10,
  short_t: 0,
  lost_t: 0,
  stock_t,
});
const season = (...stocks: number[]): StockSeason => ({
  weather_factor: 1,
  harvest_t: 0,
  burned_t: 0,
  lost_t: 0,
  short_t: 0,
  covered_share: 1,
  months: stocks.map((stock, i) => month(i + 5, stock)),
});
const months = (mean: StockSeason, wet: StockSeason) => ({ mean, wet, need_t_a: 120 }) as StockMonths;

test('energy_of_a_stock_is_its_share_of_the_needs_energy', () => {
  const energy = shownMass(
    { fuel_mwh_a: 360, reference_moisture: 0.4 },
    { need_t_a: 120 },
    'energy',
    'reference',
  );
  expect(energy(40)).toBeCloseTo(120, 12);
});

test('dry_tonnes_are_the_stock_without_its_water', () => {
  const dry = shownMass({ fuel_mwh_a: 360, reference_moisture: 0.4 }, { need_t_a: 120 }, 'mass', 'dry');
  expect(dry(100)).toBeCloseTo(60, 12);
});

test('a_plant_that_needs_nothing_has_no_energy_in_its_stack_and_no_gap_in_its_chart', () => {
  const energy = shownMass({ fuel_mwh_a: 0, reference_moisture: 0.4 }, { need_t_a: 0 }, 'energy', 'dry');
  expect(energy(0)).toBe(0);
});

test('a_year_of_the_stack_begins_with_what_an_average_year_leaves', () => {
  const mean = season(30, 20, 7);
  const wet = season(25, 12, 0);
  expect(stockLine(mean, mean)).toEqual([7, 30, 20, 7]);
  expect(stockLine(wet, mean)).toEqual([7, 25, 12, 0]);
});

test('rounding_is_no_wet_season', () => {
  expect(wetDiffers(months(season(30, 20), season(30, 20 + 1e-6)))).toBe(false);
  expect(wetDiffers(months(season(30, 20), season(30, 19)))).toBe(true);
});

const leg = (mode: 'truck' | 'narrow_gauge', distance_km: number) => ({
  mode,
  distance_km,
  travel_h: 1,
  cost_rub_t: 1,
});

test('a_single_way_by_truck_needs_no_words', () => {
  expect(haulText({ legs: [leg('truck', 14)], transfers: 0 })).toBeNull();
  expect(haulText({ legs: [], transfers: 0 })).toBeNull();
});

test('every_other_haul_is_told_leg_by_leg', () => {
  // The language of the start is Russian.
  const legs = [leg('truck', 2.25), leg('narrow_gauge', 8.4)];
  expect(haulText({ legs, transfers: 1 })).toBe(
    'автомобиль\u00a02,25\u00a0км → узкоколейка\u00a08,40\u00a0км, 1 перегрузка',
  );
  expect(haulText({ legs: [leg('narrow_gauge', 3)], transfers: 0 })).toBe('узкоколейка\u00a03,00\u00a0км');
});

test('months_have_names_of_three_letters_below_a_chart_and_whole_ones_in_words', () => {
  const short = Array.from({ length: 12 }, (_, i) => monthName(i + 1, 'ru', 'short'));
  expect(new Set(short).size).toBe(12);
  expect(short.every((name) => name.length === 3)).toBe(true);
  expect(monthName(8, 'ru', 'genitive')).toBe('августа');
  expect(monthName(8, 'ru', 'long')).toBe('август');
  expect(monthName(9, 'en', 'short')).toBe('Sep');
});

/** The names that the server has, from the files that it reads them from. */
const names = (file: string): string[] =>
  [...readFileSync(`../geodata/reference/${file}.toml`, 'utf8').matchAll(/^name = "(\w+)"/gm)].map(
    (found) => found[1]!,
  );

test('every_input_of_a_supply_has_a_group_of_its_own', () => {
  const grouped = Object.fromEntries(SUPPLY_GROUPS.map((group) => [group, [] as string[]]));
  for (const name of [...names('supply'), ...names('haul'), ...names('season')])
    grouped[supplyGroupOf(name)]!.push(name);
  expect(grouped.rail).toEqual(names('haul'));
  expect(grouped.need).toEqual([
    'heating_days',
    'heating_season_mean_c',
    'indoor_temperature_c',
    'hot_water_share',
  ]);
  expect(grouped.trucks).toHaveLength(10);
  // Efficiency and hours stand with the plant; what is left of the seasons belongs to other studies.
  const used = { yield_by_cycles: true, narrow_gauge: 'use' };
  expect(grouped.other!.filter((name) => isUsedBySupply(name, used))).toEqual([
    'full_load_hours',
    'total_efficiency',
    'horizon_years',
  ]);
});

test('inputs_without_an_effect_are_not_offered', () => {
  expect(isUsedBySupply('dry_days', { yield_by_cycles: false })).toBe(false);
  expect(isUsedBySupply('dry_days', { yield_by_cycles: true })).toBe(true);
  expect(isUsedBySupply('rail_speed_km_h', { narrow_gauge: 'ignore' })).toBe(false);
  expect(isUsedBySupply('rail_speed_km_h', { narrow_gauge: 'use' })).toBe(true);
  expect(isUsedBySupply('narrow_gauge', { narrow_gauge: 'ignore' })).toBe(true);
  for (const name of [
    'season_factor_sd',
    'season_draws',
    'stock_certainty',
    'store_capacity_t',
    'decision_year',
  ])
    expect(isUsedBySupply(name, {}), name).toBe(false);
  expect(isUsedBySupply('heating_days', { need_by_month: '1,1,1,1,1,1,1,1,1,1,1,1' })).toBe(false);
  for (const name of ['stock_loss_month', 'safety_stock_days', 'harvest_weight_may', 'truck_cost_rub_km'])
    expect(isUsedBySupply(name, {}), name).toBe(true);
});

test('seasons_and_narrow_gauge_are_kept_by_the_address', () => {
  const supply = { stock_loss_month: 0.02, narrow_gauge: 'ignore', yield_by_cycles: true };
  const address = encode({ ...EMPTY, edits: { ...EMPTY.edits, supply } });
  expect(address).toContain('s.narrow_gauge=ignore');
  expect(decode(address).edits.supply).toEqual(supply);
});
