/** How long a fact may take to come true, in milliseconds, before the test fails. */
const DEADLINE_MS = 20_000;

const PAUSE_MS = 20;

/**
 * Asks again and again until `look` no longer throws, and answers what it answered. Fails with its last error when the fact has
 * not come true within the deadline. For what happens beside the request: relay, consumers, writes behind an answer.
 */
export async function eventually<T>(look: () => T | Promise<T>, deadlineMs = DEADLINE_MS): Promise<T> {
  const end = Date.now() + deadlineMs;
  for (;;) {
    try {
      return await look();
    } catch (error) {
      if (Date.now() >= end) {
        throw error;
      }
    }
    await new Promise((resolve) => {
      setTimeout(resolve, PAUSE_MS);
    });
  }
}
