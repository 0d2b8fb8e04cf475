import type { Channel, TicketPriority, TicketStatus } from '#contracts';

/** Which tickets; every given condition must hold. */
export interface TicketFilter {
  readonly statuses?: readonly TicketStatus[];
  /** A member's id, or null for the unassigned. */
  readonly assignedTo?: string | null;
  readonly priority?: TicketPriority;
  readonly channel?: Channel;
  readonly ticketTypeId?: string;
  /** In any case. */
  readonly tag?: string;
  readonly subscriberId?: string;
  /** Words that all stand somewhere in the subject or the messages, by their stems. */
  readonly words?: string;
  readonly createdAfter?: Date;
  readonly createdBefore?: Date;
  readonly updatedAfter?: Date;
  readonly sla?: 'at_risk' | 'breached';
  /** Only tickets whose customer waits for an answer, or only those whose does not. */
  readonly unanswered?: boolean;
}

/** Orders that the list knows. */
export const TICKET_SORTS = ['-created_at', 'created_at', '-updated_at', 'priority', 'sla_due_at'] as const;
export type TicketSort = (typeof TICKET_SORTS)[number];
