/**
 * The one file that talks to the server. Every failure comes out as an `ApiError` whose message can
 * be shown to a person as it is; nothing is swallowed here.
 */
import type { FeatureCollection } from 'geojson';
import type {
  Difference,
  JobStatus,
  LayerFeature,
  LayerName,
  LayerPage,
  LayerSchema,
  Parameters,
  Project,
  Reserves,
  Supply,
  ThicknessTiles,
  Tileset,
  WeatherYear,
} from './contract';

export type Inputs = Record<string, string | number | boolean>;

/** `unreachable`: no answer at all. `refused`: the server answered and said what was wrong. */
export class ApiError extends Error {
  constructor(
    readonly kind: 'unreachable' | 'refused',
    message: string,
    readonly status = 0,
    readonly parameter: string | null = null,
    /** All that the server said, where it said more than a sentence. */
    readonly document: Record<string, unknown> = {},
  ) {
    super(message);
  }
}

export const isAbort = (error: unknown): boolean =>
  error instanceof DOMException && error.name === 'AbortError';

export async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, { headers: { accept: 'application/json' }, ...init });
  } catch (error) {
    if (isAbort(error)) throw error;
    throw new ApiError('unreachable', String(error));
  }
  if (response.ok) return response;
  // RFC 9457: `detail` says which input was wrong and what is allowed. A proxy in between may answer
  // with something else, hence the fallbacks.
  const problem = (await response.json().catch(() => ({}))) as Record<string, unknown>;
  const detail =
    typeof problem.detail === 'string' ? problem.detail : `${response.status} ${response.statusText}`;
  throw new ApiError(
    response.status >= 502 && response.status <= 504 ? 'unreachable' : 'refused',
    detail,
    response.status,
    typeof problem.parameter === 'string' ? problem.parameter : null,
    problem,
  );
}

export async function read<T>(response: Response, path: string): Promise<T> {
  try {
    return (await response.json()) as T;
  } catch (error) {
    if (isAbort(error)) throw error;
    throw new ApiError('refused', `${path}: ${String(error)}`, response.status);
  }
}

export const answer = async <T>(path: string, init: RequestInit = {}): Promise<T> =>
  read<T>(await ask(path, init), path);

export const query = (inputs: Inputs): string => {
  const text = new URLSearchParams(Object.entries(inputs).map(([k, v]) => [k, String(v)])).toString();
  return text ? `?${text}` : '';
};

/** Gives the service a key, which the browser keeps for its session; whether the service knows it. */
export async function signIn(key: string): Promise<boolean> {
  try {
    await ask('/session', {
      method: 'POST',
      body: new URLSearchParams({ key }),
      headers: { accept: 'application/json' },
    });
    return true;
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return false;
    throw error;
  }
}
export const signOut = async (): Promise<void> => void (await ask('/session', { method: 'DELETE' }));
/** Whose key the browser has, if any. */
export const session = async (): Promise<string | null> =>
  (await answer<{ key: string | null }>('/session', { headers: { accept: 'application/json' } })).key;

export const project = (): Promise<Project> => answer('/project');
export const parameters = (): Promise<Parameters> => answer('/parameters');
export const schema = (layer: LayerName): Promise<LayerSchema> => answer(`/ogc/collections/${layer}/schema`);

const AS_GEOJSON: RequestInit = { headers: { accept: 'application/geo+json, application/json;q=0.9' } };

/** Every feature of a layer, page by page; `onPage` sees all features so far. */
export async function features(
  layer: LayerName,
  onPage: (soFar: LayerFeature[], matched: number | undefined) => void = () => {},
): Promise<LayerFeature[]> {
  const all: LayerFeature[] = [];
  let next: string | null = `/ogc/collections/${layer}/items?limit=10000`;
  const seen = new Set<string>();
  while (next && !seen.has(next)) {
    seen.add(next);
    const page: LayerPage = await answer<LayerPage>(next, AS_GEOJSON);
    all.push(...page.features);
    onPage(all, page.numberMatched);
    next = sameOrigin(page.links?.find((link) => link.rel === 'next')?.href);
  }
  return all;
}

/** Weather years of the project, without their hours. A service that has no such layer has none. */
export async function weatherYears(): Promise<WeatherYear[]> {
  try {
    const path = '/ogc/collections/weather-years/items?limit=10000';
    const page = await answer<LayerPage>(path, AS_GEOJSON);
    return page.features.map(({ id, properties }) => ({ ...properties, id }) as WeatherYear);
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return [];
    throw error;
  }
}

/** One feature. */
export const feature = (layer: LayerName, id: number): Promise<LayerFeature> =>
  answer(`/ogc/collections/${layer}/items/${id}`, AS_GEOJSON);

