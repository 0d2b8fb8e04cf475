import { isDeepStrictEqual } from 'node:util';
import { httpCall } from '../processes/http-call';
import type { RequestJournal } from './request-journal';

/**
 * Sends every request that had an `Idempotency-Key` once more.
 * @returns those that were not answered, word for word, as the first time.
 */
export async function replayFaults(journal: RequestJournal, url: string, key: string): Promise<string[]> {
  const faults: string[] = [];
  for (const { path, body, idempotencyKey, answer, kind } of journal.keyed) {
    if (!idempotencyKey || !answer) {
      continue;
    }
    const again = await httpCall({ url, method: 'POST', path, body, key, idempotencyKey });
    if (again.headers['idempotent-replayed'] !== 'true' || !isDeepStrictEqual(again.body, answer)) {
      faults.push(
        `${kind} was answered ${again.status} ${JSON.stringify(again.body)}, before ${JSON.stringify(answer)}`,
      );
    }
  }
  return faults;
}
