import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { bars, extent } from '../src/charts/tornado';
import type { Choice, Parameter, Reserves, Uncertainty } from '../src/contract';
import { DEPTH_STOPS } from '../src/map/palette';
import { rampStops } from '../src/map/thickness';
import { sums } from '../src/panels/blocks';
import { bias, range } from '../src/i18n/numbers';
import { canShow, groupOf, inForce, inputOfFactor, isUsed, pinned } from '../src/state/inputs';

const fixture = JSON.parse(readFileSync('test/fixtures/reserves.json', 'utf8')) as {
  reserve_choices: Choice[];
  parameters: Parameter[];
  reserves: Reserves;
  uncertainty: Uncertainty;
};
const choices = fixture.reserve_choices;
const used = (edits: Record<string, unknown>): Record<string, unknown> =>
  inForce({ method: 'kriging', parameters: {} }, choices, edits);

test('a_method_shows_its_own_inputs_and_no_others', () => {
  const shown = (edits: Record<string, unknown>): string[] =>
    ['power', 'neighbours', 'drift', 'variogram', 'range_m', 'support', 'surface', 'isopach_rule'].filter(
      (name) => isUsed(name, used(edits)),
    );
  expect(shown({ method: 'mean' })).toEqual([]);
  expect(shown({ method: 'thiessen' })).toEqual([]);
  expect(shown({ method: 'idw' })).toEqual(['power', 'neighbours']);
  expect(shown({})).toEqual(['neighbours', 'drift', 'variogram', 'support']);
  expect(shown({ variogram: 'spherical' })).toContain('range_m');
  expect(shown({ neighbourhood: 'global' })).not.toContain('neighbours');
  expect(shown({ method: 'simulation' })).toEqual(['neighbours', 'drift', 'variogram']);
  expect(shown({ method: 'isopach', surface: 'idw' })).toEqual([
    'power',
    'neighbours',
    'surface',
    'isopach_rule',
  ]);
});

test('with_auto_the_inputs_are_those_of_the_method_that_was_taken', () => {
  expect(inForce({ method: 'idw', parameters: {} }, choices, { method: 'auto' }).method).toBe('idw');
});

test('the_step_of_isopachs_and_the_inputs_of_the_simulation_are_always_at_hand', () => {
  for (const name of ['isopach_step_m', 'realisations', 'seed', 'boundary_error_m', 'min_depth_m'])
    expect(isUsed(name, used({ method: 'mean' })), name).toBe(true);
});

test('inputs_are_grouped_and_what_is_unknown_still_has_a_place', () => {
  expect(groupOf('drift')).toBe('method');
  expect(groupOf('surveyed_from_year')).toBe('survey');
  expect(groupOf('constraints')).toBe('cutoffs');
  expect(groupOf('category_c1_error')).toBe('blocks');
  expect(groupOf('horticultural_max_ash')).toBe('products');
  expect(groupOf('carbon_share')).toBe('carbon');
  expect(groupOf('something_new')).toBe('other');
});

test('every_factor_of_the_tornado_leads_to_an_input_of_the_form', () => {
  const names = new Set([...choices.map((c) => c.name), ...fixture.parameters.map((p) => p.name)]);
  // Those that older servers have too.
  for (const name of ['reference_moisture', 'max_ash', 'dry_density_kg_m3', 'net_calorific_value_dry_mj_kg'])
    names.add(name);
  for (const bar of fixture.uncertainty.tornado)
    expect(names, bar.factor).toContain(inputOfFactor(bar.factor));
});

test('the_map_asks_for_what_auto_chose_and_does_not_search_again', () => {
  const inputs = { method: 'auto', min_depth_m: 1 };
  const { reserves } = fixture;
  expect(pinned(inputs, reserves)).toEqual({ method: 'kriging', drift: 'linear', min_depth_m: 1 });
  expect(pinned({ method: 'idw' }, reserves)).toEqual({ method: 'idw' });
  expect(pinned({}, reserves)).toEqual({});
});

test('an_error_of_the_thickness_is_offered_only_where_there_is_one', () => {
  expect(canShow('error', { ...fixture.reserves, method: 'kriging' })).toBe(true);
  expect(canShow('error', { ...fixture.reserves, method: 'idw' })).toBe(false);
  expect(canShow('thickness', { ...fixture.reserves, method: 'idw' })).toBe(true);
});

test('the_widest_bar_of_the_tornado_is_first_and_all_fit_on_the_axis', () => {
  const shown = bars(fixture.uncertainty.tornado);
  const widths = shown.map((bar) => bar.to - bar.from);
  expect(widths).toEqual([...widths].sort((a, b) => b - a));
  expect(shown.every((bar) => bar.from <= bar.to)).toBe(true);
  // More moisture is less energy: the bar still runs from less to more.
  expect(shown.find((bar) => bar.factor === 'moisture')?.lowFirst).toBe(false);
  const middle = fixture.uncertainty.quantities.energy_mwh!.p50;
  const [low, high] = extent(shown, middle);
  expect(shown.every((bar) => bar.from > low && bar.to < high)).toBe(true);
});

test('a_tornado_without_any_spread_still_has_an_axis', () => {
  const [low, high] = extent([], 100);
  expect(high).toBeGreaterThan(low);
});

test('blocks_add_up_by_category_balance_before_off_balance', () => {
  const rows = sums(fixture.reserves.blocks!);
  expect(rows.map((row) => `${row.category}${row.off ? '-' : '+'}`)).toEqual([
    'A+',
    'B+',
    'C1+',
    'C2+',
    'P1+',
    'C1-',
    'C2-',
  ]);
  const all = fixture.reserves.blocks!.reduce((sum, block) => sum + block.volume_m3, 0);
  expect(rows.reduce((sum, row) => sum + row.volume, 0)).toBeCloseTo(all, 0);
});

test('the_legend_of_the_thickness_has_the_stops_of_its_tiles', () => {
  const tiles = ['/{z}/{x}/{y}.png'];
  const stops: [number, string][] = [
    [0, '#ffffff'],
    [3, '#000000'],
  ];
  const legend = stops.map(([value_m, colour]) => ({ value_m, colour }));
  expect(rampStops({ tiles, legend })).toEqual(stops);
  expect(rampStops({ tiles })).toEqual(DEPTH_STOPS);
});

test('a_band_has_one_unit_and_the_signs_of_its_language', () => {
  expect(range(1_210_000, 1_840_000, 'volume', 'ru').replaceAll('\u00a0', ' ')).toBe('1,21–1,84 млн м³');
  expect(range(980_000, 1_040_000, 'volume', 'en').replaceAll('\u00a0', ' ')).toBe('0.980–1.04 million m³');
  expect(range(5, 5, 'depth', 'en').replaceAll('\u00a0', ' ')).toBe('5.00 m');
});

test('a_bias_that_floating_point_left_of_nothing_reads_as_nothing', () => {
  expect(bias(3.9e-16, 'en')).toBe('0');
  expect(bias(-3.9e-16, 'en')).toBe('0');
  expect(bias(-0.00371, 'ru')).toBe('−0,0037');
});
