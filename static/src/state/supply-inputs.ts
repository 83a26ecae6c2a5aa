/**
 * Which inputs of a fuel supply belong together, and which of them its answer uses at all. Names only: what an input
 * is, and between which limits, the server says.
 */

export const SUPPLY_GROUPS = ['harvest', 'stock', 'need', 'trucks', 'rail', 'other'] as const;
export type SupplyGroup = (typeof SUPPLY_GROUPS)[number];

/** The first that fits. */
const ALIKE: [RegExp, SupplyGroup][] = [
  [/^stock_|^safety_stock|loose_density|^(milled|sod)_moisture/, 'stock'],
  [/^heating_|^indoor_|^hot_water|^need_by_month/, 'need'],
  [/narrow_gauge|^rail_|^transfer_|^track_|_reach_m$/, 'rail'],
  [/truck|speed|tortuosity|turnaround|handling/, 'trucks'],
  [/^harvest_weight|yield|factor|cycle|mill|collected|dry_days|production|undeveloped/, 'harvest'],
];
export const supplyGroupOf = (name: string): SupplyGroup =>
  ALIKE.find(([pattern]) => pattern.test(name))?.[1] ?? 'other';

/** Numbers of the seasons that other studies ask for: how years differ, how fields are prepared and given back. */
const OF_OTHER_STUDIES =
  /^season_|^dry_season|^decision|^stock_certainty|^store_capacity|^permit_|^works_|^preparation_|^(first|second)_year_|^restoration_/;
/** What a cycle of harvest is, where yields are made from cycles. */
const OF_CYCLES = /^milling_depth|^milled_layer|^collected_share|^(milled|sod)_cycle|^dry_days/;

/** An input that changes nothing is noise. */
export function isUsedBySupply(name: string, used: Record<string, unknown>): boolean {
  if (OF_OTHER_STUDIES.test(name)) return false;
  if (OF_CYCLES.test(name)) return used.yield_by_cycles === true;
  if (name !== 'narrow_gauge' && supplyGroupOf(name) === 'rail') return used.narrow_gauge !== 'ignore';
  if (supplyGroupOf(name) === 'need') return typeof used.need_by_month !== 'string';
  return true;
}
