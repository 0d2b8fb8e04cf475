import { Injectable } from '@nestjs/common';
import type { Actor, MessagePayload } from '#contracts';
import { UnitOfWork } from '#database';
import type { ProjectScope } from '#database';
import { ticketNotFound } from '../change-ticket/change-ticket';
import { MESSAGE_PAYLOAD_SQL } from '../domain/message';

/** Where a page of a ticket's messages or history begins. `older` walks from the end to the beginning. */
export interface ConversationPosition {
  readonly direction: 'newer' | 'older';
  /** The entry next to the page, not part of it. */
  readonly seq: number;
}

/** Which page of a ticket's messages or history. */
export interface ConversationRequest {
  readonly ticketId: string;
  readonly limit: number;
  readonly offset: number;
  readonly from?: ConversationPosition;
}

/** One page, oldest first. */
export interface ConversationPage<Item> {
  readonly items: readonly Item[];
  /** How many there are in all; not counted behind a cursor. */
  readonly total?: number;
  readonly next?: ConversationPosition;
}

/** One line of a ticket's history as the API shows it. */
export interface HistoryItemPayload {
  readonly id: string;
  readonly at: string;
  readonly actor: Actor;
  readonly action: string;
  readonly field: string | null;
  readonly from: unknown;
  readonly to: unknown;
  readonly request_id: string | null;
}

interface Source {
  readonly table: 'message' | 'ticket_history';
  readonly alias: string;
  readonly payload: string;
}

const MESSAGES: Source = { table: 'message', alias: 'm', payload: MESSAGE_PAYLOAD_SQL };
const HISTORY: Source = {
  table: 'ticket_history',
  alias: 'h',
  payload: `json_build_object('id', h.id, 'at', to_char(h.at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
    'actor', json_build_object('type', h.actor_type, 'id', h.actor_id, 'name', h.actor_name),
    'action', h.action, 'field', h.field, 'from', h."from", 'to', h."to", 'request_id', h.request_id)`,
};

/** Reads a ticket's messages and history page by page. */
@Injectable()
export class TicketConversation {
  constructor(private readonly uow: UnitOfWork) {}

  /** @throws {DomainError} `ticket_not_found`. */
  async messages(scope: ProjectScope, request: ConversationRequest): Promise<ConversationPage<MessagePayload>> {
    return this.read<MessagePayload>(scope, request, MESSAGES);
  }

  /** @throws {DomainError} `ticket_not_found`. */
  async history(scope: ProjectScope, request: ConversationRequest): Promise<ConversationPage<HistoryItemPayload>> {
    return this.read<HistoryItemPayload>(scope, request, HISTORY);
  }

  private async read<Item>(
    scope: ProjectScope,
    { ticketId, limit, offset, from }: ConversationRequest,
    { table, alias, payload }: Source,
  ): Promise<ConversationPage<Item>> {
    const older = from?.direction === 'older';
    const own = `${alias}.project_id = $1 AND ${alias}.ticket_id = $2`;
    return this.uow.run(scope, async (tx) => {
      const [[ticket], rows] = await Promise.all([
        tx.query<{ total: number }>({
          text: `SELECT (SELECT count(*)::int FROM ${table} ${alias} WHERE ${own}) AS total
                 FROM ticket WHERE project_id = $1 AND id = $2`,
          values: [scope.projectId, ticketId],
        }),
        tx.query<{ seq: number; item: Item }>({
          text: `SELECT ${alias}.seq, ${payload} AS item FROM ${table} ${alias}
                 WHERE ${own} AND ($3::bigint IS NULL OR ${alias}.seq ${older ? '<' : '>'} $3)
                 ORDER BY ${alias}.seq ${older ? 'DESC' : 'ASC'} LIMIT $4 OFFSET $5`,
          values: [scope.projectId, ticketId, from?.seq ?? null, limit + 1, offset],
        }),
      ]);
      if (!ticket) {
        throw ticketNotFound();
      }
      const shown = rows.slice(0, limit);
      const edge = shown.at(-1);
      const items = shown.map((row) => row.item);
      return {
        items: older ? items.toReversed() : items,
        total: from ? undefined : ticket.total,
        next: rows.length > limit && edge ? { direction: from?.direction ?? 'newer', seq: edge.seq } : undefined,
      };
    });
  }
}
