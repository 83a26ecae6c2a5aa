/** What a site is called: by its name, by the consumer that it stands nearest to, else by its coordinates. */
import type { Siting } from '../contract-planning';
import { nameOf, t } from '../i18n/index.svelte';

export function siteName(
  plan: Siting,
  site: { name: string | null; name_ru: string | null; coordinates: [number, number] },
): string {
  const own = nameOf(site);
  if (own) return own;
  const shrink = Math.cos((site.coordinates[1] * Math.PI) / 180);
  const far = ([lng, lat]: [number, number]): number =>
    Math.hypot((lng - site.coordinates[0]) * shrink, lat - site.coordinates[1]);
  const nearest = [...plan.consumers].sort((a, b) => far(a.coordinates) - far(b.coordinates))[0];
  return nearest
    ? t('siting.near', { name: nameOf(nearest, `#${nearest.consumer_id}`) })
    : place(site.coordinates);
}

export const place = ([lng, lat]: [number, number]): string => `${lat.toFixed(5)}, ${lng.toFixed(5)}`;
