import { readEnvironment, runTask } from '#platform';
import { CreateProject, ProjectsModule } from '#projects';
import type { CreatedProject } from '#projects';
import { createTestDatabase } from '#testing';
import type { TestDatabase } from '#testing';
import { EVENT_RULES } from '../ledger/ledger-rules';
import { assertBuilt } from './built-code';
import { httpCall } from './http-call';
import type { HttpAnswer } from './http-call';
import { inTheEnd } from './patience';
import { ServiceProcess } from './service-process';

const HOUR_MS = 3_600_000;

/** Hours until the first reply, and after which a customer without an answer is told of. */
export const FIRST_REPLY_HOURS = 4;
export const UNANSWERED_HOURS = 24;

/** Now, on the clock of a ticket's project. */
const PROJECT_NOW = `now() + (SELECT p.clock_offset_ms FROM project p WHERE p.id = t.project_id) * interval '1 ms'`;

/** Of each ticket: what was told of it, and what its history says. */
const BOOKS = `
  WITH events AS (
    SELECT project_id, aggregate_id AS id, count(*) FILTER (WHERE type = 'ticket.sla_breached')::int AS breached,
      count(*) FILTER (WHERE type = 'ticket.sla_warning')::int AS warned,
      count(*) FILTER (WHERE type = 'ticket.unanswered_24h')::int AS unanswered,
      count(*) FILTER (WHERE type = 'ticket.closed' AND body::jsonb #>> '{data,csat}' = 'requested')::int AS closed_with_question,
      count(*) FILTER (WHERE body::jsonb #>> '{data,actor,type}' = 'system')::int AS by_system
    FROM outbox GROUP BY project_id, aggregate_id
  ), lines AS (
    SELECT project_id, ticket_id AS id, count(*) FILTER (WHERE actor_type = 'system' AND action NOT LIKE 'csat%')::int AS by_system,
      count(*) FILTER (WHERE action = 'csat_requested')::int AS asked,
      count(*) FILTER (WHERE action IN ('csat_withdrawn', 'csat_expired') OR (field = 'csat_rating' AND "from" IS NULL))::int AS ended
    FROM ticket_history GROUP BY project_id, ticket_id
  ), t AS (
    SELECT t.*, e.breached, e.warned, e.unanswered, e.closed_with_question, e.by_system AS events_by_system,
      l.by_system AS lines_by_system, l.asked, l.ended, now() + p.clock_offset_ms * interval '1 ms' AS project_now
    FROM ticket t JOIN project p ON p.id = t.project_id
      JOIN events e ON (e.project_id, e.id) = (t.project_id, t.id) JOIN lines l ON (l.project_id, l.id) = (t.project_id, t.id)
  )`;

/** What must be true of alerts once nothing is due any more, told from what tickets and messages say; `sql` selects what breaks it. */
const ALERT_RULES: ReadonlyArray<{ readonly rule: string; readonly sql: string }> = [
  {
    rule: 'a ticket has events and a history',
    sql: `${BOOKS} SELECT id FROM ticket EXCEPT ALL SELECT id FROM t`,
  },
  {
    rule: 'a ticket that has neither a first reply nor its close in time has one breach, and any other none',
    sql: `${BOOKS} SELECT id, first_reply_at, sla_first_reply_due_at, breached FROM t WHERE breached <>
            (coalesce(first_reply_at, closed_at, project_now) > created_at + interval '${FIRST_REPLY_HOURS} hours')::int`,
  },
  {
    rule: 'a ticket warns once at most',
    sql: `${BOOKS} SELECT id FROM t WHERE warned > 1`,
  },
  {
    rule: 'a ticket that nobody has ever answered or closed for so long is told of once, and any other once at most',
    sql: `${BOOKS} SELECT id, first_reply_at, unanswered FROM t
          WHERE unanswered > 1 OR (unanswered = 1 AND first_reply_at < created_at + interval '${UNANSWERED_HOURS} hours')
            OR unanswered < (first_reply_at IS NULL AND waiting_since IS NOT NULL
                AND last_message_at + interval '${UNANSWERED_HOURS} hours' < project_now)::int`,
  },
  {
    rule: 'every alert is in the history, and in the version of its ticket',
    sql: `${BOOKS} SELECT id, version, event_seq, lines_by_system, events_by_system FROM t
          WHERE lines_by_system <> events_by_system OR (event_seq > 1 AND version = 1)`,
  },
];

