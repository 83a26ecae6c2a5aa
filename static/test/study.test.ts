import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  avoided,
  energyBalance,
  flowsOfYear,
  fuelYears,
  HEAT_LAYERS,
  heatLayers,
  layersPresent,
  MONEY_GROUPS,
  moneyBars,
  moneyExtent,
  moneyYears,
} from '../src/charts/study';
import {
  costExtent,
  fewSizes,
  idleStretches,
  linePieces,
  reaches,
  sizeAxis,
  sizeWarnings,
  verdictOf,
} from '../src/charts/sizes';
import { barsAbout } from '../src/charts/tornado';
import { walked } from '../src/charts/walk';
import {
  choicesOf,
  parametersOf,
  type ChpStudy,
  type LadderStep,
  type Parameter,
  type ProcessInput,
  type Reserves,
  type SizeCurve,
  type SizePoint,
  type WeatherYear,
} from '../src/contract';
import { isUnit, quantity, range } from '../src/i18n/numbers';
import { marginRule } from '../src/print/margins';
import {
  chosenConsumers,
  executionInputs,
  inOrder,
  isUsedByStudy,
  keyOf,
  numberInput,
  studyGroupOf,
  weatherInput,
  weatherWord,
  wordInput,
} from '../src/state/study-inputs';
import { feeding, ladderSum, supplyOfStudy } from '../src/state/project-sums';
import { told } from '../src/state/study-warnings';

/** An answer of the server: a plant with a store, a loan and a tax. */
const study = JSON.parse(readFileSync('test/fixtures/study.json', 'utf8')) as ChpStudy;
const near = (found: number, expected: number): void =>
  expect(Math.abs(found - expected)).toBeLessThan(1e-6 * (1 + Math.abs(expected)));
const sum = (of: number[]): number => of.reduce((all, one) => all + one, 0);

test('what_meets_the_heat_load_adds_up_to_it_in_every_stretch', () => {
  for (const point of study.dispatch.duration_curve) {
    const { charged, ...layers } = heatLayers(point);
    near(sum(Object.values(layers)), point.heat_load_mw);
    expect(charged).toBeGreaterThanOrEqual(0);
    for (const layer of Object.values(layers)) expect(layer).toBeGreaterThan(-1e-9);
  }
});

test('the_area_under_the_duration_curve_is_the_heat_of_the_year', () => {
  const area = sum(
    study.dispatch.duration_curve.map((point) => {
      const { charged, ...layers } = heatLayers(point);
      void charged;
      return point.hours * sum(Object.values(layers));
    }),
  );
  near(area, study.dispatch.heat_load_mwh);
});

test('a_store_that_is_filled_is_filled_by_the_plant_first_and_never_from_nothing', () => {
  const point = {
    from_h: 0,
    hours: 1,
    heat_load_mw: 5,
    unit_heat_mw: [4, 3],
    from_store_mw: -2,
    unserved_mw: 0,
  };
  expect(heatLayers(point)).toEqual({ plant: 2, store: 0, backup: 3, unserved: 0, charged: 2 });
  const more = { ...point, unit_heat_mw: [1, 6], from_store_mw: -2 };
  expect(heatLayers(more)).toEqual({ plant: 0, store: 0, backup: 5, unserved: 0, charged: 2 });
});

test('a_layer_in_which_there_is_only_rounding_is_not_drawn', () => {
  const point = {
    from_h: 0,
    hours: 1,
    heat_load_mw: 5,
    unit_heat_mw: [5, 0],
    from_store_mw: 1e-13,
    unserved_mw: 0,
  };
  expect(layersPresent([point])).toEqual(['plant']);
  expect(HEAT_LAYERS).toEqual(expect.arrayContaining(layersPresent(study.dispatch.duration_curve)));
});

