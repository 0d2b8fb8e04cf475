import { randomUUID } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { TicketUpdated } from '#contracts';

/** The consumer of the benchmark. */
export const CONSUMER = 'bench.write-effects';

/** An event as it lies in the outbox. */
export interface BenchEvent {
  readonly eventId: string;
  readonly projectId: string;
  readonly aggregateId: string;
  readonly sequence: number;
  /** About 1 kB of CloudEvents JSON. */
  readonly body: string;
}

/** So many tickets are spoken of at a time, each in so many events. */
const [TICKETS, EVENTS_EACH] = [200, 5];

/** Events of many projects; those of one ticket stand {@link TICKETS} apart. */
export function makeEvents(count: number, projectIds: readonly string[]): BenchEvent[] {
  const tickets: string[] = [];
  return Array.from({ length: count }, (_, index) => {
    if (index % (TICKETS * EVENTS_EACH) === 0) {
      tickets.splice(0, tickets.length, ...Array.from({ length: TICKETS }, () => randomUUID()));
    }
    const ticket = index % TICKETS;
    const sequence = Math.floor((index % (TICKETS * EVENTS_EACH)) / TICKETS) + 1;
    const projectId = projectIds[ticket % projectIds.length] ?? '';
    return envelope(projectId, tickets[ticket] ?? '', sequence);
  });
}

function envelope(projectId: string, aggregateId: string, sequence: number): BenchEvent {
  const eventId = uuidv7();
  const { type, version, example } = TicketUpdated;
  const body = {
    specversion: '1.0',
    id: eventId,
    source: `/helpdesk/projects/${projectId}`,
    type,
    subject: aggregateId,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    dataversion: version,
    sequence,
    projectid: projectId,
    requestid: eventId,
    data: example,
  };
  return { eventId, projectId, aggregateId, sequence, body: JSON.stringify(body) };
}
