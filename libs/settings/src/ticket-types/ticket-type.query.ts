import { Injectable } from '@nestjs/common';
import { fieldError } from '#contracts';
import type { Tx } from '#database';

/** A ticket type as a ticket takes it over. */
export interface TicketTypeRef {
  readonly id: string;
  readonly name: string;
}

/** Looks up the ticket types that may be given to a ticket. */
@Injectable()
export class TicketTypeQuery {
  /**
   * The type with this id, or null for no id.
   * @throws {DomainError} `validation_failed` for `ticket_type_id` when it is unknown, disabled or deleted.
   */
  async requireEnabled(tx: Tx, id: string | null): Promise<TicketTypeRef | null> {
    if (id === null) {
      return null;
    }
    const [type] = await tx.query<TicketTypeRef>({
      name: 'ticket-type-enabled',
      text: 'SELECT id, name FROM ticket_type WHERE project_id = $1 AND id = $2 AND enabled AND deleted_at IS NULL',
      values: [tx.scope.liveProjectId, id],
    });
    if (!type) {
      throw fieldError(
        'ticket_type_id',
        'not_found',
        'There is no enabled ticket type with this id. GET /v1/helpdesk/ticket-types lists them.',
      );
    }
    return type;
  }

  /**
   * Does nothing for no id, and for that of a type that is not deleted, enabled or not.
   * @throws {DomainError} `validation_failed` for `field`.
   */
  async requireKept(tx: Tx, id: string | null, field: string): Promise<void> {
    if (id === null) {
      return;
    }
    const found = await tx.query({
      text: 'SELECT FROM ticket_type WHERE project_id = $1 AND id = $2 AND deleted_at IS NULL',
      values: [tx.scope.liveProjectId, id],
    });
    if (found.length === 0) {
      throw fieldError(
        field,
        'not_found',
        'There is no ticket type with this id. GET /v1/helpdesk/ticket-types/config lists them.',
      );
    }
  }

  /** The names of types by their ids, also of those that were deleted. */
  async names(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const rows = await tx.query<TicketTypeRef>({
      text: 'SELECT id, name FROM ticket_type WHERE project_id = $1 AND id = ANY($2::uuid[])',
      values: [tx.scope.liveProjectId, [...ids]],
    });
    return new Map(rows.map(({ id, name }) => [id, name]));
  }
}
