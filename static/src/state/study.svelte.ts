/**
 * A plant as a project: studied when the reader asks for it, with the inputs on the screen. What was found is kept while the
 * reader looks around, and marked once an input changed.
 */
import { untrack } from 'svelte';
import * as api from '../api';
import { processDescription, running } from '../api-processes';
import type { Choice, ChpStudy, JobStatus, Parameter, ProcessDescription, WeatherYear } from '../contract';
import { lang, tIn } from '../i18n/index.svelte';
import { isUnit } from '../i18n/numbers';
import type { SiteId } from './address';
import { data } from './data.svelte';
import { follow } from './jobs';
import { executionInputs, keyOf, numberInput, weatherInput, wordInput } from './study-inputs';
import { selectedPlant, supplyInputs } from './supply.svelte';
import { view } from './view.svelte';

export const PROCESS = 'chp-study';

type Found = { key: string; value: ChpStudy };

class StudyState {
  /** By plant: going from one to another and back loses nothing. */
  #found = $state.raw<Partial<Record<SiteId, Found>>>({});
  job = $state.raw<JobStatus | null>(null);
  error = $state.raw<unknown>(null);
  #abort = $state.raw<AbortController | null>(null);
  #plant: SiteId | null = null;
  /** What the process says of itself; null until it has been asked, or where the service has no such process. */
  described = $state.raw<{ en: ProcessDescription; ru: ProcessDescription } | null>(null);
  /** Why the process could not be asked about. */
  undescribed = $state.raw<unknown>(null);
  /** Years of weather that the project holds. */
  weatherYears = $state.raw<WeatherYear[]>([]);
  #asked = false;

  get running(): boolean {
    return this.#abort !== null;
  }
  get inputs(): Record<string, unknown> | null {
    const plant = selectedPlant();
    const supply = plant === null ? null : supplyInputs(plant);
    return plant === null || !supply ? null : executionInputs(plant, supply, view.edits.study);
  }
  get #mine(): Found | undefined {
    const plant = selectedPlant();
    return plant === null ? undefined : this.#found[plant];
  }
  get value(): ChpStudy | null {
    return this.#mine?.value ?? null;
  }
  /** An input has changed since: the figures are of another question. */
  get outdated(): boolean {
    const [mine, inputs] = [this.#mine, this.inputs];
    return mine !== undefined && inputs !== null && mine.key !== keyOf(inputs);
  }

  async run(): Promise<void> {
    const [plant, inputs] = [selectedPlant(), this.inputs];
    if (plant === null || !inputs) return;
    this.cancel();
    const abort = new AbortController();
    this.#abort = abort;
    this.error = null;
    const { signal } = abort;
    try {
      const tell = (job: JobStatus): void => {
        if (!signal.aborted) this.job = job;
      };
      const value = await follow(running<ChpStudy>(PROCESS, inputs), tell, signal);
      if (signal.aborted) return;
      this.#found = { ...this.#found, [plant]: { key: keyOf(inputs), value } };
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

  /** Asks once what the process takes; again where that failed. */
  async describe(): Promise<void> {
    if (this.#asked) return;
    this.#asked = true;
    this.undescribed = null;
    try {
      const [en, ru, weatherYears] = await Promise.all([
        processDescription(PROCESS, 'en'),
        processDescription(PROCESS, 'ru'),
        api.weatherYears(),
      ]);
      this.weatherYears = weatherYears;
      this.described = { en, ru };
    } catch (error) {
      this.undescribed = error;
      this.#asked = false;
    }
  }
  /** The service is older than the map: there is nothing to offer. */
  get missing(): boolean {
    return this.undescribed instanceof api.ApiError && this.undescribed.status === 404;
  }

  /** What the process takes where nobody says otherwise: shapes of distributions decide which numbers are read. */
  get defaults(): Record<string, unknown> {
    const inputs = Object.entries(this.described?.en.inputs ?? {});
    return Object.fromEntries(inputs.map(([name, { schema }]) => [name, schema.default]));
  }
  /** Every number that the process takes, as a form shows it. */
  get numbers(): Parameter[] {
    return this.#of('number').map(([name, both]) => {
      const assumed = this.value?.rests_on.find((item) => item.parameter === name);
      return numberInput(name, both, data.parameter(name), assumed, isUnit);
    });
  }
  /** Every yes or no. */
  get flags(): { name: string; title: string; meaning: string; on: boolean }[] {
    return this.#of('boolean').map(([name, both]) => {
      const { title, description, schema } = both[lang()];
      return { name, title, meaning: description, on: schema.default === true };
    });
  }
  /** Every word that it lets choose. */
  get choices(): Choice[] {
    return [...this.#weather(), ...this.#words()];
  }
  /** The weather years of the project, where it has any and the process takes one. */
  #weather(): Choice[] {
    const [en, ru] = [this.described?.en.inputs.weather, this.described?.ru.inputs.weather];
    return en && this.weatherYears.length ? [weatherInput({ en, ru: ru ?? en }, this.weatherYears)] : [];
  }
  #words(): Choice[] {
    return (
      this.#of('string')
        // Words without a name in the reader's language are no choice for people.
        .filter(([name]) => name === 'technology' || data.choice(name))
        .map(([name, both]) =>
          wordInput(name, both, data.choice(name), (word) => ({
            en: tIn('en', `technology.${word}`, word),
            ru: tIn('ru', `technology.${word}`, word),
          })),
        )
    );
  }
  #of(type: 'number' | 'string' | 'boolean') {
    const described = this.described;
    if (!described) return [];
    return Object.entries(described.en.inputs)
      .filter(([, { schema }]) => schema.type === type && (type !== 'string' || schema.enum))
      .map(([name, en]) => [name, { en, ru: described.ru.inputs[name] ?? en }] as const);
  }

  /** Called once, while the application's component is set up: nobody waits for another plant's study. */
  follow(): void {
    $effect(() => {
      const plant = selectedPlant();
      if (plant === this.#plant) return;
      this.#plant = plant;
      untrack(() => this.cancel());
      this.error = null;
    });
  }
}

export const study = new StudyState();
