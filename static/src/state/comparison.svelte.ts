/**
 * Two to four scenarios laid side by side: computed anew by the server whenever other ones are chosen or one of them has been
 * changed, as a job that can be given up.
 */
import * as api from '../api';
import { running } from '../api-processes';
import type { JobStatus } from '../contract';
import type { Comparison } from '../contract-planning';
import { readInputs } from './scenario-inputs';
import { scenarios } from './scenarios.svelte';
import { follow } from './jobs';
import { FEWEST_COMPARED } from './planning-address';
import { view } from './view.svelte';

/** The output that holds the figures, where a process has further ones. */
const FIGURES: Record<string, string[]> = { 'site-plants': ['plan'], allocate: ['plan'] };

class ComparisonState {
  result = $state.raw<Comparison | null>(null);
  /** The whole result of the first scenario: what is the same in all stands there. */
  first = $state.raw<unknown>(null);
  job = $state.raw<JobStatus | null>(null);
  error = $state.raw<unknown>(null);
  isRunning = $state(false);
  /** The reader gave it up; it is begun again by asking. */
  givenUp = $state(false);
  #abort: AbortController | null = null;
  #again = $state(0);

  retry(): void {
    this.#again++;
  }
  cancel(): void {
    this.#abort?.abort();
    this.isRunning = false;
    this.job = null;
    this.givenUp = true;
  }

  get ids(): number[] {
    return view.task?.kind === 'compare' ? view.task.scenarios : [];
  }
  /** Chosen ones that the project has. */
  get chosen(): number[] {
    return this.ids.filter((id) => scenarios.find(id));
  }

  /** Called once, while the panel is set up. */
  follow(): void {
    $effect(() => {
      void this.#again;
      scenarios.need();
      const asked = this.chosen.map((id) => scenarios.find(id)!);
      this.givenUp = false;
      this.error = null;
      if (scenarios.state !== 'ready' || asked.length < FEWEST_COMPARED) {
        this.result = null;
        return;
      }
      const abort = new AbortController();
      this.#abort = abort;
      void this.#ask(
        asked.map(({ id }) => id),
        readInputs(asked[0]!.properties.inputs) ?? {},
        abort.signal,
      );
      return () => abort.abort();
    });
  }

  async #ask(ids: number[], firstInputs: Record<string, unknown>, signal: AbortSignal): Promise<void> {
    this.isRunning = true;
    try {
      const tell = (job: JobStatus): void => {
        if (!signal.aborted) this.job = job;
      };
      const compare = running<Comparison>('compare-scenarios', { scenarios: ids });
      const result = await follow(compare, tell, signal);
      if (signal.aborted) return;
      this.result = result;
      this.first = null;
      this.isRunning = false;
      this.job = null;
      // The figures that all share are told by none of the rows. Without them the table still is whole.
      const alone = running<unknown>(result.process, firstInputs, FIGURES[result.process]);
      const first = await follow(alone, () => {}, signal).catch(() => null);
      if (!signal.aborted) this.first = first;
    } catch (error) {
      if (signal.aborted) return;
      if (!api.isAbort(error)) this.error = error;
      this.isRunning = false;
      this.job = null;
    }
  }
}

export const comparison = new ComparisonState();
