/**
 * The scenarios of the project: a layer of its own, read when first wanted, changed through the same address as every
 * layer. Each change says which state it was made from, so that nobody's work is written over.
 */
import * as server from '../api-planning';
import { ApiError } from '../api';
import type { Scenario, ScenarioProperties } from '../contract-planning';
import { lang, nameOf, t } from '../i18n/index.svelte';
import { data } from './data.svelte';
import { heldInputs } from './plan-inputs';
import { MOST_COMPARED, PLAN_PROCESSES, type PlanProcess } from './planning-address';
import {
  asksTheSame,
  plantNamed,
  readInputs,
  storedInputs,
  supplyEdits,
  type StoredInputs,
} from './scenario-inputs';
import { NEW_PLANT } from './supply.svelte';
import { view } from './view.svelte';
import { boxOf } from './places';
import type { SiteId } from './address';

type State = 'idle' | 'loading' | 'ready' | 'failed';

const isPlan = (process: string): process is PlanProcess =>
  (PLAN_PROCESSES as readonly string[]).includes(process);

export const scenarioName = (scenario: Scenario): string => nameOf(scenario.properties, `#${scenario.id}`);

class Scenarios {
  list = $state.raw<Scenario[]>([]);
  state = $state<State>('idle');
  error = $state.raw<unknown>(null);
  /** Of the last change: what went wrong with it. */
  refusal = $state.raw<unknown>(null);
  /** The service wants a key that may change scenarios before it takes what was asked. */
  wantsKey = $state(false);
  busy = $state(false);
  /** The one that was deleted last, as long as it can be brought back. */
  deleted = $state.raw<Scenario | null>(null);
  /** Ticked for a comparison, in the order of ticking: changes are counted from the first. */
  chosen = $state.raw<number[]>([]);
  /** Kept until the page is left, and sent with changes only. */
  #key: string | null = null;
  #again: (() => Promise<void>) | null = null;

  find(id: number | undefined): Scenario | undefined {
    return id === undefined ? undefined : this.list.find((scenario) => scenario.id === id);
  }
  /** The one that the panel's inputs were taken from. */
  get active(): Scenario | undefined {
    return this.find(view.edits.scenario);
  }

  /** Reads the list, once. */
  need(): void {
    if (this.state === 'idle') void this.refresh();
  }
  async refresh(): Promise<void> {
    if (this.state !== 'ready') this.state = 'loading';
    try {
      this.list = await server.scenarios();
      this.state = 'ready';
      this.error = null;
      this.chosen = this.chosen.filter((id) => this.find(id));
    } catch (error) {
      this.error = error;
      this.state = 'failed';
    }
  }

  choose(id: number): void {
    this.chosen = this.chosen.includes(id)
      ? this.chosen.filter((other) => other !== id)
      : [...this.chosen, id].slice(-MOST_COMPARED);
  }
  /** Only scenarios of one computation can be laid side by side. */
  canChoose(scenario: Scenario): boolean {
    const first = this.find(this.chosen[0]);
    const fits = !first || first.properties.process === scenario.properties.process;
    return this.chosen.includes(scenario.id) || (fits && this.chosen.length < MOST_COMPARED);
  }

