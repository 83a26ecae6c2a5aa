/**
 * Asks a slow answerer about a fast-changing question: at most one request under way, and when it
 * ends the newest question is asked next; those in between are never sent. A question asked while
 * another is under way does not abort it, so the reader sees answers at the pace the server can give.
 */
export function latest<Q, A>(
  ask: (question: Q) => Promise<A>,
  tell: {
    answer: (answer: A, question: Q) => void;
    failure: (error: unknown, question: Q) => void;
    idle: () => void;
  },
): (question: Q) => void {
  let busy = false;
  let waiting: { question: Q } | null = null;

  async function work(question: Q): Promise<void> {
    busy = true;
    try {
      tell.answer(await ask(question), question);
    } catch (error) {
      tell.failure(error, question);
    }
    busy = false;
    if (waiting) {
      const next = waiting.question;
      waiting = null;
      void work(next);
    } else tell.idle();
  }

  return (question) => {
    if (busy) waiting = { question };
    else void work(question);
  };
}
