/**
 * Runs `work` with a signal that is aborted when time is up or when `stopping` is. Time that is up ends it at once: whatever it
 * still does then is its own affair. A stop ends nothing by itself: work that can finish may.
 * @throws {Error} after `limitMs`.
 */
export async function withinTime(
  limitMs: number,
  stopping: AbortSignal,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const given = new AbortController();
  const stop = (): void => given.abort(stopping.reason);
  if (stopping.aborted) {
    stop();
  }
  stopping.addEventListener('abort', stop);
  const clock: { timer?: NodeJS.Timeout } = {};
  const limit = new Promise<never>((_resolve, reject) => {
    clock.timer = setTimeout(() => {
      // The reason first: the work may answer its signal with an error of its own.
      reject(new Error(`The handler took longer than ${limitMs} ms.`));
      given.abort();
    }, limitMs);
  });
  try {
    await Promise.race([work(given.signal), limit]);
  } finally {
    clearTimeout(clock.timer);
    stopping.removeEventListener('abort', stop);
  }
}
