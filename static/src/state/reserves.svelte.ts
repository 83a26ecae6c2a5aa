/** The reserves of the selected deposit, computed anew when a parameter changes. */
import { untrack } from 'svelte';
import * as api from '../api';
import type { JobStatus, Reserves } from '../contract';
import { follow, type Asking } from './jobs';
import { view } from './view.svelte';

// Long enough for the next digit to be typed, short enough to feel immediate.
const DEBOUNCE_MS = 150;
/** These go on for longer than a connection should be held. */
const LONG_METHODS = new Set<unknown>(['simulation', 'auto']);

/** Reserves by any method, as something that `follow` can ask for. */
export const asking = (deposit: number, inputs: api.Inputs, signal: AbortSignal): Asking<Reserves> => ({
  start: () => {
    const long = LONG_METHODS.has(inputs.method);
    // A job is answered with its place at once, and cancelled there: who hung up would not know which.
    return api.startReserves(deposit, inputs, { long, signal: long ? null : signal });
  },
  status: api.jobStatus,
  results: api.jobResults,
  cancel: api.cancelJob,
});

class ReservesState {
  result = $state.raw<Reserves | null>(null);
  /** What `result` was computed from: what else is asked about it must use the same. */
  inputs = $state.raw<api.Inputs>({});
  deposit = $state.raw<number | null>(null);
  error = $state.raw<unknown>(null);
  stale = $state(false);
  /** Of a long computation; null while there is none. */
  job = $state.raw<JobStatus | null>(null);
  #again = $state(0);

  retry(): void {
    this.#again++;
  }

  /** Called once, while the application's component is set up. */
  follow(): void {
    $effect(() => {
      const deposit = view.selection?.layer === 'deposits' ? view.selection.id : null;
      const inputs: api.Inputs = { constraints: 'apply', ...view.edits.reserves };
      void this.#again;
      this.job = null;
      if (deposit === null) {
        this.result = null;
        this.deposit = null;
        this.error = null;
        return;
      }
      // Untracked: setting it here must not ask again.
      const first = untrack(() => this.deposit) !== deposit;
      if (first) {
        this.result = null;
        this.deposit = deposit;
      }
      this.error = null;
      this.stale = true;
      const abort = new AbortController();
      const timer = setTimeout(() => void this.#ask(deposit, inputs, abort.signal), first ? 0 : DEBOUNCE_MS);
      return () => {
        clearTimeout(timer);
        abort.abort();
      };
    });
  }

  async #ask(deposit: number, inputs: api.Inputs, signal: AbortSignal): Promise<void> {
    try {
      const tell = (job: JobStatus): void => {
        if (!signal.aborted) this.job = job;
      };
      const result = await follow(asking(deposit, inputs, signal), tell, signal);
      if (signal.aborted) return;
      this.inputs = inputs;
      this.result = result;
    } catch (error) {
      if (api.isAbort(error) || signal.aborted) return;
      this.error = error;
    }
    this.job = null;
    this.stale = false;
  }
}

export const reserves = new ReservesState();
