import { Injectable } from '@nestjs/common';
import { fieldError } from '#contracts';
import type { MessagePayload } from '#contracts';
import type { Tx } from '#database';
import { MESSAGE_PAYLOAD_SQL } from '../domain/message';

/** Most messages that a refusal carries along. */
const MAX_NEWER = 100;

/** Reads messages within a transaction that decides by them. */
@Injectable()
export class MessageReader {
  /**
   * The public messages after the given one, oldest first.
   * @throws {DomainError} `validation_failed` when the ticket has no such public message.
   */
  async publicAfter(tx: Tx, ticketId: string, messageId: string): Promise<MessagePayload[]> {
    const values = [tx.scope.projectId, ticketId, messageId];
    const [seen] = await tx.query<{ seq: number }>({
      text: 'SELECT seq FROM message WHERE project_id = $1 AND ticket_id = $2 AND id = $3 AND NOT internal',
      values,
    });
    if (!seen) {
      throw fieldError(
        'if_last_message_id',
        'not_found',
        'This ticket has no public message with this id. GET …/messages lists them.',
      );
    }
    const rows = await tx.query<{ message: MessagePayload }>({
      text: `SELECT ${MESSAGE_PAYLOAD_SQL} AS message FROM message m
             WHERE m.project_id = $1 AND m.ticket_id = $2 AND m.seq > $3 AND NOT m.internal ORDER BY m.seq LIMIT ${MAX_NEWER}`,
      values: [tx.scope.projectId, ticketId, seen.seq],
    });
    return rows.map((row) => row.message);
  }
}
