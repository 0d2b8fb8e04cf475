import type { Channel, GetMessage } from 'amqplib';
import { readMessage, reasonOf } from './messages';
import type { IncomingMessage } from './messages';

/** A message that a consumer could not handle. */
export interface DeadMessage extends IncomingMessage {
  readonly source: GetMessage;
  readonly reason: string;
}

const NOT_FOUND = 404;

/** Longest list that is read: who has more dead events has another problem. */
const MOST_READ = 10_000;

/** The dead messages of a queue, one for each event, in the order of their events. */
export async function readDead(channel: Channel, queue: string): Promise<DeadMessage[]> {
  const found = new Map<string, DeadMessage>();
  await forEachDead(channel, queue, (message) => {
    found.set(message.eventId, found.get(message.eventId) ?? message);
    return found.size < MOST_READ;
  });
  // Ids of events rise with time; the queue's own order changes when a part of it is read and put back.
  return [...found.values()].toSorted((a, b) => (a.eventId < b.eventId ? -1 : 1));
}

/** A dead message of an event. */
export async function findDead(channel: Channel, queue: string, eventId: string): Promise<DeadMessage | null> {
  const found: DeadMessage[] = [];
  await forEachDead(channel, queue, (message) => {
    if (message.eventId === eventId) {
      found.push(message);
    }
    return found.length === 0;
  });
  return found[0] ?? null;
}

/**
 * Reads a dead queue for as long as `wantsMore` says so. Nothing is acknowledged: the caller settles it or puts it back. A queue
 * that does not exist is empty.
 */
async function forEachDead(
  channel: Channel,
  queue: string,
  wantsMore: (message: DeadMessage) => boolean,
): Promise<void> {
  try {
    let source = await channel.get(queue);
    while (source && wantsMore({ ...readMessage(source), source, reason: reasonOf(source) })) {
      source = await channel.get(queue);
    }
  } catch (error) {
    if ((error as { readonly code?: number }).code !== NOT_FOUND) {
      throw error;
    }
  }
}
