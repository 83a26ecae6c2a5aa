/** What the inputs of processes are called, as the server describes them, in the reader's language. */
import { processDescription } from '../api-processes';
import type { ProcessDescription, ProcessInput } from '../contract';
import { lang } from '../i18n/index.svelte';

class ProcessWords {
  #found = $state.raw<Record<string, ProcessDescription>>({});
  #asked = new Set<string>();

  /** Undefined until it has come; reading it follows the language. */
  description(process: string): ProcessDescription | undefined {
    return this.#found[`${process}.${lang()}`];
  }
  need(process: string): void {
    const [key, asked] = [`${process}.${lang()}`, lang()];
    if (this.#asked.has(key)) return;
    this.#asked.add(key);
    processDescription(process, asked).then(
      (found) => (this.#found = { ...this.#found, [key]: found }),
      // Names without titles are worse words, and no failure; the next one to need them asks again.
      () => this.#asked.delete(key),
    );
  }

  input(process: string, name: string): ProcessInput | undefined {
    return this.description(process)?.inputs[name];
  }
  title(process: string, name: string): string {
    return this.input(process, name)?.title ?? name;
  }
}

export const processWords = new ProcessWords();
