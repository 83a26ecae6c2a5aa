import { unbroken } from '../src/i18n/unbroken';
import { expect, test } from 'vitest';
import { quantity, scaleFor, significant, unitName } from '../src/i18n/numbers';
import { dryMass, energyIn } from '../src/i18n/units';

test('russian_volumes_have_a_comma_three_figures_and_a_counted_unit', () => {
  expect(quantity(12_345_678.9, 'volume', 'ru')).toEqual({
    text: '12,3\u00a0млн\u00a0м³',
    full: '12\u202f345\u202f678,9\u00a0м³',
  });
});

test('english_volumes_have_a_point', () => {
  expect(quantity(12_345_678.9, 'volume', 'en').text).toBe('12.3\u00a0million\u00a0m³');
});

test('thousands_are_parted_by_a_narrow_space_that_does_not_break', () => {
  expect(significant(5844, 'ru', 4)).toBe('5\u202f844');
});

test('a_figure_keeps_its_trailing_zero_to_say_how_sure_it_is', () => {
  expect(quantity(22_000_000, 'volume', 'ru').text).toBe('22,0\u00a0млн\u00a0м³');
});

test('a_missing_figure_is_a_dash_and_never_a_zero', () => {
  expect(quantity(null, 'volume', 'ru').text).toBe('—');
  expect(quantity(Number.NaN, 'energy', 'en').text).toBe('—');
});

test('almost_all_of_the_need_is_never_rounded_up_to_all_of_it', () => {
  expect(quantity(0.99996, 'share', 'en').text).toBe('99.9%');
  expect(quantity(1 - 1e-15, 'share', 'en').text).toBe('100%');
  expect(quantity(1, 'share', 'ru').text).toBe('100\u00a0%');
});

test('one_megawatt_hour_is_3_6_gigajoules_0_86_gigacalories_and_123_kilograms_of_coal', () => {
  expect(energyIn(1, 'gj')).toBeCloseTo(3.6, 10);
  expect(energyIn(1, 'gcal')).toBeCloseTo(0.859845, 6);
  expect(energyIn(1, 'tce')).toBeCloseTo(0.122835, 6);
});

test('a_cost_by_energy_follows_the_unit_of_energy', () => {
  expect(quantity(1000, 'cost', 'en', 'gj').text).toBe('278\u00a0RUB/\u2060GJ');
  expect(quantity(1000, 'cost', 'ru', 'tce').text).toBe('8\u202f140\u00a0₽/\u2060т у.т.');
});

test('an_axis_has_one_unit', () => {
  expect(scaleFor(250_000, 'energy_a', 'en')).toEqual({ factor: 1 / 1000, unit: 'GWh/a' });
  expect(scaleFor(250_000, 'energy_a', 'ru', 'tce').unit).toBe('тыс.\u00a0т у.т./год');
});

test('dry_mass_is_what_is_left_without_the_water', () => {
  expect(dryMass(100, 0.4)).toBeCloseTo(60, 10);
});

test('an_unknown_unit_is_shown_as_it_came', () => {
  expect(unitName('furlong', 'ru')).toBe('furlong');
  expect(unitName('kg/m3', 'ru')).toBe('кг/м³');
});

test('a_unit_stays_with_its_number_at_the_end_of_a_line', () => {
  expect(unbroken('даёт {{power}} кВт·ч за 5 ч, из 12 м³')).toBe(
    'даёт {{power}}\u00a0кВт·ч за 5\u00a0ч, из 12\u00a0м³',
  );
  expect(unbroken('gives {{n0}} t, 5 more than 3 things, 7 %')).toBe(
    'gives {{n0}}\u00a0t, 5 more than 3 things, 7\u00a0%',
  );
});
