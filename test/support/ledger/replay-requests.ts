import { Agent } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import { httpCall } from '../processes/http-call';
import type { RequestJournal, WrittenRequest } from './request-journal';

/** Requests under way at the same time, each on a connection that is kept. */
const AT_ONCE = 6;

/**
 * Sends every request that had an `Idempotency-Key` once more.
 * @returns those that were not answered, word for word, as the first time.
 */
export async function replayFaults(journal: RequestJournal, url: string, key: string): Promise<string[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const left = journal.keyed.filter(({ answer }) => answer);
  const faults: string[] = [];
  const replayAll = async (): Promise<void> => {
    for (let request = left.pop(); request; request = left.pop()) {
      faults.push(...(await replay(request, { url, key, agent })));
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, replayAll));
    return faults;
  } finally {
    agent.destroy();
  }
}

async function replay(
  { path, body, idempotencyKey, answer, kind }: WrittenRequest,
  way: { readonly url: string; readonly key: string; readonly agent: Agent },
): Promise<string[]> {
  const again = await httpCall({ ...way, method: 'POST', path, body, idempotencyKey: idempotencyKey as string });
  return again.headers['idempotent-replayed'] === 'true' && isDeepStrictEqual(again.body, answer)
    ? []
    : [`${kind} was answered ${again.status} ${JSON.stringify(again.body)}, before ${JSON.stringify(answer)}`];
}