test('the_bars_of_a_year_of_money_add_up_to_its_net', () => {
  const flows = [study.economics.cash_flow, study.economics.equity!.cash_flow];
  for (const flow of flows) {
    const groups = moneyYears(flow);
    expect(groups.map(({ group }) => group)).toEqual(
      MONEY_GROUPS.filter((group) => groups.some((found) => found.group === group)),
    );
    flow.years.forEach((_, year) => {
      const bars = moneyBars(groups, year);
      near(
        sum(bars.map((bar) => (bar.from < 0 ? bar.from - bar.to : bar.to - bar.from))),
        flow.net_rub[year]!,
      );
      for (const bar of bars) expect(bar.from).toBeLessThan(bar.to);
    });
    const [low, high] = moneyExtent(groups, flow.years.length);
    expect(low).toBeLessThanOrEqual(Math.min(...flow.net_rub, 0));
    expect(high).toBeGreaterThanOrEqual(Math.max(...flow.net_rub, 0));
  }
});

test('a_stream_of_a_newer_server_is_not_lost', () => {
  const flow = { years: [2024], streams: [{ stream: 'gift', amounts_rub: [7], present_value_rub: 7 }] };
  expect(moneyYears(flow as never)).toEqual([{ group: 'other_income', amounts: [7] }]);
});

test('fuel_of_every_year_is_the_fuel_of_the_plant', () => {
  const years = fuelYears(study);
  expect(years).toHaveLength(study.covered_share_by_year.length);
  for (const year of years) near(year.peat + year.wood, study.fuel.plant_fuel_mwh_a);
  near(years[0]!.peat, study.fuel.peat_mwh_a);
});

test('the_energy_that_goes_in_comes_out', () => {
  const { total, input, output } = energyBalance(study);
  near(sum(input.map((part) => part.mwh)), total);
  near(sum(output.map((part) => part.mwh)), total);
  near(total, study.dispatch.fuel_mwh);
  expect(output.find((part) => part.key === 'losses')!.mwh).toBeGreaterThan(0);
});

test('the_flows_of_the_first_year_are_those_of_the_cash_flow', () => {
  const year = study.project.construction_years;
  const yearly = [
    'fixed_operation',
    'variable_operation',
    'fuel',
    'carbon',
    'electricity_sales',
    'heat_sales',
  ];
  const table = study.economics.cash_flow.streams.filter(({ stream }) => yearly.includes(stream));
  near(
    sum(flowsOfYear(study).map((flow) => flow.rub)),
    sum(table.map(({ amounts_rub }) => amounts_rub[year]!)),
  );
});

test('more_emissions_than_now_are_not_called_avoided', () => {
  const of = (change: number): ChpStudy => ({ emissions: { change_co2_equivalent_t_a: change } }) as ChpStudy;
  expect(avoided(of(-5))).toEqual({ saves: true, tonnes: 5 });
  expect(avoided(of(5))).toEqual({ saves: false, tonnes: 5 });
});

test('bars_of_the_tornado_hold_the_middle_and_stand_widest_first', () => {
  const bars = barsAbout(study.tornado!);
  for (const bar of bars) {
    expect(bar.from).toBeLessThanOrEqual(study.tornado!.base);
    expect(bar.to).toBeGreaterThanOrEqual(study.tornado!.base);
  }
  const widths = bars.map((bar) => bar.to - bar.from);
  expect(widths).toEqual([...widths].sort((a, b) => b - a));
  const none = {
    factor: 'x',
    unit: '',
    low: 0,
    base: 1,
    high: 2,
    output_low: null,
    output_high: -3,
    swing: 8,
  };
  expect(barsAbout({ base: 5, low_probability: 0.1, high_probability: 0.9, bars: [none] })[0]).toMatchObject({
    from: -3,
    to: 5,
  });
});

test('the_keyboard_walks_along_a_chart_and_stops_at_its_ends', () => {
  const key = (name: string): KeyboardEvent =>
    ({ key: name, preventDefault: () => {}, stopPropagation: () => {} }) as KeyboardEvent;
  expect(walked(key('ArrowRight'), null, 3)).toBe(0);
  expect(walked(key('ArrowLeft'), null, 3)).toBe(2);
  expect(walked(key('ArrowRight'), 2, 3)).toBe(2);
  expect(walked(key('Enter'), 1, 3)).toBe(1);
  expect(walked(key('ArrowRight'), null, 0)).toBeNull();
});

