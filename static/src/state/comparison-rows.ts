/**
 * Rows of a comparison in the order in which a planner reads them: the main figures in groups, then all others by what they
 * are of. Pure: names of things are handed in, words come from the catalogue by the path.
 */
import type { Comparison, DifferenceRow } from '../contract-planning';

/** Which way is better, where that can be said at all. */
export type Better = 'more' | 'less' | null;
export type MainFigure = { path: string; unit: string; better: Better };
export type FigureGroup = { id: string; figures: MainFigure[] };

const figure = (path: string, unit: string, better: Better = null): MainFigure => ({ path, unit, better });

/** The main figures of each computation. What it does not answer is left out. */
const GROUPS: Record<string, FigureGroup[]> = {
  'fuel-supply': [
    {
      id: 'fuel',
      figures: [
        figure('need.fuel_mwh_a', 'MWh/a'),
        figure('need.mass_t_a', 't/a'),
        figure('covered_share', 'share', 'more'),
        figure('short_mwh_a', 'MWh/a', 'less'),
        figure('wet_season.covered_share', 'share', 'more'),
        figure('wet_season.short_mwh_a', 'MWh/a', 'less'),
        figure('dry_season.surplus_mwh_a', 'MWh/a', 'more'),
      ],
    },
    {
      id: 'price',
      figures: [
        figure('mean_cost_rub_mwh', 'RUB/MWh', 'less'),
        figure('marginal_cost_rub_mwh', 'RUB/MWh', 'less'),
      ],
    },
    { id: 'years', figures: [figure('years_of_full_supply', 'a', 'more')] },
    {
      id: 'stock',
      figures: [figure('months.size_needed_t', 't', 'less'), figure('months.safety_stock_t', 't', 'less')],
    },
  ],
  allocate: [
    {
      id: 'fuel',
      figures: [
        figure('totals.need_mwh', 'MWh'),
        figure('totals.peat_mwh', 'MWh'),
        figure('totals.alternatives_mwh', 'MWh'),
        figure('totals.unmet_mwh', 'MWh', 'less'),
        figure('totals.covered_share', 'share', 'more'),
        figure('totals.remaining_mwh', 'MWh'),
      ],
    },
    {
      id: 'money',
      figures: [
        figure('cost.discounted_rub', 'RUB', 'less'),
        figure('cost.total_rub', 'RUB', 'less'),
        figure('cost.harvest_rub', 'RUB'),
        figure('cost.delivery_rub', 'RUB'),
        figure('cost.preparation_rub', 'RUB'),
        figure('cost.alternatives_rub', 'RUB'),
        figure('cost.shortage_rub', 'RUB', 'less'),
      ],
    },
  ],
  'site-plants': [
    {
      id: 'heat',
      figures: [
        figure('heat_demand_mwh_a', 'MWh/a'),
        figure('served_share', 'share'),
        figure('heat_cost_rub_mwh', 'RUB/MWh', 'less'),
      ],
    },
    {
      id: 'money',
      figures: [
        figure('investment_rub', 'RUB'),
        figure('cost.total_rub_a', 'RUB/a', 'less'),
        figure('saving_rub_a', 'RUB/a', 'more'),
        figure('cost.fuel_rub_a', 'RUB/a'),
        figure('cost.pipe_rub_a', 'RUB/a'),
        figure('cost.power_rub_a', 'RUB/a'),
        figure('cost.other_heat_rub_a', 'RUB/a'),
      ],
    },
  ],
  'reserve-estimate': [
    {
      id: 'reserves',
      figures: [
        figure('geological_volume_m3', 'm³'),
        figure('balance_volume_m3', 'm³'),
        figure('extractable_volume_m3', 'm³', 'more'),
        figure('mass_t', 't', 'more'),
        figure('energy_mwh', 'MWh', 'more'),
        figure('mean_depth_m', 'm'),
      ],
    },
    {
      id: 'emissions',
      figures: [
        figure('carbon.stock_t_c', 't'),
        figure('carbon.combustion_co2e_t', 't', 'less'),
        figure('carbon.site_co2e_t_a', 't/a', 'less'),
      ],
    },
  ],
  'steam-retrofit': [
    {
      id: 'power',
      figures: [
        figure('size_kw', 'kW'),
        figure('electricity_mwh_a', 'MWh/a', 'more'),
        figure('extra_fuel_mwh_a', 'MWh/a', 'less'),
      ],
    },
    {
      id: 'money',
      figures: [
        figure('investment_rub', 'RUB', 'less'),
        figure('net_gain_rub_a', 'RUB/a', 'more'),
        figure('simple_payback_a', 'a', 'less'),
        figure('generation_cost_rub_mwh', 'RUB/MWh', 'less'),
      ],
    },
  ],
};

