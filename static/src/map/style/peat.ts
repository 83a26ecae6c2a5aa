/** Deposits, the fields in them, and the probes that tell their depth. */
import type { ExpressionSpecification } from 'maplibre-gl';
import { DEPTH_STOPS, STATUS } from '../palette';
import { FONT, FONT_BOLD, label, LIT, lit, match, ramp, tiled, zoomed, type Topic } from './kit';

/**
 * With a plant selected, the share of a deposit's fuel that remains at the end of the year on the
 * slider. All of it is feature state, and the expressions never change: a property that turned from
 * a constant to an expression just when states are set would trip MapLibre.
 */
const REMAIN: ExpressionSpecification = ['coalesce', ['feature-state', 'remain'], -1];
const FEEDS: ExpressionSpecification = ['>=', REMAIN, 0];
/** A plant is selected, but it takes nothing from here. */
export const REMAIN_OF_IDLE = -2;
const IDLE: ExpressionSpecification = ['==', REMAIN, REMAIN_OF_IDLE];

export const deposits: Topic = {
  layer: 'deposits',
  swatch: ['fill', 'line'],
  layers: ({ palette, lang }) => [
    {
      id: 'deposits-fill',
      type: 'fill',
      source: 'deposits',
      paint: {
        'fill-color': [
          'case',
          FEEDS,
          ramp(REMAIN, palette.remain),
          IDLE,
          palette.quietLabel,
          palette.deposit,
        ],
        'fill-opacity': ['case', FEEDS, 0.8, IDLE, 0.16, lit(0.58, 0.4)],
      },
    },
    {
      id: 'deposits-line',
      type: 'line',
      source: 'deposits',
      layout: { 'line-join': 'round' },
      paint: {
        // The same colour as in the supply curve, while there is one.
        'line-color': [
          'case',
          LIT,
          palette.selected,
          FEEDS,
          ['coalesce', ['feature-state', 'colour'], palette.depositLine],
          palette.depositLine,
        ],
        'line-width': ['case', LIT, 2.8, FEEDS, 1.8, 1.1],
      },
    },
    {
      // A polygon would be labelled once in every tile; its own point is labelled once.
      id: 'deposits-label',
      type: 'symbol',
      source: 'labels',
      minzoom: 8,
      layout: {
        'text-field': label(lang),
        'text-font': FONT_BOLD,
        'text-size': zoomed([8, 11.5], [13, 15]),
        'text-max-width': 8,
        'text-padding': 6,
      },
      paint: {
        'text-color': palette.tone === 'dark' ? '#f0d9ab' : '#4b3410',
        'text-halo-color': palette.tone === 'dark' ? '#1c1710' : '#fbf4e4',
        'text-halo-width': 1.6,
      },
    },
  ],
};

const statuses = Object.keys(STATUS);

export const fields: Topic = {
  layer: 'fields',
  swatch: ['fill', 'line'],
  classify: { property: 'status', values: statuses },
  layers: ({ palette, depletion }) => [
    {
      // What remains of the field's own fuel, below its hatch.
      id: 'fields-remain',
      type: 'fill',
      source: 'fields',
      minzoom: 8.5,
      paint: {
        'fill-color': ramp(REMAIN, palette.remain),
        'fill-opacity': ['case', FEEDS, 0.95, 0],
      },
    },
    {
      id: 'fields-fill',
      type: 'fill',
      source: 'fields',
      minzoom: 8.5,
      paint: {
        'fill-pattern': match(
          'status',
          Object.fromEntries(statuses.map((s) => [s, `hatch:status:${s}:${palette.tone}`])),
          `hatch:status:undeveloped:${palette.tone}`,
        ),
        'fill-opacity': depletion ? 0.35 : 1,
      },
    },
    {
      id: 'fields-line',
      type: 'line',
      source: 'fields',
      minzoom: 8.5,
      paint: {
        'line-color': lit(palette.selected, match('status', STATUS, '#888888') as unknown as string),
        'line-width': lit(3, 1),
      },
    },
    {
      id: 'fields-label',
      type: 'symbol',
      source: 'fields',
      minzoom: 12,
      layout: { 'text-field': ['coalesce', ['get', 'code'], ''], 'text-font': FONT, 'text-size': 11 },
      paint: { 'text-color': palette.label, 'text-halo-color': palette.halo, 'text-halo-width': 1.5 },
    },
  ],
};

export const PROBES_FROM_ZOOM = 10.5;

export const probes: Topic = {
  layer: 'probes',
  swatch: ['dot'],
  classify: { property: 'depth_m', unit: 'm', stops: DEPTH_STOPS.map(([metres]) => metres) },
  layers: ({ palette, lang }) => [
    {
      id: 'probes-dot',
      type: 'circle',
      ...tiled('probes'),
      minzoom: PROBES_FROM_ZOOM,
      paint: {
        'circle-color': ramp(['get', 'depth_m'], DEPTH_STOPS),
        'circle-radius': zoomed([10.5, 1.8], [12, 3], [15, 6.5]),
        'circle-stroke-color': lit(palette.selected, palette.tone === 'dark' ? '#0e0f0f' : '#4a3a3f'),
        'circle-stroke-width': lit(3, palette.tone === 'dark' ? 0.4 : 0.5),
      },
    },
    {
      id: 'probes-label',
      type: 'symbol',
      ...tiled('probes'),
      minzoom: 14,
      layout: {
        'text-field': ['number-format', ['get', 'depth_m'], { 'max-fraction-digits': 1, locale: lang }],
        'text-font': FONT,
        'text-size': 11,
        'text-offset': [0, 1.1],
      },
      paint: { 'text-color': palette.label, 'text-halo-color': palette.halo, 'text-halo-width': 1.4 },
    },
  ],
};

export const CORES_FROM_ZOOM = 9;

export const cores: Topic = {
  layer: 'cores',
  swatch: ['dot'],
  layers: ({ palette }) => [
    {
      id: 'cores-dot',
      type: 'circle',
      ...tiled('cores'),
      minzoom: CORES_FROM_ZOOM,
      paint: {
        'circle-color': palette.paper,
        'circle-radius': zoomed([9, 3], [14, 6]),
        'circle-stroke-color': lit(palette.selected, palette.tone === 'dark' ? '#d9a3e0' : '#6d3b74'),
        'circle-stroke-width': 2.5,
      },
    },
  ],
};
