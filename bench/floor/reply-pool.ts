import { withClient } from '../database/bench-databases';
import type { BenchTicket } from '../workload';
import type { ReplayStep } from './floor';
import type { TransactionTemplate } from './transaction-template';

/**
 * Hands out replies to replay. A recorded reply fits the ticket that it was recorded on, after so many replies: so every
 * connection has tickets of its own, and each of them gets the recorded replies in their order.
 */
export class ReplyPool {
  constructor(
    private readonly replies: readonly TransactionTemplate[],
    private readonly tickets: readonly BenchTicket[],
  ) {}

  /** Takes back the replies of earlier measurements, and begins with the first ticket again. */
  async begin(url: string, connections: number): Promise<(connection: number) => ReplayStep> {
    const ids = this.tickets.map(({ ticketId }) => ticketId);
    await withClient(url, async (client) => {
      await client.query('DELETE FROM message WHERE ticket_id = ANY($1) AND seq > 1', [ids]);
      await client.query('DELETE FROM outbox WHERE aggregate_id = ANY($1) AND aggregate_seq > 1', [ids]);
      await client.query(
        `UPDATE ticket_search s SET document = array_to_tsvector(ARRAY[project_lexeme(s.project_id)]) || ticket_document(m.text)
         FROM message m WHERE m.project_id = s.project_id AND m.ticket_id = s.ticket_id AND m.seq = 1 AND s.ticket_id = ANY($1)`,
        [ids],
      );
    });
    const steps = Array.from({ length: connections }, () => 0);
    return (connection) => {
      const step = steps[connection] ?? 0;
      steps[connection] = step + 1;
      const ticket = this.tickets[connection + connections * Math.floor(step / this.replies.length)];
      const template = this.replies[step % this.replies.length];
      if (!ticket || !template) {
        throw new Error('The floor ran out of tickets to reply to: measure shorter, or load more tickets.');
      }
      return { template, inputs: ticket };
    };
  }
}
