/** What every exported file says of itself. */
import { t } from '../i18n/index.svelte';

export function notesOf(result: {
  synthetic: boolean;
  inputs_hash: string;
  software_version: string;
}): string[] {
  const made = t('export.made', { version: result.software_version, hash: result.inputs_hash.slice(0, 12) });
  return result.synthetic ? [t('synthetic.label'), made] : [made];
}
