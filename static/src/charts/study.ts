/** A plant as a project, as its charts draw it. Pure: an answer in, layers, sums and shares out. */
import type { CashFlow, ChpStudy, DrawnOutput, DurationPoint, Stream } from '../contract';

/** What meets the heat load, from below; `charged` lies above the load: heat that goes into the store or is thrown away. */
export const HEAT_LAYERS = ['plant', 'store', 'backup', 'unserved', 'charged'] as const;
export type HeatLayer = (typeof HEAT_LAYERS)[number];

/** MW of each layer over a stretch of the duration curve; all but `charged` add up to the load. */
export function heatLayers(point: DurationPoint): Record<HeatLayer, number> {
  const [plant = 0, ...others] = point.unit_heat_mw;
  const backup = others.reduce((sum, mw) => sum + mw, 0);
  const store = Math.max(0, point.from_store_mw);
  const charged = Math.max(0, -point.from_store_mw);
  // What fills the store comes from the plant first.
  const fromPlant = Math.min(plant, charged);
  return {
    plant: plant - fromPlant,
    store,
    backup: Math.max(0, backup - (charged - fromPlant)),
    unserved: point.unserved_mw,
    charged,
  };
}

/** Layers in which there is more than rounding. */
export const layersPresent = (points: DurationPoint[]): HeatLayer[] => {
  const peak = Math.max(0, ...points.map((point) => point.heat_load_mw));
  return HEAT_LAYERS.filter((layer) => points.some((point) => heatLayers(point)[layer] > 1e-6 * peak));
};

/** Fuel of a year of operation by the fields' share of the need; wood chips stand in for what they do not give. */
export const fuelYears = (of: Pick<ChpStudy, 'fuel' | 'covered_share_by_year'>) =>
  of.covered_share_by_year.map((share, i) => {
    const peat = of.fuel.peat_need_mwh_a * share;
    return { year: i + 1, share, peat, wood: of.fuel.plant_fuel_mwh_a - peat };
  });

/** Streams that are read together. */
export const MONEY_GROUPS = [
  'investment',
  'working_capital',
  'operation',
  'fuel',
  'carbon',
  'tax',
  'heat',
  'electricity',
  'other_income',
  'loan',
] as const;
export type MoneyGroup = (typeof MONEY_GROUPS)[number];
const GROUP_OF: Record<Stream, MoneyGroup> = {
  investment: 'investment',
  replacement: 'investment',
  residual_value: 'investment',
  decommissioning: 'investment',
  working_capital: 'working_capital',
  fixed_operation: 'operation',
  variable_operation: 'operation',
  fuel: 'fuel',
  boiler_fuel: 'fuel',
  electricity_purchase: 'operation',
  carbon: 'carbon',
  profit_tax: 'tax',
  electricity_sales: 'electricity',
  avoided_electricity: 'electricity',
  heat_sales: 'heat',
  avoided_fuel: 'other_income',
  other_income: 'other_income',
  loan_drawn: 'loan',
  loan_interest: 'loan',
  loan_repaid: 'loan',
};

export type MoneyYears = { group: MoneyGroup; amounts: number[] };
/** The table by year in the groups that there are; a stream of a newer server counts as other income. */
export function moneyYears(flow: CashFlow): MoneyYears[] {
  const sums = new Map<MoneyGroup, number[]>();
  for (const { stream, amounts_rub } of flow.streams) {
    const group = GROUP_OF[stream] ?? 'other_income';
    const sum = sums.get(group) ?? flow.years.map(() => 0);
    sums.set(
      group,
      sum.map((amount, i) => amount + (amounts_rub[i] ?? 0)),
    );
  }
  return MONEY_GROUPS.flatMap((group) => {
    const amounts = sums.get(group);
    return amounts ? [{ group, amounts }] : [];
  });
}

