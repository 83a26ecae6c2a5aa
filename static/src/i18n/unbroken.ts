/** Numbers that stay with their units at the end of a line. Pure. */
const UNITS = [
  '[кМГТ]?Вт(?:·ч)?',
  '[кМГТ]?Дж',
  'Гкал',
  'МПа',
  'т(?: у\\.т\\.)?',
  'кг',
  'м[²³]?',
  'км',
  'га',
  'ч',
  'лет',
  'млн',
  'млрд',
  'тыс\\.',
  '₽',
  '%',
  '[kMGT]?Wh?',
  '[kMGTP]?J',
  'MPa',
  't',
  'kg',
  'm[²³]?',
  'km',
  'ha',
  'h',
  'years?',
  'million',
  'billion',
  'thousand',
  'RUB',
];
// A unit ends where no letter follows: "5 m" but not "5 more".
const BEFORE_UNIT = new RegExp(`(\\}\\}|\\d) (?=(?:${UNITS.join('|')})(?![\\p{L}\\d]))`, 'gu');

/** The words of a message with no-break spaces between its numbers, or the places of them, and their units. */
export const unbroken = (text: string): string => text.replace(BEFORE_UNIT, '$1\u00a0');

export const unbrokenAll = (catalogue: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(catalogue).map(([key, text]) => [key, unbroken(text)]));
