/**
 * What the reader is looking at and what the reader changed: one selection, one hover, one set of
 * edits, shared by map, tables and charts.
 */
import type { Inputs } from '../api';
import type { LayerName, Properties } from '../contract';
import { lang, setLang } from '../i18n/index.svelte';
import type { EnergyUnit, MassBasis } from '../i18n/units';
import {
  decode,
  encode,
  NO_EDITS,
  type Address,
  type Edits,
  type LngLat,
  type Place,
  type ReserveLayer,
  type Selection,
  type Site,
  type SiteId,
  type Theme,
} from './address';
import * as history from './history';
import { NO_PLANNING, type CatchmentBy, type FlowsBy, type FormProcess, type Task } from './planning-address';

export type Mode = 'look' | 'place' | 'draw';
export type Flyout = 'search' | 'layers' | 'objects' | 'scenarios' | 'settings' | 'keys' | null;
/** `properties` of what came in a tile. */
export type Hover = { layer: LayerName; id: number; properties?: Properties } | null;

class View {
  place = $state.raw<Place | null>(null);
  hidden = $state.raw<LayerName[]>([]);
  shown = $state.raw<ReserveLayer[]>([]);
  selection = $state.raw<Selection>(null);
  hover = $state.raw<Hover>(null);
  /** What the panel shows while nothing is selected: a comparison, a plan of several plants. */
  task = $state.raw<Task>(NO_PLANNING.task);
  flows = $state<FlowsBy>(NO_PLANNING.flows);
  catchment = $state<CatchmentBy>(NO_PLANNING.catchment);
  year = $state(0);
  theme = $state<Theme>('auto');
  energy = $state<EnergyUnit>('mwh');
  mass = $state<MassBasis>('reference');
  mode = $state<Mode>('look');
  flyout = $state<Flyout>(null);
  /** A short word that something was done (copied, undone), for eyes and for screen readers. */
  notice = $state('');
  #history = $state.raw(history.begin<Edits>(NO_EDITS));
  /** Whoever selects without the map asks that the keyboard go on in the panel. */
  focusPanel = $state(false);
  /** What an address names without saying where the map is: to be found, shown and gone to. */
  goTo = $state.raw<{ layer: LayerName; id: number } | null>(null);
  /** Moves the map when set; the map takes it and sets it back to null. */
  flyTo = $state.raw<{ bounds: [number, number, number, number] } | null>(null);

  get edits(): Edits {
    return this.#history.present;
  }
  get canUndo(): boolean {
    return this.#history.past.length > 0;
  }
  get canRedo(): boolean {
    return this.#history.future.length > 0;
  }

