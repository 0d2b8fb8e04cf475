import { EXAMPLE_TICKET, TicketCreated } from '#contracts';
import type { RouteDescription } from '#platform';
import { EXAMPLE_CURSOR } from './event.dto';

const EXAMPLE_NEWS = {
  id: '019ab6c2-7a12-7d13-8f2e-6f708192a3b4',
  type: TicketCreated.type,
  ticket_id: EXAMPLE_TICKET.id,
  version: EXAMPLE_TICKET.version,
};

/** How the document describes the stream, whose form no schema can tell. */
export const EVENT_STREAM_ANSWER: RouteDescription['answer'] = {
  description: [
    'The stream (`text/event-stream`). Its messages:',
    '- an event: `event` is its type, `id` the cursor behind it, `data` is `{id, type, ticket_id, version}`; events that are not about a ticket have null for the last two.',
    '- `event: reset` when the place that you asked for is unknown, another project’s, or so old that its events are no longer kept: you may have missed something. The stream goes on from the end; `data` is `{cursor}`, the place there. Read again what you show.',
    'A comment with an `id` but without `data` moves your place on without a message.',
  ].join('\n\n'),
  content: {
    type: 'text/event-stream',
    schema: { type: 'string', description: 'Server-sent events (HTML Living Standard, 9.2).' },
    example: `: welcome\nretry: 3000\n\nid: ${EXAMPLE_CURSOR}\nevent: ${EXAMPLE_NEWS.type}\ndata: ${JSON.stringify(EXAMPLE_NEWS)}\n\n: heartbeat\n\n`,
  },
};
