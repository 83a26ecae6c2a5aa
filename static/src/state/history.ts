/** Undo and redo over values that are replaced, never changed in place. */
export type History<T> = { past: T[]; present: T; future: T[]; key: string | null; at: number };

const DEPTH = 200;
// Typing and nudging within this time of each other is one step back, not many.
const TOGETHER_MS = 1200;

export const begin = <T>(present: T): History<T> => ({ past: [], present, future: [], key: null, at: 0 });

/** `key` names what is being changed: changes with the same key in quick succession are one step; so is a drag,
 * however slow. */
export function change<T>(history: History<T>, next: T, key: string, now: number): History<T> {
  const together = key === history.key && (now - history.at < TOGETHER_MS || key.includes('.drag.'));
  return {
    past: together ? history.past : [...history.past, history.present].slice(-DEPTH),
    present: next,
    future: [],
    key,
    at: now,
  };
}

export function undo<T>(history: History<T>): History<T> {
  const last = history.past.at(-1);
  if (last === undefined) return history;
  return {
    past: history.past.slice(0, -1),
    present: last,
    future: [history.present, ...history.future],
    key: null,
    at: 0,
  };
}

export function redo<T>(history: History<T>): History<T> {
  const [next, ...future] = history.future;
  if (next === undefined) return history;
  return { past: [...history.past, history.present], present: next, future, key: null, at: 0 };
}
