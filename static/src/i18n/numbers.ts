/**
 * Numbers for people: three significant figures, a unit on each, the full figure beside it. Pure:
 * the language is an argument.
 */
import { energyIn, type EnergyUnit } from './units';

export type Quantity = { text: string; full: string };
export type Kind =
  | 'volume'
  | 'mass'
  | 'energy'
  | 'energy_a'
  | 'mass_a'
  | 'area'
  | 'depth'
  | 'length'
  | 'share'
  | 'cost'
  | 'cost_t'
  | 'money'
  | 'power'
  | 'years'
  | 'count'
  | 'hours'
  | 'none';

type Locale = 'ru' | 'en';
const NBSP = '\u00a0';
const NARROW = '\u202f';

/** Intl writes U+00A0 between Russian thousands and a hyphen for a minus; typography asks for the narrow space and the sign. */
const tidy = (text: string): string => text.replaceAll('\u00a0', NARROW).replace(/^-/, '−');

const formats = new Map<string, Intl.NumberFormat>();
function format(locale: Locale, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = locale + JSON.stringify(options);
  let found = formats.get(key);
  if (!found) formats.set(key, (found = new Intl.NumberFormat(locale, options)));
  return found;
}

export const significant = (value: number, locale: Locale, figures = 3): string =>
  Number.isFinite(value) ? tidy(format(locale, { maximumSignificantDigits: figures }).format(value)) : '—';

/** Exactly three figures, so that a column of figures tells how sure it is: 22.0 beside 21.8. */
export const three = (value: number, locale: Locale): string =>
  Number.isFinite(value)
    ? tidy(
        format(
          locale,
          value === 0 ? {} : { minimumSignificantDigits: 3, maximumSignificantDigits: 3 },
        ).format(value),
      )
    : '—';

export const integer = (value: number, locale: Locale): string =>
  tidy(format(locale, { maximumFractionDigits: 0 }).format(value));

/** Up to ten significant figures: more than any of the inputs carries. */
export const exact = (value: number, locale: Locale): string =>
  Number.isFinite(value) ? tidy(format(locale, { maximumSignificantDigits: 10 }).format(value)) : '—';

type Scale = { factor: number; prefix: string };
const COUNTED: Record<Locale, [number, string][]> = {
  ru: [
    [1e9, 'млрд'],
    [1e6, 'млн'],
    [1e4, 'тыс.'],
  ],
  en: [
    [1e9, 'billion'],
    [1e6, 'million'],
    [1e4, 'thousand'],
  ],
};

const ENERGY_NAMES: Record<EnergyUnit, Record<Locale, string>> = {
  mwh: { en: 'MWh', ru: 'МВт·ч' },
  gcal: { en: 'Gcal', ru: 'Гкал' },
  gj: { en: 'GJ', ru: 'ГДж' },
  tce: { en: 't.c.e.', ru: 'т у.т.' },
};
const ENERGY_STEPS: Partial<Record<EnergyUnit, [number, Record<Locale, string>][]>> = {
  mwh: [
    [1e6, { en: 'TWh', ru: 'ТВт·ч' }],
    [1e4, { en: 'GWh', ru: 'ГВт·ч' }],
  ],
  gj: [
    [1e6, { en: 'PJ', ru: 'ПДж' }],
    [1e4, { en: 'TJ', ru: 'ТДж' }],
  ],
};
const YEAR: Record<Locale, string> = { en: '/a', ru: '/год' };
const PLAIN: Partial<Record<Kind, Record<Locale, string>>> = {
  volume: { en: 'm³', ru: 'м³' },
  mass: { en: 't', ru: 'т' },
  mass_a: { en: 't/a', ru: 'т/год' },
  area: { en: 'ha', ru: 'га' },
  depth: { en: 'm', ru: 'м' },
  length: { en: 'km', ru: 'км' },
  cost_t: { en: 'RUB/t', ru: '₽/т' },
  money: { en: 'RUB', ru: '₽' },
  power: { en: 'MW', ru: 'МВт' },
  hours: { en: 'h/a', ru: 'ч/год' },
};

export const energyName = (unit: EnergyUnit, locale: Locale): string => ENERGY_NAMES[unit][locale];
export const costName = (unit: EnergyUnit, locale: Locale): string =>
  // A word joiner: a line must not break between the slash and the unit.
  `${locale === 'ru' ? '₽' : 'RUB'}/\u2060${ENERGY_NAMES[unit][locale]}`;

