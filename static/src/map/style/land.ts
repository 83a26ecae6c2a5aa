/** What stands round the peat: constraints, haul network, consumers, plants. */
import type { ExpressionSpecification } from 'maplibre-gl';
import { FONT, FONT_BOLD, label, lit, match, tiled, zoomed, type Topic } from './kit';

const kinds = [
  'protected_area',
  'protective_zone',
  'water_protection',
  'settlement',
  'road',
  'fire_break',
  'other',
];

// A pixel at zoom 0 is 156,543 m wide on the equator, and half of that at latitude 60: good to a
// few per cent where there is peat, which is enough to see how wide a strip is.
const PIXEL_M = 156543 * 0.56;
const metresWide = (metres: ExpressionSpecification): ExpressionSpecification => [
  'interpolate',
  ['exponential', 2],
  ['zoom'],
  8,
  ['max', 1, ['/', metres, PIXEL_M / 2 ** 8]],
  18,
  ['max', 1, ['/', metres, PIXEL_M / 2 ** 18]],
];

export const constraints: Topic = {
  layer: 'constraints',
  swatch: ['fill', 'line'],
  classify: { property: 'kind', values: kinds },
  layers: ({ palette, lang }) => [
    {
      id: 'constraints-fill',
      type: 'fill',
      ...tiled('constraints'),
      filter: ['==', ['geometry-type'], 'Polygon'],
      paint: {
        'fill-pattern': match(
          'kind',
          Object.fromEntries(kinds.map((k) => [k, `hatch:constraint:${k}:${palette.tone}`])),
          `hatch:constraint:other:${palette.tone}`,
        ),
      },
    },
    {
      id: 'constraints-strip',
      type: 'line',
      ...tiled('constraints'),
      filter: ['all', ['!=', ['geometry-type'], 'Polygon'], ['==', ['get', 'effect'], 'buffer']],
      layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: {
        'line-color': match('kind', palette.constraint, palette.constraint.other!),
        'line-opacity': 0.18,
        'line-width': metresWide(['*', 2, ['coalesce', ['get', 'buffer_m'], 0]]),
      },
    },
    {
      id: 'constraints-line',
      type: 'line',
      ...tiled('constraints'),
      layout: { 'line-join': 'round' },
      paint: {
        'line-color': lit(
          palette.selected,
          match('kind', palette.constraint, palette.constraint.other!) as unknown as string,
        ),
        'line-width': lit(3, 1.4),
        'line-dasharray': [4, 1.5],
      },
    },
    {
      id: 'constraints-label',
      type: 'symbol',
      ...tiled('constraints'),
      minzoom: 8.5,
      filter: [
        'all',
        ['==', ['geometry-type'], 'Polygon'],
        ['in', ['get', 'kind'], ['literal', ['protected_area', 'protective_zone']]],
      ],
      layout: {
        'symbol-placement': 'line',
        'text-field': label(lang),
        'text-font': FONT,
        'text-size': 11,
        'text-letter-spacing': 0.05,
        'symbol-spacing': 420,
        'text-offset': [0, 0.9],
      },
      paint: {
        'text-color': match('kind', palette.constraint, palette.constraint.other!),
        'text-halo-color': palette.halo,
        'text-halo-width': 1.4,
      },
    },
  ],
};

const classes = ['trunk', 'primary', 'secondary', 'tertiary', 'unclassified', 'track', 'narrow_gauge'];
const widths: Record<string, number> = {
  trunk: 3.6,
  primary: 3.2,
  secondary: 2.6,
  tertiary: 2,
  unclassified: 1.5,
  track: 1,
  narrow_gauge: 2.6,
};
const width = (extra: number, far: number): ExpressionSpecification =>
  zoomed([8, match('class', scaled(far, extra * 0.5), 1)], [14, match('class', scaled(1.7, extra), 2)]);
const scaled = (by: number, extra: number): Record<string, number> =>
  Object.fromEntries(Object.entries(widths).map(([k, v]) => [k, v * by + extra]));

