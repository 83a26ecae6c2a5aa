/** Lines of a supply for the map. Scaled for the pen only: figures are the server's. */
import type { Feature } from 'geojson';
import type { Supply } from '../contract';
import type { Catchment } from '../contract-planning';
import type { FlowsBy } from '../state/planning-address';
import { colourAt, COST_RAMP } from './ramps';

/** Fields that the plant draws on, with their lines. */
const used = (result: Supply | null) =>
  (result?.fields ?? []).filter((f) => f.used_mwh_a > 0 && (f.line?.length ?? 0) > 1);

/** The cheapest and dearest delivered cost among the lines, RUB/MWh; null where there are none. */
export function costRange(result: Supply | null): [number, number] | null {
  const costs = used(result).map((f) => f.delivered_cost_rub_mwh);
  return costs.length ? [Math.min(...costs), Math.max(...costs)] : null;
}
/** The largest yearly energy on a line, MWh/a. */
export const greatestFlow = (result: Supply | null): number =>
  Math.max(0, ...used(result).map((f) => f.used_mwh_a));

export function flowFeatures(
  result: Supply | null,
  by: FlowsBy,
  colourOf: (deposit: number | null) => string,
): Feature[] {
  if (by === 'off') return [];
  const lines = used(result);
  const most = Math.max(...lines.map((f) => f.used_mwh_a), 1);
  const [low, high] = costRange(result) ?? [0, 1];
  return lines.map((f) => ({
    type: 'Feature',
    id: f.field_id,
    geometry: { type: 'LineString', coordinates: f.line! },
    properties: {
      weight: f.used_mwh_a / most,
      colour:
        by === 'cost'
          ? colourAt(COST_RAMP, (f.delivered_cost_rub_mwh - low) / (high - low || 1))
          : colourOf(f.deposit_id),
    },
  }));
}

/** Roads within reach, cut at their bends so that the colour follows the way; `reach` is 0 at the gate and 1 at the limit. */
export function catchmentFeatures(found: Catchment | null): Feature[] {
  if (!found || found.most <= 0) return [];
  return found.features.flatMap((feature): Feature[] => {
    const { coordinates } = feature.geometry;
    const [from, to] = endsOf(feature.properties);
    const lengths = coordinates.slice(1).map((c, i) => {
      const before = coordinates[i]!;
      const shrink = Math.cos((c[1]! * Math.PI) / 180);
      return Math.hypot((c[0]! - before[0]!) * shrink, c[1]! - before[1]!);
    });
    const all = lengths.reduce((a, b) => a + b, 0) || 1;
    let gone = 0;
    return lengths.map((length, i) => {
      const middle = (gone + length / 2) / all;
      gone += length;
      return {
        type: 'Feature',
        geometry: { type: 'LineString', coordinates: [coordinates[i]!, coordinates[i + 1]!] },
        properties: {
          reach: Math.min(1, Math.max(0, (from + (to - from) * middle) / found.most)),
          rail: feature.properties.mode === 'narrow_gauge',
        },
      };
    });
  });
}

/** The measure at both ends, under whichever unit it has. */
function endsOf(properties: Record<string, unknown>): [number, number] {
  const of = (end: string): number =>
    Number(Object.entries(properties).find(([name]) => name.startsWith(`${end}_`))?.[1] ?? 0);
  return [of('from'), of('to')];
}
