/**
 * Plans of several plants: allocation of peat, sites. Run when the reader asks, as a job that can be given up; the answer is
 * kept while the reader looks around, and marked once the inputs have changed.
 */
import * as api from '../api';
import { running } from '../api-processes';
import type { JobStatus } from '../contract';
import type { Allocation, Shortfall, SitingAnswer } from '../contract-planning';
import { follow } from './jobs';
import { planInputs } from './plan-inputs';
import type { FormProcess } from './planning-address';
import { view } from './view.svelte';

const keyOf = (inputs: api.Inputs): string =>
  JSON.stringify(Object.entries(inputs).sort(([a], [b]) => (a < b ? -1 : 1)));

export class PlanState<T> {
  result = $state.raw<T | null>(null);
  job = $state.raw<JobStatus | null>(null);
  error = $state.raw<unknown>(null);
  isRunning = $state(false);
  #of = $state('');
  #abort: AbortController | null = null;

  constructor(
    readonly process: FormProcess,
    readonly outputs: string[],
    readonly further: Record<string, unknown> = {},
  ) {}

  get inputs(): api.Inputs {
    return view.edits.plans?.[this.process] ?? {};
  }
  /** The answer belongs to other inputs than those of the form. */
  get outdated(): boolean {
    return this.result !== null && this.#of !== keyOf(this.inputs);
  }
  /** What stands in the way, where needs that must be met cannot be. */
  get shortfalls(): Shortfall[] {
    const found = this.error instanceof api.ApiError ? this.error.document.shortfalls : undefined;
    return Array.isArray(found) ? (found as Shortfall[]) : [];
  }

  async run(): Promise<void> {
    this.cancel();
    const abort = new AbortController();
    this.#abort = abort;
    const { signal } = abort;
    const { inputs } = this;
    this.error = null;
    this.isRunning = true;
    try {
      const tell = (job: JobStatus): void => {
        if (!signal.aborted) this.job = job;
      };
      const asked = { ...planInputs(inputs), ...this.further };
      const result = await follow(running<T>(this.process, asked, this.outputs), tell, signal);
      if (signal.aborted) return;
      this.result = result;
      this.#of = keyOf(inputs);
    } catch (error) {
      if (signal.aborted) return;
      if (!api.isAbort(error)) this.error = error;
    }
    this.isRunning = false;
    this.job = null;
  }
  cancel(): void {
    this.#abort?.abort();
    this.#abort = null;
    this.isRunning = false;
    this.job = null;
  }
}

export const allocation = new PlanState<Allocation>('allocate', ['plan'], { routes: true });
export const siting = new PlanState<SitingAnswer>('site-plants', ['plan', 'sites']);

/** Years of the allocation that is shown; none while there is none. */
export const plannedYears = (): number[] =>
  view.task?.kind === 'allocate' && view.selection === null ? (allocation.result?.years ?? []) : [];
