/** Which parts of a panel are unfolded. It outlives the panel: the next deposit is read the same way. */
class Sections {
  #open = $state.raw<Record<string, boolean>>({});

  isOpen(id: string, atFirst = false): boolean {
    return this.#open[id] ?? atFirst;
  }
  set(id: string, open: boolean): void {
    if (this.#open[id] !== open) this.#open = { ...this.#open, [id]: open };
  }
}

export const sections = new Sections();

/** Unfolds what an input is hidden in, and goes there. */
export function goToInput(name: string): void {
  const row = document.querySelector<HTMLElement>(`.panel [data-input="${CSS.escape(name)}"]`);
  for (let up = row?.closest('details'); up; up = up.parentElement?.closest('details')) up.open = true;
  const field = row?.querySelector<HTMLElement>('input, select');
  field?.scrollIntoView({ block: 'center' });
  field?.focus({ preventScroll: true });
}
