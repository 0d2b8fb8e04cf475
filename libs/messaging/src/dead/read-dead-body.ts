import type { EventEnvelope } from '#contracts';

/** What a dead delivery shows of its event, which may be dead for the very reason that it cannot be read. */
export function readDeadBody(body: string): EventEnvelope | string {
  try {
    return JSON.parse(body) as EventEnvelope;
  } catch {
    return body;
  }
}
