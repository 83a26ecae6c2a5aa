/**
 * The server's warnings taken apart, so that they are told in the reader's language with the reader's names of things, units and
 * figures, and without names of inputs. Pure: words and names are looked up elsewhere.
 */
import type { Warning } from '../contract';

type Rule = { codes: string[]; pattern: RegExp; key: string };
/** Groups of a pattern: `n…` are numbers, `name` is a thing, `names` are several, `money` is in roubles, `word` is a word. */
const RULES: Rule[] = [
  {
    codes: ['consumer', 'consumer_demand'],
    pattern:
      /^(?<name>.+?): heat_demand_mwh_a and peak_heat_mw together are (?<n0>\d+) full-load hours.*\((?<n1>\d+) h/,
    key: 'peak',
  },
  {
    codes: ['consumer', 'consumer_demand'],
    pattern: /^(?<name>.+?): steam_flow_t_h gives more heat/,
    key: 'steamAbovePeak',
  },
  { codes: ['consumer', 'consumer_demand'], pattern: /^(?<name>.+?): .* are all missing/, key: 'noDemand' },
  {
    codes: ['consumers_without_heat'],
    pattern: /^(?<n0>\d+) consumers .*?: (?<names>.+?)(?:, and others)?$/,
    key: 'withoutHeat',
  },
  { codes: ['consumers_of_steam'], pattern: /^(?<n0>\d+) consumers .*?: (?<names>.+)$/, key: 'ofSteam' },
  { codes: ['plants_do_not_pay'], pattern: /costs (?<money>\d+) RUB a year more/, key: 'doNotPay' },
  { codes: ['not_proven'], pattern: /could save (?<n0>[\d.]+) %/, key: 'notProven' },
  { codes: ['candidates_on_constraints'], pattern: /^(?<n0>\d+) candidates/, key: 'onConstraints' },
  {
    codes: ['fuel_ends_before_plant'],
    pattern: /^(?<name>.+) is worked out after (?<n0>\d+) years at this use, a plant lives (?<n1>\d+)/,
    key: 'fuelEnds',
  },
  { codes: ['criterion_unknown'], pattern: /criterion (?<word>\w+):/, key: 'criterionUnknown' },
  {
    codes: ['far_plant'],
    pattern: /^plant (?<name>.+) lies more than (?<n0>[\d.]+) km/,
    key: 'farPlant',
  },
  { codes: ['plant_left_out'], pattern: /^plant (?<name>.+?) is left out/, key: 'plantLeftOut' },
  { codes: ['plant_off_network'], pattern: /to the plant (?<name>.+); nothing/, key: 'offNetwork' },
  { codes: ['field_without_deposit'], pattern: /^field (?<name>.+) lies in no deposit/, key: 'fieldAlone' },
  { codes: ['fields_overlap'], pattern: /^field (?<name>.+) overlaps/, key: 'fieldOverlaps' },
  { codes: ['field_outside_deposit'], pattern: /^field (?<name>.+) lies outside/, key: 'fieldOutside' },
  {
    codes: ['weather_far'],
    pattern: /weather year "(?<word>.+)" stands (?<n0>\d+) km/,
    key: 'weatherFar',
  },
  {
    codes: ['no_blend'],
    pattern: /^the fuels give (?<n0>[\d.]+) % of the need: (?<n1>\d+) MWh/,
    key: 'fuelMissing',
  },
  {
    codes: ['fields_together'],
    pattern: /^(?<n0>\d+) fields of (?<n1>\d+) deposits are counted together/,
    key: 'fieldsTogether',
  },
  { codes: ['no_fields'], pattern: /./, key: 'noFields' },
];

export type Taken = { key: string; values: Record<string, string> };

/** The key of our words and what stands in them; null where there are none for this sentence. */
export function taken(
  warning: Warning,
  write: {
    name: (name: string) => string;
    number: (value: number) => string;
    money: (rub: number) => string;
  },
): Taken | null {
  for (const { codes, pattern, key } of RULES) {
    const found = codes.includes(warning.code) ? pattern.exec(warning.message) : null;
    if (!found) continue;
    const values = Object.fromEntries(
      Object.entries(found.groups ?? {}).map(([group, text]): [string, string] => {
        if (group === 'name') return [group, write.name(text)];
        if (group === 'names') return [group, text.split(', ').map(write.name).join(', ')];
        if (group === 'money') return [group, write.money(Number(text))];
        return [group, group.startsWith('n') ? write.number(Number(text)) : text];
      }),
    );
    return { key, values };
  }
  return null;
}

/** A word as Rust writes it in a sentence, as answers write it: DeliveredCost, delivered_cost. */
export const snake = (word: string): string =>
  word.replace(/(?<!^)[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
