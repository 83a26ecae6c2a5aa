/** The whole style, bottom to top, as a function of what the reader chose. */
import type { LayerSpecification, SourceSpecification, StyleSpecification } from 'maplibre-gl';
import { isTiled, LAYERS, type LayerName, type Tileset } from '../../contract';
import type { ReserveLayer } from '../../state/address';
import { districts, settlements, waters } from './base';
import type { Context, Topic } from './kit';
import { consumers, constraints, haul, plants } from './land';
import { reserveLayers, RESERVE_SOURCES } from './reserves';
import { cores, deposits, fields, probes } from './peat';
import { planningLayers, PLANNING_SOURCES } from './planning';
import { areaLayers, supplyLayers } from './supply';

/** In the order of the layer list: what is on top comes first. */
export const TOPICS: Topic[] = [
  plants,
  consumers,
  deposits,
  fields,
  probes,
  cores,
  constraints,
  haul,
  settlements,
  waters,
  districts,
];

/** Fills lie under lines, lines under labels, whatever topic they belong to. */
const ORDER = [
  'districts-fill',
  'waters-fill',
  'districts-line',
  'waters-line',
  'consumers-zone',
  'deposits-fill',
  'fields-remain',
  'fields-fill',
  'isopachs-fill',
  'funnel-fill',
  'blocks-fill',
  'blocks-hatch',
  'constraints-fill',
  'constraints-strip',
  'fields-line',
  'deposits-line',
  'isopachs-line',
  'funnel-line',
  'blocks-line',
  'constraints-line',
  'haul-network-case',
  'haul-network-road',
  'haul-network-track',
  'haul-network-rail',
  'haul-network-sleepers',
  'probes-dot',
  'cores-dot',
  'area-fill',
  'area-line',
  'catchment-case',
  'catchment-line',
  'flows-case',
  'flows-line',
  'plan-case',
  'plan-line',
  'plan-heat',
  'plan-source',
  'plan-candidate',
  'plan-site',
  'settlements-dot',
  'waters-label',
  'constraints-label',
  'fields-label',
  'isopachs-label',
  'blocks-label',
  'probes-label',
  'deposits-label',
  'settlements-label',
  'consumers-icon',
  'plants-name',
  'settlements-town',
  'plants-icon',
  'plan-label',
];

/** Below all that is drawn of the reserves as lines and areas: the picture of depths goes here. */
export const ABOVE_THICKNESS = 'isopachs-fill';

export function styleLayers(
  context: Context,
  hidden: LayerName[],
  shown: ReserveLayer[] = [],
): LayerSpecification[] {
  const drawn = TOPICS.flatMap((topic) =>
    topic.layers(context).map((layer) => withVisibility(layer, !hidden.includes(topic.layer))),
  );
  const ofReserves = reserveLayers({ ...context, shown }).map(({ layer, of }) =>
    withVisibility(layer, shown.includes(of)),
  );
  const all = [
    ...drawn,
    ...ofReserves,
    ...supplyLayers(context),
    ...planningLayers(context),
    ...areaLayers(context),
  ];
  const rank = (layer: LayerSpecification): number => {
    const place = ORDER.indexOf(layer.id);
    if (place < 0) throw new Error(`style layer ${layer.id} has no place in the drawing order`);
    return place;
  };
  return [
    { id: 'land', type: 'background', paint: { 'background-color': context.palette.land } },
    ...all.sort((a, b) => rank(a) - rank(b)),
  ];
}

function withVisibility(layer: LayerSpecification, visible: boolean): LayerSpecification {
  return {
    ...layer,
    layout: { ...layer.layout, visibility: visible ? 'visible' : 'none' },
  } as LayerSpecification;
}

/** No `glyphs` address: MapLibre then draws the glyphs itself, from the page's own typeface. */
export function emptyStyle(
  context: Context,
  hidden: LayerName[],
  shown: ReserveLayer[],
  tilesets: Record<string, Tileset>,
): StyleSpecification {
  const empty = { type: 'FeatureCollection' as const, features: [] };
  const source = { type: 'geojson' as const, data: empty };
  const ofTiles = ({ tiles, minzoom, maxzoom, bounds }: Tileset): SourceSpecification => ({
    type: 'vector',
    tiles,
    minzoom,
    maxzoom,
    ...(bounds ? { bounds } : {}),
  });
  return {
    version: 8,
    sources: {
      ...Object.fromEntries(
        LAYERS.filter((l) => !isTiled(l)).map((layer) => [layer, { ...source, tolerance: 0.2 }]),
      ),
      ...Object.fromEntries(Object.entries(tilesets).map(([name, tileset]) => [name, ofTiles(tileset)])),
      ...Object.fromEntries(RESERVE_SOURCES.map((name) => [name, source])),
      ...Object.fromEntries(PLANNING_SOURCES.map((name) => [name, source])),
      labels: source,
      flows: source,
      area: source,
    },
    layers: styleLayers(context, hidden, shown),
    transition: { duration: 0, delay: 0 },
  };
}
