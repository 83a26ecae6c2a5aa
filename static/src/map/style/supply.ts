/** What the reader's own work adds: lines of supply, and the drawn area. */
import type { LayerSpecification } from 'maplibre-gl';
import { lit, type Context } from './kit';

/** Lines from the fields to the selected plant: width by energy, colour by deposit. `weight` is 0..1 of the largest flow: the server's figures, scaled for the pen only. */
export const supplyLayers = ({ palette }: Context): LayerSpecification[] => [
  {
    id: 'flows-case',
    type: 'line',
    source: 'flows',
    layout: { 'line-cap': 'round', 'line-join': 'round', 'line-sort-key': ['get', 'weight'] },
    paint: {
      'line-color': palette.halo,
      'line-width': ['+', 3, ['*', 9, ['get', 'weight']]],
      'line-opacity': 0.75,
    },
  },
  {
    id: 'flows-line',
    type: 'line',
    source: 'flows',
    layout: { 'line-cap': 'round', 'line-join': 'round', 'line-sort-key': ['get', 'weight'] },
    paint: {
      'line-color': lit(palette.selected, ['get', 'colour'] as unknown as string),
      'line-width': ['+', 1.4, ['*', 8, ['get', 'weight']]],
      'line-opacity': 0.92,
    },
  },
];

export const areaLayers = ({ palette }: Context): LayerSpecification[] => [
  {
    id: 'area-fill',
    type: 'fill',
    source: 'area',
    paint: { 'fill-color': palette.selected, 'fill-opacity': 0.08 },
  },
  {
    id: 'area-line',
    type: 'line',
    source: 'area',
    layout: { 'line-join': 'round' },
    paint: { 'line-color': palette.selected, 'line-width': 2.2, 'line-dasharray': [3, 1.5] },
  },
];