/** Each rating as its event tells it, beside the one before it. */
const RATINGS = `SELECT o.aggregate_id, o.aggregate_seq, d->'rating' AS rating, d->'comment' AS comment, d->>'changed' AS changed,
    d #> '{changes,csat_rating,from}' AS rating_from, lag(d->'rating') OVER w AS rating_before,
    d #> '{ticket,csat_rating}' AS rating_seen, row_number() OVER w AS nth, count(*) OVER (PARTITION BY o.aggregate_id) AS ratings
  FROM outbox o, LATERAL (SELECT o.body::jsonb->'data' AS d) b WHERE o.type = 'ticket.csat_received'
  WINDOW w AS (PARTITION BY o.aggregate_id ORDER BY o.aggregate_seq)`;

/** What must be true of questions for a rating, whoever closes, opens, rates and scans at the same time. */
const QUESTION_RULES: ReadonlyArray<{ readonly rule: string; readonly sql: string }> = [
  {
    rule: 'every question has one end, an answer or another one, or is still open',
    sql: `${BOOKS} SELECT id, csat_status, asked, ended FROM t WHERE asked <> ended + (csat_status = 'requested')::int`,
  },
  {
    rule: 'every question is told of by the event of its close',
    sql: `${BOOKS} SELECT id, asked, closed_with_question FROM t WHERE asked <> closed_with_question`,
  },
  {
    rule: 'no ticket that is open has an open question, and no question is open after its time',
    sql: `SELECT t.id, t.status FROM ticket t WHERE t.csat_status = 'requested'
            AND (t.status <> 'closed' OR t.csat_expires_at < ${PROJECT_NOW} - interval '10 seconds')`,
  },
  {
    rule: 'every rating goes on from the one before, and the ticket has the last one',
    sql: `SELECT r.*, t.csat_status FROM (${RATINGS}) r JOIN ticket t ON t.id = r.aggregate_id
          WHERE changed::boolean <> (nth > 1) OR rating_seen <> rating
            OR (rating_from IS NOT NULL AND rating_from <> coalesce(rating_before, 'null'))
            OR (nth = ratings AND (t.csat_status, t.csat_rating, t.csat_comment)
              IS DISTINCT FROM ('rated', rating::int, comment #>> '{}'))`,
  },
];

/** A database with one project, a process of the ticket API, and whatever processes scan for what time makes due. */
export class TimeScene {
  private readonly started: ServiceProcess[] = [];

  private constructor(
    readonly db: TestDatabase,
    private readonly project: CreatedProject,
    private readonly api: ServiceProcess,
  ) {}

  /** @throws {Error} when the compiled code is not what the sources are. */
  static async open(): Promise<TimeScene> {
    await assertBuilt();
    const db = await createTestDatabase();
    const composition = { name: 'test', modules: [ProjectsModule], databaseUrl: db.url };
    const project = await runTask(composition, readEnvironment({}), (services) =>
      services.get(CreateProject, { strict: false }).execute({ name: 'Time' }),
    );
    await db.sql(
      `UPDATE helpdesk_settings SET sla_first_reply_hours = $1, helpdesk_unanswered_hours = $2, sla_changed_at = now(),
         csat_enabled = true, csat_expire_days = 1`,
      [FIRST_REPLY_HOURS, UNANSWERED_HOURS],
    );
    const api = await ServiceProcess.start({ main: 'apps/tickets-api/main.ts', databaseUrl: db.url });
    return new TimeScene(db, project, api);
  }

