/** What the style files share: the shape of a topic, and the expressions that they all write. */
import type { ExpressionSpecification, LayerSpecification } from 'maplibre-gl';
import { sourceOf, type LayerName, type TiledLayer } from '../../contract';
import type { Palette } from '../palette';

export type Language = 'ru' | 'en';
export type Context = {
  palette: Palette;
  lang: Language;
  depletion: boolean;
  /** What else is drawn of the reserves: what lies over a picture of depths must let it through. */
  shown?: readonly string[];
};

/** A kind of thing on the map: how it is drawn, and which property its legend tells apart. */
export type Topic<Name extends string = LayerName> = {
  layer: Name;
  /** Layers of the style, bottom to top; all use the source named like the topic's layer, or the tiles that it comes in. */
  layers: (context: Context) => LayerSpecification[];
  /** The property that colours or patterns tell apart; a topic without one has a single entry. */
  classify?: { property: string; values: string[] } | { property: string; unit: string; stops: number[] };
  /** Which of the layers make the swatch, by the ending of their id. */
  swatch: string[];
};

/** Where a layer that comes in tiles is found. */
export const tiled = (layer: TiledLayer): { source: string; 'source-layer': string } => ({
  source: sourceOf(layer),
  'source-layer': layer,
});

export const FONT = ['Golos Text Variable'];
// MapLibre takes a weight from the name of the font when it draws glyphs itself.
export const FONT_BOLD = ['Golos Text Variable Bold', 'Golos Text Variable'];

export const label = (lang: Language): ExpressionSpecification =>
  lang === 'ru'
    ? ['coalesce', ['get', 'name_ru'], ['get', 'name'], '']
    : ['coalesce', ['get', 'name'], ['get', 'name_ru'], ''];

export const match = (
  property: string,
  of: Record<string, string | number>,
  otherwise: string | number,
): ExpressionSpecification =>
  ['match', ['get', property], ...Object.entries(of).flat(), otherwise] as unknown as ExpressionSpecification;

export const ramp = (input: ExpressionSpecification, stops: [number, string][]): ExpressionSpecification =>
  ['interpolate', ['linear'], input, ...stops.flat()] as unknown as ExpressionSpecification;

export const zoomed = (...stops: [number, number | ExpressionSpecification][]): ExpressionSpecification =>
  ['interpolate', ['linear'], ['zoom'], ...stops.flat()] as unknown as ExpressionSpecification;

/** A feature that is selected or pointed at, in the map or in a list. */
export const LIT: ExpressionSpecification = [
  'any',
  ['boolean', ['feature-state', 'selected'], false],
  ['boolean', ['feature-state', 'hover'], false],
];

export const lit = <T>(yes: T, no: T): ExpressionSpecification =>
  ['case', LIT, yes, no] as unknown as ExpressionSpecification;
