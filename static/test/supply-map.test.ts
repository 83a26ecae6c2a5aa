import { expect, test } from 'vitest';
import {
  catchmentFeatures,
  costRange,
  flowCount,
  flowFeatures,
  greatestFlow,
} from '../src/map/supply-features';
import { colourAt, COST_RAMP, REACH_RAMP } from '../src/map/ramps';
import { palette } from '../src/map/palette';
import type { Supply } from '../src/contract';
import type { Catchment } from '../src/contract-planning';

const line: [number, number][] = [
  [40, 55],
  [40.1, 55],
];
const result = {
  fields: [
    { field_id: 1, deposit_id: 7, used_mwh_a: 100, delivered_cost_rub_mwh: 500, line },
    { field_id: 2, deposit_id: 7, used_mwh_a: 50, delivered_cost_rub_mwh: 550, line },
    { field_id: 3, deposit_id: 8, used_mwh_a: 0, delivered_cost_rub_mwh: 900, line },
  ],
  deposits: [
    { deposit_id: 7, worked_out_year: 3 },
    { deposit_id: 8, worked_out_year: null },
  ],
} as unknown as Supply;
const taken = (year: number, ...by: [number, number][]) => ({ year, taken: { year, by: new Map(by) } });

test('only_fields_in_use_have_a_line_as_wide_as_what_they_give', () => {
  const lines = flowFeatures(result, 'deposit', (deposit) => `#${deposit}`);
  expect(lines.map(({ id }) => id)).toEqual([1, 2]);
  expect(lines.map(({ properties }) => properties!.weight)).toEqual([1, 0.5]);
  expect(lines[0]!.properties!.colour).toBe('#7');
  expect(flowFeatures(result, 'off', () => '')).toEqual([]);
  expect(flowFeatures(null, 'cost', () => '')).toEqual([]);
});

test('the_lines_are_those_of_the_year_and_as_wide_as_what_is_taken_in_it', () => {
  const of = taken(4, [1, 0], [2, 20], [3, 80]);
  const lines = flowFeatures(result, 'deposit', (deposit) => `#${deposit}`, of);
  // A field that gives nothing has no line; one that takes its place has; and 100 MWh/a of today is full width still.
  expect(lines.map(({ id }) => id)).toEqual([2, 3]);
  expect(lines.map(({ properties }) => properties!.weight)).toEqual([0.2, 0.8]);
  expect(flowCount(result, of)).toBe(2);
  expect(costRange(result, of)).toEqual([500, 900]);
  expect(greatestFlow(result, taken(4, [3, 250]))).toBe(250);
});

test('where_a_year_is_not_known_fields_of_worked_out_deposits_lose_their_lines', () => {
  const ids = (year: number) =>
    flowFeatures(result, 'deposit', () => '', { year, taken: null }).map(({ id }) => id);
  // Worked out in the third year, in which it still gave something.
  expect(ids(3)).toEqual([1, 2]);
  expect(ids(4)).toEqual([]);
});

test('by_cost_the_cheapest_and_the_dearest_take_the_ends_of_the_ramp', () => {
  expect(costRange(result)).toEqual([500, 550]);
  const colours = flowFeatures(result, 'cost', () => '').map(({ properties }) => properties!.colour);
  expect(colours).toEqual([COST_RAMP.light[0]![1], COST_RAMP.light.at(-1)![1]]);
});

test('a_ramp_gives_its_stops_and_mixes_between_them', () => {
  for (const ramp of [...Object.values(COST_RAMP), ...Object.values(REACH_RAMP)])
    for (const [share, colour] of ramp) expect(colourAt(ramp, share)).toBe(colour);
  expect(
    colourAt(
      [
        [0, '#000000'],
        [1, '#ffffff'],
      ],
      0.5,
    ),
  ).toBe('#808080');
  expect(colourAt(COST_RAMP.light, -3)).toBe(COST_RAMP.light[0]![1]);
  expect(colourAt(COST_RAMP.light, Number.NaN)).toBe(COST_RAMP.light[0]![1]);
});

test('the_colour_of_a_road_follows_the_way_from_the_gate', () => {
  const found = {
    type: 'FeatureCollection',
    measure: 'distance',
    most: 20,
    unit: 'km',
    features: [
      {
        type: 'Feature',
        geometry: { type: 'LineString', coordinates: [...line, [40.3, 55]] },
        properties: { from_km: 20, to_km: 5, mode: 'truck' },
      },
    ],
  } as unknown as Catchment;
  const reach = catchmentFeatures(found).map(({ properties }) => properties!.reach as number);
  // A third of the way is behind the first bend: its middle lies at a sixth, that of the rest at two thirds.
  expect(reach[0]).toBeCloseTo((20 - 15 / 6) / 20, 9);
  expect(reach[1]).toBeCloseTo((20 - (15 * 2) / 3) / 20, 9);
  expect(catchmentFeatures(null)).toEqual([]);
});

/** Relative luminance, WCAG 2. */
function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

test('all_ramps_read_the_same_way_the_more_the_farther_from_the_ground', () => {
  for (const tone of ['light', 'dark'] as const) {
    const sign = tone === 'light' ? -1 : 1;
    for (const ramp of [COST_RAMP[tone], REACH_RAMP[tone], palette(tone).remain]) {
      const steps = ramp.map(([, colour]) => sign * luminance(colour));
      expect(steps, tone).toEqual([...steps].sort((a, b) => a - b));
    }
  }
});