  /** Starts a process that scans every second, without waiting until it does. */
  async launchWorker(environment: Readonly<Record<string, string>> = {}): Promise<ServiceProcess> {
    const launched = await ServiceProcess.launch({
      main: 'apps/sla-worker/main.ts',
      databaseUrl: this.db.url,
      environment: { SLA_SCAN_INTERVAL: '1', DATABASE_POOL_SIZE: '4', ...environment },
    });
    this.started.push(launched);
    return launched;
  }

  /** Opens a ticket on the test side and stores copies of it, each with the event of its creation. @returns the ids of all. */
  async openTickets(count: number): Promise<string[]> {
    return this.copy(await this.openTicket(), count);
  }

  /** Stores closed tickets, whose customers can rate them for two hours. @returns the ids of all. */
  async askQuestions(count: number): Promise<string[]> {
    const id = await this.openTicket();
    await this.setStatus(id, 'closed');
    await this.db.sql(`UPDATE ticket SET csat_expires_at = csat_asked_at + interval '2 hours' WHERE id = $1`, [id]);
    return this.copy(id, count);
  }

  /** Moves the test side's clock ahead, and wakes the scans. */
  async advance(hours: number): Promise<void> {
    await this.db.sql('UPDATE project SET clock_offset_ms = clock_offset_ms + $2 WHERE id = $1', [
      this.project.testProjectId,
      Math.round(hours * HOUR_MS),
    ]);
    await this.db.sql(`SELECT pg_notify('helpdesk_scan', '')`);
  }

  /** An agent's answer. */
  async reply(ticketId: string, more: { readonly status?: string } = {}): Promise<void> {
    await this.must('POST', `/v1/helpdesk/tickets/${ticketId}/reply`, { text: 'Hello', ...more });
  }

  /** An agent's change of status. */
  async setStatus(ticketId: string, status: string): Promise<void> {
    await this.must('PATCH', `/v1/helpdesk/tickets/${ticketId}/status`, { status });
  }

  /** A customer's rating, where there is a question. @returns whether there was. */
  async rate(ticketId: string, rating: number, comment?: string | null): Promise<boolean> {
    const path = `/v1/helpdesk/tickets/${ticketId}/csat`;
    const { status } = await this.send('POST', path, { rating, ...(comment !== undefined && { comment }) });
    if (status !== 200 && status !== 409) {
      throw new Error(`POST ${path} answered ${status}.`);
    }
    return status === 200;
  }

  /** Waits until nothing is due any more and every event has been published, so many times as long as is usual. */
  async settled(times = 1): Promise<void> {
    await inTheEnd(async () => {
      const [left] = await this.db.sql<{ due: number; unpublished: number }>(
        `SELECT (SELECT count(*)::int FROM ticket t WHERE t.sla_next_at < ${PROJECT_NOW} - interval '10 seconds'
             OR (t.waiting_since IS NOT NULL AND t.unanswered_told_for IS DISTINCT FROM t.waiting_since
               AND t.last_message_at + interval '${UNANSWERED_HOURS} hours' < ${PROJECT_NOW} - interval '10 seconds')
             OR (t.csat_status = 'requested' AND t.csat_expires_at < ${PROJECT_NOW} - interval '10 seconds')) AS due,
           (SELECT count(*)::int FROM outbox WHERE published_at IS NULL OR position IS NULL) AS unpublished`,
      );
      if (left?.due !== 0 || left.unpublished !== 0) {
        throw new Error(`Something is left to do: ${JSON.stringify(left)}.`);
      }
    }, times);
  }

  /** Every fault in alerts, questions, their events and their order, with examples. */
  async faults(): Promise<string[]> {
    const faults: string[] = [];
    for (const { rule, sql } of [...ALERT_RULES, ...QUESTION_RULES, ...EVENT_RULES]) {
      const breaches = await this.db.sql(sql);
      if (breaches.length > 0) {
        faults.push(`${rule}: ${breaches.length} breaches, such as ${JSON.stringify(breaches.slice(0, 3))}`);
      }
    }
    return faults;
  }

