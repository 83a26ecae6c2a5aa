/**
 * Which inputs of a plant as a project are shown, in which groups, and what is known of each. Names only: what an input
 * is, and between which limits, the server says.
 */
import type { Choice, Parameter, ProcessInput, RestsOn, WeatherYear } from '../contract';
import { isShare } from '../i18n/numbers';

export const STUDY_GROUPS = ['plant', 'tariffs', 'finance', 'demand', 'emissions', 'doubt'] as const;
export type StudyGroup = (typeof STUDY_GROUPS)[number];

/** In the order in which they are read. */
const NAMED: Partial<Record<StudyGroup, string[]>> = {
  plant: [
    'technology',
    'build_backup',
    'sizing',
    'least_full_load_hours',
    'store_mwh',
    'store_hours',
    'store_life_a',
    'store_loss_share_h',
    'store_investment_eur_mwh',
    'electric_efficiency_derate',
    'heat_efficiency_derate',
    'availability_derate',
    'rub_per_eur',
    'rub_per_usd',
    'equipment_price_rise',
    'unserved_heat_cost_rub_mwh',
  ],
  tariffs: [
    'heat_price_rub_mwh',
    'electricity_sale_price_rub_mwh',
    'present_fuel_price_rub_mwh',
    'wood_chips_cost_rub_mwh',
    'carbon_price_rub_t',
    'price_escalation',
    'working_capital_share',
  ],
  finance: [
    'discount_rate',
    'inflation',
    'price_year',
    'first_year',
    'construction_years',
    'operation_years',
    'capital_escalation',
    'loan_share',
    'loan_rate',
    'loan_years',
    'profit_tax_rate',
    'depreciation_years',
    'loss_use_share',
  ],
  demand: [
    'consumers',
    'greatest_pipe_km',
    'pipe_tortuosity',
    'pipe_cost_rub_mwh_km',
    'pipe_loss_share_km',
    'weather',
    'climate',
    'heat_profile',
    'annual_heat_refers_to',
    'heating_limit_c',
  ],
  emissions: ['peat_sulphur_share'],
  doubt: ['uncertainty_drawn'],
};
/** For the many of one kind: the first that fits. */
const ALIKE: [RegExp, StudyGroup][] = [
  [
    /^(capital_cost|efficiency|harvest|(fuel|electricity|heat|present_fuel)_price|operation_cost)_factor(_|$)|^availability(_|$)|^uncertainty_/,
    'doubt',
  ],
  [/_(co2|ch4|n2o)_|^nox_|^dust_|sulphur|^present_boiler/, 'emissions'],
];
/** What other computations read, or what is asked for elsewhere in the panel. */
const ELSEWHERE =
  /^(plant|at|fuel_power_mw|include_undeveloped|yield_by_cycles|decisions|wood_chips|backup|wood_chips_most_share|superheat_c|need_by_month|routes|plant_price_year|first_alpha|base_unit_share|longest_gap_h)$|^(chp|boiler)_size_|_operation_(share|rub_mwh)$|^electricity_purchase|^(peat|wood_chips|backup)_(moisture|ash|sulphur|chlorine|net|cost)|_limit(_|$)|_least$/;

export function studyGroupOf(name: string): StudyGroup | null {
  const named = STUDY_GROUPS.find((group) => NAMED[group]?.includes(name));
  if (named) return named;
  if (ELSEWHERE.test(name)) return null;
  return ALIKE.find(([pattern]) => pattern.test(name))?.[1] ?? 'demand';
}

/** The numbers that a shape of a distribution reads, by the ends of their names. */
const OF_SHAPE: Record<string, RegExp> = {
  fixed: /^$/,
  uniform: /^_(low|high)$/,
  triangular: /^_(low|high)$/,
  normal: /^_(low|high|deviation)$/,
  lognormal: /^_deviation$/,
};

/** What an ordinary year is made with from the climate. */
const MADE_WEATHER = /^(weather_seed|day_to_day_correlation|(winter|summer)_(noise|diurnal)_c)$/;

/** An input that changes nothing is noise. */
export function isUsedByStudy(name: string, used: Record<string, unknown>): boolean {
  const is = (other: string): boolean => typeof used[other] === 'number' && (used[other] as number) > 0;
  if (/^loan_(rate|years)$/.test(name)) return is('loan_share');
  if (/^(depreciation_years|loss_use_share)$/.test(name)) return is('profit_tax_rate');
  // A year of a file is not made.
  if (MADE_WEATHER.test(name)) return (used.weather ?? null) === null;
  if (name === 'least_full_load_hours') return used.sizing !== false;
  if (/^store_(hours|life|loss|investment)/.test(name)) return is('store_mwh');
  if (studyGroupOf(name) !== 'doubt') return true;
  if (used.uncertainty_drawn === false) return false;
  const [, factor, end] = /^(.+?)(_low|_high|_deviation)$/.exec(name) ?? [];
  if (!factor || end === undefined) return true;
  return OF_SHAPE[String(used[`${factor}_distribution`])]?.test(end) ?? true;
}