test('inputs_of_a_project_have_a_group_and_what_is_asked_elsewhere_has_none', () => {
  expect(studyGroupOf('store_mwh')).toBe('plant');
  expect(studyGroupOf('heat_price_rub_mwh')).toBe('tariffs');
  expect(studyGroupOf('loan_share')).toBe('finance');
  expect(studyGroupOf('greatest_pipe_km')).toBe('demand');
  expect(studyGroupOf('grid_co2_t_mwh')).toBe('emissions');
  expect(studyGroupOf('capital_cost_factor_low')).toBe('doubt');
  // A factor that is no uncertain one.
  expect(studyGroupOf('hot_water_summer_factor')).toBe('demand');
  for (const name of ['plant', 'at', 'routes', 'wood_chips_ash', 'chp_size_exponent', 'ash_limit'])
    expect(studyGroupOf(name), name).toBeNull();
  const order = inOrder('finance', [{ name: 'new' }, { name: 'inflation' }, { name: 'discount_rate' }]);
  expect(order.map(({ name }) => name)).toEqual(['discount_rate', 'inflation', 'new']);
});

test('an_input_that_changes_nothing_is_not_shown', () => {
  expect(isUsedByStudy('loan_rate', { loan_share: 0 })).toBe(false);
  expect(isUsedByStudy('loan_rate', { loan_share: 0.5 })).toBe(true);
  expect(isUsedByStudy('depreciation_years', {})).toBe(false);
  expect(isUsedByStudy('store_hours', { store_mwh: 100 })).toBe(true);
  const shape = (word: string) => ({ availability_distribution: word });
  expect(isUsedByStudy('availability_low', shape('uniform'))).toBe(true);
  expect(isUsedByStudy('availability_deviation', shape('uniform'))).toBe(false);
  expect(isUsedByStudy('availability_low', shape('lognormal'))).toBe(false);
  expect(isUsedByStudy('availability', shape('fixed'))).toBe(true);
  expect(isUsedByStudy('availability_low', { ...shape('uniform'), uncertainty_drawn: false })).toBe(false);
});

test('consumers_are_sent_as_a_list_and_a_new_plant_has_no_name', () => {
  expect(executionInputs(2, { weather_factor: 1 }, { consumers: '1,5' })).toEqual({
    plant: 2,
    weather_factor: 1,
    consumers: [1, 5],
  });
  // An address with one consumer holds a number.
  expect(executionInputs('new', { at: '40,55' }, { consumers: 5 })).toEqual({ at: '40,55', consumers: [5] });
  expect(chosenConsumers({})).toBeNull();
});

test('the_same_inputs_in_another_order_are_no_change', () => {
  expect(keyOf({ a: 1, b: 'x' })).toBe(keyOf({ b: 'x', a: 1 }));
  expect(keyOf({ a: 1 })).not.toBe(keyOf({ a: 2 }));
});

const about = (description: string, schema: ProcessInput['schema']): ProcessInput => ({
  title: 'Title',
  description,
  schema,
  minOccurs: 0,
});

test('what_is_known_of_a_number_comes_from_the_tables_and_else_from_the_process', () => {
  const en = about('Real discount rate a year, beyond inflation, share/a', {
    type: 'number',
    minimum: -0.5,
    maximum: 1,
    default: 0.1,
  });
  const ru = { ...en, title: 'Ставка' };
  const assumed = {
    parameter: 'discount_rate',
    value: 0.1,
    unit: 'share/a',
    tag: 'computed',
    source: 'read',
  };
  expect(numberInput('discount_rate', { en, ru }, undefined, undefined, isUnit)).toMatchObject({
    value: 0.1,
    minimum: -0.5,
    maximum: 1,
    unit: 'share',
    tag: 'described',
    title: { en: 'Title', ru: 'Ставка' },
  });
  expect(numberInput('discount_rate', { en, ru }, undefined, assumed, isUnit)).toMatchObject({
    tag: 'computed',
    source: 'read',
  });
  const parameter = {
    name: 'discount_rate',
    value: 0.2,
    low: 0.1,
    high: 0.3,
    unit: 'share/a',
    tag: 'sourced',
  };
  expect(numberInput('discount_rate', { en, ru }, parameter as Parameter, assumed, isUnit)).toMatchObject({
    value: 0.1,
    low: 0.1,
    high: 0.3,
    unit: 'share',
    tag: 'sourced',
  });
  // A sentence may end after a comma without a unit.
  const bare = about('Cut off, as it were', { type: 'number' });
  expect(numberInput('x', { en: bare, ru: bare }, undefined, undefined, isUnit)).toMatchObject({
    value: null,
    unit: '',
  });
  expect(numberInput('store_mwh', { en: bare, ru: bare }, undefined, undefined, isUnit).unit).toBe('MWh');
});

