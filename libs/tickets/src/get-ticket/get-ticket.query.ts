import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#database';
import type { ProjectScope } from '#database';
import { ticketNotFound } from '../change-ticket/change-ticket';
import { MESSAGE_PAYLOAD_SQL } from '../domain/message';
import { TICKET_PAYLOAD_SQL } from '../domain/ticket-payload';

/** How many messages the details of a ticket carry: the latest ones. */
export const DETAILS_MESSAGES = 100;

/** A ticket with its latest messages, as texts of JSON rendered by the database. */
export interface TicketDetails {
  readonly id: string;
  /** The ticket's JSON object. */
  readonly ticket: string;
  /** The JSON array of its latest messages, oldest first. */
  readonly messages: string;
  /** Position of the oldest message shown, when there are older ones. */
  readonly olderThan?: number;
  readonly version: number;
}

interface DetailsRow {
  readonly id: string;
  readonly ticket: string;
  readonly messages: string | null;
  readonly oldest: number | null;
  readonly version: number;
}

const DETAILS = `SELECT t.id, ${TICKET_PAYLOAD_SQL}::text AS ticket, t.version, m.messages, m.oldest
  FROM ticket t
  LEFT JOIN LATERAL (
    SELECT json_agg(latest.message ORDER BY latest.seq)::text AS messages, min(latest.seq) AS oldest
    FROM (SELECT m.seq, ${MESSAGE_PAYLOAD_SQL} AS message FROM message m
          WHERE m.project_id = t.project_id AND m.ticket_id = t.id
          ORDER BY m.seq DESC LIMIT ${DETAILS_MESSAGES}) latest
  ) m ON true
  WHERE t.project_id = $1`;

/** Reads one ticket with its latest messages. */
@Injectable()
export class GetTicket {
  constructor(private readonly uow: UnitOfWork) {}

  /** @throws {DomainError} `ticket_not_found`. */
  async byId(scope: ProjectScope, id: string): Promise<TicketDetails> {
    return this.read(scope, 'ticket-details', `${DETAILS} AND t.id = $2`, id);
  }

  /** @throws {DomainError} `ticket_not_found`. */
  async byNumber(scope: ProjectScope, number: number): Promise<TicketDetails> {
    return this.read(scope, 'ticket-details-by-number', `${DETAILS} AND t.ticket_number = $2`, number);
  }

  private async read(scope: ProjectScope, name: string, text: string, key: string | number): Promise<TicketDetails> {
    const [row] = await this.uow.read<DetailsRow>(scope, { name, text, values: [scope.projectId, key] });
    if (!row) {
      throw ticketNotFound();
    }
    return {
      id: row.id,
      ticket: row.ticket,
      version: row.version,
      messages: row.messages ?? '[]',
      olderThan: row.oldest !== null && row.oldest > 1 ? row.oldest : undefined,
    };
  }
}
