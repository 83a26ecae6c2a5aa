/**
 * The address (the part after #) holds the view. Pure: text in, view out, and back. What is not
 * said keeps its default, so addresses stay short and old ones stay valid.
 */
import { LAYERS, type LayerName } from '../contract';
import type { Lang } from '../i18n/index.svelte';
import { ENERGY_UNITS, type EnergyUnit, type MassBasis } from '../i18n/units';
import type { Inputs } from '../api';
import {
  decodePlanning,
  encodePlanning,
  NO_PLANNING,
  type PlanningEdits,
  type PlanningView,
} from './planning-address';

export type LngLat = [number, number];
export type Place = { lng: number; lat: number; zoom: number };
/** What a reader changed about a plant; `at` is where it was put. */
export type Site = { at?: LngLat } & Partial<Record<PlantProperty, number>>;
export const PLANT_PROPERTIES = [
  'electric_capacity_mw',
  'heat_capacity_mw',
  'total_efficiency',
  'full_load_hours',
  'peat_share',
] as const;
export type PlantProperty = (typeof PLANT_PROPERTIES)[number];
export type SiteId = number | 'new';
/** Everything that undo and redo cover. */
export type Edits = {
  reserves: Inputs;
  supply: Inputs;
  /** Of a plant as a project, beside those of its supply. */
  study: Inputs;
  sites: Record<string, Site>;
  area: LngLat[] | null;
} & PlanningEdits;
export type Selection =
  | { layer: Exclude<LayerName, 'plants'>; id: number }
  | { layer: 'plants'; id: SiteId }
  | { layer: 'area'; id: 0 }
  | null;
/** What can be drawn of the selected deposit's reserves. */
export const RESERVE_LAYERS = ['thickness', 'error', 'isopachs', 'blocks', 'funnel'] as const;
export type ReserveLayer = (typeof RESERVE_LAYERS)[number];
export type Theme = 'auto' | 'light' | 'dark';

export type Address = {
  place: Place | null;
  hidden: LayerName[];
  shown: ReserveLayer[];
  selection: Selection;
  year: number;
  lang: Lang | null;
  theme: Theme;
  energy: EnergyUnit;
  mass: MassBasis;
  planning: PlanningView;
  edits: Edits;
};

export const NO_EDITS: Edits = { reserves: {}, supply: {}, study: {}, sites: {}, area: null };
/** Off until asked for: they would crowd the first look. */
export const HIDDEN_AT_FIRST: LayerName[] = ['cores'];

export const EMPTY: Address = {
  place: null,
  hidden: HIDDEN_AT_FIRST,
  shown: [],
  selection: null,
  year: 0,
  lang: null,
  theme: 'auto',
  energy: 'mwh',
  mass: 'reference',
  planning: NO_PLANNING,
  edits: NO_EDITS,
};

const round = (value: number, digits: number): number => Number(value.toFixed(digits));

export function encode(view: Address): string {
  const out: [string, string][] = [];
  if (view.place) {
    const { zoom, lat, lng } = view.place;
    out.push(['map', [round(zoom, 2), round(lat, 5), round(lng, 5)].join('/')]);
  }
  if (view.selection) out.push(['sel', view.selection.layer + '.' + view.selection.id]);
  if (view.year) out.push(['year', String(view.year)]);
  if (view.hidden.join() !== HIDDEN_AT_FIRST.join()) out.push(['hide', view.hidden.join(',')]);
  if (view.shown.length) out.push(['show', view.shown.join(',')]);
  for (const [id, site] of Object.entries(view.edits.sites)) {
    const parts = site.at ? [`at:${round(site.at[0], 6)}:${round(site.at[1], 6)}`] : [];
    for (const name of PLANT_PROPERTIES) if (site[name] !== undefined) parts.push(`${name}:${site[name]}`);
    if (parts.length) out.push([`site.${id}`, parts.join(',')]);
  }
  if (view.edits.area) {
    out.push(['area', view.edits.area.map((c) => `${round(c[0], 5)}:${round(c[1], 5)}`).join(',')]);
  }
  for (const [name, value] of Object.entries(view.edits.reserves)) out.push([`r.${name}`, String(value)]);
  for (const [name, value] of Object.entries(view.edits.supply)) out.push([`s.${name}`, String(value)]);
  for (const [name, value] of Object.entries(view.edits.study)) out.push([`c.${name}`, String(value)]);
  out.push(...encodePlanning(view.planning, view.edits));
  if (view.lang) out.push(['lang', view.lang]);
  if (view.theme !== 'auto') out.push(['theme', view.theme]);
  if (view.energy !== 'mwh') out.push(['energy', view.energy]);
  if (view.mass !== 'reference') out.push(['mass', view.mass]);
  // Commas, colons and slashes are legal in a fragment; leaving them keeps addresses readable.
  return out
    .map(
      ([key, value]) =>
        `${key}=${encodeURIComponent(value).replace(/%2C/g, ',').replace(/%3A/g, ':').replace(/%2F/g, '/')}`,
    )
    .join('&');
}