/** Inputs in the order of their group: the named ones first, then as the server lists them. */
export function inOrder<T extends { name: string }>(group: StudyGroup, of: T[]): T[] {
  const named = NAMED[group] ?? [];
  const place = (name: string): number => (named.indexOf(name) + named.length + 1) % (named.length + 1);
  return [...of].sort((a, b) => place(a.name) - place(b.name));
}

type Both = { en: ProcessInput; ru: ProcessInput };
/** A description ends with the unit: "Real discount rate a year, share/a". */
function unitOf(name: string, description: string, known: (unit: string) => boolean): string {
  const last = description.slice(description.lastIndexOf(', ') + 2);
  if (description.includes(', ') && known(last)) return last;
  return /_mwh$/.test(name) ? 'MWh' : '';
}

/**
 * A number as a form shows it: what the tables of parameters say of it, and where they do not have it, what the process says of
 * itself. How sure a default is comes from the list of what the study rests on.
 */
export function numberInput(
  name: string,
  both: Both | undefined,
  parameter: Parameter | undefined,
  assumed: RestsOn | undefined,
  isUnit: (unit: string) => boolean,
): Parameter {
  const { minimum, maximum, default: value } = both?.en.schema ?? {};
  const unit = parameter?.unit ?? assumed?.unit ?? unitOf(name, both?.en.description ?? '', isUnit);
  return {
    name,
    // What this process takes for granted counts, not what another table does.
    value: typeof value === 'number' ? value : both ? null : (parameter?.value ?? null),
    low: parameter?.low ?? null,
    high: parameter?.high ?? null,
    minimum: parameter?.minimum ?? minimum ?? null,
    maximum: parameter?.maximum ?? maximum ?? null,
    // Per cent are read more easily than shares, whatever they are shares of.
    unit: isShare(unit) ? 'share' : unit,
    tag: parameter?.tag ?? assumed?.tag ?? 'described',
    source: parameter?.source ?? assumed?.source ?? '',
    source_ru: parameter?.source_ru ?? assumed?.source_ru,
    title: parameter?.title ?? { en: both?.en.title ?? name, ru: both?.ru.title ?? name },
    meaning: parameter?.meaning ?? { en: both?.en.description ?? '', ru: both?.ru.description ?? '' },
  };
}

/** A word to choose; the words' own names are those of the tables, or what `nameOf` knows. */
export function wordInput(
  name: string,
  both: Both,
  choice: Choice | undefined,
  nameOf: (word: string) => { en: string; ru: string },
): Choice {
  return (
    choice ?? {
      name,
      default: typeof both.en.schema.default === 'string' ? both.en.schema.default : null,
      title: { en: both.en.title, ru: both.ru.title },
      meaning: { en: both.en.description, ru: both.ru.description },
      words: (both.en.schema.enum ?? []).map((value) => ({ value, ...nameOf(value) })),
    }
  );
}

/** The weather years of the project as a choice: each by its identifier, left open for a year made from the climate. */
export function weatherInput(both: Both, years: WeatherYear[]): Choice {
  return {
    name: 'weather',
    default: null,
    title: { en: both.en.title, ru: both.ru.title },
    meaning: { en: both.en.description, ru: both.ru.description },
    words: years.map(({ id, name, name_ru }) => ({ value: String(id), en: name, ru: name_ru ?? name })),
  };
}
/** A weather year that an address names, by identifier, code or name; the word as it came where there is none. */
export function weatherWord(word: unknown, years: WeatherYear[]): string {
  const text = String(word ?? '').trim();
  const same = (name: unknown): boolean => String(name ?? '').toLowerCase() === text.toLowerCase();
  const found = years.find(
    ({ id, code, name, name_ru }) => text !== '' && [id, code, name, name_ru].some((one) => same(one)),
  );
  return found ? String(found.id) : text;
}

/** Consumers that are named in the inputs; null where all count. */
export function chosenConsumers(inputs: Record<string, unknown>): number[] | null {
  if (inputs.consumers === undefined) return null;
  return String(inputs.consumers)
    .split(',')
    .map(Number)
    .filter((id) => Number.isInteger(id));
}

/** What the process is sent: consumers as a list, all else as it is. */
export function executionInputs(
  plant: number | 'new',
  supply: Record<string, unknown>,
  study: Record<string, unknown>,
): Record<string, unknown> {
  const consumers = chosenConsumers(study);
  return {
    ...(plant === 'new' ? {} : { plant }),
    ...supply,
    ...study,
    ...(consumers ? { consumers } : {}),
    // An address gives a number back where the form gave a word.
    ...(study.weather === undefined ? {} : { weather: String(study.weather) }),
  };
}

/** The same inputs have the same key, in whatever order they were given. */
export const keyOf = (inputs: Record<string, unknown>): string =>
  JSON.stringify(Object.entries(inputs).sort(([a], [b]) => (a < b ? -1 : 1)));
