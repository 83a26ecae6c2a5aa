/** Lines of a supply for the map. Scaled for the pen only: figures are the server's. */
import type { Feature } from 'geojson';
import type { Supply, SupplyField } from '../contract';
import type { Catchment } from '../contract-planning';
import type { FlowsBy } from '../state/planning-address';
import type { Tone } from './palette';
import { colourAt, COST_RAMP } from './ramps';

/** What fields give in a year, by field. */
export type TakenInYear = { year: number; by: ReadonlyMap<number, number> };
/** The year that lines are drawn of: 0 is today; `taken` is null where what fields give in it is not known. */
export type FlowYear = { year: number; taken: TakenInYear | null };
const TODAY: FlowYear = { year: 0, taken: null };

/** Below this share of the plant's need a field gives what floating point left of nothing. */
const LEAST_SHARE = 1e-9;

/**
 * Fields that the plant draws on in the year, with their lines. Where what they give in that year is not known, those of
 * today stay, but for the ones whose deposit is worked out by then.
 */
function used(result: Supply | null, { year, taken }: FlowYear): { field: SupplyField; mwh_a: number }[] {
  if (!result) return [];
  const gone = new Set(
    result.deposits
      .filter((d) => d.worked_out_year !== null && d.worked_out_year < year)
      .map((d) => d.deposit_id),
  );
  const least = LEAST_SHARE * (result.need?.fuel_mwh_a ?? 0);
  return result.fields.flatMap((field) => {
    if ((field.line?.length ?? 0) < 2) return [];
    const left = field.deposit_id !== null && gone.has(field.deposit_id);
    const mwh_a = taken ? (taken.by.get(field.field_id) ?? 0) : left ? 0 : field.used_mwh_a;
    return mwh_a > least ? [{ field, mwh_a }] : [];
  });
}

/** How many fields the plant draws on in the year. */
export const flowCount = (result: Supply | null, of = TODAY): number => used(result, of).length;

/**
 * The cheapest and dearest delivered cost among the lines of today and of the year, RUB/MWh, so that a colour does not change
 * its meaning from year to year while a field stays; null where there are none.
 */
export function costRange(result: Supply | null, of = TODAY): [number, number] | null {
  const costs = [...used(result, TODAY), ...used(result, of)].map(
    ({ field }) => field.delivered_cost_rub_mwh,
  );
  return costs.length ? [Math.min(...costs), Math.max(...costs)] : null;
}
/** The largest energy on a line, of today or of the year, MWh/a: what a line of full width carries. */
export const greatestFlow = (result: Supply | null, of = TODAY): number =>
  Math.max(0, ...[...used(result, TODAY), ...used(result, of)].map(({ mwh_a }) => mwh_a));

export function flowFeatures(
  result: Supply | null,
  by: FlowsBy,
  colourOf: (deposit: number | null) => string,
  of = TODAY,
  tone: Tone = 'light',
): Feature[] {
  if (by === 'off') return [];
  const most = greatestFlow(result, of) || 1;
  const [low, high] = costRange(result, of) ?? [0, 1];
  return used(result, of).map(({ field, mwh_a }) => ({
    type: 'Feature',
    id: field.field_id,
    geometry: { type: 'LineString', coordinates: field.line! },
    properties: {
      weight: mwh_a / most,
      colour:
        by === 'cost'
          ? colourAt(COST_RAMP[tone], (field.delivered_cost_rub_mwh - low) / (high - low || 1))
          : colourOf(field.deposit_id),
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
