import type { EventDefinition } from './event-definition';
import { SubscriptionCreated } from './subscription.events';
import { TicketSlaBreached, TicketSlaWarning, TicketUnanswered } from './ticket-alert.events';
import {
  TicketAssigned,
  TicketClosed,
  TicketCreated,
  TicketCsatReceived,
  TicketNoteAdded,
  TicketPriorityChanged,
  TicketReopened,
  TicketReplied,
  TicketStatusChanged,
  TicketTagsChanged,
  TicketUpdated,
} from './ticket.events';

/** Every event that the product fires, in the order in which the documents list them. */
export const EVENT_CATALOGUE: readonly EventDefinition[] = [
  TicketCreated,
  TicketReplied,
  TicketStatusChanged,
  TicketAssigned,
  TicketClosed,
  TicketReopened,
  TicketPriorityChanged,
  TicketTagsChanged,
  TicketUpdated,
  TicketNoteAdded,
  TicketCsatReceived,
  TicketUnanswered,
  TicketSlaWarning,
  TicketSlaBreached,
  SubscriptionCreated,
];

/** The names of {@link EVENT_CATALOGUE}. */
export const EVENT_TYPES: readonly string[] = EVENT_CATALOGUE.map((event) => event.type);