export function decode(text: string): Address {
  const view: Address = {
    ...EMPTY,
    planning: { ...NO_PLANNING },
    edits: { reserves: {}, supply: {}, study: {}, sites: {}, area: null },
  };
  for (const [key, value] of new URLSearchParams(text.replace(/^#/, ''))) {
    const numbers = value.split('/').map(Number);
    if (key === 'map' && numbers.length === 3 && numbers.every(Number.isFinite)) {
      const [zoom, lat, lng] = numbers as [number, number, number];
      if (Math.abs(lat) <= 85 && Math.abs(lng) <= 360) view.place = { zoom, lat, lng };
    } else if (key === 'sel') view.selection = selection(value);
    else if (key === 'year') view.year = Math.max(0, Math.trunc(Number(value)) || 0);
    else if (key === 'hide') view.hidden = value.split(',').filter(isLayer);
    else if (key === 'show') view.shown = RESERVE_LAYERS.filter((layer) => value.split(',').includes(layer));
    else if (key.startsWith('site.')) view.edits.sites[key.slice(5)] = site(value);
    else if (key === 'area') view.edits.area = ring(value);
    else if (key.startsWith('r.')) view.edits.reserves[key.slice(2)] = scalar(value);
    else if (key.startsWith('s.')) view.edits.supply[key.slice(2)] = scalar(value);
    else if (key.startsWith('c.')) view.edits.study[key.slice(2)] = scalar(value);
    else if (key === 'lang' && (value === 'ru' || value === 'en')) view.lang = value;
    else if (key === 'theme' && (value === 'light' || value === 'dark')) view.theme = value;
    else if (key === 'energy' && (ENERGY_UNITS as string[]).includes(value))
      view.energy = value as EnergyUnit;
    else if (key === 'mass' && value === 'dry') view.mass = 'dry';
    else decodePlanning(key, value, view.planning, view.edits, scalar);
  }
  return view;
}

const isLayer = (name: string): name is LayerName => (LAYERS as readonly string[]).includes(name);

function selection(value: string): Selection {
  const [layer = '', id = ''] = value.split('.');
  if (layer === 'area') return { layer: 'area', id: 0 };
  if (layer === 'plants' && id === 'new') return { layer, id };
  const number = Number(id);
  return isLayer(layer) && id !== '' && Number.isInteger(number)
    ? ({ layer, id: number } as Selection)
    : null;
}

function site(value: string): Site {
  const out: Site = {};
  for (const part of value.split(',')) {
    const [name, ...rest] = part.split(':');
    const numbers = rest.map(Number);
    if (!numbers.every(Number.isFinite)) continue;
    if (name === 'at' && numbers.length === 2) out.at = numbers as LngLat;
    else if ((PLANT_PROPERTIES as readonly string[]).includes(name ?? '') && numbers.length === 1) {
      out[name as PlantProperty] = numbers[0]!;
    }
  }
  return out;
}

function ring(value: string): LngLat[] | null {
  const points = value.split(',').map((pair) => pair.split(':').map(Number) as LngLat);
  return points.length >= 4 && points.every((p) => p.length === 2 && p.every(Number.isFinite))
    ? points
    : null;
}

const scalar = (value: string): string | number | boolean =>
  value === 'true'
    ? true
    : value === 'false'
      ? false
      : value !== '' && Number.isFinite(Number(value))
        ? Number(value)
        : value;