/** Some layers as vector tiles. Their addresses change whenever the data do. */
export async function tileset(layers: readonly LayerName[]): Promise<Tileset> {
  const found = await answer<Tileset>(
    `/ogc/tiles/WebMercatorQuad?collections=${layers.join(',')}&f=tilejson`,
  );
  return { ...found, tiles: found.tiles.map(here) };
}
/** Tile addresses keep their braces, which a URL would escape; and the server may not know its public name. */
const here = (tile: string): string => location.origin + tile.replace(/^[a-z]+:\/\/[^/]+/i, '');

/** Behind a proxy the server may not know its public name; only the path of a link is followed. */
function sameOrigin(href: string | null | undefined): string | null {
  if (!href) return null;
  const url = new URL(href, location.href);
  return url.pathname + url.search;
}

const reserveAddress = (deposit: string | number, what: string, inputs: Inputs): string =>
  `/reserves/${encodeURIComponent(deposit)}${what}${query(inputs)}`;

/** An answer at once, or the place of the job that will have it. */
export type Started<T> = { result: T } | { job: JobStatus; place: string };

/** What an answer says: a job was made (201) or taken on (202), or it is the result itself. */
export async function started<T>(response: Response, path: string): Promise<Started<T>> {
  if (response.status !== 201 && response.status !== 202) return { result: await read<T>(response, path) };
  const job = await read<JobStatus>(response, path);
  return { job, place: sameOrigin(response.headers.get('location')) ?? `/ogc/jobs/${job.jobID}` };
}

/** Asks for reserves. A long computation becomes a job, whether the server or the caller thinks it long. */
export async function startReserves(
  deposit: string | number,
  inputs: Inputs,
  { long = false, signal = null }: { long?: boolean; signal?: AbortSignal | null } = {},
): Promise<Started<Reserves>> {
  const path = reserveAddress(deposit, '', inputs);
  const response = await ask(path, {
    headers: { accept: 'application/json', ...(long ? { prefer: 'respond-async' } : {}) },
    signal,
  });
  return started<Reserves>(response, path);
}

export const jobStatus = (place: string, signal?: AbortSignal): Promise<JobStatus> =>
  answer(place, { signal: signal ?? null });
export const jobResults = <T>(place: string, signal?: AbortSignal): Promise<T> =>
  answer(`${place}/results`, { signal: signal ?? null });
export const cancelJob = async (place: string): Promise<void> =>
  void (await ask(place, { method: 'DELETE' }));

/** What the map draws of a deposit's reserves, by the same inputs as its figures. */
export const isopachs = (deposit: number, inputs: Inputs, signal: AbortSignal): Promise<FeatureCollection> =>
  answer(reserveAddress(deposit, '/isopachs', inputs), { signal });
export const blocks = (deposit: number, inputs: Inputs, signal: AbortSignal): Promise<FeatureCollection> =>
  answer(reserveAddress(deposit, '/blocks', inputs), { signal });
export const funnel = (deposit: number, inputs: Inputs, signal: AbortSignal): Promise<FeatureCollection> =>
  answer(reserveAddress(deposit, '/funnel', inputs), { signal });
export async function thickness(
  deposit: number,
  inputs: Inputs,
  signal: AbortSignal,
): Promise<ThicknessTiles> {
  const found = await answer<ThicknessTiles>(reserveAddress(deposit, '/thickness', inputs), { signal });
  return { ...found, tiles: found.tiles.map(here) };
}

/** What can be taken away as a file, with the inputs of the figures on the screen. */
export const reserveFile = (deposit: number, file: string, inputs: Inputs): string => {
  const [path = '', format] = file.split('?f=');
  return reserveAddress(deposit, `/${path}`, format ? { ...inputs, f: format } : inputs);
};

/** A newer surface against the modelled peat: what has been taken, what remains. */
export const difference = (
  deposit: number,
  surface: Blob,
  inputs: Inputs,
  signal: AbortSignal,
): Promise<Difference> =>
  answer(reserveAddress(deposit, '/difference', inputs), {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'image/tiff' },
    body: surface,
    signal,
  });

/** Reserves of the part of a deposit that lies inside a drawn polygon. */
export const reservesInArea = (
  deposit: string | number,
  area: GeoJSON.Polygon,
  inputs: Inputs,
  signal?: AbortSignal,
): Promise<Reserves> =>
  answer(`/reserves/${encodeURIComponent(deposit)}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ ...inputs, area }),
    signal: signal ?? null,
  });

/** `plant` null: a plant that is not stored; its place and size are then in `inputs`. */
export const supply = (plant: number | null, inputs: Inputs, signal?: AbortSignal): Promise<Supply> =>
  answer(`/supply${plant === null ? '' : `/${plant}`}${query(inputs)}`, { signal: signal ?? null });

/** Where a program finds the layer that the map shows. */
export const layerAddress = (layer: LayerName): string => `${location.origin}/ogc/collections/${layer}`;
