import { expect, test } from 'vitest';
import { decode, EMPTY, encode, type Address } from '../src/state/address';

const full: Address = {
  place: { lng: 40.66, lat: 55.62, zoom: 11.25 },
  hidden: ['probes', 'cores'],
  shown: ['thickness', 'blocks'],
  selection: { layer: 'plants', id: 'new' },
  year: 12,
  lang: 'ru',
  theme: 'dark',
  energy: 'gcal',
  mass: 'dry',
  planning: { task: { kind: 'compare', scenarios: [3, 1] }, flows: 'cost', catchment: 'time' },
  edits: {
    scenario: 4,
    plans: { allocate: { years: 40, must_be_met: true }, 'site-plants': { sizes_mw: '10,20' } },
    reserves: { min_depth_m: 0.5, method: 'mean' },
    supply: { include_undeveloped: true, seasonal_yield_t_ha: 300 },
    study: { consumers: '1,5', discount_rate: 0.08, uncertainty_drawn: false },
    sites: { new: { at: [40.7, 55.6], electric_capacity_mw: 12 }, 2: { at: [40.5, 55.5] } },
    area: [
      [40, 55],
      [41, 55],
      [41, 56],
      [40, 55],
    ],
  },
};

test('an_address_brings_back_the_whole_view', () => {
  expect(decode('#' + encode(full))).toEqual(full);
});

test('an_untouched_view_has_an_empty_address', () => {
  expect(encode(EMPTY)).toBe('');
  expect(decode('')).toEqual(EMPTY);
});

test('nonsense_in_an_address_is_passed_over', () => {
  const view = decode('#map=a/b/c&sel=nowhere.1&year=-3&lang=xx&energy=horses&site.new=at:x:y&area=1:2');
  expect(view.place).toBeNull();
  expect(view.selection).toBeNull();
  expect(view.year).toBe(0);
  expect(view.lang).toBeNull();
  expect(view.energy).toBe('mwh');
  expect(view.edits.sites.new?.at).toBeUndefined();
  expect(view.edits.area).toBeNull();
});

test('decoding_never_changes_the_defaults', () => {
  decode('#r.min_depth_m=0.5&site.new=at:1:2');
  expect(EMPTY.edits).toEqual({ reserves: {}, supply: {}, study: {}, sites: {}, area: null });
});
