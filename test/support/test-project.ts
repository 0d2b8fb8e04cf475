import { randomUUID } from 'node:crypto';
import { createHelpdeskClient } from '#api-client';
import type { HelpdeskClient } from '#api-client';
import type { MemberRole, TicketPayload } from '#contracts';
import type { ProjectScope } from '#database';
import type { CreatedProject } from '#projects';
import { insertRow } from '#testing';
import type { TestDatabase } from '#testing';
import { fetchDescribed, sendRequest } from './send-request';
import type { Answer, RequestOptions } from './send-request';

/** A project with its keys, and what a test needs to know or to arrange of it. */
export class TestProject {
  readonly projectId: string;
  readonly testProjectId: string;
  readonly slug: string;
  readonly liveKey: string;
  readonly testKey: string;

  constructor(
    private readonly url: string,
    private readonly db: TestDatabase,
    created: CreatedProject,
  ) {
    this.projectId = created.projectId;
    this.testProjectId = created.testProjectId;
    this.slug = created.slug;
    this.liveKey = created.liveKey;
    this.testKey = created.testKey;
  }

  /** The live side, as use cases take it. */
  get scope(): ProjectScope {
    const { projectId } = this;
    return { projectId, liveProjectId: projectId, isTest: false, clockOffsetMs: 0 };
  }

  /** The test side, with its clock at now. */
  get testScope(): ProjectScope {
    return { projectId: this.testProjectId, liveProjectId: this.projectId, isTest: true, clockOffsetMs: 0 };
  }

  /** Sends a request with the project's live key, unless another key, or null for none, is given. */
  async request<Body = unknown>(method: string, path: string, options: RequestOptions = {}): Promise<Answer<Body>> {
    return sendRequest<Body>(options.at ?? this.url, method, path, { key: this.liveKey, ...options });
  }

  /** The typed client that integrators use, with the project's live key unless another is given. */
  client(apiKey = this.liveKey): HelpdeskClient {
    return createHelpdeskClient({ baseUrl: this.url, apiKey, fetch: fetchDescribed });
  }

  /** Opens a ticket over HTTP; fails unless the answer is 201. */
  async createTicket(fields: Readonly<Record<string, unknown>> = {}, key = this.liveKey): Promise<TicketPayload> {
    const body = { text: 'Help', ...fields };
    const answer = await this.request<TicketPayload>('POST', '/v1/helpdesk/tickets', { key, body });
    if (answer.status !== 201) {
      throw new Error(`POST /v1/helpdesk/tickets answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    }
    return answer.body;
  }

  /** Adds a member and answers the id. */
  async addMember({ name = 'Olga', role = 'support' as MemberRole } = {}): Promise<string> {
    return this.insert('member', { name, role, email: `${randomUUID()}@example.com`, created_at: new Date() });
  }

  /** Adds a ticket type and answers the id. */
  async addTicketType({ name = 'Bug', enabled = true } = {}): Promise<string> {
    return this.insert('ticket_type', { name, enabled, created_at: new Date(), updated_at: new Date() });
  }

  /** Adds a canned response and answers the id. */
  async addCannedResponse({ title = 'Greeting', text = 'Hello!' } = {}): Promise<string> {
    return this.insert('canned_response', { title, text, created_at: new Date(), updated_at: new Date() });
  }

  /** Adds a routing rule over HTTP and answers the id; fails unless the answer is 201. */
  async addRoutingRule(fields: Readonly<Record<string, unknown>> = {}): Promise<string> {
    const body = { name: 'Rule', condition: { channel: 'virtual' }, action: { set_priority: 'high' }, ...fields };
    const answer = await this.request<{ id: string }>('POST', '/v1/helpdesk/routing-rules', { body });
    if (answer.status !== 201) {
      throw new Error(`POST /v1/helpdesk/routing-rules answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    }
    return answer.body.id;
  }

  /** Changes the project's settings over HTTP; fails unless the answer is 200. */
  async changeSettings(settings: Readonly<Record<string, unknown>>): Promise<void> {
    const answer = await this.request('PUT', '/v1/helpdesk/settings', { body: settings });
    if (answer.status !== 200) {
      throw new Error(`PUT /v1/helpdesk/settings answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    }
  }

  /** Sets what the clocks of tickets and the alerts about them follow from. */
  async setThresholds(thresholds: {
    readonly firstReplyHours?: number | null;
    readonly resolveHours?: number | null;
    readonly unansweredHours?: number | null;
  }): Promise<void> {
    const { firstReplyHours = null, resolveHours = null, unansweredHours = null } = thresholds;
    await this.db.sql(
      `UPDATE helpdesk_settings SET sla_first_reply_hours = $2, sla_resolve_hours = $3, helpdesk_unanswered_hours = $4,
         sla_changed_at = greatest(clock_timestamp(), sla_changed_at + interval '1 ms') WHERE project_id = $1`,
      [this.projectId, firstReplyHours, resolveHours, unansweredHours],
    );
    await this.wakeScans();
  }

  /** Moves the clock of the test side ahead, and wakes the scans. */
  async advanceTestClock(hours: number): Promise<void> {
    await this.db.sql('UPDATE project SET clock_offset_ms = clock_offset_ms + $2 WHERE id = $1', [
      this.testProjectId,
      hours * 3_600_000,
    ]);
    await this.wakeScans();
  }

  private async wakeScans(): Promise<void> {
    await this.db.sql(`SELECT pg_notify('helpdesk_scan', '')`);
  }

  private async insert(table: string, row: Readonly<Record<string, unknown>>): Promise<string> {
    const id = randomUUID();
    await insertRow(this.db, table, { project_id: this.projectId, id, ...row });
    return id;
  }
}