test('words_of_a_choice_get_their_names', () => {
  const both = about('How', { type: 'string', enum: ['a'], default: 'a' });
  const names = (word: string) => ({ en: `${word}!`, ru: `${word}?` });
  expect(wordInput('c', { en: both, ru: both }, undefined, names)).toMatchObject({
    default: 'a',
    words: [{ value: 'a', en: 'a!', ru: 'a?' }],
  });
});

test('warnings_that_say_the_same_of_several_consumers_are_one', () => {
  const peak = (name: string) => ({
    code: 'consumer',
    message: `${name}: heat_demand_mwh_a and peak_heat_mw together are 2448 full-load hours, which no hot_water_share gives`,
  });
  const other = { code: 'heat_unserved', message: '5 MWh of heat in 2 hours are not served' };
  const size = {
    code: 'unit',
    message:
      'plant: Organic Rankine cycle, 0.4-2.5 MW: 3.00 MW lies outside of the usual sizes, 0.4 to 2.5 MW',
  };
  const found = told(
    [{ code: 'synthetic', message: 'invented' }, peak('A'), other, peak('B'), size],
    (name) => name.toLowerCase(),
    String,
  );
  expect(found).toEqual([
    { key: 'peak', values: { names: 'a, b', count: 2 } },
    { key: null, warning: other },
    { key: 'size', values: { unit: 'plant', mw: '3', low: '0.4', high: '2.5' } },
  ]);
});

test('money_is_read_in_millions_and_milliards_and_a_band_below_nought_can_be_read', () => {
  expect(quantity(-3_038_786_790, 'money', 'ru').text).toBe('−3,04\u00a0млрд\u00a0₽');
  expect(quantity(16_418_686, 'money', 'en').text).toBe('16.4\u00a0million\u00a0RUB');
  expect(range(-2e9, -1e9, 'money', 'en')).toBe('−2.00…−1.00\u00a0billion\u00a0RUB');
  expect(range(1e9, 2e9, 'money', 'en')).toBe('1.00–2.00\u00a0billion\u00a0RUB');
});

test('what_stands_in_a_margin_cannot_break_out_of_it', () => {
  const rule = marginRule({ topLeft: 'A "plant" \\ } *', topRight: '', bottomLeft: 'b' });
  expect(rule).toContain('content: "A \\"plant\\" \\\\ } *"');
  expect(rule).not.toContain('top-right');
});

test('ladders_of_several_deposits_add_up_step_by_step', () => {
  const step = (name: string, mwh: number) =>
    ({
      step: name,
      area_ha: 1,
      volume_m3: 2,
      dry_mass_t: 3,
      mass_t: 4,
      energy_gj: 5,
      energy_mwh: mwh,
      tonnes_coal_equivalent: 6,
      lost_volume_m3: 7,
      parameter: null,
    }) satisfies LadderStep;
  const one = { ladder: [step('geological', 10), step('balance', 8)] } as Reserves;
  const two = { ladder: [step('geological', 5), step('balance', 5)] } as Reserves;
  expect(ladderSum([one, two]).map(({ step, energy_mwh, area_ha }) => [step, energy_mwh, area_ha])).toEqual([
    ['geological', 15, 2],
    ['balance', 13, 2],
  ]);
  expect(one.ladder[0]!.energy_mwh).toBe(10);
  const deposits = [{ deposit_id: 7 }, { deposit_id: 9 }] as never;
  expect(feeding({ deposits, years: [{ by_deposit: [0, 0] }, { by_deposit: [0, 3] }] as never })).toEqual([
    9,
  ]);
  expect(
    supplyOfStudy(
      { weather_factor: 0.9, electric_capacity_mw: 6, heat_capacity_mw: 24, total_efficiency: 0.8 },
      { plant: { fuel_power_mw: 18.7, full_load_hours: 7000 } } as ChpStudy,
    ),
  ).toEqual({ weather_factor: 0.9, fuel_power_mw: 18.7, full_load_hours: 7000 });
});

