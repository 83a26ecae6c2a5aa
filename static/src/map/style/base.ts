/** The quiet ground: districts, waters, settlements. */
import type { LayerSpecification } from 'maplibre-gl';
import { FONT, FONT_BOLD, label, tiled, zoomed, type Topic } from './kit';

export const districts: Topic = {
  layer: 'districts',
  swatch: ['fill', 'line'],
  layers: ({ palette }) => [
    {
      id: 'districts-fill',
      type: 'fill',
      ...tiled('districts'),
      paint: { 'fill-color': palette.district },
    },
    {
      id: 'districts-line',
      type: 'line',
      ...tiled('districts'),
      layout: { 'line-join': 'round' },
      paint: {
        'line-color': palette.districtLine,
        'line-width': zoomed([6, 0.6], [12, 1.4]),
        'line-dasharray': [5, 2.5],
      },
    },
  ],
};

export const waters: Topic = {
  layer: 'waters',
  swatch: ['fill', 'line'],
  layers: ({ palette, lang }) => [
    {
      id: 'waters-fill',
      type: 'fill',
      ...tiled('waters'),
      filter: ['==', ['geometry-type'], 'Polygon'],
      paint: { 'fill-color': palette.water },
    },
    {
      id: 'waters-line',
      type: 'line',
      ...tiled('waters'),
      layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: { 'line-color': palette.waterLine, 'line-width': zoomed([6, 0.8], [13, 2.6]) },
    },
    {
      id: 'waters-label',
      type: 'symbol',
      ...tiled('waters'),
      layout: {
        'symbol-placement': 'line',
        'text-field': label(lang),
        'text-font': FONT,
        'text-size': 11,
        'text-letter-spacing': 0.08,
      },
      paint: { 'text-color': palette.waterLine, 'text-halo-color': palette.halo, 'text-halo-width': 1.2 },
    },
  ],
};

/** People from whom on a place is a town, which everybody looks for first: it is named before all else. */
const TOWN = 20000;

export const settlements: Topic = {
  layer: 'settlements',
  swatch: ['dot'],
  layers: ({ palette, lang }) => [
    {
      id: 'settlements-dot',
      type: 'circle',
      source: 'settlements',
      minzoom: 7,
      paint: {
        'circle-radius': zoomed([7, 1.6], [12, 3]),
        'circle-color': palette.paper,
        'circle-stroke-color': palette.label,
        'circle-stroke-width': 1.1,
      },
    },
    ...(['label', 'town'] as const).map((ending): LayerSpecification => {
      const town = ending === 'town';
      return {
        id: `settlements-${ending}`,
        type: 'symbol',
        source: 'settlements',
        filter: [town ? '>=' : '<', ['coalesce', ['get', 'population'], 0], TOWN],
        layout: {
          'text-field': label(lang),
          'text-font': town ? FONT_BOLD : FONT,
          'text-size': town ? zoomed([7, 12], [13, 17]) : zoomed([7, 10.5], [13, 13]),
          'text-variable-anchor': town
            ? ['left', 'right', 'top', 'bottom', 'top-left', 'bottom-left', 'top-right', 'bottom-right']
            : ['left', 'right', 'top', 'bottom'],
          'text-radial-offset': town ? 0.8 : 0.5,
          // Towns stand where plants stand: their names squeeze in between.
          'text-padding': town ? 0 : 2,
          'text-justify': 'auto',
          'symbol-sort-key': ['-', 0, ['coalesce', ['get', 'population'], 0]],
        },
        paint: { 'text-color': palette.label, 'text-halo-color': palette.halo, 'text-halo-width': 1.6 },
      };
    }),
  ],
};
