/**
 * Cost over size and the weather of the hours, as the process `chp-study` answers them. Types only. Powers in MW, money in
 * roubles of the price year.
 */

/** A size of the base unit and what comes of it, a year. */
export type SizePoint = {
  /** Electricity where the technology makes any, else heat. */
  size_mw: number;
  heat_mw: number;
  /** Nought where the technology makes none. */
  electric_mw: number;
  heat_share: number;
  full_load_hours: number;
  investment_rub: number;
  annuity_rub_a: number;
  fixed_rub_a: number;
  /** Of all units, less electricity. */
  operation_rub_a: number;
  /** The sum of the three. */
  total_rub_a: number;
  heat_cost_rub_mwh: number | null;
  /** Of building it against not building it. */
  net_present_value_rub: number;
  unserved_mwh_a: number;
  enough_full_load_hours: boolean;
};

/** Cost over size of the plant's technology for the demand of the study. */
export type SizeCurve = {
  rule: 'heat_led' | 'committed' | 'least_cost';
  /** From the smallest to the largest. */
  points: SizePoint[];
  /** None where no size has full-load hours enough. */
  best: SizePoint | null;
  as_good_mw: [number, number] | null;
  first_guess: SizePoint;
  /** Operation of the boilers that stand, without any plant. */
  without_rub_a: number;
  price_year: number;
  warnings: string[];
};

export type WeatherUsed = {
  kind: 'synthetic' | 'energy_plus' | 'test_reference_year' | 'other';
  place: string;
  mean_c: number;
  coldest_hour_c: number;
  filled_hours: number;
  remarks: string[];
};

/** A row of the layer `weather-years`, without its hours. */
export type WeatherYear = {
  id: number;
  code: string | null;
  name: string;
  name_ru: string | null;
  kind: WeatherUsed['kind'];
};