export const haul: Topic = {
  layer: 'haul-network',
  swatch: ['case', 'road', 'track', 'rail', 'sleepers'],
  classify: { property: 'class', values: classes },
  layers: ({ palette }) => [
    {
      id: 'haul-network-case',
      type: 'line',
      ...tiled('haul-network'),
      filter: ['all', ['!=', ['get', 'class'], 'narrow_gauge'], ['!=', ['get', 'class'], 'track']],
      layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: { 'line-color': lit(palette.selected, palette.roadCase), 'line-width': width(1.6, 0.55) },
    },
    {
      id: 'haul-network-road',
      type: 'line',
      ...tiled('haul-network'),
      filter: ['all', ['!=', ['get', 'class'], 'narrow_gauge'], ['!=', ['get', 'class'], 'track']],
      layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: { 'line-color': palette.road, 'line-width': width(0, 0.55) },
    },
    {
      id: 'haul-network-track',
      type: 'line',
      ...tiled('haul-network'),
      filter: ['==', ['get', 'class'], 'track'],
      paint: {
        'line-color': lit(palette.selected, palette.quietLabel),
        'line-width': zoomed([8, 0.7], [14, 1.6]),
        'line-dasharray': [3, 2],
      },
    },
    {
      // A railway as maps have always drawn it: a line with sleepers.
      id: 'haul-network-rail',
      type: 'line',
      ...tiled('haul-network'),
      filter: ['==', ['get', 'class'], 'narrow_gauge'],
      paint: { 'line-color': lit(palette.selected, palette.rail), 'line-width': zoomed([8, 1.2], [14, 1.8]) },
    },
    {
      id: 'haul-network-sleepers',
      type: 'line',
      ...tiled('haul-network'),
      filter: ['==', ['get', 'class'], 'narrow_gauge'],
      paint: {
        'line-color': palette.rail,
        'line-width': zoomed([8, 4], [14, 8]),
        'line-dasharray': [0.25, 1],
      },
    },
  ],
};

const consumerKinds = ['glass_works', 'boiler_house', 'district_heating', 'industry', 'other'];

export const consumers: Topic = {
  layer: 'consumers',
  swatch: ['icon'],
  classify: { property: 'kind', values: consumerKinds },
  layers: ({ palette, lang }) => [
    {
      id: 'consumers-zone',
      type: 'fill',
      source: 'consumers',
      filter: ['==', ['geometry-type'], 'Polygon'],
      paint: { 'fill-color': '#c2410c', 'fill-opacity': lit(0.3, 0.14), 'fill-outline-color': '#c2410c' },
    },
    {
      id: 'consumers-icon',
      type: 'symbol',
      source: 'consumers',
      minzoom: 9,
      layout: {
        'icon-image': match(
          'kind',
          Object.fromEntries(consumerKinds.map((k) => [k, `icon:consumer:${k}:${palette.tone}`])),
          `icon:consumer:other:${palette.tone}`,
        ),
        'icon-size': zoomed([9, 0.6], [12, 0.85], [14, 1]),
        'icon-allow-overlap': true,
        'icon-ignore-placement': true,
        'text-field': ['step', ['zoom'], '', 11.5, label(lang)],
        'text-font': FONT,
        'text-size': 12,
        'text-optional': true,
        'text-variable-anchor': ['left', 'right', 'bottom', 'top'],
        'text-radial-offset': 1.2,
        'text-justify': 'auto',
        'text-max-width': 9,
      },
      paint: {
        'text-color': lit(palette.selected, palette.label),
        'text-halo-color': palette.halo,
        'text-halo-width': 1.6,
      },
    },
  ],
};

export const plants: Topic = {
  layer: 'plants',
  swatch: ['icon'],
  layers: ({ palette, lang }) => [
    {
      id: 'plants-icon',
      type: 'symbol',
      source: 'plants',
      layout: {
        'icon-image': `icon:plant:${palette.tone}`,
        'icon-size': zoomed([7, 0.75], [11, 1]),
        'icon-padding': 0,
        'icon-allow-overlap': true,
      },
    },
    {
      // Under the icons in the order of placement: a name keeps clear of every plant.
      id: 'plants-name',
      type: 'symbol',
      source: 'plants',
      layout: {
        // The selected plant is named before the others.
        'symbol-sort-key': ['coalesce', ['get', 'order'], 1],
        'text-field': label(lang),
        'text-font': FONT_BOLD,
        'text-size': 12.5,
        'text-variable-anchor': ['left', 'right', 'top', 'bottom'],
        'text-radial-offset': 1.5,
        'text-justify': 'auto',
        'text-max-width': 10,
        'text-optional': true,
      },
      paint: {
        'text-color': lit(palette.selected, palette.ink),
        'text-halo-color': palette.halo,
        'text-halo-width': 1.8,
      },
    },
  ],
};
