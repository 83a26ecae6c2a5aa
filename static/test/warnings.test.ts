import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { en } from '../src/i18n/en';
import { ru } from '../src/i18n/ru';
import { snake, taken } from '../src/state/warning-words';

const write = {
  name: (name: string) => `<${name}>`,
  number: (value: number) => `#${value}`,
  money: (rub: number) => `${rub / 1e6} M`,
};

test('a_warning_is_told_with_the_readers_names_and_figures', () => {
  expect(
    taken(
      {
        code: 'plants_do_not_pay',
        message:
          'plants do not pay at these numbers: the plan costs 104089000 RUB a year more than other heat for all (heat_price_rub_mwh); fewest_plants or a required site keeps them',
      },
      write,
    ),
  ).toEqual({ key: 'doNotPay', values: { money: '104.089 M' } });
  expect(
    taken(
      {
        code: 'consumers_of_steam',
        message: '2 consumers use steam; their heat is counted as if hot water could carry it: A, B',
      },
      write,
    ),
  ).toEqual({ key: 'ofSteam', values: { n0: '#2', names: '<A>, <B>' } });
  expect(taken({ code: 'consumer_demand', message: 'A: something new' }, write)).toBeNull();
  expect(taken({ code: 'something_new', message: 'A' }, write)).toBeNull();
  expect(snake('DeliveredCost')).toBe('delivered_cost');
});

/** Rust sources of what plans, supplies and studies compute, without their tests. */
function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory()
      ? sources(join(folder, entry.name))
      : entry.name.endsWith('.rs')
        ? [readFileSync(join(folder, entry.name), 'utf8').split('#[cfg(test)]')[0]!]
        : [],
  );
}

test('every_warning_of_the_server_has_russian_words', () => {
  const rust = ['planning', 'supply', 'energy', 'reserves'].flatMap((room) => sources(join('../src', room)));
  const codes = new Set(
    rust.flatMap((text) =>
      [...text.matchAll(/(?:Warning::new\(|\bwarn\()\s*"([a-z_]{3,})"/g)].map((match) => match[1]!),
    ),
  );
  expect(codes.size).toBeGreaterThan(30);
  const words =
    readFileSync('src/state/warning-words.ts', 'utf8') + readFileSync('src/state/study-warnings.ts', 'utf8');
  const mute = [...codes].filter(
    // That data are invented is marked in other ways.
    (code) => code !== 'synthetic' && !(`warning.${code}` in ru) && !words.includes(`'${code}'`),
  );
  expect(mute).toEqual([]);
});

test('no_warning_of_ours_names_an_input', () => {
  for (const [key, text] of [...Object.entries(en), ...Object.entries(ru)])
    if (key.startsWith('told.')) expect(text, key).not.toMatch(/[a-z]+_[a-z]+/);
});
