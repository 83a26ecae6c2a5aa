/**
 * Which inputs of a reserve estimate belong together, and which of them a chosen method uses at all.
 * Names only: what an input is, and between which limits, the server says.
 */
import type { Inputs } from '../api';
import type { Reserves } from '../contract';
import type { ReserveLayer } from './address';

export const INPUT_GROUPS = [
  'method',
  'survey',
  'cutoffs',
  'fuel',
  'uncertainty',
  'blocks',
  'products',
  'carbon',
  'other',
] as const;
export type InputGroup = (typeof INPUT_GROUPS)[number];
/** The two that are changed most are open from the start. */
export const OPEN_AT_FIRST: InputGroup[] = ['method', 'cutoffs'];

const NAMED: Record<string, InputGroup> = {
  method: 'method',
  surface: 'method',
  isopach_rule: 'method',
  isopach_step_m: 'method',
  power: 'method',
  neighbours: 'method',
  neighbourhood: 'method',
  drift: 'method',
  variogram: 'method',
  nugget_m2: 'method',
  partial_sill_m2: 'method',
  range_m: 'method',
  smoothness: 'method',
  azimuth_deg: 'method',
  anisotropy_ratio: 'method',
  support: 'method',
  cell_m: 'method',
  probes: 'survey',
  boundary: 'survey',
  boundary_step_m: 'survey',
  censored: 'survey',
  drained: 'survey',
  surveyed_from_year: 'survey',
  surveyed_to_year: 'survey',
  constraints: 'cutoffs',
  min_depth_m: 'cutoffs',
  bottom_layer_m: 'cutoffs',
  max_ash: 'cutoffs',
  min_interbed_m: 'cutoffs',
  min_decomposition: 'cutoffs',
  min_part_ha: 'cutoffs',
  min_part_width_m: 'cutoffs',
  fire_break_m: 'cutoffs',
  stumps: 'cutoffs',
  net_area_share: 'cutoffs',
  loss_extraction: 'cutoffs',
  loss_storage: 'cutoffs',
  quality: 'fuel',
  saturated_share: 'fuel',
  von_post_density_factor: 'fuel',
  default_ash: 'fuel',
  reference_moisture: 'fuel',
  dry_density_kg_m3: 'fuel',
  net_calorific_value_dry_mj_kg: 'fuel',
  transform: 'uncertainty',
  realisations: 'uncertainty',
  seed: 'uncertainty',
  boundary_error_m: 'uncertainty',
};
/** For the many of one kind, and for what later servers add: the first that fits. */
const ALIKE: [RegExp, InputGroup][] = [
  [/carbon|co2|ch4|n2o|combustion|gwp|^site_|ditch/, 'carbon'],
  [/product|horticult|chemical|fuel_|reject|slice/, 'products'],
  [/categor|block|spacing|^relative_error|(^|_)(a|b|c1|c2|p1)(_|$)/, 'blocks'],
  [/sigma|deviation|spread|_error|uncertain/, 'uncertainty'],
  [/density|calorific|moisture|decomposition/, 'fuel'],
  [/ash|depth|loss|layer/, 'cutoffs'],
  [/probe|survey|boundary/, 'survey'],
];
export const groupOf = (name: string): InputGroup =>
  NAMED[name] ?? ALIKE.find(([pattern]) => pattern.test(name))?.[1] ?? 'other';

type Used = Record<string, unknown>;
const BY_KRIGING = new Set<unknown>(['kriging', 'simulation']);
const ON_A_GRID = new Set<unknown>(['idw', 'kriging', 'simulation', 'tin', 'isopach']);

/** What the depths come from: isopachs are drawn from a surface of their own. */
const surfaceOf = (used: Used): unknown =>
  used.method === 'isopach' ? (used.surface ?? 'kriging') : used.method;
const kriged = (used: Used): boolean => BY_KRIGING.has(surfaceOf(used));
const givenShape = (used: Used): boolean =>
  kriged(used) && typeof used.variogram === 'string' && used.variogram !== 'fit';

const ONLY: Record<string, (used: Used) => boolean> = {
  surface: (used) => used.method === 'isopach',
  isopach_rule: (used) => used.method === 'isopach',
  power: (used) => surfaceOf(used) === 'idw',
  neighbours: (used) => surfaceOf(used) === 'idw' || (kriged(used) && used.neighbourhood !== 'global'),
  neighbourhood: kriged,
  drift: kriged,
  variogram: kriged,
  nugget_m2: givenShape,
  partial_sill_m2: givenShape,
  range_m: givenShape,
  smoothness: (used) => kriged(used) && used.variogram === 'matern',
  azimuth_deg: kriged,
  anisotropy_ratio: kriged,
  support: (used) => surfaceOf(used) === 'kriging',
  cell_m: (used) => ON_A_GRID.has(used.method),
  boundary_step_m: (used) => used.boundary === 'zero',
};

/** What an estimate was made with, the reader's changes on top: the choices that decide what else is used. */
export function inForce(
  result: { method: string; parameters: Used },
  choices: { name: string; default?: string | null }[],
  edits: Used = {},
): Used {
  const defaults = Object.fromEntries(choices.map((choice) => [choice.name, choice.default]));
  const used: Used = { ...defaults, ...result.parameters, method: result.method, ...edits };
  // `auto` is answered by one of the methods, and that one's inputs are the ones with an effect.
  if (used.method === 'auto') used.method = result.method;
  return used;
}

/** An input that changes nothing is noise. The isopach step stays: the map draws isopachs by any method. */
export const isUsed = (name: string, used: Used): boolean => ONLY[name]?.(used) ?? true;

/** The input behind a factor of the tornado, so that its bar can lead there. */
const INPUT_OF_FACTOR: Record<string, string> = {
  thickness: 'method',
  boundary: 'boundary_error_m',
  dry_density: 'dry_density_kg_m3',
  moisture: 'reference_moisture',
  ash: 'default_ash',
  calorific_value: 'net_calorific_value_dry_mj_kg',
};
export const inputOfFactor = (factor: string): string => INPUT_OF_FACTOR[factor] ?? factor;

/** `auto` has been answered: what it chose is asked for by name, not searched for again. */
export function pinned(inputs: Inputs, result: Pick<Reserves, 'method' | 'method_choice'>): Inputs {
  if (inputs.method !== 'auto') return inputs;
  const best = result.method_choice?.candidates[0];
  return {
    ...inputs,
    method: result.method,
    ...(best?.power != null ? { power: best.power } : {}),
    ...(best?.drift ? { drift: best.drift } : {}),
  };
}

/** Where a map of the thickness needs a surface: without one, or without its error, there is none. */
export const canShow = (layer: ReserveLayer, result: Reserves | null): boolean =>
  layer !== 'error' || result?.method === 'kriging' || result?.method === 'simulation';
