import { v7 as uuidv7 } from 'uuid';
import { TicketCreated } from '#contracts';
import type { Channel, DomainEvent, TicketEventData, TicketPriority, TicketSource } from '#contracts';
import type { ProjectScope } from '#database';
import type { SlaSettings } from '#settings';
import { toMessagePayload } from './message';
import type { Message } from './message';
import { dueTimes, scheduledClocks } from './sla-clock';
import { tagKey } from './tags';
import type { Ticket } from './ticket';
import { toTicketPayload } from './ticket-payload';
import type { Cause, HistoryEntry } from './ticket-revision';

/** All that a new ticket is made of. */
export interface NewTicket {
  readonly text: string;
  readonly subject: string | null;
  readonly channel: Channel;
  readonly source: TicketSource;
  readonly chatId: number | null;
  readonly subscriberId: string | null;
  readonly firstName: string | null;
  readonly username: string | null;
  readonly type: { readonly id: string; readonly name: string } | null;
  readonly priority?: TicketPriority;
  readonly tags?: readonly string[];
}

/** A ticket that has just been opened, ready to be stored. */
export interface OpenedTicket {
  readonly ticket: Ticket;
  readonly message: Message;
  readonly history: readonly HistoryEntry[];
  readonly events: ReadonlyArray<DomainEvent<string, TicketEventData>>;
}

/** Under what a ticket is opened. */
export interface OpeningContext {
  readonly scope: ProjectScope;
  readonly settings: SlaSettings;
  readonly cause: Cause;
}

/** Opens a ticket with its first message: status `new`, waiting since now, its clocks running, version 1, one event. */
export function openTicket({ scope, settings, cause }: OpeningContext, number: number, input: NewTicket): OpenedTicket {
  const ticket = withClocks(newTicket(scope, number, input, cause.at), settings);
  const message: Message = {
    projectId: scope.projectId,
    id: ticket.lastPublicMessageId as string,
    ticketId: ticket.id,
    seq: 1,
    authorType: 'customer',
    authorId: input.subscriberId,
    authorName: input.firstName ?? input.username,
    text: input.text,
    internal: false,
    attachments: [],
    deliveryStatus: 'none',
    createdAt: cause.at,
  };
  const created = {
    definition: TicketCreated,
    aggregateId: ticket.id,
    sequence: 1,
    occurredAt: cause.at,
    requestId: cause.requestId,
    traceparent: cause.traceparent,
    data: { ticket: toTicketPayload(ticket), message: toMessagePayload(message), actor: cause.actor },
  };
  return {
    ticket,
    message,
    history: [{ action: 'created', field: null, from: null, to: { ticket_number: number, message_id: message.id } }],
    events: [created],
  };
}

function withClocks(ticket: Ticket, settings: SlaSettings): Ticket {
  const running = { ...ticket, ...scheduledClocks(ticket, settings) };
  return { ...running, ...dueTimes(running) };
}

function newTicket(scope: ProjectScope, ticketNumber: number, input: NewTicket, at: Date): Ticket {
  const tags = input.tags ?? [];
  return {
    projectId: scope.projectId,
    id: uuidv7(),
    liveProjectId: scope.liveProjectId,
    ticketNumber,
    subject: input.subject,
    status: 'new',
    priority: input.priority ?? 'normal',
    channel: input.channel,
    source: input.source,
    ticketTypeId: input.type?.id ?? null,
    ticketTypeName: input.type?.name ?? null,
    assignedTo: null,
    tags,
    tagKeys: tags.map(tagKey),
    subscriberId: input.subscriberId,
    chatId: input.chatId,
    firstName: input.firstName,
    username: input.username,
    firstCustomerMessageAt: at,
    firstReplyAt: null,
    closedAt: null,
    waitingSince: at,
    lastMessageAt: at,
    lastMessageFrom: 'customer',
    lastPublicMessageId: uuidv7(),
    reopenCount: 0,
    continuedIn: null,
    csatRating: null,
    csatComment: null,
    csatStatus: 'none',
    csatAskedAt: null,
    csatExpiresAt: null,
    csatRatedAt: null,
    slaFirstReplyDueAt: null,
    slaFirstReplyWarnAt: null,
    slaFirstReplyStatus: 'none',
    slaResolveDueAt: null,
    slaResolveWarnAt: null,
    slaResolveStatus: 'none',
    slaDueAt: null,
    slaNextAt: null,
    slaSettingsAt: at,
    unansweredToldFor: null,
    messageCount: 1,
    noteCount: 0,
    eventSeq: 1,
    isTest: scope.isTest,
    createdAt: at,
    updatedAt: at,
    version: 1,
  };
}
