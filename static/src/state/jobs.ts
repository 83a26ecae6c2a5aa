/**
 * Follows a long computation to its end. Pure but for the asking, which is handed in: ask for the
 * status with growing pauses, tell of progress, fetch the result; whoever gives up cancels the job.
 */
import type { JobStatus } from '../contract';
import type { Started } from '../api';

export type Asking<T> = {
  start: () => Promise<Started<T>>;
  status: (place: string, signal: AbortSignal) => Promise<JobStatus>;
  results: (place: string, signal: AbortSignal) => Promise<T>;
  cancel: (place: string) => Promise<void>;
  pause?: (ms: number, signal: AbortSignal) => Promise<void>;
};

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 3000;
const GROWTH = 1.5;

const gaveUp = (): DOMException => new DOMException('given up', 'AbortError');

export const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    if (signal.aborted) return reject(gaveUp());
    const stop = (): void => {
      clearTimeout(timer);
      reject(gaveUp());
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal.addEventListener('abort', stop, { once: true });
  });

/**
 * The result; an `AbortError` when given up by either side; else the server's own problem. Who gives up before the server has
 * said where the job is waits for that, so that it can be cancelled.
 */
export async function follow<T>(
  asking: Asking<T>,
  tell: (status: JobStatus) => void,
  signal: AbortSignal,
): Promise<T> {
  const started = await asking.start();
  if ('result' in started) return started.result;
  const { place } = started;
  let running = true;
  try {
    let status = started.job;
    let wait = FIRST_PAUSE_MS;
    while (status.status === 'accepted' || status.status === 'running') {
      tell(status);
      await (asking.pause ?? pause)(wait, signal);
      status = await asking.status(place, signal);
      wait = Math.min(LONGEST_PAUSE_MS, wait * GROWTH);
    }
    running = false;
    tell(status);
    if (status.status === 'dismissed') throw gaveUp();
    // A failed job answers with the problem here, so that its words come from one place.
    return await asking.results(place, signal);
  } catch (error) {
    // The server must not work on what nobody waits for.
    if (running && signal.aborted) void asking.cancel(place).catch(() => {});
    throw error;
  }
}
