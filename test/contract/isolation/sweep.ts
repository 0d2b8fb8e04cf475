import { randomUUID } from 'node:crypto';
import type { DescribedOperation } from '../../support/api-document';
import type { Answer } from '../../support/send-request';
import { idParametersOf } from './id-parameters';
import type { IdParameter } from './id-parameters';
import { PROBE_REQUESTS } from './probe-requests';
import type { ProbeRequest } from './probe-requests';
import { SHARED_KINDS } from './tenant';
import type { Tenant } from './tenant';

type Id = string | number;

/** One request of an operation, with an id in the place of a parameter. */
interface Probe {
  readonly described: DescribedOperation;
  readonly request: ProbeRequest;
  readonly parameter?: IdParameter;
  readonly id?: Id;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What was tried, and how often something stood in an answer that belongs to somebody else. */
export interface SweepCounts {
  controls: number;
  probes: number;
  leaks: number;
}

/** Ids that lead nowhere, in the form of each kind; of the other kinds a UUID. */
const RANDOM: Readonly<Record<string, () => Id>> = {
  ticket_number: () => 2_000_000_000,
  chat_id: () => 2 ** 50 + Math.floor(Math.random() * 1_000_000),
  external_id: () => `customer-${randomUUID()}`,
  word: () => `w${randomUUID().replaceAll('-', '')}`,
};

/** Positions in these lists are places in an order, which any project may ask for in its own list. */
const PLACES = [
  'cursor of listTickets',
  'cursor of listSubscribers',
  'cursor of listAgents',
  'cursor of listConfigHistory',
  'cursor of listTicketTypes',
  'cursor of listAllTicketTypes',
  'cursor of listCannedResponses',
  'cursor of listRoutingRules',
];

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** The requests that try an operation with a tenant's own ids. */
export function requestsOf({ operation }: DescribedOperation, { ids, side }: Tenant): readonly ProbeRequest[] {
  return PROBE_REQUESTS[operation.operationId ?? '']?.(ids, side) ?? [];
}

/** An Idempotency-Key that everybody uses for the same request. */
export function commonKey({ operation }: DescribedOperation, { tries }: ProbeRequest): Record<string, string> {
  return { 'Idempotency-Key': ['common', operation.operationId, ...tries].join('-') };
}

/**
 * Tries every id of one tenant with the key of another, and compares each answer with that to an id that leads nowhere: they
 * must be the same in status, headers and body, and nothing of the owner's may stand in any.
 */
export class Sweep {
  readonly faults: string[] = [];

  /** `ownerIds` are all ids of the owner's rows; `apart` whether the two are different projects. */
  constructor(
    private readonly asker: Tenant,
    private readonly owner: Tenant,
    private readonly ownerIds: ReadonlySet<string>,
    private readonly apart: boolean,
    private readonly counts: SweepCounts,
  ) {}

  async run(operations: readonly DescribedOperation[]): Promise<void> {
    for (const described of operations) {
      for (const request of requestsOf(described, this.asker)) {
        await this.tryOwn({ described, request });
        const tried = idParametersOf(described).filter(({ name }) => request.tries.includes(name));
        for (const parameter of tried) {
          await this.tryForeign({ described, request, parameter });
        }
      }
    }
  }

  /** The control: without it a refusal of everything would pass. A key of the owner's brings no answer of the owner's. */
  private async tryOwn(probe: Probe): Promise<void> {
    const headers = probe.described.method === 'POST' ? commonKey(probe.described, probe.request) : undefined;
    const answer = await this.send({ ...probe, headers });
    this.counts.controls += 1;
    const { expected } = probe.request;
    if (expected === undefined ? answer.status >= 300 : answer.status !== expected) {
      this.fault('the own id fails', probe, answer);
    }
    if (answer.headers.has('idempotent-replayed')) {
      this.fault('the answer of somebody else’s Idempotency-Key', probe, answer);
    }
  }

