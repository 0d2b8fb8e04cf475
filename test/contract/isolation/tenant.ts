import { randomInt, randomUUID } from 'node:crypto';
import type { TestDatabase } from '#testing';
import { sendRequest } from '../../support/send-request';
import type { Answer, RequestOptions } from '../../support/send-request';
import type { TestProject } from '../../support/test-project';
import type { TestService } from '../../support/test-service';

/** What of a tenant leads to what: by kind, see `id-parameters.ts`. */
export type TenantIds = Readonly<Record<string, string | number>>;

/** Kinds that belong to the project as a whole: both of its sides have the same. */
export const SHARED_KINDS = ['agent', 'ticket_type', 'canned_response', 'routing_rule', 'config_object'];

/** One side of a project with one of everything. */
export class Tenant {
  private constructor(
    readonly side: 'live' | 'test',
    readonly project: TestProject,
    readonly ids: TenantIds,
    private readonly url: string,
  ) {}

  get key(): string {
    return this.side === 'live' ? this.project.liveKey : this.project.testKey;
  }

  get projectId(): string {
    return this.side === 'live' ? this.project.projectId : this.project.testProjectId;
  }

  async request(method: string, path: string, options: RequestOptions = {}): Promise<Answer> {
    return sendRequest(this.url, method, path, { key: this.key, ...options });
  }

  /** These ids with another tenant's key: what the API would be if it did not look whose an id is. */
  withKeyOf(other: Tenant): Tenant {
    return new Tenant(other.side, other.project, this.ids, this.url);
  }

  /**
   * Gives a side of a project tickets in every state, with messages, notes, history, customers and events, numbered from
   * `firstNumber`.
   */
  static async settle(
    service: TestService,
    project: TestProject,
    { side, firstNumber }: { readonly side: 'live' | 'test'; readonly firstNumber: number },
  ): Promise<Tenant> {
    const shell = new Tenant(side, project, {}, service.url);
    await service.db.sql('UPDATE ticket_counter SET last_number = $2 WHERE project_id = $1', [
      shell.projectId,
      firstNumber - 1,
    ]);
    const ids = await arrange(shell, service.db);
    return new Tenant(side, project, ids, service.url);
  }
}

const pathOf = (ticketId: string): string => `/v1/helpdesk/tickets/${ticketId}`;

async function arrange(tenant: Tenant, db: TestDatabase): Promise<TenantIds> {
  const { project } = tenant;
  const word = `w${randomUUID().replaceAll('-', '')}`;
  const shared = await sharedIds(project, db);
  const customer = { external_id: `customer-${randomUUID()}`, first_name: word };
  const main = await open(tenant, {
    text: `Help ${word}`,
    subject: word,
    ticket_type_id: shared['ticket_type'],
    ...customer,
  });
  const chat = { channel: 'telegram', chat_id: randomInt(1, 2 ** 40), first_name: word, username: word };
  const inMessenger = await open(tenant, { text: `Parcel ${word}`, ...chat });
  const closed = await open(tenant, { text: `Thanks ${word}`, external_id: `customer-${randomUUID()}` });
  await must(tenant, 'PATCH', pathOf(main.id), { tags: [word] });
  await must(tenant, 'PATCH', `${pathOf(main.id)}/assign`, { assigned_to: shared['agent'] });
  await must(tenant, 'POST', `${pathOf(main.id)}/reply`, { text: `A note of ${word}`, internal: true });
  await must(tenant, 'POST', `${pathOf(inMessenger.id)}/reply`, { text: `On its way, ${word}` });
  await must(tenant, 'PATCH', `${pathOf(closed.id)}/status`, { status: 'closed' });
  const reply = (await must(tenant, 'POST', `${pathOf(main.id)}/reply`, { text: `An answer of ${word}` })) as {
    id: string;
  };
  return {
    ...shared,
    word,
    ticket: main.id,
    asked_ticket: closed.id,
    ticket_number: main.ticket_number,
    subscriber: main.subscriber_id,
    message: reply.id,
    chat_id: chat.chat_id,
    external_id: customer.external_id,
    ...(await cursors(tenant, main.id)),
  };
}

/** Both sides of a project see the same configuration, so it is arranged once. */
async function sharedIds(project: TestProject, db: TestDatabase): Promise<TenantIds> {
  const idsOf = async (table: string) =>
    db.sql<{ id: string }>(`SELECT id FROM ${table} WHERE project_id = $1 ORDER BY id`, [project.projectId]);
  if ((await idsOf('member')).length === 0) {
    await project.addMember();
    await project.addMember({ name: 'Pavel' });
    for (const name of ['Bug', 'Question']) {
      await project.addTicketType({ name });
      await project.addCannedResponse({ title: name });
      await project.addRoutingRule({ name });
    }
    await project.changeSettings({ csat_enabled: true, csat_message_template: project.slug, csat_expire_days: 3 });
  }
  const [agents, types, responses, rules] = await Promise.all(
    ['member', 'ticket_type', 'canned_response', 'routing_rule'].map(idsOf),
  );
  return {
    agent: agents?.[0]?.id ?? '',
    ticket_type: types?.[0]?.id ?? '',
    canned_response: responses?.[0]?.id ?? '',
    routing_rule: rules?.[0]?.id ?? '',
    config_object: project.projectId,
  };
}

interface OpenedTicket {
  readonly id: string;
  readonly ticket_number: number;
  readonly subscriber_id: string;
}

async function open(tenant: Tenant, body: Readonly<Record<string, unknown>>): Promise<OpenedTicket> {
  return (await must(tenant, 'POST', '/v1/helpdesk/tickets', body)) as OpenedTicket;
}

async function must(tenant: Tenant, method: string, path: string, body?: unknown): Promise<unknown> {
  const answer = await tenant.request(method, path, { body });
  if (answer.status >= 300) {
    throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  }
  return answer.body;
}

/** A position in each list, which has more than one item. */
async function cursors(tenant: Tenant, ticketId: string): Promise<TenantIds> {
  const lists = {
    listTickets: '/v1/helpdesk/tickets',
    listTicketMessages: `/v1/helpdesk/tickets/${ticketId}/messages`,
    listTicketHistory: `/v1/helpdesk/tickets/${ticketId}/history`,
    listSubscribers: '/v1/helpdesk/subscribers',
    listAgents: '/v1/helpdesk/agents',
    listEvents: '/v1/helpdesk/events',
    listConfigHistory: '/v1/helpdesk/config-history',
    listTicketTypes: '/v1/helpdesk/ticket-types',
    listAllTicketTypes: '/v1/helpdesk/ticket-types/config',
    listCannedResponses: '/v1/helpdesk/canned-responses',
    listRoutingRules: '/v1/helpdesk/routing-rules',
  };
  const found = await Promise.all(
    Object.entries(lists).map(async ([operationId, path]) => {
      const { next_cursor } = (await must(tenant, 'GET', `${path}?limit=1`)) as { next_cursor: string | null };
      if (next_cursor === null) {
        throw new Error(`${path} of the ${tenant.side} side has but one item, so it gives no cursor.`);
      }
      return [`cursor of ${operationId}`, next_cursor] as const;
    }),
  );
  const places: Readonly<Record<string, string>> = Object.fromEntries(found);
  // The stream goes on from the log's own cursors.
  return { ...places, 'cursor of streamEvents': places['cursor of listEvents'] ?? '' };
}
