/** Where things are: boxes, names to search by, coordinates that people type. */
import type { Position } from 'geojson';
import type { LayerFeature, LayerName } from '../contract';
import type { LngLat } from './address';
import { data } from './data.svelte';

export type Box = [number, number, number, number];

export function boxOf(feature: Pick<LayerFeature, 'geometry'>): Box | null {
  const box: Box = [Infinity, Infinity, -Infinity, -Infinity];
  const walk = (part: unknown): void => {
    if (!Array.isArray(part)) return;
    if (typeof part[0] === 'number') {
      const [x, y] = part as Position as [number, number];
      box[0] = Math.min(box[0], x);
      box[1] = Math.min(box[1], y);
      box[2] = Math.max(box[2], x);
      box[3] = Math.max(box[3], y);
    } else part.forEach(walk);
  };
  if (feature.geometry && 'coordinates' in feature.geometry) walk(feature.geometry.coordinates);
  return Number.isFinite(box[0]) ? box : null;
}

/** Half the width of what is shown around a plant, degrees: room for the fields that feed it. */
const AROUND_PLANT = 0.18;

/** What to show of a feature: a plant with what is around it, anything else as it is. */
export function boxToShow(layer: LayerName, feature: Pick<LayerFeature, 'geometry'>): Box | null {
  const box = boxOf(feature);
  if (!box || layer !== 'plants') return box;
  const [dx, dy] = [AROUND_PLANT, AROUND_PLANT / 2];
  return [box[0] - dx, box[1] - dy, box[2] + dx, box[3] + dy];
}

/** A field names its deposit by code or by name; where it names none, its middle tells. */
export function depositOfField(field: LayerFeature): LayerFeature | undefined {
  const named = field.properties.deposit;
  const deposits = data.list('deposits');
  const byName = deposits.find(
    (d) => named && [d.properties.code, d.properties.name, d.properties.name_ru].includes(named),
  );
  if (byName || named) return byName;
  const box = boxOf(field);
  if (!box) return undefined;
  const middle: LngLat = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
  return deposits.find((d) => {
    const b = boxOf(d);
    return b && middle[0] > b[0] && middle[0] < b[2] && middle[1] > b[1] && middle[1] < b[3];
  });
}

/** Volume as documents state it: the deposit's own figure, or the sum of its statements. */
export function statedVolume(deposit: LayerFeature): number | null {
  if (typeof deposit.properties.stated_volume_m3 === 'number') return deposit.properties.stated_volume_m3;
  const { code, name, name_ru } = deposit.properties;
  const stated = data
    .list('reserve-statements')
    .filter((row) => [code, name, name_ru].includes(row.properties.deposit) && row.properties.deposit)
    .map((row) => row.properties.volume_m3)
    .filter((volume): volume is number => typeof volume === 'number');
  return stated.length ? stated.reduce((sum, volume) => sum + volume, 0) : null;
}

/** "55.62 40.66", "55,62; 40,66", "55.62, 40.66": latitude first, as people write it. */
export function coordinates(text: string): LngLat | null {
  const found = /^\s*(-?\d{1,2}(?:[.,]\d+)?)\s*[;,\s]\s*(-?\d{1,3}(?:[.,]\d+)?)\s*$/.exec(text);
  if (!found) return null;
  const lat = Number(found[1]!.replace(',', '.'));
  const lng = Number(found[2]!.replace(',', '.'));
  return Math.abs(lat) <= 85 && Math.abs(lng) <= 180 ? [lng, lat] : null;
}

export const SEARCHED: LayerName[] = [
  'deposits',
  'plants',
  'consumers',
  'fields',
  'constraints',
  'settlements',
];
export type Found = { layer: LayerName; feature: LayerFeature };

const fold = (text: unknown): string =>
  String(text ?? '')
    .toLocaleLowerCase('ru')
    .replaceAll('ё', 'е');

/** Names that begin with the text come before those that merely hold it. */
export function search(text: string, limit = 12): Found[] {
  const wanted = fold(text.trim());
  if (!wanted) return [];
  const found: (Found & { rank: number })[] = [];
  for (const [order, layer] of SEARCHED.entries()) {
    for (const feature of data.list(layer)) {
      const { name, name_ru, code } = feature.properties;
      const names = [name, name_ru, code].map(fold).filter(Boolean);
      const starts = names.some((n) => n.startsWith(wanted));
      if (!starts && !names.some((n) => n.includes(wanted))) continue;
      const size = Math.min(0.9, Math.log10(Number(feature.properties.population ?? 1) || 1) / 8);
      found.push({ layer, feature, rank: (starts ? 0 : 10) + order - size });
    }
  }
  return found.sort((a, b) => a.rank - b.rank).slice(0, limit);
}

/** A point well inside an outline, for its label: the middle of the widest of some cuts across it. */
export function labelPoint(geometry: LayerFeature['geometry']): LngLat | null {
  const rings =
    geometry?.type === 'Polygon'
      ? geometry.coordinates
      : geometry?.type === 'MultiPolygon'
        ? geometry.coordinates.flat()
        : [];
  const box = boxOf({ geometry });
  if (!rings.length || !box) return null;
  const CUTS = 16;
  let best: { width: number; at: LngLat } | null = null;
  for (let i = 1; i < CUTS; i++) {
    const y = box[1] + ((box[3] - box[1]) * i) / CUTS;
    const crossings = rings
      .flatMap((ring) =>
        ring.slice(1).map((b, k) => {
          const a = ring[k]!;
          return a[1]! > y === b[1]! > y ? null : a[0]! + ((y - a[1]!) / (b[1]! - a[1]!)) * (b[0]! - a[0]!);
        }),
      )
      .filter((x): x is number => x !== null)
      .sort((p, q) => p - q);
    for (let k = 0; k + 1 < crossings.length; k += 2) {
      const width = crossings[k + 1]! - crossings[k]!;
      if (!best || width > best.width) best = { width, at: [(crossings[k]! + crossings[k + 1]!) / 2, y] };
    }
  }
  return best?.at ?? null;
}
