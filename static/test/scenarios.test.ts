import { expect, test } from 'vitest';
import { asksTheSame, plantNamed, readInputs, storedInputs, supplyEdits } from '../src/state/scenario-inputs';
import { heldInputs, planGroups, planInputs, planParameter } from '../src/state/plan-inputs';
import { mainFigures, otherFigures, partsOf, sourcesAre } from '../src/state/comparison-rows';
import { data } from '../src/state/data.svelte';
import { figureTitle } from '../src/compare/words';
import { rowScale, signed } from '../src/i18n/money';
import type { ProcessInput } from '../src/contract';
import type { Comparison } from '../src/contract-planning';

const plants = [
  { id: 1, properties: { code: 'P-1', name: 'Swift' } },
  { id: 2, properties: { code: 'P-2', name: 'Merlin', name_ru: 'Дербник' } },
  { id: 3, properties: { code: null, name: '1' } },
];

test('a_plant_is_found_as_the_server_finds_it', () => {
  expect(plantNamed(2, plants)?.id).toBe(2);
  expect(plantNamed('P-2', plants)?.id).toBe(2);
  expect(plantNamed('Дербник', plants)?.id).toBe(2);
  expect(plantNamed('1', plants)?.id).toBe(1);
  expect(plantNamed('nobody', plants)).toBeUndefined();
  expect(plantNamed(null, plants)).toBeUndefined();
});

test('what_a_panel_asks_survives_being_stored', () => {
  const site = { at: [40.5, 55.5] as [number, number], peat_share: 0.8 };
  const supply = { include_undeveloped: true, narrow_gauge: 'ignore', seasonal_yield_t_ha: 250 };
  const stored = storedInputs(plants[1]!, site, supply);
  expect(stored.plant).toBe('P-2');
  expect(supplyEdits(stored, plants)).toEqual({ plant: 2, site, supply });
});

test('a_plant_without_a_code_is_stored_by_its_number', () => {
  expect(storedInputs(plants[2]!, {}, {}).plant).toBe(3);
});

test('a_plant_that_is_not_stored_keeps_its_place_and_size', () => {
  const stored = storedInputs(
    'new',
    { at: [40, 55], peat_share: 0.5 },
    {},
    { heat_capacity_mw: 24, peat_share: 1 },
  );
  expect(stored).toEqual({ at: '40,55', heat_capacity_mw: 24, peat_share: 0.5, routes: false });
  expect(supplyEdits(stored, plants).plant).toBe('new');
});

test('a_scenario_of_a_plant_that_is_gone_belongs_to_none', () => {
  expect(supplyEdits({ plant: 'P-9', at: '40,55' }, plants).plant).toBeNull();
});

test('the_same_question_is_known_by_any_name_and_in_any_order', () => {
  const a = { plant: 'P-2', peat_share: 1, include_undeveloped: true };
  const b = { include_undeveloped: true, routes: false, plant: 2, peat_share: 1 };
  expect(asksTheSame(a, b, plants)).toBe(true);
  expect(asksTheSame(a, { ...b, peat_share: 0.9 }, plants)).toBe(false);
  expect(asksTheSame(a, { ...b, plant: 1 }, plants)).toBe(false);
});

test('inputs_that_are_no_object_are_none', () => {
  for (const text of ['', '[1]', '3', 'null', '{"a":']) expect(readInputs(text)).toBeNull();
  expect(readInputs('{"plant": 1}')).toEqual({ plant: 1 });
});

test('a_form_holds_lists_as_texts_and_sends_them_as_lists', () => {
  const stored = { sizes_mw: [10, 20.5], plants: ['P-1', 'One, the first'], years: 30, routes: true };
  const { inputs, leftOut } = heldInputs({ ...stored, candidates: { type: 'FeatureCollection' } });
  expect(inputs).toEqual({ sizes_mw: '10, 20.5', plants: 'P-1; One, the first', years: 30 });
  expect(leftOut).toEqual(['candidates']);
  expect(planInputs(inputs)).toEqual({ sizes_mw: [10, 20.5], plants: ['P-1', 'One, the first'], years: 30 });
});

test('a_list_that_cannot_be_read_is_sent_for_the_server_to_refuse', () => {
  expect(planInputs({ wet_years: '4, nine' })).toEqual({ wet_years: ['4', 'nine'] });
});

