/**
 * How sure the reserves are: a simulation with the inputs of the figures on the screen, run when the
 * reader asks for it. It is kept while the reader looks around, and marked once the inputs changed.
 */
import { untrack } from 'svelte';
import * as api from '../api';
import type { JobStatus, Spread, SpreadOf, Uncertainty } from '../contract';
import { follow } from './jobs';
import { asking, reserves } from './reserves.svelte';

type Of = { deposit: number; key: string };

const keyOf = (inputs: api.Inputs): string =>
  JSON.stringify(
    Object.entries(inputs)
      .filter(([name]) => name !== 'method')
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

class UncertaintyState {
  #found = $state.raw<(Of & { value: Uncertainty }) | null>(null);
  job = $state.raw<JobStatus | null>(null);
  error = $state.raw<unknown>(null);
  #abort = $state.raw<AbortController | null>(null);
  #deposit: number | null = null;

  get running(): boolean {
    return this.#abort !== null;
  }

  /** What is known of the selected deposit, if it was computed from anything at all. */
  get value(): Uncertainty | null {
    // With simulation as the method the figures themselves carry it.
    if (reserves.result?.uncertainty) return reserves.result.uncertainty;
    return this.#found?.deposit === reserves.deposit ? this.#found.value : null;
  }
  /** The inputs have changed since: the band belongs to other figures. */
  get outdated(): boolean {
    if (reserves.result?.uncertainty) return false;
    return this.#found !== null && this.#found.key !== keyOf(reserves.inputs);
  }
  /** The band of a figure on the screen; none where it is of other inputs. */
  band(of: SpreadOf): Spread | undefined {
    return this.outdated ? undefined : this.value?.quantities[of];
  }

  async estimate(): Promise<void> {
    const { deposit, inputs } = reserves;
    if (deposit === null) return;
    this.cancel();
    const abort = new AbortController();
    this.#abort = abort;
    this.#deposit = deposit;
    this.error = null;
    const { signal } = abort;
    try {
      const tell = (job: JobStatus): void => {
        if (!signal.aborted) this.job = job;
      };
      const asked = { ...inputs, method: 'simulation' };
      const result = await follow(asking(deposit, asked, signal), tell, signal);
      if (signal.aborted) return;
      if (result.uncertainty) this.#found = { deposit, key: keyOf(inputs), value: result.uncertainty };
    } catch (error) {
      if (signal.aborted) return;
      if (!api.isAbort(error)) this.error = error;
    }
    this.#abort = null;
    this.job = null;
  }

  cancel(): void {
    this.#abort?.abort();
    this.#abort = null;
    this.job = null;
  }

  /** Called once, while the application's component is set up: nobody waits for another deposit's. */
  follow(): void {
    $effect(() => {
      const { deposit } = reserves;
      if (deposit === this.#deposit) return;
      this.#deposit = deposit;
      untrack(() => this.cancel());
      this.error = null;
    });
  }
}

export const uncertainty = new UncertaintyState();
