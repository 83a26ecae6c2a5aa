/** What the server holds: the project, its parameters, its layers. Loaded once, read everywhere. */
import * as api from '../api';
import {
  choicesOf,
  isTiled,
  LAYERS,
  parametersOf,
  type Choice,
  type LayerFeature,
  type LayerName,
  type LayerSchema,
  type Parameter,
  type Parameters,
  type Project,
} from '../contract';
import { pick } from '../i18n/index.svelte';

export type Load = {
  state: 'idle' | 'loading' | 'ready' | 'failed';
  count: number;
  matched?: number;
  error?: unknown;
};

class Data {
  project = $state.raw<Project | null>(null);
  parameters = $state.raw<Parameters>({ reserves: [], supply: [] });
  schemas = $state.raw<Partial<Record<LayerName, LayerSchema>>>({});
  layers = $state.raw<Partial<Record<LayerName, LayerFeature[]>>>({});
  loads = $state.raw<Partial<Record<LayerName, Load>>>({});
  /** Why there is nothing to show at all; null while all is well. */
  failure = $state.raw<unknown>(null);

  /** Features that were asked for one by one; null where there is none. */
  ones = $state.raw<Record<string, LayerFeature | null>>({});
  /** Whose the layers in tiles are, as far as they have been seen. */
  tileSources = $state.raw<string[]>([]);

  #index = new Map<LayerFeature[], Map<number, LayerFeature>>();
  #asked = new Set<string>();

  async start(): Promise<void> {
    this.failure = null;
    try {
      const [project, parameters] = await Promise.all([
        api.project(),
        api.parameters(),
        ...LAYERS.filter((l) => !isTiled(l)).map((l) => this.load(l)),
      ]);
      this.project = project;
      this.parameters = parameters;
    } catch (error) {
      this.failure = error;
      return;
    }
    void this.#describe();
  }

  async #describe(): Promise<void> {
    const named = await Promise.all(
      LAYERS.map(async (layer) => [layer, await api.schema(layer).catch(() => null)] as const),
    );
    this.schemas = Object.fromEntries(named.filter(([, schema]) => schema));
  }

  /** Loads a layer, once; a failed one may be asked for again. */
  async load(layer: LayerName): Promise<void> {
    const state = this.loads[layer]?.state;
    if (state === 'loading' || state === 'ready') return;
    const note = (load: Load): void => {
      this.loads = { ...this.loads, [layer]: load };
    };
    note({ state: 'loading', count: 0 });
    try {
      const all = await api.features(layer, (soFar, matched) => {
        this.layers = { ...this.layers, [layer]: [...soFar] };
        note({ state: 'loading', count: soFar.length, ...(matched === undefined ? {} : { matched }) });
      });
      note({ state: 'ready', count: all.length });
    } catch (error) {
      note({ state: 'failed', count: 0, error });
      // Without a server nothing works; one broken layer must not take the rest down.
      if (error instanceof api.ApiError && (error.kind === 'unreachable' || error.status === 401))
        throw error;
    }
  }

  /** Loads one feature of a layer that is not loaded whole. */
  async loadOne(layer: LayerName, id: number): Promise<void> {
    const key = `${layer}/${id}`;
    if (this.find(layer, id) || this.loads[layer]?.state === 'loading' || this.#asked.has(key)) return;
    this.#asked.add(key);
    try {
      this.ones = { ...this.ones, [key]: await api.feature(layer, id) };
    } catch (error) {
      if (!(error instanceof api.ApiError && error.status === 404)) {
        this.#asked.delete(key);
        throw error;
      }
      this.ones = { ...this.ones, [key]: null };
    }
  }

  list(layer: LayerName): LayerFeature[] {
    return this.layers[layer] ?? [];
  }

  find(layer: LayerName, id: number): LayerFeature | undefined {
    const list = this.list(layer);
    let byId = this.#index.get(list);
    if (!byId) {
      byId = new Map(list.map((feature) => [feature.id, feature]));
      this.#index.set(list, byId);
    }
    return byId.get(id) ?? this.ones[`${layer}/${id}`] ?? undefined;
  }

  get loading(): LayerName[] {
    return LAYERS.filter((layer) => this.loads[layer]?.state === 'loading');
  }

  /** Nothing that a plan could be made from. */
  get empty(): boolean {
    return this.project !== null && !this.list('deposits').length && this.loads.deposits?.state === 'ready';
  }

  parameter(name: string, table?: string): Parameter | undefined {
    const own = table ? ((this.parameters[table] ?? []) as Parameter[]) : parametersOf(this.parameters);
    return own.find((p) => p.name === name);
  }

  /** A choice of any computation. */
  choice(name: string, table?: string): Choice | undefined {
    const own = table
      ? ((this.parameters[`${table}_choices`] ?? []) as Choice[])
      : choicesOf(this.parameters);
    return own.find((c) => c.name === name);
  }

  /** A word of a choice (a method, a drift) in the reader's language. */
  word(choice: string, value: unknown): string {
    return pick(this.choice(choice)?.words.find((word) => word.value === value)) || String(value ?? '—');
  }

  /** A value of an enumerated property, as the schema names it in the reader's language. */
  valueName(layer: LayerName, property: string, value: unknown): string {
    const titles = this.schemas[layer]?.properties[property]?.['x-enum-titles'];
    return pick(titles?.[String(value)]) || String(value ?? '—');
  }
}

export const data = new Data();
