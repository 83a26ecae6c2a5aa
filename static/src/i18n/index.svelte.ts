/**
 * The reader's language. Messages come from i18next: the best-kept catalogue library there is, with
 * plural rules for Russian out of the box and no build step or service behind it. Keys are typed
 * from the English catalogue, so a key that does not exist fails `npm run check`.
 */
import i18next from 'i18next';
import type { Bilingual, Named } from '../contract';
import { en } from './en';
import { ru } from './ru';
import { unbrokenAll } from './unbroken';

export type Lang = 'ru' | 'en';
export const LANGS: Lang[] = ['ru', 'en'];

type Suffix = '_one' | '_few' | '_many' | '_other';
type Base<K> = K extends `${infer B}${Suffix}` ? B : K;
export type Key = Base<keyof typeof en>;

const catalogue = i18next.createInstance();
void catalogue.init({
  initAsync: false,
  lng: 'ru',
  fallbackLng: 'en',
  keySeparator: false,
  nsSeparator: false,
  // Svelte escapes what it renders; escaping twice would show entities to people.
  interpolation: { escapeValue: false },
  resources: { en: { translation: unbrokenAll(en) }, ru: { translation: unbrokenAll(ru) } },
});

let current = $state<Lang>('ru');

export const lang = (): Lang => current;

export function setLang(next: Lang): void {
  current = next;
  document.documentElement.lang = next;
}

/** A message. Reading `current` here makes every template that uses `t` follow the language. */
export const t = (key: Key, values: Record<string, string | number> = {}): string =>
  catalogue.t(key, { lng: current, ...values });

/** A message whose key is made from a value that the server sent; `otherwise` when there is none. */
export const tOr = (key: string, otherwise: string, values: Record<string, string | number> = {}): string =>
  catalogue.exists(key, { lng: current, fallbackLng: [] })
    ? catalogue.t(key, { lng: current, ...values })
    : otherwise;

/** The same in a language that need not be the reader's. */
export const tIn = (language: Lang, key: string, otherwise: string): string =>
  catalogue.exists(key, { lng: language, fallbackLng: [] }) ? catalogue.t(key, { lng: language }) : otherwise;

/** One of the two texts of a server-sent title. */
export const pick = (text: Bilingual | null | undefined): string => (text ? text[current] || text.en : '');

/** What the source of a number says, in the reader's language. */
export const sourceText = (of: { source: string; source_ru?: string }): string =>
  (current === 'ru' && of.source_ru) || of.source;

/** The title of a project in the reader's language, or the only one there is. */
export const titleOf = (project: { title: string; title_ru: string | null } | null | undefined): string =>
  (current === 'ru' ? project?.title_ru || project?.title : project?.title) ?? '';

/** The name of a thing in the reader's language, or the only name there is. */
export const nameOf = (thing: Partial<Named> | null | undefined, otherwise = ''): string =>
  (current === 'ru' ? thing?.name_ru || thing?.name : thing?.name || thing?.name_ru) || otherwise;
