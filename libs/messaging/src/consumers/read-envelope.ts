import type { EventDefinition, EventEnvelope } from '#contracts';
import { PermanentFailure } from './failure-policy';
import { isUuid } from './is-uuid';

/**
 * Reads an event as it went over the wire. Its data is taken as its definition says; a consumer checks what it relies on beyond.
 * @throws {PermanentFailure} when it is no CloudEvent of this product.
 */
export function readEnvelope(body: string): EventEnvelope {
  const envelope = parse(body) as Partial<EventEnvelope> | null;
  const texts = [envelope?.id, envelope?.type, envelope?.subject, envelope?.projectid];
  if (texts.some((text) => typeof text !== 'string') || typeof envelope?.data !== 'object' || envelope.data === null) {
    throw new PermanentFailure('The event lacks its id, type, subject, project or data.');
  }
  const event = envelope as EventEnvelope;
  if (![event.id, event.subject, event.projectid].every(isUuid)) {
    throw new PermanentFailure('The ids of the event, its subject or its project are no UUIDs.');
  }
  return event;
}

/** @throws {PermanentFailure} when the event is of a version that this process does not know. */
export function assertKnownVersion({ type, dataversion }: EventEnvelope, definition: EventDefinition): void {
  if (dataversion > definition.version) {
    throw new PermanentFailure(
      `Version ${dataversion} of ${type} is newer than this process, which knows ${definition.version}. Upgrade it, then redrive.`,
    );
  }
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new PermanentFailure('The event is no JSON.');
  }
}
