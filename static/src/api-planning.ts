/** What scenarios, their comparison and the plans of several plants ask of the server, by way of `api.ts`. */
import { answer, ask, query, read, type Inputs } from './api';
import type {
  Catchment,
  CatchmentMeasure,
  FieldsLeft,
  Scenario,
  ScenarioProperties,
  StoredScenario,
} from './contract-planning';

const ITEMS = '/ogc/collections/scenarios/items';
const GEOJSON = 'application/geo+json';

/** A key that may change layers goes along as a header: the cookie of a session opens reading alone. */
const withKey = (key: string | null): Record<string, string> => (key ? { 'x-api-key': key } : {});

/** More than anybody compares; the server's own page size is smaller than its cap. */
const MOST_SCENARIOS = 10_000;
export async function scenarios(): Promise<Scenario[]> {
  const page = await answer<{ features: Scenario[] }>(`${ITEMS}?limit=${MOST_SCENARIOS}`, {
    headers: { accept: GEOJSON },
    cache: 'no-cache',
  });
  return page.features;
}

/** A scenario as it is stored this moment. */
export async function scenario(id: number): Promise<StoredScenario> {
  const path = `${ITEMS}/${id}`;
  const response = await ask(path, { headers: { accept: GEOJSON }, cache: 'no-cache' });
  return { scenario: await read<Scenario>(response, path), tag: response.headers.get('etag') ?? '' };
}

/** The id of what was made. */
export async function addScenario(
  properties: Partial<ScenarioProperties>,
  geometry: Scenario['geometry'],
  key: string | null,
): Promise<number> {
  const response = await ask(ITEMS, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': GEOJSON, ...withKey(key) },
    body: JSON.stringify({ type: 'Feature', geometry, properties }),
  });
  return Number(response.headers.get('location')?.split('/').pop());
}

/** Changes some properties, if the scenario still is what `tag` says. */
export async function changeScenario(
  id: number,
  properties: Partial<ScenarioProperties>,
  tag: string,
  key: string | null,
): Promise<void> {
  await ask(`${ITEMS}/${id}`, {
    method: 'PATCH',
    headers: {
      accept: 'application/json',
      'content-type': 'application/merge-patch+json',
      'if-match': tag,
      ...withKey(key),
    },
    body: JSON.stringify({ properties }),
  });
}

export async function removeScenario(id: number, tag: string, key: string | null): Promise<void> {
  await ask(`${ITEMS}/${id}`, {
    method: 'DELETE',
    headers: { accept: 'application/json', 'if-match': tag, ...withKey(key) },
  });
}

/** A layer of a plant's supply; `plant` null: of one that is not stored. */
const supplyLayer = <T>(
  plant: number | null,
  layer: string,
  inputs: Inputs,
  signal: AbortSignal,
): Promise<T> =>
  answer(`/supply${plant === null ? '' : `/${plant}`}/${layer}${query(inputs)}`, {
    headers: { accept: `${GEOJSON}, application/json;q=0.9` },
    signal,
  });

export const catchment = (
  plant: number | null,
  measure: CatchmentMeasure,
  inputs: Inputs,
  signal: AbortSignal,
): Promise<Catchment> => supplyLayer(plant, 'catchment', { ...inputs, measure }, signal);

/** Fields with what they still hold at the end of a year. */
export const fieldsLeft = (
  plant: number | null,
  year: number,
  inputs: Inputs,
  signal: AbortSignal,
): Promise<FieldsLeft> => supplyLayer(plant, 'depletion', { ...inputs, year, of: 'fields' }, signal);
