/** The reserves of the selected deposit, computed anew when a parameter changes. */
import { untrack } from 'svelte';
import * as api from '../api';
import type { Reserves } from '../contract';
import { view } from './view.svelte';

// Long enough for the next digit to be typed, short enough to feel immediate.
const DEBOUNCE_MS = 150;

class ReservesState {
  result = $state.raw<Reserves | null>(null);
  deposit = $state.raw<number | null>(null);
  error = $state.raw<unknown>(null);
  stale = $state(false);
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
      const result = await api.reserves(deposit, inputs, signal);
      if (signal.aborted) return;
      this.result = result;
    } catch (error) {
      if (api.isAbort(error) || signal.aborted) return;
      this.error = error;
    }
    this.stale = false;
  }
}

export const reserves = new ReservesState();