test('numbers_of_other_studies_by_the_same_name_are_not_taken', () => {
  const named = (name: string, unit: string) => ({ name, unit }) as Parameter;
  const tables = {
    reserves: [named('a', 'm')],
    supply: [named('b', 't'), named('a', 'km')],
    steam: [named('availability', 'share')],
    uncertainty: [named('availability', '')],
    reserve_choices: [],
    demand_choices: [{ name: 'climate' }] as never,
    steam_choices: [{ name: 'machine' }] as never,
  };
  const found = (name: string) => parametersOf(tables).find((parameter) => parameter.name === name)?.unit;
  expect([found('a'), found('b'), found('availability')]).toEqual(['m', 't', '']);
  expect(choicesOf(tables).map(({ name }) => name)).toEqual(['climate']);
});

const curve = study.sizing!;
const sized = (size_mw: number, enough = true, total = size_mw): SizePoint => ({
  ...curve.points[0]!,
  size_mw,
  total_rub_a: total,
  enough_full_load_hours: enough,
});

test('the_cost_of_a_size_is_the_sum_of_its_parts_and_no_size_in_use_long_enough_costs_less_than_the_best', () => {
  const sizes = curve.points.map((point) => point.size_mw);
  expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
  for (const point of curve.points)
    near(point.annuity_rub_a + point.fixed_rub_a + point.operation_rub_a, point.total_rub_a);
  const enough = curve.points.filter((point) => point.enough_full_load_hours);
  expect(curve.best!.total_rub_a).toBe(Math.min(...enough.map((point) => point.total_rub_a)));
  const [low, high] = costExtent(curve);
  expect(low).toBeLessThanOrEqual(curve.without_rub_a);
  expect(high).toBe(Math.max(...curve.points.map((point) => point.total_rub_a)));
});

test('the_axis_of_sizes_holds_the_plant_unless_it_is_out_of_all_proportion', () => {
  const points = [sized(1), sized(10)];
  expect(sizeAxis(points, 5)).toEqual({ end: 10 * 1.02, beyond: false });
  expect(sizeAxis(points, 30)).toEqual({ end: 30 * 1.02, beyond: false });
  expect(sizeAxis(points, 50)).toEqual({ end: 10 * 1.02, beyond: true });
});

test('stretches_without_hours_and_pieces_of_the_line_cover_the_sizes_without_a_gap', () => {
  const points = [sized(1, false), sized(2), sized(4), sized(6, false), sized(8, false)];
  expect(idleStretches(points)).toEqual([
    [1, 1.5],
    [5, 8],
  ]);
  expect(idleStretches([sized(1), sized(2)])).toEqual([]);
  const pieces = linePieces(points);
  expect(pieces.map(({ enough, points: of }) => [enough, of.map((point) => point.size_mw)])).toEqual([
    [false, [1, 2]],
    [true, [2, 4]],
    [false, [4, 6, 8]],
  ]);
  const ends = reaches(points);
  expect([ends[0]![0], ends.at(-1)![1]]).toEqual([1, 8]);
  ends.slice(1).forEach(([from], i) => expect(from).toBe(ends[i]![1]));
});

test('a_plant_is_told_how_its_size_lies_to_the_best', () => {
  const points = [sized(1), sized(2), sized(3), sized(9)];
  const of = (changes: Partial<SizeCurve>): SizeCurve => ({
    ...curve,
    points,
    best: { ...sized(2), net_present_value_rub: 5 },
    as_good_mw: [1.8, 2.4],
    ...changes,
  });
  expect(verdictOf(of({}), 2.2)).toEqual({ own: 'within', pays: true, wide: true, end: null });
  expect(verdictOf(of({}), 2.405).own, 'a size with two figures').toBe('within');
  expect(verdictOf(of({}), 1).own).toBe('smaller');
  expect(verdictOf(of({}), 3).own).toBe('larger');
  expect(verdictOf(of({ as_good_mw: [2, 2.05] }), 2).wide).toBe(false);
  expect(verdictOf(of({ best: sized(1), as_good_mw: [1, 1] }), 2).end).toBe('smallest');
  expect(verdictOf(of({ best: sized(9), as_good_mw: [9, 9] }), 2).end).toBe('largest');
  expect(verdictOf(of({ best: null, as_good_mw: null }), 2).own).toBeNull();
});