test('every_input_of_a_plan_is_in_one_group_of_the_form', () => {
  const input = (schema: ProcessInput['schema']) => ({ title: 'x', description: 'x', schema });
  const description = {
    id: 'allocate',
    title: '',
    description: '',
    inputs: {
      years: input({ type: 'integer', default: 30 }),
      truck_payload_t: input({ type: 'number', default: 25 }),
      something_new_km: input({ type: 'number' }),
      narrow_gauge: input({ type: 'string', enum: ['use', 'ignore'] }),
      must_be_met: input({ type: 'boolean', default: false }),
    },
  };
  const groups = planGroups('allocate', description);
  const all = groups.flatMap((g) => [...g.flags, ...g.words, ...g.numbers]);
  expect(all.sort()).toEqual(Object.keys(description.inputs).sort());
  expect(groups[0]!.numbers).toEqual(['years']);
  expect(planParameter('something_new_km', description, undefined)).toMatchObject({
    unit: 'km',
    value: null,
  });
});

test('a_path_is_read_in_its_parts', () => {
  expect(partsOf('fields[field_id=6].used_mwh_a')).toEqual([
    { name: 'fields', which: [{ key: 'field_id', value: '6' }] },
    { name: 'used_mwh_a', which: [] },
  ]);
  expect(partsOf('plants[id=1].peat_mwh_a[9]').at(-1)).toEqual({
    name: 'peat_mwh_a',
    which: [{ key: '', value: '9' }],
  });
  const which = (path: string) => partsOf(path)[0]!.which.map(({ key, value }) => [key, value]);
  expect(which('sources[id=7].total_mwh')).toEqual([['id', '7']]);
  expect(which('flows[source=3,plant=1].total_mwh')).toEqual([
    ['source', '3'],
    ['plant', '1'],
  ]);
  expect(which('alternatives[fuel=wood_chips,plant=2].mwh_a[4]')).toEqual([
    ['fuel', 'wood_chips'],
    ['plant', '2'],
  ]);
  expect(which('limits[limit=ash_limit].value')).toEqual([['limit', 'ash_limit']]);
  // Commas, points and signs of a name part nothing.
  expect(which('peat[name=Heron bog, field no. 1].used_t_a')).toEqual([['name', 'Heron bog, field no. 1']]);
  expect(which('peat[name=Heron,bog].used_t_a')).toEqual([['name', 'Heron,bog']]);
  expect(which('peat[name=a, b=c].used_t_a')).toEqual([['name', 'a, b=c']]);
});

test('a_row_is_called_by_the_things_at_its_ends', () => {
  const named = (id: number, name_ru: string) => ({ id, properties: { name: 'x', name_ru } });
  data.layers = {
    plants: [named(1, 'Стриж')],
    fields: [named(7, 'Цаплино, северное поле')],
    deposits: [named(7, 'Цаплино')],
  } as never;
  data.parameters = {
    reserves: [],
    supply: [],
    blend: [{ name: 'ash_limit', title: { en: 'Limit of ash', ru: 'Предел зольности' } }],
  } as never;
  const flow = 'flows[source=7,plant=1].total_mwh';
  expect(figureTitle(flow, 'field')).toBe('Стриж ← Цаплино, северное поле · всего');
  expect(figureTitle(flow, 'deposit')).toBe('Стриж ← Цаплино · всего');
  expect(figureTitle('sources[id=7].stock_mwh', 'deposit')).toBe('Цаплино · запас, энергия');
  // Nothing is guessed: the same number may be a field or a deposit.
  expect(figureTitle('sources[id=7].stock_mwh').replaceAll('\u00a0', ' ')).toBe(
    'источник № 7 · запас, энергия',
  );
  expect(figureTitle('flows[source=9,plant=4].total_mwh', 'field')).toBe('#4 ← #9 · всего');
  expect(figureTitle('alternatives[fuel=wood_chips,plant=1].price_rub_mwh')).toBe(
    'Стриж ← древесная щепа · цена',
  );
  expect(figureTitle('blend.limits[limit=ash_limit].mixture')).toBe('Смесь · Предел зольности · в смеси');
  expect(figureTitle('blend.binding[limit=most_share].value')).toBe('Смесь · Наибольшая доля · значение');
});

