/**
 * The one file that talks to the server. Every failure comes out as an `ApiError` whose message can
 * be shown to a person as it is; nothing is swallowed here.
 */
import type {
  LayerFeature,
  LayerName,
  LayerPage,
  LayerSchema,
  Parameters,
  Project,
  Reserves,
  Supply,
} from './contract';

export type Inputs = Record<string, string | number | boolean>;

/** `unreachable`: no answer at all. `refused`: the server answered and said what was wrong. */
export class ApiError extends Error {
  constructor(
    readonly kind: 'unreachable' | 'refused',
    message: string,
    readonly status = 0,
    readonly parameter: string | null = null,
  ) {
    super(message);
  }
}

export const isAbort = (error: unknown): boolean =>
  error instanceof DOMException && error.name === 'AbortError';

async function answer<T>(path: string, init: RequestInit = {}): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, { headers: { accept: 'application/json' }, ...init });
  } catch (error) {
    if (isAbort(error)) throw error;
    throw new ApiError('unreachable', String(error));
  }
  if (response.ok) {
    try {
      return (await response.json()) as T;
    } catch (error) {
      if (isAbort(error)) throw error;
      throw new ApiError('refused', `${path}: ${String(error)}`, response.status);
    }
  }
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
  );
}

const query = (inputs: Inputs): string => {
  const text = new URLSearchParams(Object.entries(inputs).map(([k, v]) => [k, String(v)])).toString();
  return text ? `?${text}` : '';
};

export const project = (): Promise<Project> => answer('/project');
export const parameters = (): Promise<Parameters> => answer('/parameters');
export const schema = (layer: LayerName): Promise<LayerSchema> => answer(`/ogc/collections/${layer}/schema`);

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
    const page: LayerPage = await answer<LayerPage>(next);
    all.push(...page.features);
    onPage(all, page.numberMatched);
    next = sameOrigin(page.links?.find((link) => link.rel === 'next')?.href);
  }
  return all;
}

/** Behind a proxy the server may not know its public name; only the path of a link is followed. */
function sameOrigin(href: string | undefined): string | null {
  if (!href) return null;
  const url = new URL(href, location.href);
  return url.pathname + url.search;
}

export const reserves = (deposit: string | number, inputs: Inputs, signal?: AbortSignal): Promise<Reserves> =>
  answer(`/reserves/${encodeURIComponent(deposit)}${query(inputs)}`, { signal: signal ?? null });

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
