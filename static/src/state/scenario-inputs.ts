/**
 * A scenario's inputs and what the reader changed are the same thing in two forms: a JSON object that the server keeps, and
 * edits of a plant and of its supply. Pure: plants are handed in.
 */
import type { Inputs } from '../api';
import { PLANT_PROPERTIES, type LngLat, type Site, type SiteId } from './address';

export type StoredInputs = Record<string, unknown>;
type Plant = {
  id: number;
  properties: { code?: unknown; name?: unknown; name_ru?: unknown; [property: string]: unknown };
};

/** Whether lines are answered changes no figure. */
const NO_FIGURE = new Set(['routes']);

/** The object, or null where the text is none. */
export function readInputs(text: string): StoredInputs | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as StoredInputs)
      : null;
  } catch {
    return null;
  }
}

/** A plant by id, code or name, as the server finds it. */
export function plantNamed(name: unknown, plants: Plant[]): Plant | undefined {
  if (typeof name !== 'string' && typeof name !== 'number') return undefined;
  const text = String(name);
  return (
    plants.find((plant) => String(plant.id) === text) ??
    plants.find((plant) => plant.properties.code === text) ??
    plants.find(({ properties }) => properties.name === text || properties.name_ru === text)
  );
}

const isScalar = (value: unknown): value is Inputs[string] =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

function placeOf(at: unknown): LngLat | undefined {
  const numbers = Array.isArray(at)
    ? at.map(Number)
    : String(at ?? '')
        .split(',')
        .map(Number);
  return numbers.length === 2 && numbers.every(Number.isFinite) ? (numbers as LngLat) : undefined;
}

export type SupplyEdits = {
  /** Whose they are; null where the project has no such plant any more. */
  plant: SiteId | null;
  site: Site;
  supply: Inputs;
};

/** The edits of a plant's panel that ask what a stored scenario of `fuel-supply` asks. */
export function supplyEdits(inputs: StoredInputs, plants: Plant[]): SupplyEdits {
  const { plant, at, ...rest } = inputs;
  const site: Site = {};
  const supply: Inputs = {};
  const place = placeOf(at);
  if (place) site.at = place;
  for (const [name, value] of Object.entries(rest)) {
    if (NO_FIGURE.has(name)) continue;
    const property = PLANT_PROPERTIES.find((known) => known === name);
    if (property && typeof value === 'number') site[property] = value;
    else if (isScalar(value)) supply[name] = value;
    else if (Array.isArray(value)) supply[name] = value.join(',');
  }
  const found = plantNamed(plant, plants);
  const named = plant !== undefined && plant !== null;
  return { plant: found?.id ?? (named || !place ? null : 'new'), site, supply };
}

/** What a panel asks, as a scenario keeps it. `sizes` are those of a plant that is not stored. */
export function storedInputs(
  plant: Plant | 'new',
  site: Site,
  supply: Inputs,
  sizes: Partial<Record<string, number>> = {},
): StoredInputs {
  const { at, ...size } = site;
  return {
    ...(plant === 'new'
      ? sizes
      : { plant: (plant.properties.code as string | null | undefined) ?? plant.id }),
    ...(at ? { at: at.map((c) => Number(c.toFixed(7))).join(',') } : {}),
    ...size,
    ...supply,
    routes: false,
  };
}

/** Whether two sets of inputs ask the same: in any order, the plant by any of its names. */
export function asksTheSame(a: StoredInputs, b: StoredInputs, plants: Plant[]): boolean {
  const key = (inputs: StoredInputs): string => {
    const { plant, site, supply } = supplyEdits(inputs, plants);
    const all = { ...site, ...supply, at: site.at?.map((c) => c.toFixed(6)).join(',') };
    const sorted = Object.entries(all)
      .filter(([, value]) => value !== undefined)
      .sort(([x], [y]) => (x < y ? -1 : 1));
    return JSON.stringify([plant, sorted]);
  };
  return key(a) === key(b);
}
