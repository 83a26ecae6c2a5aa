/** A field's haul in words, where it is more than one way by truck. */
import type { SupplyField } from '../contract';
import { lang, t, tOr } from '../i18n/index.svelte';
import { quantity } from '../i18n/numbers';

/** "truck 2.25 km → narrow gauge 8.40 km, 1 reloading"; nothing where a truck goes all the way. */
export function haulText(field: Pick<SupplyField, 'legs' | 'transfers'>): string | null {
  const [only] = field.legs;
  if (!only || (field.legs.length === 1 && only.mode === 'truck')) return null;
  const legs = field.legs.map(
    (leg) => `${tOr(`haul.${leg.mode}`, leg.mode)}\u00a0${quantity(leg.distance_km, 'length', lang()).text}`,
  );
  const ways = legs.join(' → ');
  return field.transfers ? `${ways}, ${t('haul.transfers', { count: field.transfers })}` : ways;
}
