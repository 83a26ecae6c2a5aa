/** How a machine's power is written. */
import { lang } from '../i18n/index.svelte';
import { exact, quantity, significant, unitName, type Quantity } from '../i18n/numbers';

/** In kW while that is short to read, else in MW. */
export function kilowatts(value: number): Quantity {
  const unit = `\u00a0${unitName('kW', lang())}`;
  const full = exact(value, lang()) + unit;
  // Three figures of what was computed.
  if (Math.abs(value) >= 1000)
    return { text: quantity(Number((value / 1000).toPrecision(3)), 'power', lang()).text, full };
  return { text: significant(value, lang()) + unit, full };
}