/** The factor and unit in which values up to `largest` read well: one for a whole axis. */
export function scaleFor(
  largest: number,
  kind: Kind,
  locale: Locale,
  energy: EnergyUnit = 'mwh',
): { factor: number; unit: string } {
  if (kind === 'energy' || kind === 'energy_a') {
    const year = kind === 'energy_a' ? YEAR[locale] : '';
    const factor = energyIn(1, energy);
    const steps = ENERGY_STEPS[energy];
    if (steps) {
      // The steps are named units: 10,000 MWh reads as 10 GWh, so the step begins at ten of the next.
      for (const [limit, name] of steps) {
        if (Math.abs(largest * factor) >= limit) {
          const per = limit === 1e4 ? 1e3 : limit;
          return { factor: factor / per, unit: name[locale] + year };
        }
      }
      return { factor, unit: ENERGY_NAMES[energy][locale] + year };
    }
    const counted = count(largest * factor, locale);
    return {
      factor: factor / counted.factor,
      unit: join(counted.prefix, ENERGY_NAMES[energy][locale] + year),
    };
  }
  const unit = PLAIN[kind]?.[locale] ?? '';
  if (kind === 'volume' || kind === 'mass' || kind === 'mass_a' || kind === 'money') {
    const counted = count(largest, locale);
    return { factor: 1 / counted.factor, unit: join(counted.prefix, unit) };
  }
  return { factor: 1, unit };
}

function count(value: number, locale: Locale): Scale {
  for (const [limit, prefix] of COUNTED[locale]) {
    if (Math.abs(value) >= limit) return { factor: limit === 1e4 ? 1e3 : limit, prefix };
  }
  return { factor: 1, prefix: '' };
}

const join = (a: string, b: string): string => (a ? a + NBSP + b : b);

/** A quantity as people read it, and in full. `value` is in the server's unit for its kind. */
export function quantity(
  value: number | null | undefined,
  kind: Kind,
  locale: Locale,
  energy: EnergyUnit = 'mwh',
): Quantity {
  if (value === null || value === undefined || !Number.isFinite(value)) return { text: '—', full: '—' };
  if (kind === 'share') {
    const percent = value * 100;
    const sign = locale === 'ru' ? NBSP + '%' : '%';
    // 99.96 % must not round up to a promise of 100.
    // What floating point left of a sum is no shortfall, though.
    const shown = percent < 100 - 1e-6 && percent > 99.9 ? Math.floor(percent * 10) / 10 : percent;
    return { text: significant(shown, locale) + sign, full: exact(percent, locale) + sign };
  }
  if (kind === 'cost') {
    const per = value / energyIn(1, energy);
    return {
      text: three(per, locale) + NBSP + costName(energy, locale),
      full: exact(per, locale) + NBSP + costName(energy, locale),
    };
  }
  if (kind === 'count') return { text: integer(value, locale), full: integer(value, locale) };
  if (kind === 'years' || kind === 'none')
    return { text: significant(value, locale), full: exact(value, locale) };
  const scaled = scaleFor(value, kind, locale, energy);
  // A capacity is stated, not estimated: 3 MW is 3, not 3.00.
  const write = kind === 'power' || kind === 'hours' ? significant : three;
  const plain = scaleFor(0, kind, locale, energy);
  return {
    text: join(write(value * scaled.factor, locale), scaled.unit),
    full: join(exact(value * plain.factor, locale), plain.unit),
  };
}

/** An error in metres to a tenth of a millimetre: what floating point left of nothing reads as nothing. */
export const bias = (metres: number, locale: Locale): string =>
  significant(Number(metres.toFixed(4)) + 0, locale, 2);

/** Two ends of a band in one unit: "1.21–1.84 million m³"; one figure where they are the same. */
export function range(
  low: number,
  high: number,
  kind: Kind,
  locale: Locale,
  energy: EnergyUnit = 'mwh',
): string {
  const scaled = scaleFor(Math.max(Math.abs(low), Math.abs(high)), kind, locale, energy);
  const ends = [...new Set([low, high].map((value) => three(value * scaled.factor, locale)))];
  // A dash before a minus cannot be read.
  return join(ends.join(low < 0 ? '…' : '–'), scaled.unit);
}

const MONTHS: Record<'short' | 'long' | 'genitive', Intl.DateTimeFormatOptions> = {
  short: { month: 'short' },
  long: { month: 'long' },
  genitive: { month: 'long', day: 'numeric' },
};
/** A calendar month, 1 to 12. The genitive is for "to the end of": only Russian tells it apart. */
export function monthName(month: number, locale: Locale, form: 'short' | 'long' | 'genitive'): string {
  const date = new Date(Date.UTC(2001, month - 1, 1));
  const parts = new Intl.DateTimeFormat(locale, { ...MONTHS[form], timeZone: 'UTC' }).formatToParts(date);
  const name = parts.find((part) => part.type === 'month')?.value ?? String(month);
  // Three letters tell months apart, and twelve of them fit below a chart.
  return form === 'short' ? name.slice(0, 3) : name;
}