  #change(next: Partial<Edits>, key: string): void {
    this.#history = history.change(this.#history, { ...this.edits, ...next }, key, Date.now());
  }

  undo(): void {
    this.#history = history.undo(this.#history);
    this.#forgetWhatIsGone();
  }
  redo(): void {
    this.#history = history.redo(this.#history);
    if (this.edits.sites.new && this.selection === null) this.select({ layer: 'plants', id: 'new' });
  }
  #forgetWhatIsGone(): void {
    if (this.selection?.id === 'new' && !this.edits.sites.new) this.selection = null;
    if (this.selection?.layer === 'area' && !this.edits.area) this.selection = null;
  }

  select(selection: Selection): void {
    if (selection?.layer === this.selection?.layer && selection?.id === this.selection?.id) return;
    this.selection = selection;
    this.hover = null;
    this.year = 0;
  }

  setInput(group: 'reserves' | 'supply' | 'study', name: string, value: Inputs[string] | undefined): void {
    const inputs = { ...this.edits[group] };
    if (value === undefined) delete inputs[name];
    else inputs[name] = value;
    this.#change({ [group]: inputs }, `${group}.${name}`);
  }
  resetInputs(group: 'reserves' | 'supply' | 'study'): void {
    this.#change({ [group]: {} }, `reset.${group}.${Date.now()}`);
  }

  /** A task takes the panel, so what was selected is let go. */
  open(task: Task): void {
    this.select(null);
    this.task = task;
    if (task) this.focusPanel = true;
  }
  setPlanInput(process: FormProcess, name: string, value: Inputs[string] | undefined): void {
    const inputs = { ...this.edits.plans?.[process] };
    if (value === undefined) delete inputs[name];
    else inputs[name] = value;
    this.#change({ plans: { ...this.edits.plans, [process]: inputs } }, `${process}.${name}`);
  }
  setPlanInputs(process: FormProcess, inputs: Inputs, scenario?: number): void {
    this.#change({ plans: { ...this.edits.plans, [process]: inputs }, scenario }, `${process}.${Date.now()}`);
  }
  /** The inputs of a stored scenario become those of the panel: one step of undo. */
  takeScenario(scenario: number, change: Partial<Pick<Edits, 'reserves' | 'supply' | 'sites'>>): void {
    this.#change({ ...change, scenario }, `scenario.${Date.now()}`);
  }
  setScenario(scenario: number | undefined): void {
    this.#change({ scenario }, `scenario.${Date.now()}`);
  }

  site(id: SiteId): Site {
    return this.edits.sites[id] ?? {};
  }
  /** `step` tells one drag from the next, so that each is one step of undo. */
  changeSite(id: SiteId, change: Site, step: string): void {
    const site = { ...this.site(id), ...change };
    for (const key of Object.keys(site) as (keyof Site)[]) if (site[key] === undefined) delete site[key];
    this.#change({ sites: { ...this.edits.sites, [id]: site } }, `site.${id}.${step}`);
  }
  resetSite(id: SiteId, only?: 'place'): void {
    const sites = { ...this.edits.sites };
    const rest = { ...sites[id] };
    delete rest.at;
    if (only && Object.keys(rest).length) sites[id] = rest;
    else delete sites[id];
    this.#change({ sites }, `reset.${id}.${Date.now()}`);
    this.#forgetWhatIsGone();
  }
  placePlant(at: LngLat): void {
    this.changeSite('new', { at }, `place.${Date.now()}`);
    this.mode = 'look';
    this.select({ layer: 'plants', id: 'new' });
  }
  setArea(area: LngLat[] | null): void {
    this.#change({ area }, `area.${Date.now()}`);
    if (area) this.select({ layer: 'area', id: 0 });
    this.#forgetWhatIsGone();
  }

  isVisible(layer: LayerName): boolean {
    return !this.hidden.includes(layer);
  }
  toggle(layer: LayerName): void {
    this.hidden = this.isVisible(layer) ? [...this.hidden, layer] : this.hidden.filter((l) => l !== layer);
  }

  show(layer: LayerName): void {
    if (!this.isVisible(layer)) this.toggle(layer);
  }

  isShown(layer: ReserveLayer): boolean {
    return this.shown.includes(layer);
  }
  /** Depth and its error are two pictures of one place: one at a time. */
  toggleShown(layer: ReserveLayer): void {
    const other = layer === 'thickness' ? 'error' : layer === 'error' ? 'thickness' : null;
    this.shown = this.isShown(layer)
      ? this.shown.filter((l) => l !== layer)
      : [...this.shown.filter((l) => l !== other), layer];
  }

  get address(): string {
    return encode({
      place: this.place,
      hidden: this.hidden,
      shown: this.shown,
      selection: this.selection,
      year: this.year,
      lang: lang(),
      theme: this.theme,
      energy: this.energy,
      mass: this.mass,
      planning: { task: this.task, flows: this.flows, catchment: this.catchment },
      edits: this.edits,
    });
  }

  /** Takes the view from an address: at the start, and when the back button moves it. */
  read(text: string): Address {
    const address = decode(text);
    this.hidden = address.hidden;
    this.shown = address.shown;
    this.selection = address.selection;
    this.year = address.year;
    this.theme = address.theme;
    this.energy = address.energy;
    this.mass = address.mass;
    this.task = address.planning.task;
    this.flows = address.planning.flows;
    this.catchment = address.planning.catchment;
    if (address.place) this.place = address.place;
    const named = address.selection;
    this.goTo =
      !address.place && named && named.layer !== 'area' && named.id !== 'new'
        ? { layer: named.layer, id: named.id }
        : null;
    if (address.lang) setLang(address.lang);
    if (JSON.stringify(address.edits) !== JSON.stringify(this.edits)) {
      this.#history = history.change(this.#history, address.edits, `address.${Date.now()}`, Date.now());
      if (this.#history.past.length === 1 && this.#history.past[0] === NO_EDITS) {
        this.#history = history.begin(address.edits);
      }
    }
    this.#forgetWhatIsGone();
    return address;
  }
}

export const view = new View();