  private async tryForeign(probe: Probe & { readonly parameter: IdParameter }): Promise<void> {
    const { kind } = probe.parameter;
    const random = RANDOM[kind]?.() ?? (kind.startsWith('cursor') ? 'AAAAAAAA' : randomUUID());
    const wanted = shapeOf(await this.send({ ...probe, id: random }), random);
    const shared = !this.apart && SHARED_KINDS.includes(kind);
    for (const id of [shared ? undefined : this.owner.ids[kind], this.ofAnotherType(kind)]) {
      if (id !== undefined) {
        const answer = await this.send({ ...probe, id });
        const given = shapeOf(answer, id);
        if (!PLACES.includes(kind) && given !== wanted) {
          this.fault(`an oracle, for a random id answers ${wanted} instead of ${given}`, { ...probe, id }, answer);
        }
      }
    }
  }

  /** An id of the asker's own that leads to something else. */
  private ofAnotherType(kind: string): Id | undefined {
    if (kind in RANDOM) {
      return undefined;
    }
    const others = kind.startsWith('cursor') ? ['cursor of listAgents', 'cursor of listEvents'] : ['ticket', 'agent'];
    return this.asker.ids[others.find((other) => other !== kind) ?? ''];
  }

  private async send(probe: Probe): Promise<Answer> {
    const answer = await sendProbe(this.asker, probe);
    this.counts.probes += 1;
    const text = JSON.stringify([answer.body, [...answer.headers]]);
    const seen = (text.match(UUID) ?? []).filter((id) => this.ownerIds.has(id) && id !== probe.id);
    const words = text.includes(String(this.owner.ids['word'])) && probe.id !== this.owner.ids['word'];
    if (seen.length > 0 || words) {
      this.counts.leaks += 1;
      this.fault(`a leak of ${words ? 'words' : seen.join(', ')}`, probe, answer);
    }
    return answer;
  }

  private fault(what: string, { described, parameter, id }: Probe, { status, body }: Answer): void {
    const where = `${described.operation.operationId} ${parameter ? `with ${parameter.name} = ${String(id)}` : ''}`;
    this.faults.push(`${where}: ${what} (${status} ${JSON.stringify(body).slice(0, 500)})`);
  }
}

/** Sends a probe on behalf of a tenant. */
export async function sendProbe(tenant: Tenant, probe: Probe): Promise<Answer> {
  const { described, request, headers } = probe;
  const values = (place: IdParameter['in']): Readonly<Record<string, unknown>> => {
    const own = request[place] ?? {};
    const { parameter, id } = probe;
    return parameter?.in !== place || id === undefined ? own : { ...own, [parameter.name]: placed(own, parameter, id) };
  };
  const path = values('path');
  const address = described.path.replace(/\{(\w+)\}/g, (_all, name: string) => encodeURIComponent(String(path[name])));
  const query = new URLSearchParams(values('query') as Record<string, string>).toString();
  return tenant.request(described.method, query ? `${address}?${query}` : address, {
    body: request.body && values('body'),
    headers,
  });
}

/** An id alone, or at the end of an otherwise valid list. */
function placed(own: Readonly<Record<string, unknown>>, { name, isList }: IdParameter, id: Id): unknown {
  return isList ? [...(own[name] as unknown[]), id] : id;
}

/** What an answer is, without what is new in each: ids, times, numbers, and the probed value where it is repeated. */
function shapeOf({ status, headers, body }: Answer, id: Id): string {
  const repeated = new RegExp(`(?<=[":])${String(id)}(?=[",}])`, 'g');
  const text = JSON.stringify(body)
    .replace(UUID, '<uuid>')
    .replace(repeated, '<id>')
    .replace(/"request_id":"[^"]*"/g, '"request_id":"<request>"')
    .replace(/\d{4}-\d{2}-\d{2}T[\d:.]+Z/g, '<time>')
    .replace(/"ticket_number":[^,]+/g, '"ticket_number":<number>')
    // Where a stream goes on from: the end of the log, which may have grown in between.
    .replace(/(\\nid: |\\"cursor\\":\\")[\w-]+/g, '$1<place>');
  const kept = [...headers].filter(([name]) => !['date', 'x-request-id', 'content-length'].includes(name));
  return `${status} ${JSON.stringify(kept)} ${text}`;
}
