import type { INestApplicationContext, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Database, DatabaseModule } from '#database';
import type { ProjectScope } from '#database';
import { MessagingModule } from '#messaging';
import { Metrics, PlatformModule, readEnvironment } from '#platform';
import { createTestDatabase, insertProject } from '#testing';
import type { ProjectSides, TestDatabase } from '#testing';
import { ChangeStatus, CreateTicket, ReceiveCustomerMessage, ReplyToTicket, TicketsModule } from '#tickets';
import type { CreateTicketCommand } from '#tickets';
import { ScanDueTickets } from './scan-due-tickets/scan-due-tickets';
import { SlaModule } from './sla.module';

const ACTOR = { type: 'key', id: null, name: 'zn_live_test' } as const;
const COMMAND: CreateTicketCommand = {
  actor: ACTOR,
  source: 'api',
  text: 'Help',
  subject: null,
  channel: 'virtual',
  chatId: null,
  externalId: null,
  firstName: null,
  username: null,
  ticketTypeId: null,
};

/** An event of the outbox, as far as tests of alerts look at it. */
export interface Alert {
  readonly type: string;
  readonly kind: string | null;
  readonly due_at: string | null;
  readonly waiting_since: string | null;
}

/** Settings of a project as columns. */
export type SettingColumns = Readonly<Record<string, string | number | boolean | null>>;

/** One process of an installation that opens tickets, changes them, and scans. */
export class SlaProcess {
  private constructor(
    private readonly app: INestApplicationContext,
    private readonly database: Database,
  ) {}

  static async launch(db: TestDatabase): Promise<SlaProcess> {
    const database = await Database.connect({
      url: db.url,
      poolSize: 6,
      workerPoolSize: 4,
      applicationName: 'helpdesk-test',
      statementTimeoutMs: 20_000,
    });
    class ProcessModule {}
    const environment = readEnvironment({ KEY_PEPPER: 'the pepper of every test' });
    const imports = [
      DatabaseModule.forRoot(database),
      MessagingModule.forRoot({ transport: 'postgres', retentionDays: 30 }),
      PlatformModule.forRoot(environment, new Metrics()),
      TicketsModule,
      SlaModule,
    ];
    const app = await NestFactory.createApplicationContext(
      { module: ProcessModule, imports },
      { logger: false, abortOnError: false },
    );
    return new SlaProcess(app, database);
  }

  /** One scan of everything. */
  async scan(stopping = new AbortController().signal) {
    return this.app.get(ScanDueTickets).execute(stopping);
  }

  async open(scope: ProjectScope): Promise<string> {
    return (await this.app.get(CreateTicket, { strict: false }).execute(scope, COMMAND)).id;
  }

  async reply(scope: ProjectScope, ticketId: string): Promise<void> {
    const command = { actor: ACTOR, ticketId, text: 'Hello', internal: false, agentId: null, cannedResponseId: null };
    await this.app.get(ReplyToTicket, { strict: false }).execute(scope, command);
  }

  async write(scope: ProjectScope, ticketId: string): Promise<void> {
    await this.app.get(ReceiveCustomerMessage, { strict: false }).execute(scope, { ticketId, text: 'Well?' });
  }

  async setStatus(scope: ProjectScope, ticketId: string, status: 'closed' | 'in_progress'): Promise<void> {
    await this.app.get(ChangeStatus, { strict: false }).execute(scope, { actor: ACTOR, ticketId, status });
  }

  /** A use case of this process. */
  get<T>(useCase: Type<T>): T {
    return this.app.get(useCase, { strict: false });
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.database.close();
  }
}

/** A database with processes, and a project whose test side's clock is moved. */
export class SlaScene {
  private readonly processes: SlaProcess[] = [];

  private constructor(
    readonly db: TestDatabase,
    public sides: ProjectSides,
  ) {}

  static async open(): Promise<SlaScene> {
    const db = await createTestDatabase();
    return new SlaScene(db, await insertProject(db));
  }

  /** Goes on with a new project; the helpdesk of the one before is off from now on, so no scan looks at it. */
  async beginProject(): Promise<void> {
    await this.set({ helpdesk_enabled: false });
    this.sides = await insertProject(this.db);
  }

  async launch(): Promise<SlaProcess> {
    const launched = await SlaProcess.launch(this.db);
    this.processes.push(launched);
    return launched;
  }

  /** Sets columns of the settings, as a change of the configuration does. */
  async set(settings: SettingColumns): Promise<void> {
    const names = Object.keys(settings);
    await this.db.sql(
      `UPDATE helpdesk_settings SET ${names.map((name, index) => `${name} = $${index + 2}, `).join('')}
         sla_changed_at = greatest(clock_timestamp(), sla_changed_at + interval '1 ms') WHERE project_id = $1`,
      [this.sides.live.projectId, ...names.map((name) => settings[name])],
    );
  }

  /** Moves the test side's clock, and answers the side as requests see it then. */
  async advance(hours: number): Promise<ProjectScope> {
    const { test } = this.sides;
    const [side] = await this.db.sql<{ ms: number }>(
      'UPDATE project SET clock_offset_ms = clock_offset_ms + $2 WHERE id = $1 RETURNING clock_offset_ms::float8 AS ms',
      [test.projectId, Math.round(hours * 3_600_000)],
    );
    return { ...test, clockOffsetMs: side?.ms ?? 0 };
  }

  /** The alerts about a ticket, in their order. */
  async alerts(ticketId: string): Promise<Alert[]> {
    return this.db.sql<Alert>(
      `SELECT type, body::jsonb->'data'->>'kind' AS kind, body::jsonb->'data'->>'due_at' AS due_at,
         body::jsonb->'data'->>'waiting_since' AS waiting_since
       FROM outbox WHERE aggregate_id = $1 AND body::jsonb->'data'->'actor'->>'type' = 'system' ORDER BY aggregate_seq`,
      [ticketId],
    );
  }

  /** Types of the alerts about a ticket, with their kinds. */
  async told(ticketId: string): Promise<string[]> {
    return (await this.alerts(ticketId)).map(({ type, kind }) => (kind ? `${type} ${kind}` : type));
  }

  async ticket(id: string): Promise<Record<string, unknown>> {
    const [row] = await this.db.sql('SELECT * FROM ticket WHERE id = $1', [id]);
    return row ?? {};
  }

  async close(): Promise<void> {
    await Promise.all(this.processes.map((one) => one.close()));
    await this.db.drop();
  }
}
