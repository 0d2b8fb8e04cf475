import type { TicketSettings } from '#settings';
import type { Ticket } from './ticket';

const HOUR_MS = 3_600_000;

/** Whether a customer's message to this ticket goes on in it; false means that it opens a new one. */
export function continuesHere(
  ticket: Ticket,
  settings: Pick<TicketSettings, 'reopenPolicy' | 'reopenWithinHours'>,
  now: Date,
): boolean {
  if (ticket.status !== 'closed' || settings.reopenPolicy === 'same') {
    return true;
  }
  if (settings.reopenPolicy === 'new' || ticket.closedAt === null) {
    return false;
  }
  return now.getTime() - ticket.closedAt.getTime() <= settings.reopenWithinHours * HOUR_MS;
}