  /** Whether this panel can show what the scenario asks. */
  canOpen(scenario: Scenario): boolean {
    const { process } = scenario.properties;
    return process === 'fuel-supply' || process === 'reserve-estimate' || isPlan(process);
  }
  /** Switches the panel to a scenario: its inputs become those of the panel. Says what is in the way, if anything is. */
  open(scenario: Scenario): void {
    const { process } = scenario.properties;
    const inputs = readInputs(scenario.properties.inputs);
    if (!inputs) {
      view.notice = t('scenario.unreadable');
      return;
    }
    if (isPlan(process)) {
      const { inputs: held, leftOut } = heldInputs(inputs);
      view.setPlanInputs(process, held, scenario.id);
      if (leftOut.length) view.notice = t('scenario.leftOut', { names: leftOut.join(', ') });
      view.open({ kind: process });
    } else if (process === 'reserve-estimate') this.#openReserves(scenario, inputs);
    else this.#openSupply(scenario, inputs);
  }
  #openSupply(scenario: Scenario, inputs: StoredInputs): void {
    const { plant, site, supply } = supplyEdits(inputs, data.list('plants'));
    if (plant === null) {
      view.notice = t('scenario.noPlant', { name: String(inputs.plant ?? '—') });
      return;
    }
    const sites = { ...view.edits.sites };
    if (Object.keys(site).length) sites[plant] = site;
    else delete sites[plant];
    view.takeScenario(scenario.id, { supply, sites });
    view.select({ layer: 'plants', id: plant });
    view.focusPanel = true;
    const stored = typeof plant === 'number' ? data.find('plants', plant) : undefined;
    const at = site.at ?? (stored?.geometry?.type === 'Point' ? stored.geometry.coordinates : null);
    const place = view.place;
    const [lng, lat] = at ?? [];
    // The map stays where it is while the plant is in sight.
    if (lng === undefined || lat === undefined || !place) return;
    const width = 360 / 2 ** place.zoom;
    if (Math.abs(lng - place.lng) > width || Math.abs(lat - place.lat) > width / 2)
      view.flyTo = { bounds: [lng - 0.2, lat - 0.1, lng + 0.2, lat + 0.1] };
  }
  #openReserves(scenario: Scenario, inputs: StoredInputs): void {
    const { deposit, ...rest } = inputs;
    const found = plantNamed(deposit, data.list('deposits'));
    if (!found) {
      view.notice = t('scenario.noDeposit', { name: String(deposit ?? '—') });
      return;
    }
    view.takeScenario(scenario.id, { reserves: heldInputs(rest).inputs });
    view.select({ layer: 'deposits', id: found.id });
    view.focusPanel = true;
    const box = boxOf(data.find('deposits', found.id)!);
    if (box) view.flyTo = { bounds: box };
  }

  /** What the panel of a plant asks now, as a scenario would keep it. */
  inputsOf(plant: SiteId): StoredInputs | null {
    const stored = plant === 'new' ? 'new' : data.find('plants', plant);
    if (!stored) return null;
    return storedInputs(stored, view.site(plant), view.edits.supply, NEW_PLANT);
  }
  /** The scenario that this plant's panel was switched to. */
  activeOf(plant: SiteId): Scenario | undefined {
    const { active } = this;
    const inputs = active?.properties.process === 'fuel-supply' ? readInputs(active.properties.inputs) : null;
    return inputs && supplyEdits(inputs, data.list('plants')).plant === plant ? active : undefined;
  }
  /** The panel's inputs are no longer those of its scenario. */
  isChanged(scenario: Scenario, inputs: StoredInputs | null): boolean {
    const stored = readInputs(scenario.properties.inputs);
    if (!stored || !inputs) return false;
    if (scenario.properties.process === 'fuel-supply')
      return !asksTheSame(stored, inputs, data.list('plants'));
    const plain = (of: StoredInputs): string =>
      JSON.stringify(Object.entries(heldInputs(of).inputs).sort(([a], [b]) => (a < b ? -1 : 1)));
    return plain(stored) !== plain(inputs);
  }

  // ---- changes -------------------------------------------------------------------------------

  /** Does a change and reads the list again. Where a key is wanted, the change waits for it. */
  async #change(work: () => Promise<void>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.refusal = null;
    let done = false;
    try {
      await work();
      this.wantsKey = false;
      this.#again = null;
      done = true;
    } catch (error) {
      const refused = error instanceof ApiError && (error.status === 401 || error.status === 403);
      if (refused) {
        this.wantsKey = true;
        this.#again = async () => void (await this.#change(work));
      }
      // The first refusal only asks for a key; one with a key says what is wrong with it.
      this.refusal = refused && this.#key === null ? null : error;
      this.#key = refused ? null : this.#key;
    }
    this.busy = false;
    await this.refresh();
    return done;
  }
  /** Goes on with what a key was wanted for. */
  async withKey(key: string): Promise<void> {
    this.#key = key.trim() || null;
    const again = this.#again;
    this.wantsKey = false;
    await again?.();
  }
  withoutKey(): void {
    this.wantsKey = false;
    this.refusal = null;
    this.#again = null;
  }

  /** The tag of a scenario that still is what the list shows; else somebody else was faster. */
  async #tagOf(scenario: Scenario): Promise<string> {
    const now = await server.scenario(scenario.id);
    if (JSON.stringify(now.scenario.properties) !== JSON.stringify(scenario.properties))
      throw new ApiError('refused', t('scenario.changedMeanwhile', { name: scenarioName(scenario) }), 412);
    return now.tag;
  }

  async add(
    properties: Pick<ScenarioProperties, 'name' | 'process' | 'inputs'> & Partial<ScenarioProperties>,
    geometry: Scenario['geometry'],
    { take }: { take: boolean },
  ): Promise<boolean> {
    return this.#change(async () => {
      const id = await server.addScenario({ synthetic: false, ...properties }, geometry, this.#key);
      view.notice = t('scenario.saved', { name: properties.name });
      if (take && Number.isInteger(id)) view.setScenario(id);
    });
  }
  async clone(scenario: Scenario): Promise<boolean> {
    const { properties, geometry } = scenario;
    const name = t('scenario.copyOf', { name: scenarioName(scenario) });
    return this.add(
      {
        name,
        process: properties.process,
        inputs: properties.inputs,
        note: properties.note,
        parent: properties.code ?? String(scenario.id),
        synthetic: properties.synthetic,
      },
      geometry,
      { take: false },
    );
  }
  async rename(scenario: Scenario, name: string): Promise<boolean> {
    // The name that the reader sees is the one that changes.
    const russian = lang() === 'ru' && scenario.properties.name_ru !== null;
    return this.#change(async () => {
      const tag = await this.#tagOf(scenario);
      await server.changeScenario(scenario.id, russian ? { name_ru: name } : { name }, tag, this.#key);
    });
  }
  async saveInputs(scenario: Scenario, inputs: StoredInputs): Promise<boolean> {
    return this.#change(async () => {
      const tag = await this.#tagOf(scenario);
      await server.changeScenario(scenario.id, { inputs: JSON.stringify(inputs) }, tag, this.#key);
      view.notice = t('scenario.saved', { name: scenarioName(scenario) });
    });
  }
  async remove(scenario: Scenario): Promise<boolean> {
    return this.#change(async () => {
      await server.removeScenario(scenario.id, await this.#tagOf(scenario), this.#key);
      this.deleted = scenario;
      if (view.edits.scenario === scenario.id) view.setScenario(undefined);
    });
  }
  /** What was deleted is made again; the server gives it a new number. */
  async restore(): Promise<boolean> {
    const gone = this.deleted;
    if (!gone) return false;
    return this.#change(async () => {
      await server.addScenario(gone.properties, gone.geometry, this.#key);
      this.deleted = null;
    });
  }
}

export const scenarios = new Scenarios();
