import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { en } from '../src/i18n/en';
import { ru } from '../src/i18n/ru';

const base = (key: string): string => key.replace(/_(one|few|many|other)$/, '');
// The server writes its warnings in English; only Russian has its own words for them.
const own = (key: string): boolean => !key.startsWith('warning.');
const bases = (catalogue: object): Set<string> => new Set(Object.keys(catalogue).filter(own).map(base));
const slots = (text: string): string[] => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((m) => m[1]!).sort();

test('both_languages_have_the_same_messages', () => {
  expect([...bases(ru)].sort()).toEqual([...bases(en)].sort());
});

test('a_message_takes_the_same_values_in_both_languages', () => {
  for (const [key, text] of Object.entries(en)) {
    const other = ru[key];
    if (other) expect(slots(other), key).toEqual(slots(text));
  }
});

test('russian_plurals_have_all_their_forms', () => {
  for (const key of Object.keys(ru).filter((k) => k.endsWith('_one'))) {
    for (const form of ['few', 'many', 'other']) expect(ru, key).toHaveProperty([`${base(key)}_${form}`]);
  }
});

const files = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? files(join(folder, entry.name)) : [join(folder, entry.name)],
  );
const sources = files('src').filter((file) => /\.(ts|svelte)$/.test(file));

test('every_message_is_used', () => {
  const text = sources
    .filter((file) => !/i18n[/\\](planning-)?(en|ru)\.ts$/.test(file))
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
  // Some keys are made from a value that the server sends: their beginning stands in the source.
  const made = [...text.matchAll(/`([\w.]+\.)\$\{/g)].map((m) => m[1]!);
  const unused = [...bases(en)].filter(
    (key) => !text.includes(`'${key}'`) && !made.some((prefix) => key.startsWith(prefix)),
  );
  expect(unused).toEqual([]);
});

test('no_component_speaks_russian_past_the_catalogue', () => {
  const allowed = /i18n[/\\]|numbers\.ts|SettingsFlyout|places\.ts/;
  const speaking = sources.filter(
    (file) =>
      !allowed.test(file) &&
      /[а-яё]{3,}/i.test(readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')),
  );
  expect(speaking).toEqual([]);
});

test('only_one_file_talks_to_the_server', () => {
  const talking = sources.filter((file) =>
    /\bfetch\(|XMLHttpRequest|sendBeacon|WebSocket/.test(readFileSync(file, 'utf8')),
  );
  expect(talking.map((file) => file.replaceAll('\\', '/'))).toEqual(['src/api.ts']);
});

test('no_file_outgrows_four_hundred_lines', () => {
  const long = sources.filter(
    (file) => !/i18n/.test(file) && readFileSync(file, 'utf8').split('\n').length > 400,
  );
  expect(long).toEqual([]);
});