test('a_few_sizes_for_paper_hold_the_best_and_the_largest', () => {
  const few = fewSizes(curve);
  expect(few.length).toBeLessThanOrEqual(10);
  expect(few.length).toBeGreaterThan(5);
  expect(few.map((point) => point.size_mw)).toContain(curve.best!.size_mw);
  expect(few.at(-1)).toEqual(curve.points.at(-1));
  expect(few.map((point) => point.size_mw)).toEqual([...few.map((p) => p.size_mw)].sort((a, b) => a - b));
  expect(fewSizes({ ...curve, points: [], best: null })).toEqual([]);
});

test('warnings_of_the_curve_that_its_sentences_do_not_say_are_told', () => {
  const warnings = [
    'Organic Rankine cycle, 0.4-2.5 MW: 0.05 MW lies outside of the usual sizes, 0.4 to 2.5 MW',
    'the best size costs more than it saves; without it the heat is cheaper',
    '1170.0 MWh of heat a year are not served; the other units are too small, or cannot run as low as the load',
    'something new',
  ];
  const found = sizeWarnings({ ...curve, warnings });
  expect(found.map(({ low, high }) => [low, high])).toEqual([
    [0.4, 2.5],
    [NaN, NaN],
  ]);
  expect(found[1]!.text).toBe('something new');
});

test('that_another_size_would_cost_less_is_told_in_the_words_of_the_reader', () => {
  const of = (message: string) => told([{ code: 'plant_size', message }], String, String);
  expect(
    of(
      'for this demand 1.62 MW (electric) would cost least (1.61 to 1.64 MW hardly more); the plant has 42.00 MW',
    ),
  ).toEqual([{ key: 'bestSize', values: { best: '1.62', of: 'electric', own: '42' } }]);
  expect(
    of('for this demand no size of this technology is in use long enough; the plant has 3.00 MW (heat)'),
  ).toEqual([{ key: 'noSize', values: { own: '3', of: 'heat' } }]);
});

const years: WeatherYear[] = [
  { id: 4, code: '27532', name: 'Vladimir', name_ru: 'Владимир', kind: 'energy_plus' },
  { id: 5, code: null, name: 'Chicago', name_ru: null, kind: 'other' },
];

test('weather_years_are_chosen_by_identifier_and_found_by_code_or_name', () => {
  const both = about('Which', {});
  expect(weatherInput({ en: both, ru: both }, years)).toMatchObject({
    name: 'weather',
    default: null,
    words: [
      { value: '4', en: 'Vladimir', ru: 'Владимир' },
      { value: '5', en: 'Chicago', ru: 'Chicago' },
    ],
  });
  // An address gives a number back.
  for (const word of [4, '4', 27532, 'vladimir', 'Владимир']) expect(weatherWord(word, years)).toBe('4');
  expect(weatherWord('Mars', years)).toBe('Mars');
  expect(weatherWord(undefined, years)).toBe('');
  const sent = [4, '4'].map((weather) => keyOf(executionInputs(1, {}, { weather })));
  expect(sent[0]).toBe(sent[1]);
  expect(isUsedByStudy('winter_noise_c', {})).toBe(true);
  expect(isUsedByStudy('winter_noise_c', { weather: '4' })).toBe(false);
});

test('sizes_are_compared_with_the_inputs_of_the_comparison_and_those_of_other_computations_stay_away', () => {
  expect(studyGroupOf('least_full_load_hours')).toBe('plant');
  expect(isUsedByStudy('least_full_load_hours', { sizing: false })).toBe(false);
  expect(isUsedByStudy('least_full_load_hours', {})).toBe(true);
  // A limit of fuel belongs to the blend, the limit of heating to the demand.
  expect(studyGroupOf('heating_limit_c')).toBe('demand');
  for (const name of ['decisions', 'wood_chips', 'backup', 'superheat_c', 'moisture_limit'])
    expect(studyGroupOf(name), name).toBeNull();
});
