import type { EventEnvelope, TicketPayload } from '#contracts';
import type { ProjectScope } from '#database';
import type { LogStep } from '#messaging';
import type { StreamFrame } from '#platform';
import { encodeEventCursor } from './event-cursor';

/** The messages of each step through the event log, and the reader's place after it. */
export async function* presentSteps(
  steps: AsyncIterable<LogStep>,
  { projectId }: ProjectScope,
): AsyncGenerator<readonly StreamFrame[], void> {
  for await (const { events, position, isReset } of steps) {
    const place = encodeEventCursor(projectId, position);
    yield [
      ...events.map((event) => ({
        id: encodeEventCursor(projectId, event.position),
        event: event.envelope.type,
        data: presentNews(event.envelope),
      })),
      ...(isReset ? [{ id: place, event: 'reset', data: { cursor: place } }] : []),
      ...(!isReset && events.at(-1)?.position !== position ? [{ id: place }] : []),
    ];
  }
}

/** What a message tells of an event: enough to know what to read again. */
function presentNews({ id, type, data }: EventEnvelope) {
  const { ticket } = data as { readonly ticket?: TicketPayload };
  return { id, type, ticket_id: ticket?.id ?? null, version: ticket?.version ?? null };
}
