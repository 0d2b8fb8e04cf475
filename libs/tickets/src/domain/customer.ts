import type { Actor } from '#contracts';
import type { Ticket } from './ticket';

/** A ticket's customer as a doer. */
export function customerOf({ subscriberId, firstName, username }: Ticket): Actor {
  return { type: 'customer', id: subscriberId, name: firstName ?? username };
}
