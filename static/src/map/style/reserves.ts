/** What is drawn of the selected deposit's reserves: bands of equal depth, blocks, steps of the funnel. */
import type { ExpressionSpecification, LayerSpecification } from 'maplibre-gl';
import type { ReserveLayer } from '../../state/address';
import { CATEGORY, DEPTH_STOPS, FUNNEL } from '../palette';
import { FONT, FONT_BOLD, lit, match, ramp, type Context, type Topic } from './kit';

export const RESERVE_SOURCES = ['isopachs', 'blocks', 'funnel'] as const;

/** The middle of a band; the deepest one has no lower end. */
const MIDDLE: ExpressionSpecification = [
  '/',
  ['+', ['get', 'from_m'], ['coalesce', ['get', 'to_m'], ['get', 'from_m']]],
  2,
];
const metres = (property: string, locale: string): ExpressionSpecification =>
  ['number-format', ['get', property], { 'max-fraction-digits': 2, locale }] as ExpressionSpecification;

const pictured = (shown: readonly string[]): boolean =>
  shown.includes('thickness') || shown.includes('error');

export const isopachs: Topic<ReserveLayer> = {
  layer: 'isopachs',
  swatch: ['fill'],
  classify: { property: 'from_m', unit: 'm', stops: DEPTH_STOPS.map(([depth]) => depth) },
  layers: ({ palette, lang, shown = [] }) => [
    {
      id: 'isopachs-fill',
      type: 'fill',
      source: 'isopachs',
      paint: { 'fill-color': ramp(MIDDLE, DEPTH_STOPS), 'fill-opacity': pictured(shown) ? 0 : 0.62 },
    },
    {
      id: 'isopachs-line',
      type: 'line',
      source: 'isopachs',
      layout: { 'line-join': 'round' },
      paint: { 'line-color': palette.tone === 'dark' ? '#f0d9ab' : '#4b3410', 'line-width': 0.9 },
    },
    {
      id: 'isopachs-label',
      type: 'symbol',
      source: 'isopachs',
      minzoom: 10.5,
      layout: {
        'text-field': [
          'case',
          ['==', ['coalesce', ['get', 'to_m'], -1], -1],
          ['concat', '> ', metres('from_m', lang), lang === 'ru' ? ' м' : ' m'],
          ['concat', metres('from_m', lang), '–', metres('to_m', lang), lang === 'ru' ? ' м' : ' m'],
        ],
        'text-font': FONT,
        'text-size': 11,
      },
      paint: { 'text-color': palette.ink, 'text-halo-color': palette.halo, 'text-halo-width': 1.6 },
    },
  ],
};

const categories = Object.keys(CATEGORY);

export const blocks: Topic<ReserveLayer> = {
  layer: 'blocks',
  swatch: ['fill', 'line'],
  classify: { property: 'category', values: categories },
  layers: ({ palette, shown = [] }) => [
    {
      id: 'blocks-fill',
      type: 'fill',
      source: 'blocks',
      paint: {
        'fill-color': match('category', CATEGORY, '#888888'),
        'fill-opacity': lit(0.62, pictured(shown) || shown.includes('isopachs') ? 0.12 : 0.3),
      },
    },
    {
      id: 'blocks-line',
      type: 'line',
      source: 'blocks',
      layout: { 'line-join': 'round' },
      paint: {
        'line-color': lit(palette.selected, match('category', CATEGORY, '#888888') as unknown as string),
        'line-width': lit(3, 2),
      },
    },
    {
      id: 'blocks-label',
      type: 'symbol',
      source: 'blocks',
      minzoom: 10,
      layout: {
        'text-field': ['concat', ['get', 'category'], ' · ', ['to-string', ['get', 'block']]],
        'text-font': FONT_BOLD,
        'text-size': 12,
      },
      paint: { 'text-color': palette.ink, 'text-halo-color': palette.halo, 'text-halo-width': 1.8 },
    },
  ],
};

/** Of the same blocks: what is not worth extracting now is hatched over its category. */
export const offBalance: Topic<ReserveLayer> = {
  layer: 'blocks',
  swatch: ['hatch'],
  classify: { property: 'balance_class', values: ['off_balance'] },
  layers: ({ palette }) => [
    {
      id: 'blocks-hatch',
      type: 'fill',
      source: 'blocks',
      filter: ['==', ['get', 'balance_class'], 'off_balance'],
      paint: { 'fill-pattern': `hatch:balance:off:${palette.tone}` },
    },
  ],
};

export const funnel: Topic<ReserveLayer> = {
  layer: 'funnel',
  swatch: ['fill', 'line'],
  classify: { property: 'step', values: Object.keys(FUNNEL) },
  layers: ({ palette }) => [
    {
      id: 'funnel-fill',
      type: 'fill',
      source: 'funnel',
      paint: { 'fill-color': match('step', FUNNEL, '#888888'), 'fill-opacity': lit(0.6, 0.14) },
    },
    {
      id: 'funnel-line',
      type: 'line',
      source: 'funnel',
      layout: { 'line-join': 'round' },
      paint: {
        'line-color': lit(palette.selected, match('step', FUNNEL, '#888888') as unknown as string),
        'line-width': lit(3, 1.6),
      },
    },
  ],
};

export const RESERVE_TOPICS: Topic<ReserveLayer>[] = [isopachs, blocks, offBalance, funnel];

export const reserveLayers = (context: Context): { of: ReserveLayer; layer: LayerSpecification }[] =>
  RESERVE_TOPICS.flatMap((topic) => topic.layers(context).map((layer) => ({ of: topic.layer, layer })));