export type ComparedRow = MainFigure & {
  values: unknown[];
  changes: (number | null)[];
  relativeChanges: (number | null)[];
  /** All scenarios have the same. */
  same: boolean;
};

/** The value of a path without brackets in a result. */
export function valueAt(result: unknown, path: string): unknown {
  let value: unknown = result;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

const rowOf = (row: DifferenceRow, about: MainFigure): ComparedRow => ({
  ...about,
  unit: about.unit || (row.unit ?? ''),
  values: row.values,
  changes: row.changes,
  relativeChanges: row.relative_changes,
  same: false,
});

/**
 * Groups of main figures. What is the same in all is not told by the comparison; `result`, that of the first scenario, knows
 * it. A figure that neither has is left out.
 */
export function mainFigures(comparison: Comparison, result: unknown): { id: string; rows: ComparedRow[] }[] {
  const byPath = new Map(comparison.results.map((row) => [row.path, row]));
  const count = comparison.scenarios.length;
  return (GROUPS[comparison.process] ?? [])
    .map(({ id, figures }) => ({
      id,
      rows: figures.flatMap((about): ComparedRow[] => {
        const row = byPath.get(about.path);
        if (row) return [rowOf(row, about)];
        const value = valueAt(result, about.path);
        if (value === undefined || value === null) return [];
        const none = Array<null>(count).fill(null);
        return [
          { ...about, values: Array(count).fill(value), changes: none, relativeChanges: none, same: true },
        ];
      }),
    }))
    .filter(({ rows }) => rows.length > 0);
}

/** What names a thing once more, tells nothing of its own. */
const NAMES = new Set([
  'id',
  'code',
  'name',
  'name_ru',
  'synthetic',
  'status',
  'route',
  'field_id',
  'deposit_id',
  'deposit_name',
  'deposit_name_ru',
  'site_id',
  'plant_id',
  'consumer_id',
  'year',
  'month',
]);

/** What names an entry of a list: a member of it with its value; of a bare place in the list the key is empty. */
export type Which = { key: string; value: string };
export type Part = { name: string; which: Which[] };

/** A comma parts two names only where a word and `=` follow: the name of a thing may hold one, too. */
const whichOf = (inner: string): Which[] =>
  inner
    .split(/,(?=\w+=)/)
    .filter((pair) => pair !== '')
    .map((pair) => {
      const end = pair.indexOf('=');
      return { key: pair.slice(0, Math.max(0, end)), value: pair.slice(end + 1) };
    });

/** `flows[source=3,plant=1].total_mwh` in its parts. */
export function partsOf(path: string): Part[] {
  return [...path.matchAll(/([^.[\]]+)((?:\[[^\]]*\])*)(?:\.|$)/g)].map(([, name = '', brackets = '']) => ({
    name,
    which: whichOf(brackets.slice(1, -1)),
  }));
}

export type Sources = 'field' | 'deposit' | null;
/**
 * What the ids of sources stand for: fields, or deposits. The comparison has it only where scenarios differ in it, and then an
 * id may be either; else an input says it, or `result`, that of the first scenario. Null where nothing does.
 */
export function sourcesAre(comparison: Comparison, result: unknown): Sources {
  if (comparison.results.some(({ path }) => path === 'by')) return null;
  const told = [...comparison.scenarios.map(({ inputs }) => inputs.by), valueAt(result, 'by')];
  return told.find((by): by is Exclude<Sources, null> => by === 'field' || by === 'deposit') ?? null;
}

export type OtherGroup = { id: string; rows: DifferenceRow[] };
/** All other figures, by the part of the result that they stand in; those of no part come first. */
export function otherFigures(comparison: Comparison): OtherGroup[] {
  const main = new Set(
    (GROUPS[comparison.process] ?? []).flatMap(({ figures }) => figures.map(({ path }) => path)),
  );
  const groups = new Map<string, DifferenceRow[]>([['', []]]);
  for (const row of comparison.results) {
    const parts = partsOf(row.path);
    const last = parts.at(-1);
    if (!last || main.has(row.path)) continue;
    // What the brackets tell of a row is no figure of it.
    const isNamed = parts.at(-2)?.which.some(({ key }) => key === last.name);
    const isName = last.which.length === 0 && parts.length > 1 && (NAMES.has(last.name) || isNamed);
    if (isName || parts[0]!.name === 'warnings' || parts[0]!.name === 'duality_gap') continue;
    const id = parts.length > 1 || parts[0]!.which.length ? parts[0]!.name : '';
    const group = groups.get(id);
    if (group) group.push(row);
    else groups.set(id, [row]);
  }
  return [...groups].map(([id, rows]) => ({ id, rows })).filter(({ rows }) => rows.length > 0);
}
