import { Injectable } from '@nestjs/common';
import { SYSTEM_ACTOR } from '#contracts';
import { faultPoint, UnitOfWork } from '#database';
import type { ProjectScope, Tx } from '#database';
import { Clock } from '#platform';
import { HelpdeskSettingsQuery } from '#settings';
import { ChangeTicket } from '../change-ticket/change-ticket';
import { expireQuestion } from '../domain/csat';
import { passSlaMarks, rescheduleClocks, tellUnanswered } from '../domain/keep-time';
import type { LockedTicket } from '../domain/ticket';
import type { TicketRevision } from '../domain/ticket-revision';
import { fromLockedRow, LOCKED_TICKET_SQL } from '../persistence/columns';
import { TicketRepository } from '../persistence/ticket.repository';
import { DUE_TICKETS } from './due-tickets.sql';
import type { TimeDuty } from './due-tickets.sql';

const STEPS: Readonly<Record<TimeDuty, (revision: TicketRevision) => void>> = {
  sla_settings: rescheduleClocks,
  sla_marks: passSlaMarks,
  unanswered: tellUnanswered,
  csat_expiry: expireQuestion,
};

/** Read as values of their own, so that the index is walked from a known place. */
const MEASURES = {
  now: `(SELECT clock.now + p.clock_offset_ms * interval '1 millisecond' FROM clock, project p WHERE p.id = $2)`,
  setting: (column: string) => `(SELECT ${column} FROM helpdesk_settings WHERE project_id = $3)`,
};

interface DueTicket {
  readonly ticket: LockedTicket;
  /** The project's clock at the very moment at which the ticket was found to be due. */
  readonly clockOffsetMs: number;
}

/**
 * Does what time has made due on a project's tickets. Any number of processes may do it at once: whoever has locked a ticket does
 * it, and what says that it is done is stored with history and events in the same transaction.
 */
@Injectable()
export class KeepTime {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly changeTicket: ChangeTicket,
    private readonly tickets: TicketRepository,
    private readonly settings: HelpdeskSettingsQuery,
    private readonly clock: Clock,
  ) {}

  /** Does one duty on at most `limit` tickets; answers how many were due. Tickets that somebody else has in hand are left out. */
  async execute(scope: ProjectScope, duty: TimeDuty, limit: number): Promise<number> {
    const found = await this.uow.run(scope, async (tx) => {
      const [due, settings] = await Promise.all([this.lockDue(tx, duty, limit), this.settings.load(tx)]);
      if (due.length > 0) {
        faultPoint('sla.afterLock');
        const revisions = due.map(({ ticket, clockOffsetMs }) => {
          const revision = this.changeTicket.revise({ ...scope, clockOffsetMs }, ticket, SYSTEM_ACTOR, settings);
          STEPS[duty](revision);
          return revision;
        });
        faultPoint('sla.beforeStore');
        await this.tickets.updateAll(tx, revisions);
        faultPoint('sla.afterStore');
      }
      return due.length;
    });
    if (found > 0) {
      faultPoint('sla.afterCommit');
    }
    return found;
  }

  /** Nobody is waited for, and a ticket that has changed since it was found is looked at again under its lock. */
  private async lockDue(tx: Tx, duty: TimeDuty, limit: number): Promise<DueTicket[]> {
    const { isDue, first } = DUE_TICKETS[duty];
    const { projectId, liveProjectId } = tx.scope;
    const rows = await tx.query<Record<string, unknown> & { readonly clock_offset_ms: number }>({
      name: `due-tickets ${duty}`,
      text: `WITH clock (now) AS (SELECT $1::timestamptz)
             SELECT ${LOCKED_TICKET_SQL},
               (SELECT clock_offset_ms FROM project WHERE id = $2) AS clock_offset_ms
             FROM ticket t
             WHERE t.project_id = $2 AND ${isDue(MEASURES)} AND ${MEASURES.setting('helpdesk_enabled')}
             ORDER BY ${first} LIMIT $4 FOR UPDATE OF t SKIP LOCKED`,
      values: [this.clock.now(), projectId, liveProjectId, limit],
    });
    return rows.map((row) => ({ ticket: fromLockedRow(row), clockOffsetMs: row.clock_offset_ms }));
  }
}
