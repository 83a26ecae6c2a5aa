import { expect, test } from 'vitest';
import type { ProcessDescription } from '../src/contract';
import { decode, EMPTY, encode } from '../src/state/address';
import { planGroups, unitByName } from '../src/state/plan-inputs';
import { missingPressures } from '../src/state/steam.svelte';

test('both_pressures_are_asked_for_until_the_row_or_the_reader_gives_them', () => {
  expect(missingPressures({}, {})).toEqual(['inlet', 'outlet']);
  expect(missingPressures({ steam_pressure_mpa: 1.3 }, {})).toEqual(['outlet']);
  expect(missingPressures({ steam_pressure_mpa: null }, { outlet_pressure_mpa: 0.3 })).toEqual(['inlet']);
  expect(missingPressures({}, { inlet_pressure_mpa: 1.3, outlet_pressure_mpa: 0.3 })).toEqual([]);
});

test('the_inputs_of_the_steam_stand_in_the_address', () => {
  const plans = { 'steam-retrofit': { outlet_pressure_mpa: 0.3, machine: 'screw' } };
  const text = encode({ ...EMPTY, edits: { ...EMPTY.edits, plans } });
  expect(text).toContain('b.outlet_pressure_mpa=0.3');
  expect(decode(text).edits.plans).toEqual(plans);
});

test('every_number_of_the_steam_has_a_group_and_its_unit', () => {
  const number = { title: '', description: '', schema: { type: 'number' } };
  const names = ['outlet_pressure_mpa', 'nominal_steam_t_h', 'screw_isentropic_efficiency', 'discount_rate'];
  const description = {
    id: 'steam-retrofit',
    title: '',
    description: '',
    inputs: {
      consumer: { title: '', description: '', schema: {} },
      ...Object.fromEntries(names.map((name) => [name, number])),
    },
  } as ProcessDescription;
  const groups = planGroups('steam-retrofit', description);
  expect(groups.map(({ id, numbers }) => [id, numbers])).toEqual([
    ['main', ['outlet_pressure_mpa']],
    ['steam', ['nominal_steam_t_h']],
    ['machine', ['screw_isentropic_efficiency']],
    ['money', ['discount_rate']],
  ]);
  expect(['inlet_pressure_mpa', 'nominal_steam_t_h', 'size_kw'].map(unitByName)).toEqual([
    'MPa',
    't/h',
    'kW',
  ]);
});
