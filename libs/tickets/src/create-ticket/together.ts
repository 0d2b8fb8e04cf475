/**
 * Like `Promise.all`, but rejects only when every step has ended: none may go on in a transaction that is being rolled back. The
 * error is that of the step that failed first.
 */
export async function together<Steps extends readonly Promise<unknown>[] | []>(steps: Steps) {
  return Promise.all(steps).finally(() => Promise.allSettled(steps));
}