const UNIT_RU: Record<string, string> = {
  m: 'м',
  m3: 'м³',
  ha: 'га',
  t: 'т',
  'kg/m3': 'кг/м³',
  'MJ/kg': 'МДж/кг',
  'MWh/a': 'МВт·ч/год',
  MW: 'МВт',
  MPa: 'МПа',
  MWh: 'МВт·ч',
  'h/a': 'ч/год',
  h: 'ч',
  a: 'лет',
  year: 'лет',
  years: 'лет',
  km: 'км',
  'km/h': 'км/ч',
  't/ha': 'т/га',
  'RUB/t': '₽/т',
  'RUB/h': '₽/ч',
  'RUB/km': '₽/км',
  'RUB/(t·km)': '₽/(т·км)',
  share: 'доля',
  m2: 'м²',
  degrees: '°',
  'kg/ha': 'кг/га',
  '1/ha': 'на га',
  't/(ha·a)': 'т/(га·год)',
  't/TJ': 'т/ТДж',
  'kg/TJ': 'кг/ТДж',
  mm: 'мм',
  d: 'сут.',
  mo: 'мес.',
  't/a': 'т/год',
  't/h': 'т/ч',
  'RUB/kW': '₽/кВт',
  'kWh/t': 'кВт·ч/т',
  '1/a': '1/год',
  '1/h': '1/ч',
  K: 'К',
  week: 'неделя',
  'weeks/a': 'нед./год',
  'd/a': 'сут./год',
  'day of the year': 'день года',
  'g/GJ': 'г/ГДж',
  'kg/(t·km)': 'кг/(т·км)',
  'kJ/(m²·K·d)': 'кДж/(м²·К·сут)',
  'MW/MW': 'МВт/МВт',
  'MWh/MWh': 'МВт·ч/(МВт·ч)',
  'MWh/t': 'МВт·ч/т',
  't/MWh': 'т/(МВт·ч)',
  'RUB/MWh': '₽/(МВт·ч)',
  'RUB/(MWh km)': '₽/(МВт·ч·км)',
  'share/km': 'доля/км',
  'RUB/EUR': '₽/€',
  'RUB/USD': '₽/$',
  'EUR/kW': '€/кВт',
  'EUR/kW/a': '€/кВт в год',
  'EUR/MW': '€/МВт',
  'EUR/MWh': '€/(МВт·ч)',
  'USD/kW': '$/кВт',
  'USD/kW/a': '$/кВт в год',
  'USD/MW': '$/МВт',
  'USD/MWh': '$/(МВт·ч)',
  'RUB/ha': '₽/га',
  'RUB/a': '₽/год',
  RUB: '₽',
  'RUB/(MWh·km)': '₽/(МВт·ч·км)',
  MEUR: 'млн €',
  'ha/a': 'га/год',
  'share/a': '1/год',
  kW: 'кВт',
  'kJ/kg': 'кДж/кг',
  'GJ/a': 'ГДж/год',
  'jobs/MW': 'раб. мест/МВт',
  'jobs/(kt/a)': 'раб. мест/(тыс. т/год)',
  jobs: 'раб. мест',
  't CO2e/a': 'т CO₂-экв./год',
};
const UNIT_EN: Record<string, string> = {
  m3: 'm³',
  m2: 'm²',
  degrees: '°',
  'kg/m3': 'kg/m³',
  a: 'years',
  year: 'years',
  d: 'days',
  mo: 'months',
  'EUR/kW/a': 'EUR/kW a year',
  'USD/kW/a': 'USD/kW a year',
  'RUB/(MWh km)': 'RUB/(MWh·km)',
  'share/km': 'of the whole a km',
  'weeks/a': 'weeks a year',
  'd/a': 'days a year',
  'share/a': '1/a',
  't CO2e/a': 't CO₂e/a',
};

/** A unit as the server names it, in the reader's language. */
export const unitName = (unit: string | null | undefined, locale: Locale): string =>
  unit ? ((locale === 'ru' ? UNIT_RU[unit] : UNIT_EN[unit]) ?? unit) : '';

/** Whether a unit is a share that is read in per cent: of a whole, of heat sent, a year; not a kilometre. */
export const isShare = (unit: string): boolean => /^share(\/a|\b(?!\/))/.test(unit);

/** Whether a word is one of the units that inputs come in. */
export const isUnit = (word: string): boolean => word in UNIT_RU || /^share\b/.test(word) || word === '°C';
