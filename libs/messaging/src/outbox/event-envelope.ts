import { v7 as uuidv7 } from 'uuid';
import type { DomainEvent, EventEnvelope } from '#contracts';

/** An event as CloudEvents 1.0 (structured JSON): from here on its id and its bytes never change. */
export function toEnvelope(projectId: string, event: DomainEvent): EventEnvelope {
  return {
    specversion: '1.0',
    id: uuidv7(),
    source: `/helpdesk/projects/${projectId}`,
    type: event.definition.type,
    subject: event.aggregateId,
    time: event.occurredAt.toISOString(),
    datacontenttype: 'application/json',
    dataversion: event.definition.version,
    sequence: event.sequence,
    projectid: projectId,
    ...(event.requestId && { requestid: event.requestId }),
    ...(event.traceparent && { traceparent: event.traceparent }),
    data: event.data,
  };
}
