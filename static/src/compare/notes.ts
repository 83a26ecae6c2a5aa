/** What a comparison says of itself, on the screen, on paper and in files. */
import type { Comparison } from '../contract-planning';
import { t } from '../i18n/index.svelte';
import { data } from '../state/data.svelte';

export function comparisonNotes(comparison: Comparison): string[] {
  const { scenarios, software_version: version } = comparison;
  const prices = scenarios.find((s) => s.currency !== null && s.price_year !== null);
  const hash = scenarios.map((s) => s.inputs_hash?.slice(0, 12) ?? '—').join(', ');
  const invented = scenarios.some((s) => s.synthetic) || data.project?.synthetic === true;
  return [
    ...(invented ? [t('synthetic.label')] : []),
    ...(prices ? [t('plant.prices', { currency: prices.currency!, year: prices.price_year! })] : []),
    t('export.made', { version, hash }),
  ];
}