const row = (path: string, values: unknown[]) => ({
  path,
  values,
  changes: values.map((v) => Number(v) - Number(values[0])),
  relative_changes: values.map((v) => Number(v) / Number(values[0]) - 1),
});
const comparison: Comparison = {
  process: 'fuel-supply',
  scenarios: [],
  inputs: [],
  results: [
    row('fields[field_id=6].used_mwh_a', [2, 1]),
    row('fields[field_id=7].name', ['a', null]),
    row('need.fuel_mwh_a', [300, 240]),
    row('covered_mwh_a', [300, 240]),
  ],
  same_results: 4,
  rows_left_out: 0,
  software_version: '0',
};

test('what_differs_comes_from_the_comparison_and_what_does_not_from_the_first_result', () => {
  const two = { ...comparison, scenarios: [{}, {}] as Comparison['scenarios'] };
  const groups = mainFigures(two, { years_of_full_supply: 50, covered_share: 1 });
  const all = groups.flatMap(({ rows }) => rows);
  expect(all.find(({ path }) => path === 'need.fuel_mwh_a')).toMatchObject({
    values: [300, 240],
    same: false,
  });
  expect(all.find(({ path }) => path === 'years_of_full_supply')).toMatchObject({
    values: [50, 50],
    same: true,
  });
  // What neither tells is not invented.
  expect(all.some(({ path }) => path === 'mean_cost_rub_mwh')).toBe(false);
});

test('every_other_figure_is_in_one_group_and_names_are_no_figures', () => {
  const groups = otherFigures(comparison);
  expect(groups.map(({ id, rows }) => [id, rows.length])).toEqual([
    ['', 1],
    ['fields', 1],
  ]);
});

test('what_the_brackets_tell_of_a_row_is_no_figure_and_elsewhere_it_is', () => {
  const results = [
    row('flows[source=3,plant=1].source', [null, 3]),
    row('flows[source=3,plant=1].plant', [null, 1]),
    row('flows[source=3,plant=1].total_mwh', [null, 5]),
    row('alternatives[fuel=backup,plant=1].fuel', [null, 'backup']),
    row('blend.limits[limit=ash_limit].limit', [null, 'ash_limit']),
    row('blend.other[1].fuel', ['wood_chips', 'backup']),
    row('quality.source', ['layers', 'defaults']),
  ];
  const paths = otherFigures({ ...comparison, results }).flatMap(({ rows }) => rows.map(({ path }) => path));
  expect(paths).toEqual(['flows[source=3,plant=1].total_mwh', 'blend.other[1].fuel', 'quality.source']);
});

test('what_sources_are_is_read_from_the_inputs_or_the_first_result_and_never_guessed', () => {
  const of = (inputs: Record<string, unknown>[], results = comparison.results): Comparison => ({
    ...comparison,
    results,
    scenarios: inputs.map((own) => ({ inputs: own })) as unknown as Comparison['scenarios'],
  });
  expect(sourcesAre(of([{}, { by: 'field' }]), null)).toBe('field');
  expect(sourcesAre(of([{}, {}]), { by: 'deposit' })).toBe('deposit');
  expect(sourcesAre(of([{}, {}]), null)).toBeNull();
  const differing = [row('by', ['field', 'deposit'])];
  expect(sourcesAre(of([{ by: 'field' }, { by: 'deposit' }], differing), { by: 'field' })).toBeNull();
});

test('a_row_shares_one_scale_and_its_unit_follows_the_reader', () => {
  const money = rowScale(846_918_649, 'RUB', 'en', 'mwh', 'RUB');
  expect([money.write(846_918_649), money.unit]).toEqual(['847', 'million\u00a0RUB']);
  expect(money.write(8_469_186)).toBe('8.47');
  expect(rowScale(300_000, 'MWh/a', 'en', 'mwh', 'RUB').write(240_000)).toBe('240');
  // 1 MWh is 0.8598 Gcal, so a price of 500 RUB/MWh is 581.5 RUB/Gcal.
  expect(rowScale(500, 'RUB/MWh', 'en', 'gcal', 'RUB').write(500)).toBe('582');
  expect(rowScale(1, 'share', 'ru', 'mwh', 'RUB').write(0.875)).toBe('87,5');
});

test('a_change_has_its_sign', () => {
  expect(signed('12', 12)).toBe('+12');
  expect(signed('-12', -12)).toBe('−12');
  expect(signed('0', 0)).toBe('0');
});
