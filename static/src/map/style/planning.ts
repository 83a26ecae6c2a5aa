/** What plans of several plants and the reach of one add to the map. Weights and colours come with the features. */
import type { ExpressionSpecification, LayerSpecification } from 'maplibre-gl';
import { REACH_RAMP } from '../ramps';
import { FONT_BOLD, lit, ramp, zoomed, type Context } from './kit';

export const PLANNING_SOURCES = ['catchment', 'plan-lines', 'plan-points'] as const;
export type PlanningSource = (typeof PLANNING_SOURCES)[number];

const WEIGHT: ExpressionSpecification = ['coalesce', ['get', 'weight'], 0];
const COLOUR: ExpressionSpecification = ['coalesce', ['get', 'colour'], '#888888'];
const is = (kind: string): ExpressionSpecification => ['==', ['get', 'kind'], kind];
const ROUND = { 'line-cap': 'round', 'line-join': 'round' } as const;

export const planningLayers = ({ palette }: Context): LayerSpecification[] => [
  {
    id: 'catchment-case',
    type: 'line',
    source: 'catchment',
    layout: ROUND,
    paint: { 'line-color': palette.halo, 'line-width': zoomed([8, 5], [14, 10]), 'line-opacity': 0.85 },
  },
  {
    id: 'catchment-line',
    type: 'line',
    source: 'catchment',
    layout: ROUND,
    paint: {
      'line-color': ramp(['get', 'reach'], REACH_RAMP[palette.tone]),
      'line-width': zoomed([8, 3], [14, 6.5]),
    },
  },
  {
    id: 'plan-case',
    type: 'line',
    source: 'plan-lines',
    layout: { ...ROUND, 'line-sort-key': WEIGHT },
    paint: { 'line-color': palette.halo, 'line-width': ['+', 3, ['*', 9, WEIGHT]], 'line-opacity': 0.75 },
  },
  {
    id: 'plan-line',
    type: 'line',
    source: 'plan-lines',
    filter: ['!=', ['get', 'kind'], 'heat'],
    layout: { ...ROUND, 'line-sort-key': WEIGHT },
    paint: {
      'line-color': lit(palette.selected, COLOUR as unknown as string),
      'line-width': ['+', 1.4, ['*', 8, WEIGHT]],
      'line-opacity': 0.92,
    },
  },
  {
    // A pipe runs where nobody has surveyed it yet.
    id: 'plan-heat',
    type: 'line',
    source: 'plan-lines',
    filter: is('heat'),
    layout: { 'line-join': 'round' },
    paint: {
      'line-color': lit(palette.selected, COLOUR as unknown as string),
      'line-width': ['+', 2, ['*', 5, WEIGHT]],
      'line-dasharray': [1.6, 1],
    },
  },
  {
    id: 'plan-source',
    type: 'circle',
    source: 'plan-points',
    filter: is('source'),
    paint: {
      'circle-color': COLOUR,
      'circle-radius': ['+', 3, ['*', 9, WEIGHT]],
      'circle-stroke-color': lit(palette.selected, palette.paper),
      'circle-stroke-width': lit(3, 1.5),
      'circle-opacity': 0.95,
    },
  },
  {
    id: 'plan-candidate',
    type: 'circle',
    source: 'plan-points',
    filter: is('candidate'),
    paint: {
      'circle-color': COLOUR,
      'circle-radius': 6,
      'circle-stroke-color': lit(palette.selected, palette.ink),
      'circle-stroke-width': lit(3, 1),
    },
  },
  {
    id: 'plan-site',
    type: 'circle',
    source: 'plan-points',
    filter: is('site'),
    paint: {
      'circle-color': '#3d1f3d',
      'circle-radius': ['+', 10, ['*', 14, WEIGHT]],
      'circle-stroke-color': lit(palette.selected, '#ffd166'),
      'circle-stroke-width': lit(4, 3),
    },
  },
  {
    id: 'plan-label',
    type: 'symbol',
    source: 'plan-points',
    layout: {
      'text-field': ['coalesce', ['get', 'label'], ''],
      'text-font': FONT_BOLD,
      'text-size': 14,
      'text-offset': [0, 1.6],
      'text-anchor': 'top',
      'text-allow-overlap': true,
    },
    paint: { 'text-color': palette.label, 'text-halo-color': palette.halo, 'text-halo-width': 1.8 },
  },
];
