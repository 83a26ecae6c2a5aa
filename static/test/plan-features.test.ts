import { expect, test } from 'vitest';
import {
  allocationDrawing,
  greatestPlanFlow,
  inYear,
  sitingDrawing,
  sourcesLeft,
} from '../src/map/plan-features';
import type { Allocation, SitingAnswer } from '../src/contract-planning';

const line = {
  type: 'LineString' as const,
  coordinates: [
    [40, 55],
    [41, 55],
  ],
};
const plan = {
  years: [1, 2],
  plants: [{ id: 5 }, { id: 6 }],
  sources: [
    {
      id: 1,
      kind: 'field',
      deposit_id: 9,
      coordinates: [40, 55],
      stock_mwh: 100,
      harvested_mwh_a: [30, 10],
      remaining_mwh: [70, 60],
    },
    {
      id: 2,
      kind: 'field',
      deposit_id: 9,
      coordinates: [40, 55],
      stock_mwh: 300,
      harvested_mwh_a: [0, 0],
      remaining_mwh: [300, 300],
    },
  ],
  flows: [
    { source: 1, plant: 5, mwh_a: [30, 0], geometry: line },
    { source: 1, plant: 6, mwh_a: [0, 10], geometry: line },
  ],
} as unknown as Allocation;

test('a_year_is_itself_and_no_year_is_all_of_them', () => {
  expect(inYear([30, 10], 1)).toBe(30);
  expect(inYear([30, 10], 0)).toBe(40);
  expect(inYear([30, 10], 7)).toBe(0);
});

test('a_width_means_the_same_in_every_year', () => {
  expect(greatestPlanFlow(plan, 1)).toBe(30);
  expect(greatestPlanFlow(plan, 2)).toBe(30);
  const second = allocationDrawing(plan, 2, '#000000');
  expect(second.lines).toHaveLength(1);
  expect(second.lines[0]!.properties!.weight).toBeCloseTo(1 / 3, 12);
});

test('a_source_that_gives_nothing_this_year_feeds_nobody', () => {
  const { points } = allocationDrawing(plan, 1, '#000000');
  expect(points.map(({ properties }) => properties!.colour === '#000000')).toEqual([false, true]);
});

test('what_is_left_of_a_deposit_is_the_sum_of_its_fields', () => {
  expect([...sourcesLeft(plan, 1, 'fields')]).toEqual([
    [1, 0.7],
    [2, 1],
  ]);
  expect([...sourcesLeft(plan, 1, 'deposits')]).toEqual([[9, 370 / 400]]);
  // The end of the plan where no year is named.
  expect(sourcesLeft(plan, 0, 'fields').get(1)).toBe(0.6);
});

const site = (id: string, at: [number, number]) => ({
  site_id: id,
  coordinates: at,
  heat_capacity_mw: 5,
  heats: [{ consumer_id: 3, delivered_mwh_a: 10 }],
  fed_by: [{ deposit_id: 9, fuel_mwh_a: 20 }],
});
const candidates = ['a', 'b', 'c'].map((id, i) => ({
  site_id: id,
  coordinates: [40 + i, 55],
  score: 0.2 + i / 10,
}));
const answer = {
  plan: {
    sites: [site('a', [40, 55])],
    alternatives: [{ sites: [site('b', [41, 55])] }],
    candidates,
    consumers: [{ consumer_id: 3, coordinates: [40.5, 55.5] }],
  },
  sites: {
    type: 'FeatureCollection',
    features: [
      { type: 'Feature', geometry: line, properties: { kind: 'fuel', site_id: 'a', deposit_id: 9 } },
    ],
  },
} as unknown as SitingAnswer;

test('the_best_sites_are_drawn_with_their_ways_and_other_sets_straight', () => {
  const place = (): [number, number] => [39, 54];
  const best = sitingDrawing(answer, 0, place, () => '5 MW');
  expect(best.lines.find(({ properties }) => properties!.kind === 'fuel')!.geometry).toEqual(line);
  expect(
    best.points.filter(({ properties }) => properties!.kind === 'candidate').map(({ id }) => id),
  ).toEqual([2, 3]);
  const other = sitingDrawing(answer, 1, place, () => '5 MW');
  expect(other.lines.find(({ properties }) => properties!.kind === 'fuel')!.geometry).toEqual({
    type: 'LineString',
    coordinates: [
      [39, 54],
      [41, 55],
    ],
  });
  expect(other.points.find(({ properties }) => properties!.kind === 'site')!.id).toBe(2);
});
