/** Light or dark: the reader's choice, or else the machine's. */
import type { Tone } from '../map/palette';
import { view } from './view.svelte';

const dark = matchMedia('(prefers-color-scheme: dark)');

class ThemeState {
  /** Paper is light, whatever the screen is. */
  paper = $state(false);
  #machine = $state<Tone>(dark.matches ? 'dark' : 'light');

  constructor() {
    dark.addEventListener('change', () => {
      this.#machine = dark.matches ? 'dark' : 'light';
    });
  }
  get tone(): Tone {
    if (this.paper) return 'light';
    return view.theme === 'auto' ? this.#machine : view.theme;
  }
  /** Called once, while the application's component is set up. */
  follow(): void {
    $effect(() => {
      document.documentElement.dataset.tone = this.tone;
    });
  }
}

export const theme = new ThemeState();
