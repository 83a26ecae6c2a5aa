/** What a figure of a comparison is called: by its path, with the names of the things that it is of. */
import { lang, nameOf, pick, t, tOr } from '../i18n/index.svelte';
import { monthName } from '../i18n/numbers';
import { data } from '../state/data.svelte';
import { partsOf, type Part } from '../state/comparison-rows';
import { processWords } from '../state/process-words.svelte';
import type { LayerName } from '../contract';

const LAYER_OF: Record<string, LayerName> = {
  field_id: 'fields',
  deposit_id: 'deposits',
  plant_id: 'plants',
  consumer_id: 'consumers',
};
/** Lists of an answer whose entries are named by `id` alone. */
const LAYER_OF_LIST: Record<string, LayerName> = { plants: 'plants' };

function entry({ name, which }: Part): string {
  if (!which) return '';
  const layer = LAYER_OF[which.key] ?? (which.key === 'id' ? LAYER_OF_LIST[name] : undefined);
  if (layer) {
    const found = data.find(layer, Number(which.value));
    const code = found?.properties.code;
    return found ? nameOf(found.properties, String(code ?? `#${which.value}`)) : `#${which.value}`;
  }
  if (which.key === 'year') return t('years.year', { year: which.value });
  if (which.key === 'month') return monthName(Number(which.value), lang(), 'long');
  // Years of a plan and places in a list are told by their number.
  return which.key === '' && /_a$|_mwh$|_ha$/.test(name)
    ? t('years.year', { year: which.value })
    : which.value;
}

/** The title of a figure: "Field 6 · used in a year". */
export function figureTitle(path: string): string {
  const whole = tOr(`figure.${path}`, '');
  if (whole) return whole;
  const parts = partsOf(path);
  const last = parts.at(-1);
  const words = parts.flatMap((part) => {
    const own =
      part === last
        ? [tOr(`figure.${part.name}`, part.name)]
        : part.which
          ? []
          : [tOr(`part.${part.name}`, part.name)];
    const named = entry(part);
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
