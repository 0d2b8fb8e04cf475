import type { Channel, GetMessage } from 'amqplib';
import { readMessage, reasonOf } from './messages';
import type { IncomingMessage } from './messages';

/** A message that a consumer could not handle. */
export interface DeadMessage extends IncomingMessage {
  readonly source: GetMessage;
  readonly reason: string;
}

const NOT_FOUND = 404;

/**
 * Reads a dead queue from its oldest message on, for as long as `wantsMore` says so. Nothing is acknowledged: what the reader does
 * not settle is back in its place when the channel closes. A queue that does not exist is empty.
 */
export async function readDeadQueue(
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

/** The oldest dead message of an event. */
export async function findDead(channel: Channel, queue: string, eventId: string): Promise<DeadMessage | null> {
  const found: DeadMessage[] = [];
  await readDeadQueue(channel, queue, (message) => {
    if (message.eventId === eventId) {
      found.push(message);
    }
    return found.length === 0;
  });
  return found[0] ?? null;
}

/** The oldest dead messages, one for each event. */
export async function firstDead(channel: Channel, queue: string, limit: number): Promise<DeadMessage[]> {
  const found = new Map<string, DeadMessage>();
  if (limit > 0) {
    await readDeadQueue(channel, queue, (message) => {
      found.set(message.eventId, found.get(message.eventId) ?? message);
      return found.size < limit;
    });
  }
  return [...found.values()];
}
