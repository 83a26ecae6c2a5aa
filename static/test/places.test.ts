import { expect, test, vi } from 'vitest';

vi.mock('../src/state/data.svelte', () => ({ data: { list: () => [] } }));
const { boxOf, coordinates } = await import('../src/state/places');
const { scaleBar } = await import('../src/map/scale');
const { csv } = await import('../src/charts/export');
const { choose } = await import('../src/map/clicks');

test('coordinates_are_read_latitude_first_with_point_or_comma', () => {
  expect(coordinates('55.62, 40.66')).toEqual([40.66, 55.62]);
  expect(coordinates('55,62 40,66')).toEqual([40.66, 55.62]);
  expect(coordinates('55,62; 40,66')).toEqual([40.66, 55.62]);
  expect(coordinates('Гусь 2')).toBeNull();
  expect(coordinates('95 40')).toBeNull();
});

test('a_box_holds_every_corner', () => {
  expect(
    boxOf({
      geometry: {
        type: 'LineString',
        coordinates: [
          [1, 5],
          [3, 2],
        ],
      },
    }),
  ).toEqual([1, 2, 3, 5]);
});

test('a_scale_bar_is_a_round_length_that_fits', () => {
  const bar = scaleBar(55.6, 10, 110);
  expect([1, 2, 5]).toContain(bar.metres / 10 ** Math.floor(Math.log10(bar.metres)));
  expect(bar.pixels).toBeLessThanOrEqual(110);
  expect(bar.pixels).toBeGreaterThan(40);
});

test('an_exported_table_of_invented_data_says_so_in_its_first_line', () => {
  const text = csv(
    {
      columns: [
        { key: 'name', title: '' },
        { key: 'v', title: '' },
      ],
      rows: [{ name: 'a "b", c', v: 1.5 }],
    },
    ['Invented demonstration data'],
  );
  expect(text).toBe('# Invented demonstration data\r\nname,v\r\n"a ""b"", c",1.5\r\n');
});

test('the_first_click_on_peat_takes_the_deposit_and_the_second_the_field', () => {
  const found = [
    { layer: 'fields' as const, id: 4 },
    { layer: 'deposits' as const, id: 2 },
  ];
  expect(choose(found, null)).toEqual({ layer: 'deposits', id: 2 });
  expect(choose(found, { layer: 'deposits', id: 2 })).toEqual({ layer: 'fields', id: 4 });
  expect(choose(found, { layer: 'deposits', id: 9 })).toEqual({ layer: 'deposits', id: 2 });
});