  /** How many alerts of a type there are. */
  async told(type: string): Promise<number> {
    const [row] = await this.db.sql<{ events: number }>('SELECT count(*)::int AS events FROM outbox WHERE type = $1', [
      type,
    ]);
    return row?.events ?? 0;
  }

  /** How many questions have been ended by time. */
  async expired(): Promise<number> {
    const [row] = await this.db.sql<{ lines: number }>(
      `SELECT count(*)::int AS lines FROM ticket_history WHERE action = 'csat_expired'`,
    );
    return row?.lines ?? 0;
  }

  /** kill -9 for whatever runs, and no more database. */
  async close(): Promise<void> {
    await Promise.all([this.api, ...this.started].map((one) => one.kill()));
    await this.db.drop();
  }

  private async openTicket(): Promise<string> {
    return ((await this.must('POST', '/v1/helpdesk/tickets', { text: 'Help' })) as { readonly id: string }).id;
  }

  /** Stores a ticket so many times in all, with its history and events. @returns the ids of all. */
  private async copy(id: string, count: number): Promise<string[]> {
    const [ticket, history, outbox] = await Promise.all([
      this.columnsOf('ticket', ['id', 'ticket_number']),
      this.columnsOf('ticket_history', ['id', 'ticket_id']),
      this.columnsOf('outbox', ['event_id', 'aggregate_id', 'position', 'published_at']),
    ]);
    const rows = await this.db.sql<{ id: string }>(
      `WITH numbers AS (UPDATE ticket_counter SET last_number = last_number + $2 WHERE project_id = $3 RETURNING last_number),
         copies AS (INSERT INTO ticket (id, ticket_number, ${ticket})
           SELECT gen_random_uuid(), last_number - n, ${ticket} FROM ticket, numbers, generate_series(0, $2 - 1) n
           WHERE id = $1 RETURNING id),
         lines AS (INSERT INTO ticket_history (id, ticket_id, ${history})
           SELECT gen_random_uuid(), c.copy, ${history} FROM ticket_history h, (SELECT id AS copy FROM copies) c WHERE h.ticket_id = $1),
         events AS (INSERT INTO outbox (event_id, aggregate_id, ${outbox})
           SELECT gen_random_uuid(), c.copy, ${outbox} FROM outbox o, (SELECT id AS copy FROM copies) c
           WHERE o.aggregate_id = $1 ORDER BY o.id)
       SELECT id FROM copies`,
      [id, count - 1, this.project.testProjectId],
    );
    return [id, ...rows.map((row) => row.id)];
  }

  private async columnsOf(table: string, but: readonly string[]): Promise<string> {
    const columns = await this.db.sql<{ name: string }>(
      `SELECT column_name AS name FROM information_schema.columns WHERE table_name = $1 AND is_generated = 'NEVER'
         AND is_identity = 'NO' AND column_name <> ALL ($2)`,
      [table, but],
    );
    return columns.map(({ name }) => `"${name}"`).join(', ');
  }

  private async must(method: 'POST' | 'PATCH', path: string, body: object): Promise<unknown> {
    const answer = await this.send(method, path, body);
    if (answer.status >= 300) {
      throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    }
    return answer.body;
  }

  /** A refusal for want of room is repeated, as it asks for: nothing has happened. */
  private async send(method: 'POST' | 'PATCH', path: string, body: object): Promise<HttpAnswer> {
    return inTheEnd(async () => {
      const answer = await httpCall({ url: this.api.url as string, method, path, key: this.project.testKey, body });
      if (answer.status === 503) {
        throw new Error(`${method} ${path} is still answered 503.`);
      }
      return answer;
    });
  }
}
