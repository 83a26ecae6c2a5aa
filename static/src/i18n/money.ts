/** Money and other figures of a table: a column of one row shares a scale, so that the eye compares digits. Pure. */
import { exact, scaleFor, significant, three, unitName, type Kind } from './numbers';
import { energyIn, type EnergyUnit } from './units';

type Locale = 'ru' | 'en';
const NBSP = '\u00a0';

const STEPS: Record<Locale, [number, string][]> = {
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
const SIGNS: Record<string, string> = { RUB: '₽' };
const PER_YEAR: Record<Locale, string> = { ru: '/год', en: '/a' };

/** How a row of figures is written: each value times `factor`, in `unit`. */
export type RowScale = {
  factor: number;
  unit: string;
  write: (value: number) => string;
  full: (value: number) => string;
};

/** Roubles in the step that suits the largest: "847 million RUB". */
export function moneyScale(largest: number, currency: string, yearly: boolean, locale: Locale): RowScale {
  const sign = locale === 'ru' ? (SIGNS[currency] ?? currency) : currency;
  const step = STEPS[locale].find(([limit]) => Math.abs(largest) >= limit);
  const size = step ? (step[0] === 1e4 ? 1e3 : step[0]) : 1;
  const year = yearly ? PER_YEAR[locale] : '';
  return {
    factor: 1 / size,
    unit: (step ? step[1] + NBSP : '') + sign + year,
    write: (value) => three(value / size, locale),
    full: (value) => exact(value, locale) + NBSP + sign + year,
  };
}

/** Money by itself, with its unit. */
export function money(
  value: number | null | undefined,
  locale: Locale,
  { currency = 'RUB', yearly = false }: { currency?: string; yearly?: boolean } = {},
): { text: string; full: string } {
  if (value === null || value === undefined || !Number.isFinite(value)) return { text: '—', full: '—' };
  const scale = moneyScale(value, currency, yearly, locale);
  return { text: scale.write(value) + NBSP + scale.unit, full: scale.full(value) };
}

const KINDS: Record<string, Kind> = {
  'MWh/a': 'energy_a',
  MWh: 'energy',
  't/a': 'mass_a',
  t: 'mass',
  'm³': 'volume',
};

/** The scale of a row of figures in a unit as the server names it, up to `largest`. */
export function rowScale(
  largest: number,
  unit: string,
  locale: Locale,
  energy: EnergyUnit,
  currency: string,
): RowScale {
  if (unit === 'share') {
    const percent = (value: number): string => significant(value * 100, locale);
    return {
      factor: 100,
      unit: '%',
      write: percent,
      full: (value) => exact(value * 100, locale) + NBSP + '%',
    };
  }
  if (unit === 'RUB' || unit === 'RUB/a') return moneyScale(largest, currency, unit === 'RUB/a', locale);
  const kind = KINDS[unit];
  if (kind) {
    const { factor, unit: named } = scaleFor(largest, kind, locale, energy);
    return {
      factor,
      unit: named,
      write: (value) => three(value * factor, locale),
      full: (value) => exact(value * factor, locale) + NBSP + named,
    };
  }
  // A price of energy is per unit of energy, in whichever the reader reads.
  if (unit === 'RUB/MWh') {
    const factor = 1 / energyIn(1, energy);
    const named = `${locale === 'ru' ? (SIGNS[currency] ?? currency) : currency}/\u2060${scaleFor(0, 'energy', locale, energy).unit}`;
    return {
      factor,
      unit: named,
      write: (value) => three(value * factor, locale),
      full: (value) => exact(value * factor, locale) + NBSP + named,
    };
  }
  const named = unitName(unit, locale);
  const plain = (value: number): string => significant(value, locale, 4);
  return {
    factor: 1,
    unit: named,
    write: plain,
    full: (value) => exact(value, locale) + (named ? NBSP + named : ''),
  };
}

/** With its sign, a minus that is one. */
export const signed = (text: string, value: number): string =>
  value > 0 ? `+${text}` : text.replace(/^-/, '−');
