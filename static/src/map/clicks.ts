/** What a click or a pointer on the map means, when several things lie under it. */
import type { Map as LibreMap, PointLike } from 'maplibre-gl';
import type { LayerName, Properties } from '../contract';
import type { Selection } from '../state/address';

export type Hit = { layer: LayerName; id: number; properties?: Properties };

/**
 * The plant that the reader placed is no row of the data, but features must have numbers for ids,
 * and MapLibre turns negative ones into something else. No row has this one.
 */
export const NEW_ID = 2 ** 40;

/** Small things before large ones: what is hard to hit wins. */
const PRIORITY: LayerName[] = [
  'plants',
  'consumers',
  'cores',
  'probes',
  'fields',
  'deposits',
  'haul-network',
  'constraints',
  'settlements',
];
// Half the size of a finger tip, so that points and lines can be hit at all.
const REACH_PX = 5;

const ofLayer = (id: string): LayerName | undefined => PRIORITY.find((layer) => id.startsWith(`${layer}-`));

export function hits(map: LibreMap, point: { x: number; y: number }): Hit[] {
  const box: [PointLike, PointLike] = [
    [point.x - REACH_PX, point.y - REACH_PX],
    [point.x + REACH_PX, point.y + REACH_PX],
  ];
  const layers = map
    .getStyle()
    .layers.map((layer) => layer.id)
    .filter((id) => ofLayer(id));
  const near = map.queryRenderedFeatures(box, { layers });
  // Areas count only under the very point: a box would catch the neighbour across a ditch.
  const under = new Set(
    map
      .queryRenderedFeatures([point.x, point.y], { layers })
      .map((f) => `${f.source}.${f.sourceLayer}.${f.id}`),
  );
  const found = near
    .filter(
      (f) =>
        f.geometry.type.includes('Polygon') === false || under.has(`${f.source}.${f.sourceLayer}.${f.id}`),
    )
    .map((f) => ({
      layer: ofLayer(f.layer.id)!,
      id: Number(f.id),
      kind: f.geometry.type,
      properties: f.properties,
    }));
  return found
    .sort((a, b) => rank(a) - rank(b))
    .map(({ layer, id, properties }) => ({ layer, id, properties }))
    .filter((hit, i, all) => all.findIndex((h) => h.layer === hit.layer && h.id === hit.id) === i);
}

// A district-heating zone is a consumer too, but it covers half the town.
const rank = (hit: { layer: LayerName; kind: string }): number =>
  PRIORITY.indexOf(hit.layer) + (hit.layer === 'consumers' && hit.kind.includes('Polygon') ? 4.5 : 0);

/** A first click on peat takes the deposit; a second one, inside it, the field. */
export function choose(found: Hit[], selected: Selection): Hit | null {
  const first = found[0];
  if (first?.layer !== 'fields') return first ?? null;
  const deposit = found.find((hit) => hit.layer === 'deposits');
  const inside =
    selected?.layer === 'fields' || (selected?.layer === 'deposits' && selected.id === deposit?.id);
  return inside || !deposit ? first : deposit;
}
