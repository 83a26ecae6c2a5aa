/**
 * Inputs of plans of several plants: which come first, how a list is written in a field, and what is sent. Pure: what an
 * input is called, and between which limits it lies, the server says.
 */
import type { Inputs } from '../api';
import type { Parameter } from '../contract';
import type { ProcessDescription } from '../contract';
import type { FormProcess } from './planning-address';

/** Lists of an input: numbers by commas; names and places may hold a comma themselves. */
const LISTS: Record<string, { of: 'number' | 'text'; by: string }> = {
  wet_years: { of: 'number', by: ',' },
  dry_years: { of: 'number', by: ',' },
  sizes_mw: { of: 'number', by: ',' },
  plants: { of: 'text', by: ';' },
  consumers: { of: 'text', by: ';' },
  candidates: { of: 'text', by: ';' },
};

/** A list as a field holds it. */
export const listText = (name: string, values: unknown[]): string =>
  values.map(String).join(LISTS[name]?.by === ',' ? ', ' : '; ');
export const listOf = (name: string, text: unknown): string[] =>
  String(text ?? '')
    .split(LISTS[name]?.by ?? ',')
    .map((part) => part.trim())
    .filter(Boolean);

/** What is sent: lists as lists. A list that cannot be read goes as it is, for the server to say what is wrong with it. */
export function planInputs(inputs: Inputs): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => {
      const list = LISTS[name];
      if (!list) return [name, value];
      const parts = listOf(name, value);
      const numbers = parts.map((part) => Number(part.replace(',', '.')));
      if (list.of === 'text') return [name, parts];
      return [name, numbers.every(Number.isFinite) ? numbers : parts];
    }),
  );
}

/** Inputs of a stored scenario as the panel holds them, and the names of those that it cannot hold. */
export function heldInputs(stored: Record<string, unknown>): { inputs: Inputs; leftOut: string[] } {
  const inputs: Inputs = {};
  const leftOut: string[] = [];
  for (const [name, value] of Object.entries(stored)) {
    if (name === 'routes') continue;
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      inputs[name] = value;
    else if (Array.isArray(value) && name in LISTS) inputs[name] = listText(name, value);
    else if (value !== null) leftOut.push(name);
  }
  return { inputs, leftOut };
}

/** Endings of names that are units, the longer ones first. */
const UNITS: [RegExp, string][] = [
  [/_rub_mwh_km$/, 'RUB/(MWh·km)'],
  [/_rub_mwh$/, 'RUB/MWh'],
  [/_rub_t_km$/, 'RUB/(t·km)'],
  [/_rub_km$/, 'RUB/km'],
  [/_rub_ha$/, 'RUB/ha'],
  [/_rub_t$/, 'RUB/t'],
  [/_rub_h$/, 'RUB/h'],
  [/_rub_a$/, 'RUB/a'],
  [/_eur_mwh$/, 'EUR/MWh'],
  [/_share_km$/, 'share/km'],
  [/(_share|_rate|_slack|_spread)$/, 'share'],
  [/_rub$/, 'RUB'],
  [/_meur$/, 'MEUR'],
  [/_km_h$/, 'km/h'],
  [/_ha_a$/, 'ha/a'],
  [/_t_ha$/, 't/ha'],
  [/_t_a$/, 't/a'],
  [/_kw$/, 'kW'],
  [/_mw$/, 'MW'],
  [/_mpa$/, 'MPa'],
  [/_t_h$/, 't/h'],
  [/_km$/, 'km'],
  [/_hours$/, 'h/a'],
  [/_years$/, 'a'],
  [/_days$/, 'd'],
  [/_a$/, 'a'],
  [/_m$/, 'm'],
  [/_h$/, 'h'],
  [/_t$/, 't'],
  [/_c$/, '°C'],
];
export const unitByName = (name: string): string => UNITS.find(([end]) => end.test(name))?.[1] ?? '';

export type PlanGroup = { id: string; flags: string[]; words: string[]; lists: string[]; numbers: string[] };