export type MoneyBar = { group: MoneyGroup; from: number; to: number };
/** A year's bars: income stacked upwards from nought, cost downwards. */
export function moneyBars(of: MoneyYears[], year: number): MoneyBar[] {
  let [up, down] = [0, 0];
  return of.flatMap(({ group, amounts }) => {
    const amount = amounts[year] ?? 0;
    if (amount === 0) return [];
    if (amount > 0) return [{ group, from: up, to: (up += amount) }];
    return [{ group, from: (down += amount), to: down - amount }];
  });
}
/** From the lowest to the highest end of all bars, with nought inside. */
export function moneyExtent(of: MoneyYears[], years: number): [number, number] {
  const ends = Array.from({ length: years }, (_, year) => moneyBars(of, year)).flat();
  return [Math.min(0, ...ends.map((bar) => bar.from)), Math.max(0, ...ends.map((bar) => bar.to))];
}

export type BalanceKey =
  'peat' | 'wood' | 'backup' | 'heat' | 'electricity' | 'dumped' | 'store_loss' | 'losses';
type BalancePart = { key: BalanceKey; mwh: number };
/** The energy of a year: what goes in as fuel, and where it goes. MWh. */
export function energyBalance(of: ChpStudy): {
  total: number;
  input: BalancePart[];
  output: BalancePart[];
} {
  const { dispatch, fuel } = of;
  const input: BalancePart[] = [
    { key: 'peat', mwh: fuel.peat_mwh_a },
    { key: 'wood', mwh: fuel.wood_mwh_a },
    { key: 'backup', mwh: fuel.backup_mwh_a },
  ];
  const total = input.reduce((sum, part) => sum + part.mwh, 0);
  const heat = Math.max(0, dispatch.heat_load_mwh - dispatch.unserved_mwh);
  const useful: BalancePart[] = [
    { key: 'heat', mwh: heat },
    { key: 'electricity', mwh: dispatch.electric_mwh },
    { key: 'dumped', mwh: dispatch.dumped_mwh },
    { key: 'store_loss', mwh: dispatch.store?.lost_mwh ?? 0 },
  ];
  // What is too little to be seen counts among the losses.
  const seen = (part: BalancePart): boolean => Math.abs(part.mwh) > 5e-4 * total;
  const output = useful.filter(seen);
  const losses = total - output.reduce((sum, part) => sum + part.mwh, 0);
  return {
    total,
    input: input.filter((part) => part.mwh > 0),
    output: [...output, { key: 'losses', mwh: losses }],
  };
}

export const NPV = 'net_present_value_rub';
export const drawn = (of: ChpStudy, output: string): DrawnOutput | undefined =>
  of.uncertainty?.outputs.find((found) => found.output === output);

/** What the change in emissions is called: it may well be more than now. */
export const avoided = (of: ChpStudy): { saves: boolean; tonnes: number } => {
  const change = of.emissions.change_co2_equivalent_t_a;
  return { saves: change <= 0, tonnes: Math.abs(change) };
};

const COSTS: readonly Stream[] = [
  'fixed_operation',
  'variable_operation',
  'fuel',
  'boiler_fuel',
  'electricity_purchase',
  'carbon',
];
/** Streams whose quantity is energy. */
const OF_ENERGY: readonly Stream[] = [
  'fuel',
  'boiler_fuel',
  'electricity_purchase',
  'electricity_sales',
  'avoided_electricity',
  'heat_sales',
  'avoided_fuel',
];
/**
 * What flows in the first year of operation, before prices grow: MWh and their price where it is energy, and the amount; costs are below
 * nought. Peat is billed field by field, so its amount is given and its price follows.
 */
export const flowsOfYear = (of: ChpStudy) =>
  of.project.flows.map(({ stream, name, quantity, price_rub }) => {
    const first = typeof quantity === 'number' ? quantity : (quantity[0] ?? 0);
    const rub = first * price_rub * (COSTS.includes(stream) ? -1 : 1);
    const isPeat = stream === 'fuel' && name === 'peat';
    const mwh = isPeat ? of.fuel.peat_mwh_a : OF_ENERGY.includes(stream) ? first : null;
    return { stream, name, mwh, rub_mwh: mwh ? Math.abs(rub) / mwh : null, rub };
  });
