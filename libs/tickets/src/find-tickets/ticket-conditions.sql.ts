import { tagKey } from '../domain/tags';
import type { TicketFilter } from './ticket-filter';

/** Collects parameters and answers their placeholders. */
export class SqlParameters {
  readonly values: unknown[] = [];

  add(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }
}

type Condition = (filter: TicketFilter, add: (value: unknown) => string) => string | undefined;

/** Each filter as a condition on `ticket t`; undefined where the filter is not given. */
const CONDITIONS: { readonly [K in keyof Required<TicketFilter>]: Condition } = {
  statuses: ({ statuses }, add) => {
    // A single status is written as an equation: that keeps the order of its index.
    if (statuses?.length === 1) {
      return `t.status = ${add(statuses[0])}`;
    }
    return statuses && `t.status = ANY(${add([...statuses])})`;
  },
  assignedTo: ({ assignedTo }, add) => {
    if (assignedTo === undefined) {
      return undefined;
    }
    return assignedTo === null ? 't.assigned_to IS NULL' : `t.assigned_to = ${add(assignedTo)}`;
  },
  priority: ({ priority }, add) => priority && `t.priority = ${add(priority)}`,
  channel: ({ channel }, add) => channel && `t.channel = ${add(channel)}`,
  ticketTypeId: ({ ticketTypeId }, add) => ticketTypeId && `t.ticket_type_id = ${add(ticketTypeId)}`,
  tag: ({ tag }, add) => (tag === undefined ? undefined : `${add(tagKey(tag))} = ANY(t.tag_keys)`),
  subscriberId: ({ subscriberId }, add) => subscriberId && `t.subscriber_id = ${add(subscriberId)}`,
  words: ({ words }, add) => (words === undefined ? undefined : `t.id IN (SELECT search_tickets(${add(words)}))`),
  createdAfter: ({ createdAfter }, add) => createdAfter && `t.created_at >= ${add(createdAfter)}`,
  createdBefore: ({ createdBefore }, add) => createdBefore && `t.created_at < ${add(createdBefore)}`,
  updatedAfter: ({ updatedAfter }, add) => updatedAfter && `t.updated_at >= ${add(updatedAfter)}`,
  sla: ({ sla }) => {
    if (sla === undefined) {
      return undefined;
    }
    // A constant of ours in the text: only so the index of these few tickets is known to fit.
    const status = sla === 'at_risk' ? 'warning' : 'breached';
    return `(t.sla_first_reply_status = '${status}' OR t.sla_resolve_status = '${status}')`;
  },
  unanswered: ({ unanswered }) => {
    if (unanswered === undefined) {
      return undefined;
    }
    return unanswered ? 't.waiting_since IS NOT NULL' : 't.waiting_since IS NULL';
  },
};

/** The conditions of a filter, to be joined by AND. Request values become parameters, never text. */
export function ticketConditions(filter: TicketFilter, parameters: SqlParameters): string[] {
  return Object.values(CONDITIONS)
    .map((condition) => condition(filter, (value) => parameters.add(value)))
    .filter((sql): sql is string => typeof sql === 'string');
}
