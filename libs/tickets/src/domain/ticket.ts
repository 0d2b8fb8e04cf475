import type {
  Channel,
  CsatStatus,
  MessageSide,
  SlaStatus,
  TicketPriority,
  TicketSource,
  TicketStatus,
} from '#contracts';

/** A ticket as the rules see it: every stored field, times as dates. */
export interface Ticket {
  readonly projectId: string;
  readonly id: string;
  readonly liveProjectId: string;
  readonly ticketNumber: number;
  readonly subject: string | null;
  readonly status: TicketStatus;
  readonly priority: TicketPriority;
  readonly channel: Channel;
  readonly source: TicketSource;
  readonly ticketTypeId: string | null;
  readonly ticketTypeName: string | null;
  readonly assignedTo: string | null;
  readonly tags: readonly string[];
  /** The tags folded for comparison, in the same order. */
  readonly tagKeys: readonly string[];
  readonly subscriberId: string | null;
  readonly chatId: number | null;
  readonly firstName: string | null;
  readonly username: string | null;
  readonly firstCustomerMessageAt: Date | null;
  readonly firstReplyAt: Date | null;
  readonly closedAt: Date | null;
  /** Time of the oldest customer message without a public answer. */
  readonly waitingSince: Date | null;
  readonly lastMessageAt: Date | null;
  readonly lastMessageFrom: MessageSide | null;
  readonly lastPublicMessageId: string | null;
  readonly reopenCount: number;
  /** The ticket that the customer's conversation went on in, when a message after the close opened a new one. */
  readonly continuedIn: string | null;
  readonly csatRating: number | null;
  readonly csatComment: string | null;
  readonly csatStatus: CsatStatus;
  /** When the customer was last asked for a rating; null before the first time. */
  readonly csatAskedAt: Date | null;
  /** Until when that question can be answered, and its answer be changed. */
  readonly csatExpiresAt: Date | null;
  /** When the rating or its comment was last given. */
  readonly csatRatedAt: Date | null;
  readonly slaFirstReplyDueAt: Date | null;
  /** When the clock warns; null once it has, for this due time. */
  readonly slaFirstReplyWarnAt: Date | null;
  readonly slaFirstReplyStatus: SlaStatus;
  readonly slaResolveDueAt: Date | null;
  /** When the clock warns; null once it has, for this due time. */
  readonly slaResolveWarnAt: Date | null;
  readonly slaResolveStatus: SlaStatus;
  /** The earlier of the due times of an open ticket that are still owed; what `sort=sla_due_at` orders by. */
  readonly slaDueAt: Date | null;
  /** When the next mark of a running clock is passed: what the scan looks up. */
  readonly slaNextAt: Date | null;
  /** The settings' `slaChangedAt` that the clocks were last set by. */
  readonly slaSettingsAt: Date;
  /** The `waitingSince` of which was told that nobody answers. */
  readonly unansweredToldFor: Date | null;
  readonly messageCount: number;
  readonly noteCount: number;
  /** How many events this ticket has had: the last one's `sequence`. */
  readonly eventSeq: number;
  readonly isTest: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly version: number;
}

/** A ticket that is locked to be changed, with what its change must know of the customer. */
export interface LockedTicket extends Ticket {
  /** Whether something can be sent to the customer; of a virtual customer always. */
  readonly customerReachable: boolean;
}
