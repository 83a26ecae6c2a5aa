/**
 * What the map draws of the selected plant's supply beside its lines: the roads within reach, and what each field still holds
 * at the end of the year on the slider. Both follow the figures, and have their inputs.
 */
import * as server from '../api-planning';
import type { Inputs } from '../api';
import type { Catchment, CatchmentMeasure, FieldsLeft } from '../contract-planning';
import { mapHandle } from '../map/handle.svelte';
import type { FlowYear, TakenInYear } from '../map/supply-features';
import { latest } from './latest';
import { question, supply } from './supply.svelte';
import { view } from './view.svelte';

type Asked = { plant: number | null; inputs: Inputs; year: number; key: string };
const NONE = new Map<number, number>();
/** After the last change of a plant, before more than its figures is asked for. */
const AT_REST_MS = 250;

class SupplyMap {
  catchment = $state.raw<Catchment | null>(null);
  catchmentError = $state.raw<unknown>(null);
  loading = $state(false);
  /** Share of its fuel that a field holds at the end of the year. */
  fields = $state.raw<ReadonlyMap<number, number>>(NONE);
  /** What each field gives in a year of the slider; null for today, and until it is known. */
  taken = $state.raw<TakenInYear | null>(null);
  /** What fields give in the year on the slider could not be had: the map says what it draws instead. */
  takenUnknown = $state(false);
  #again = $state(0);

  retry(): void {
    this.#again++;
  }

  /** The year that the lines of supply are drawn of: the one on the slider, or the last known while it is asked for. */
  get flowYear(): FlowYear {
    const year = Math.min(view.year, supply.result?.horizon_years ?? 0);
    if (year === 0) return { year, taken: null };
    return this.taken ? { year: this.taken.year, taken: this.taken } : { year, taken: null };
  }

  /** Called once, while the application's component is set up. */
  follow(): void {
    $effect(() => {
      const asked = question();
      const { catchment: measure } = view;
      void this.#again;
      this.catchmentError = null;
      if (!asked || measure === 'off' || supply.plant !== asked.plant) {
        this.catchment = null;
        this.loading = false;
        return;
      }
      const abort = new AbortController();
      this.loading = true;
      // A dragged plant asks for its figures first; the roads follow when it rests.
      const timer = setTimeout(
        () => void this.#reach(asked.plant, measure, asked.inputs, abort.signal),
        AT_REST_MS,
      );
      return () => {
        clearTimeout(timer);
        abort.abort();
      };
    });

    let wanted = '';
    const never = new AbortController().signal;
    const ask = latest<Asked, FieldsLeft>(
      ({ plant, year, inputs }) => server.fieldsLeft(plant, year, inputs, never),
      {
        answer: (found, { key }) => {
          if (key !== wanted) return;
          this.fields = new Map(found.features.map(({ properties: p }) => [p.field_id, p.remaining_share]));
          const by = new Map(found.features.map(({ properties: p }) => [p.field_id, p.taken_mwh_a]));
          this.taken = found.year > 0 ? { year: found.year, by } : null;
          this.takenUnknown = false;
        },
        // The deposits are coloured by the figures of the panel; fields are finer, and may be missing.
        failure: (_, { key }) => {
          if (key !== wanted) return;
          this.#forget();
          this.takenUnknown = true;
        },
        idle: () => {},
      },
    );
    let hash = '';
    $effect(() => {
      const asked = question();
      const { result } = supply;
      if (!asked || !result || supply.plant !== asked.plant) {
        wanted = '';
        this.#forget();
        return;
      }
      // A plant that is being moved asks for its figures alone; the year of one at rest is followed at once.
      if (supply.stale || mapHandle.dragging) return;
      const year = Math.min(view.year, result.horizon_years);
      wanted = `${asked.plant} ${year} ${result.inputs_hash}`;
      const next = { plant: numbered(asked.plant), inputs: asked.inputs, year, key: wanted };
      if (hash === result.inputs_hash) return ask(next);
      const timer = setTimeout(() => {
        hash = result.inputs_hash;
        ask(next);
      }, AT_REST_MS);
      return () => clearTimeout(timer);
    });
  }

  #forget(): void {
    this.fields = NONE;
    this.taken = null;
    this.takenUnknown = false;
  }

  async #reach(
    plant: number | 'new',
    measure: CatchmentMeasure,
    inputs: Inputs,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      const found = await server.catchment(numbered(plant), measure, inputs, signal);
      if (!signal.aborted) this.catchment = found;
    } catch (error) {
      if (signal.aborted) return;
      this.catchment = null;
      this.catchmentError = error;
    }
    if (!signal.aborted) this.loading = false;
  }
}

const numbered = (plant: number | 'new'): number | null => (plant === 'new' ? null : plant);

export const supplyMap = new SupplyMap();
