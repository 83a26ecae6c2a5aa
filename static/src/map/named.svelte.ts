/** Takes the map to what an address names, and on a phone to what feeds a new plant. */
import { untrack } from 'svelte';
import { isTiled } from '../contract';
import { data } from '../state/data.svelte';
import { boxOf, boxToShow } from '../state/places';
import { selectedPlant, supply } from '../state/supply.svelte';
import { view } from '../state/view.svelte';

/** Called once, while the map's component is set up; `ready` says whether there is a map. */
export function followWhatIsNamed(ready: () => boolean): void {
  /** What an address names is shown, wherever it is, as soon as it is loaded. */
  $effect(() => {
    const named = view.goTo;
    if (!ready() || !named || !data.project) return;
    const feature = data.find(named.layer, named.id);
    if (!feature) {
      // The panel says what goes wrong with it.
      if (isTiled(named.layer)) void data.loadOne(named.layer, named.id).catch(() => {});
      return;
    }
    view.goTo = null;
    untrack(() => view.show(named.layer));
    const bounds = boxToShow(named.layer, feature);
    if (bounds) view.flyTo = { bounds };
  });
  /** On a phone the sheet hides where a new plant is supplied from: the map shows it once it is known. */
  let suppliedFrom: unknown = null;
  $effect(() => {
    const result = supply.plant === 'new' ? supply.result : null;
    if (!result) {
      if (selectedPlant() !== 'new') suppliedFrom = null;
      return;
    }
    if (!ready() || suppliedFrom || !matchMedia('(max-width: 719px)').matches) return;
    suppliedFrom = result;
    const lines = result.fields.filter((field) => field.used_mwh_a > 0).flatMap((field) => field.line ?? []);
    const at = untrack(() => view.site('new').at);
    const points = at ? [...lines, at] : lines;
    const bounds = boxOf({ geometry: { type: 'MultiPoint', coordinates: points } });
    if (bounds) requestAnimationFrame(() => (view.flyTo = { bounds }));
  });
}
