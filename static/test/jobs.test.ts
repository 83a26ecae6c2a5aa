import { expect, test } from 'vitest';
import type { JobStatus } from '../src/contract';
import { follow, pause, type Asking } from '../src/state/jobs';

type Status = JobStatus['status'];
const job = (status: Status, progress = 0): JobStatus => ({ jobID: 'j', status, progress });

/** A server whose job goes through the given states, one a question. */
function server(states: JobStatus[], results: () => Promise<string> = async () => 'done') {
  const seen = { pauses: [] as number[], cancelled: [] as string[], asked: 0 };
  const asking: Asking<string> = {
    start: async () => ({ job: job('accepted'), place: '/jobs/j' }),
    status: async () => states[Math.min(seen.asked++, states.length - 1)]!,
    results,
    cancel: async (place) => void seen.cancelled.push(place),
    pause: async (ms, signal) => {
      seen.pauses.push(ms);
      if (signal.aborted) throw new DOMException('given up', 'AbortError');
    },
  };
  return { asking, seen };
}

test('an_answer_at_once_needs_no_job', async () => {
  const { asking, seen } = server([]);
  const answer = await follow(
    { ...asking, start: async () => ({ result: 'at once' }) },
    () => {},
    new AbortController().signal,
  );
  expect(answer).toBe('at once');
  expect(seen.asked).toBe(0);
});

test('a_job_is_asked_for_with_growing_pauses_and_tells_its_progress', async () => {
  const states = [...Array.from({ length: 9 }, (_, i) => job('running', i * 10)), job('successful', 100)];
  const { asking, seen } = server(states);
  const told: number[] = [];
  expect(await follow(asking, (s) => told.push(s.progress ?? -1), new AbortController().signal)).toBe('done');
  expect(told).toEqual([0, 0, 10, 20, 30, 40, 50, 60, 70, 80, 100]);
  for (let i = 1; i < seen.pauses.length; i++)
    expect(seen.pauses[i]).toBeGreaterThanOrEqual(seen.pauses[i - 1]!);
  expect(seen.pauses[0]).toBeLessThan(500);
  expect(Math.max(...seen.pauses)).toBe(3000);
  expect(seen.cancelled).toEqual([]);
});

test('giving_up_cancels_the_job_on_the_server', async () => {
  const { asking, seen } = server([job('running', 5)]);
  const abort = new AbortController();
  const following = follow(asking, () => seen.asked === 3 && abort.abort(), abort.signal);
  await expect(following).rejects.toThrow('given up');
  expect(seen.cancelled).toEqual(['/jobs/j']);
});

test('a_job_that_is_given_up_before_its_place_is_known_is_cancelled_too', async () => {
  const { asking, seen } = server([job('running', 5)]);
  const abort = new AbortController();
  const start: Asking<string>['start'] = async () => {
    abort.abort();
    return { job: job('accepted'), place: '/jobs/late' };
  };
  await expect(follow({ ...asking, start }, () => {}, abort.signal)).rejects.toThrow('given up');
  expect(seen.cancelled).toEqual(['/jobs/late']);
  expect(seen.asked).toBe(0);
});

test('a_failed_job_says_the_problem_of_its_results', async () => {
  const { asking, seen } = server([job('failed')], () => Promise.reject(new Error('too many cells')));
  await expect(follow(asking, () => {}, new AbortController().signal)).rejects.toThrow('too many cells');
  expect(seen.cancelled).toEqual([]);
});

test('a_job_that_another_dismissed_is_no_failure_to_show', async () => {
  const { asking } = server([job('dismissed')]);
  await expect(follow(asking, () => {}, new AbortController().signal)).rejects.toMatchObject({
    name: 'AbortError',
  });
});

test('a_pause_ends_when_it_is_given_up', async () => {
  const abort = new AbortController();
  const waiting = pause(60_000, abort.signal);
  abort.abort();
  await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  await expect(pause(1, abort.signal)).rejects.toMatchObject({ name: 'AbortError' });
});
