/** What a figure of a comparison is called: by its path, with the names of the things that it is of. */
import { lang, nameOf, pick, t, tOr } from '../i18n/index.svelte';
import { monthName } from '../i18n/numbers';
import { data } from '../state/data.svelte';
import { partsOf, type Part, type Sources, type Which } from '../state/comparison-rows';
import { processWords } from '../state/process-words.svelte';
import type { LayerName } from '../contract';

const LAYER_OF: Record<string, LayerName> = {
  field_id: 'fields',
  deposit_id: 'deposits',
  plant_id: 'plants',
  plant: 'plants',
  consumer_id: 'consumers',
};
/** Lists of an answer whose entries are named by `id` alone. */
const LAYER_OF_LIST: Record<string, LayerName> = { plants: 'plants' };
const LAYER_OF_SOURCES = { field: 'fields', deposit: 'deposits' } as const;

function thing(layer: LayerName, id: string): string {
  const found = data.find(layer, Number(id));
  return nameOf(found?.properties, String(found?.properties.code ?? `#${id}`));
}

function told(list: string, { key, value }: Which, sources: Sources): string {
  if (key === 'source' || (key === 'id' && list === 'sources'))
    return sources ? thing(LAYER_OF_SOURCES[sources], value) : t('compare.source', { id: value });
  const layer = LAYER_OF[key] ?? (key === 'id' ? LAYER_OF_LIST[list] : undefined);
  if (layer) return thing(layer, value);
  if (key === 'year') return t('years.year', { year: value });
  if (key === 'month') return monthName(Number(value), lang(), 'long');
  if (key === 'fuel') return tOr(`plan.fuel.${value}`, value);
  // Most limits are inputs too and have their titles from there.
  if (key === 'limit') return tOr(`compare.limit.${value}`, pick(data.parameter(value)?.title) || value);
  // Years of a plan and places in a list are told by their number.
  return key === '' && /_a$|_mwh$|_ha$/.test(list) ? t('years.year', { year: value }) : value;
}

/** A row of two ends says first who is given, then what: "Swift ← Heron bog, north field". */
const entry = ({ name, which }: Part, sources: Sources): string =>
  which
    .map((one) => told(name, one, sources))
    .reverse()
    .join(' ← ');

/** The title of a figure: "Field 6 · used in a year". */
export function figureTitle(path: string, sources: Sources = null): string {
  const whole = tOr(`figure.${path}`, '');
  if (whole) return whole;
  const parts = partsOf(path);
  const last = parts.at(-1);
  const words = parts.flatMap((part) => {
    const own =
      part === last
        ? [tOr(`figure.${part.name}`, part.name)]
        : part.which.length
          ? []
          : [tOr(`part.${part.name}`, part.name)];
    const named = entry(part, sources);
    return named ? [named, ...own] : own;
  });
  // The list it stands in is the heading of its group already.
  return words.join(' · ');
}

export const inputTitle = (process: string, name: string): string => {
  const plain = name.split('[')[0]!;
  const known = pick(data.parameter(plain)?.title);
  return known || processWords.title(process, plain) || name;
};

/** A value that is no number, in words. */
export function valueWords(process: string, name: string, value: unknown): string {
  if (value === null || value === undefined) {
    const by = processWords.input(process, name)?.schema.default;
    return by === undefined || typeof by === 'object'
      ? t('compare.byDefault')
      : `${valueWords(process, name, by)} (${t('compare.byDefault')})`;
  }
  if (value === true) return t('yes');
  if (value === false) return t('no');
  if (name === 'plant' || name === 'deposit') {
    const layer = name === 'plant' ? 'plants' : 'deposits';
    const found = data
      .list(layer)
      .find(({ id, properties: p }) => [String(id), p.code, p.name, p.name_ru].includes(String(value)));
    return found ? nameOf(found.properties, String(value)) : String(value);
  }
  if (typeof value === 'object') return JSON.stringify(value);
  return data.word(name, value);
}
