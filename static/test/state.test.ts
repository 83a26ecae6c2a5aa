import { expect, test } from 'vitest';
import { begin, change, redo, undo } from '../src/state/history';
import { latest } from '../src/state/latest';

test('undo_and_redo_are_each_others_inverse', () => {
  let h = change(change(begin(1), 2, 'a', 0), 3, 'b', 0);
  h = undo(h);
  expect(h.present).toBe(2);
  h = undo(h);
  expect(h.present).toBe(1);
  expect(redo(redo(h)).present).toBe(3);
});

test('quick_changes_of_one_thing_are_one_step', () => {
  const h = change(change(change(begin(0), 1, 'depth', 0), 2, 'depth', 500), 3, 'depth', 900);
  expect(undo(h).present).toBe(0);
});

test('slow_changes_of_one_thing_are_several_steps', () => {
  const h = change(change(begin(0), 1, 'depth', 0), 2, 'depth', 5000);
  expect(undo(h).present).toBe(1);
});

test('a_new_change_forgets_what_was_undone', () => {
  const h = change(undo(change(begin(0), 1, 'a', 0)), 2, 'b', 0);
  expect(redo(h).present).toBe(2);
});

test('undo_with_nothing_done_changes_nothing', () => {
  expect(undo(begin(7)).present).toBe(7);
});

test('at_most_one_request_is_under_way_and_the_newest_question_wins', async () => {
  let running = 0;
  let most = 0;
  const asked: number[] = [];
  const answers: number[] = [];
  let idle = (): void => {};
  const done = new Promise<void>((resolve) => {
    idle = resolve;
  });
  const ask = latest<number, number>(
    async (question) => {
      asked.push(question);
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running--;
      return question * 10;
    },
    { answer: (a) => answers.push(a), failure: () => {}, idle },
  );
  for (const question of [1, 2, 3, 4, 5]) ask(question);
  await done;
  expect(most).toBe(1);
  expect(asked).toEqual([1, 5]);
  expect(answers).toEqual([10, 50]);
});

test('a_failed_request_does_not_stop_the_next', async () => {
  const answers: number[] = [];
  const failures: unknown[] = [];
  await new Promise<void>((idle) => {
    const ask = latest<number, number>(
      async (q) => {
        if (q === 1) throw new Error('no');
        return q;
      },
      { answer: (a) => answers.push(a), failure: (e) => failures.push(e), idle },
    );
    ask(1);
    ask(2);
  });
  expect(failures).toHaveLength(1);
  expect(answers).toEqual([2]);
});