/** What most readers set, in the order in which they think of it. */
const FIRST: Record<FormProcess, PlanGroup> = {
  allocate: {
    id: 'main',
    lists: ['wet_years', 'dry_years'],
    words: ['by'],
    numbers: ['years', 'shortage_penalty_rub_mwh', 'discount_rate'],
    flags: ['include_undeveloped', 'carry_over', 'wood_chips', 'backup', 'must_be_met'],
  },
  'site-plants': {
    id: 'main',
    lists: ['sizes_mw'],
    words: ['candidate_source'],
    numbers: [
      'fewest_plants',
      'most_plants',
      'budget_rub',
      'heat_price_rub_mwh',
      'electricity_sale_price_rub_mwh',
      'greatest_pipe_km',
    ],
    flags: ['heat_all', 'fuel_for_life', 'include_undeveloped'],
  },
  'steam-retrofit': {
    id: 'main',
    lists: [],
    words: ['machine'],
    numbers: [
      'inlet_pressure_mpa',
      'outlet_pressure_mpa',
      'size_kw',
      'electricity_value_rub_mwh',
      'fuel_cost_rub_mwh',
    ],
    flags: [],
  },
};
const ALIKE: [RegExp, string][] = [
  [/^weight_/, 'weights'],
  [/^(wood_chips|backup|shortage)/, 'fuels'],
  [/^(permit|works|preparation|first_year_yield|second_year_yield)/, 'preparation'],
  [/^(pipe_|candidate_|most_candidates|alternative_|constraint_radius)/, 'sites'],
  [
    /^(reference_|rub_per_eur|investment_|fixed_|variable_|heat_|power_to_heat|plant_|harvest_jobs|driver)/,
    'plants',
  ],
  [/^(truck|rail|track|transfer|station|siding|turnaround|tortuosity|handling|.*speed)/, 'haul'],
  [
    /^(seasonal_yield|weather|wet_season|dry_season|carry_over|net_area|production|years|first_year|horizon)/,
    'harvest',
  ],
];
/** The inputs of a boiler house's steam have groups of their own. */
const STEAM_ALIKE: [RegExp, string][] = [
  [/^(inlet_|nominal_|operating_hours|mean_load|least_load|boiler_|condensate|make_up)/, 'steam'],
  [
    /(_usd_|_rub_|_factor$|^exchange|^price_year|^service_life|^discount|^investment|^own_electric|^surplus)/,
    'money',
  ],
  [/./, 'machine'],
];
const OTHERS = [
  'weights',
  'fuels',
  'preparation',
  'sites',
  'plants',
  'harvest',
  'haul',
  'steam',
  'machine',
  'money',
  'other',
];

/** All inputs that a form can hold, the main ones first. */
export function planGroups(process: FormProcess, description: ProcessDescription): PlanGroup[] {
  const known = description.inputs;
  const has = (name: string): boolean => name in known;
  const first = FIRST[process];
  const main: PlanGroup = {
    id: 'main',
    lists: first.lists.filter(has),
    words: first.words.filter(has),
    numbers: first.numbers.filter(has),
    flags: first.flags.filter(has),
  };
  const taken = new Set([...main.lists, ...main.words, ...main.numbers, ...main.flags, 'plants', 'routes']);
  const alike = process === 'steam-retrofit' ? STEAM_ALIKE : ALIKE;
  const groups = new Map(
    OTHERS.map((id): [string, PlanGroup] => [id, { id, flags: [], words: [], lists: [], numbers: [] }]),
  );
  for (const [name, { schema }] of Object.entries(known)) {
    if (taken.has(name)) continue;
    const group = groups.get(alike.find(([pattern]) => pattern.test(name))?.[1] ?? 'other')!;
    if (schema.enum) group.words.push(name);
    else if (schema.type === 'number' || schema.type === 'integer') group.numbers.push(name);
    else if (schema.type === 'boolean') group.flags.push(name);
  }
  const filled = [...groups.values()].filter((g) => g.flags.length + g.words.length + g.numbers.length > 0);
  return [main, ...filled];
}

/** An input as a row of the form shows it; `known` is what the server's parameters tell of it. */
export function planParameter(
  name: string,
  description: ProcessDescription,
  known: Parameter | undefined,
): Parameter {
  const input = description.inputs[name];
  const { minimum = null, maximum = null, default: by } = input?.schema ?? {};
  const title = input?.title ?? name;
  // A rate is read in per cent, as every share is.
  const said = known?.unit ?? unitByName(name);
  const unit = said === 'share/a' ? 'share' : said;
  const meaning = input?.description ?? '';
  // Another computation may have a number of its own by the same name: its source speaks of that one.
  const same = known !== undefined && (known.value ?? null) === (by ?? null);
  return {
    low: same ? known.low : null,
    high: same ? known.high : null,
    tag: same ? known.tag : '',
    source: same ? known.source : '',
    source_ru: same ? known.source_ru : undefined,
    unit,
    name,
    value: typeof by === 'number' ? by : null,
    minimum,
    maximum,
    title: { en: title, ru: title },
    meaning: { en: meaning, ru: meaning },
  };
}
