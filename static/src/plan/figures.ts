/** The headline figures of plans, as the panel and the paper show them. */
import type { Allocation, Siting, SitingSet } from '../contract-planning';
import { lang, t } from '../i18n/index.svelte';
import { money } from '../i18n/money';
import { quantity, significant } from '../i18n/numbers';
import { view } from '../state/view.svelte';

export type Headline = {
  label: string;
  shown: { text: string; full: string };
  main?: boolean;
  note?: string;
};

export const power = (mw: number): string => quantity(mw, 'power', lang()).text;
/** How much dearer an alternative is. */
export const extraShare = (share: number): string =>
  share > 0 ? `+${significant(share * 100, lang(), 2)}\u00a0%` : quantity(0, 'share', lang()).text;

export function allocationFigures({ totals, cost, currency }: Allocation): Headline[] {
  const energy = (mwh: number) => quantity(mwh, 'energy', lang(), view.energy);
  return [
    {
      label: t('figure.totals.covered_share'),
      shown: quantity(totals.covered_share, 'share', lang()),
      main: true,
    },
    {
      label: t('figure.cost.discounted_rub'),
      shown: money(cost.discounted_rub, lang(), { currency }),
      main: true,
    },
    { label: t('figure.totals.peat_mwh'), shown: energy(totals.peat_mwh) },
    { label: t('figure.totals.alternatives_mwh'), shown: energy(totals.alternatives_mwh) },
    { label: t('figure.totals.unmet_mwh'), shown: energy(totals.unmet_mwh) },
    { label: t('figure.totals.remaining_mwh'), shown: energy(totals.remaining_mwh) },
  ];
}

/** Of the cheapest set, where `which` is 0, what it saves beside heat from elsewhere too. */
export function sitingFigures(plan: Siting, set: SitingSet, which: number): Headline[] {
  const { currency } = plan;
  const yearly = (value: number | null) => money(value, lang(), { currency, yearly: true });
  const saving = which === 0 ? plan.saving_rub_a : null;
  return [
    {
      label: t('siting.plants'),
      shown: {
        text: `${set.sites.length} · ${power(set.sites.reduce((all, s) => all + s.heat_capacity_mw, 0))}`,
        full: set.sites.map((s) => power(s.heat_capacity_mw)).join(' + '),
      },
      main: true,
    },
    { label: t('figure.served_share'), shown: quantity(set.served_share, 'share', lang()), main: true },
    { label: t('figure.investment_rub'), shown: money(set.investment_rub, lang(), { currency }) },
    {
      label: t('figure.heat_cost_rub_mwh'),
      shown: quantity(set.heat_cost_rub_mwh, 'cost', lang(), view.energy),
    },
    { label: t('figure.cost.total_rub_a'), shown: yearly(set.cost.total_rub_a) },
    ...(saving !== null
      ? [
          {
            label: saving >= 0 ? t('figure.saving_rub_a') : t('siting.dearer'),
            shown: yearly(Math.abs(saving)),
            note: t('siting.besideOther'),
          },
        ]
      : []),
  ];
}

/** Spans of years that fit side by side on a sheet: each year by itself, or as many together as it takes. */
export function yearSpans(count: number, most = 8): { from: number; to: number }[] {
  const size = Math.max(1, Math.ceil(count / most));
  return Array.from({ length: Math.ceil(count / size) }, (_, i) => ({
    from: i * size,
    to: Math.min(count, (i + 1) * size),
  }));
}
