/** What processes say of themselves, and how they are run as jobs, by way of `api.ts`. */
import { answer, ask, cancelJob, jobResults, jobStatus, started, type Started } from './api';
import type { ProcessDescription } from './contract';

/** Titles come in one language at a time. */
export const processDescription = (process: string, lang: 'ru' | 'en'): Promise<ProcessDescription> =>
  answer(`/ogc/processes/${encodeURIComponent(process)}?lang=${lang}`);

/** Starts a process as a job. More than one output comes as one document. */
async function startProcess<T>(
  process: string,
  inputs: Record<string, unknown>,
  outputs: string[],
): Promise<Started<T>> {
  const path = `/ogc/processes/${encodeURIComponent(process)}/execution`;
  const response = await ask(path, {
    method: 'POST',
    headers: {
      accept: 'application/json',
      'content-type': 'application/json',
      prefer: 'respond-async',
    },
    body: JSON.stringify({
      inputs,
      ...(outputs.length ? { outputs: Object.fromEntries(outputs.map((name) => [name, {}])) } : {}),
      ...(outputs.length > 1 ? { response: 'document' } : {}),
    }),
  });
  return started<T>(response, path);
}

/** A process as something that `follow` can ask for. */
export const running = <T>(process: string, inputs: Record<string, unknown>, outputs: string[] = []) => ({
  start: () => startProcess<T>(process, inputs, outputs),
  status: jobStatus,
  results: jobResults<T>,
  cancel: cancelJob,
});
