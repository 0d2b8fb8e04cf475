import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below those that systems give to connections (Linux from 32768, others from 49152), which may be taken at any moment. */
const [FIRST, END] = [10_000, 32_000];

/** The first of so many ports in a row on which nobody listens at this moment; only another listener can take one of them. */
export async function freePort(count = 1): Promise<number> {
  for (;;) {
    const port = randomInt(FIRST, END);
    const row = await Promise.all(Array.from({ length: count }, async (_, index) => isFree(port + index)));
    if (row.every(Boolean)) {
      return port;
    }
  }
}

/** On every address, as some programs listen. */
async function isFree(port: number): Promise<boolean> {
  const probe = createServer();
  const listening = once(probe, 'listening').then(
    () => true,
    () => false,
  );
  probe.listen(port);
  const isListening = await listening;
  await new Promise((resolve) => {
    probe.close(resolve);
  });
  return isListening;
}
