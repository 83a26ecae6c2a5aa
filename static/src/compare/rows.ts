/** The rows that the table shows and the file holds, made from an answer. */
import type { Comparison, DifferenceRow } from '../contract-planning';
import { nameOf, t, tOr } from '../i18n/index.svelte';
import type { Table } from '../charts/export';
import { data } from '../state/data.svelte';
import { mainFigures, otherFigures, sourcesAre, type Better, type Sources } from '../state/comparison-rows';
import { figureTitle, inputTitle, valueWords } from './words';

/** A row of figures: one a scenario, changes counted from the first. */
export type Row = {
  key: string;
  title: string;
  unit: string;
  values: unknown[];
  changes: (number | null)[];
  relativeChanges: (number | null)[];
  better: Better;
  /** The same in all of them. */
  same?: boolean;
  /** What is no number. */
  words?: (value: unknown) => string;
};
export type Group = {
  id: string;
  title: string;
  rows: Row[];
  /** Without bars: what was put in is no outcome. */
  plain?: boolean;
};

export const namesOf = (comparison: Comparison): string[] =>
  comparison.scenarios.map((scenario) => nameOf(scenario, `#${scenario.id}`));

export function inputRows(comparison: Comparison): Row[] {
  const { process } = comparison;
  return comparison.inputs
    .filter((row) => row.path !== 'routes')
    .map((row): Row => {
      const plain = row.path.split('[')[0]!;
      const parameter = data.parameter(plain);
      return {
        key: row.path,
        title: inputTitle(process, row.path),
        unit: row.unit ?? parameter?.unit ?? '',
        // A number that is left out is the default one.
        values: row.values.map((value) =>
          value === null && typeof parameter?.value === 'number' ? parameter.value : value,
        ),
        changes: [],
        relativeChanges: [],
        better: null,
        words: (value) => valueWords(process, plain, value),
      };
    });
}

export const mainGroups = (comparison: Comparison, first: unknown): Group[] =>
  mainFigures(comparison, first).map(({ id, rows }) => ({
    id,
    title: tOr(`compare.group.${id}`, id),
    rows: rows.map((row) => ({ ...row, key: row.path, title: figureTitle(row.path) })),
  }));

/** More would only make the page slow; the file has all. */
export const MOST_SHOWN = 60;

const otherRow = (row: DifferenceRow, sources: Sources): Row => ({
  key: row.path,
  title: figureTitle(row.path, sources),
  unit: row.unit ?? '',
  values: row.values,
  changes: row.changes,
  relativeChanges: row.relative_changes,
  better: null,
  words: (value) =>
    value === null || value === undefined
      ? '—'
      : value === true
        ? t('yes')
        : value === false
          ? t('no')
          : String(value),
});

export function otherGroups(
  comparison: Comparison,
  first: unknown,
): { id: string; title: string; count: number; rows: () => Row[] }[] {
  const sources = sourcesAre(comparison, first);
  return otherFigures(comparison).map(({ id, rows }) => ({
    id,
    title: id ? tOr(`part.${id}`, id) : t('part.top'),
    count: rows.length,
    // Words are looked up when the group is unfolded.
    rows: () => rows.slice(0, MOST_SHOWN).map((row) => otherRow(row, sources)),
  }));
}

/** Every row as the server told it, by its path and unit. */
export function comparisonTable(comparison: Comparison): Table {
  const row = (of: 'input' | 'result') => (from: DifferenceRow) => ({
    of,
    path: from.path,
    unit: from.unit ?? null,
    ...Object.fromEntries(
      from.values.flatMap((value, i) => [
        [
          `value_${i + 1}`,
          typeof value === 'object' && value !== null
            ? JSON.stringify(value)
            : (value as string | number | null),
        ],
        ...(i > 0 ? [[`change_${i + 1}`, from.changes[i] ?? null] as const] : []),
      ]),
    ),
  });
  return {
    columns: [
      'of',
      'path',
      'unit',
      ...comparison.scenarios.flatMap((_, i) =>
        i > 0 ? [`value_${i + 1}`, `change_${i + 1}`] : ['value_1'],
      ),
    ].map((key) => ({ key, title: key })),
    rows: [...comparison.inputs.map(row('input')), ...comparison.results.map(row('result'))],
  };
}
