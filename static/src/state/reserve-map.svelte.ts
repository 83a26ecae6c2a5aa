/**
 * What the map draws of the selected deposit's reserves. Each layer is asked for when it is shown,
 * after the figures and with their inputs, so that picture and numbers are of one computation.
 */
import type { Feature, FeatureCollection } from 'geojson';
import * as api from '../api';
import type { ThicknessTiles } from '../contract';
import { RESERVE_LAYERS, type ReserveLayer } from './address';
import { canShow, pinned } from './inputs';
import { reserves } from './reserves.svelte';
import { view } from './view.svelte';

type Load = { state: 'idle' | 'loading' | 'ready' | 'failed'; error?: unknown };
const IDLE: Load = { state: 'idle' };
const NONE: Feature[] = [];
// After the figures, and not while the next digit is typed.
const DEBOUNCE_MS = 250;

class ReserveMap {
  tiles = $state.raw<ThicknessTiles | null>(null);
  isopachs = $state.raw<Feature[]>(NONE);
  blocks = $state.raw<Feature[]>(NONE);
  funnel = $state.raw<Feature[]>(NONE);
  loads = $state.raw<Partial<Record<ReserveLayer, Load>>>({});
  /** The block that is lit, in the table and on the map. */
  block = $state<number | null>(null);
  /** The step of the funnel that is lit. */
  step = $state<string | null>(null);
  #again = $state(0);

  get stepId(): number | null {
    const at = this.funnel.findIndex((feature) => feature.properties?.step === this.step);
    return at < 0 ? null : at + 1;
  }
  load(layer: ReserveLayer): Load {
    return this.loads[layer] ?? IDLE;
  }
  retry(): void {
    this.#again++;
  }

  #note(layer: ReserveLayer, load: Load): void {
    this.loads = { ...this.loads, [layer]: load };
  }

  #ask(layer: ReserveLayer, deposit: number, inputs: api.Inputs, signal: AbortSignal): Promise<void> {
    // Features are lit by id; the block's own number is one, a step's place another.
    const numbered = (found: FeatureCollection, property?: string): Feature[] =>
      found.features.map((feature, i) => ({
        ...feature,
        id: property ? Number(feature.properties?.[property] ?? i + 1) : i + 1,
      }));
    const keep = <T>(asked: Promise<T>, take: (answer: T) => void): Promise<void> =>
      asked.then((answer) => {
        if (!signal.aborted) take(answer);
      });
    switch (layer) {
      case 'thickness':
        return keep(api.thickness(deposit, inputs, signal), (tiles) => (this.tiles = tiles));
      case 'error':
        return keep(
          api.thickness(deposit, { ...inputs, band: 'error' }, signal),
          (tiles) => (this.tiles = tiles),
        );
      case 'isopachs':
        return keep(api.isopachs(deposit, inputs, signal), (found) => (this.isopachs = numbered(found)));
      case 'blocks':
        return keep(api.blocks(deposit, inputs, signal), (found) => (this.blocks = numbered(found, 'block')));
      case 'funnel':
        return keep(api.funnel(deposit, inputs, signal), (found) => (this.funnel = numbered(found)));
    }
  }

  #clear(layer: ReserveLayer): void {
    if (layer === 'thickness' || layer === 'error') this.tiles = null;
    else this[layer] = NONE;
    this.#note(layer, IDLE);
  }

  /** Called once, while the application's component is set up. */
  follow(): void {
    for (const layer of RESERVE_LAYERS) {
      // Of another deposit, or not wanted: gone at once. Only new inputs leave the old picture until the new one.
      $effect(() => {
        void reserves.deposit;
        if (!view.isShown(layer)) return;
        return () => this.#clear(layer);
      });
      $effect(() => {
        const { result, deposit, inputs } = reserves;
        void this.#again;
        if (!view.isShown(layer) || deposit === null || !result || !canShow(layer, result)) return;
        const abort = new AbortController();
        const timer = setTimeout(() => {
          this.#note(layer, { state: 'loading' });
          this.#ask(layer, deposit, pinned(inputs, result), abort.signal)
            .then(() => !abort.signal.aborted && this.#note(layer, { state: 'ready' }))
            .catch((error: unknown) => {
              if (!abort.signal.aborted) this.#note(layer, { state: 'failed', error });
            });
        }, DEBOUNCE_MS);
        return () => {
          clearTimeout(timer);
          abort.abort();
        };
      });
    }
    $effect(() => {
      void reserves.deposit;
      this.block = null;
      this.step = null;
    });
  }
}

export const reserveMap = new ReserveMap();
