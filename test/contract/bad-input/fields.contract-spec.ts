import type { ErrorDetail } from '#contracts';
import { API_DOCUMENT, dereferenced, operationsOf } from '../../support/api-document';
import type { DescribedOperation, Schema } from '../../support/api-document';
import type { Answer } from '../../support/send-request';
import { startTestService } from '../../support/test-service';
import type { TestService } from '../../support/test-service';
import { Tenant } from '../isolation/tenant';
import { readTenantRows } from '../isolation/tenant-rows';
import { goodRequest } from './good-request';
import { boundaryValues, wrongBodyValues, wrongQueryValues } from './wrong-values';
import type { WrongValue } from './wrong-values';

const OPERATIONS = operationsOf(API_DOCUMENT).filter(({ operation }) => (operation.security ?? []).length > 0);

interface Field {
  readonly name: string;
  readonly schema: Schema;
  readonly required: boolean;
}

function bodyFields({ operation }: DescribedOperation): Field[] {
  const body = dereferenced(operation.requestBody?.content?.['application/json']?.schema ?? {});
  const { properties = {}, required = [] } = body;
  return Object.entries(properties).map(([name, schema]) => ({ name, schema, required: required.includes(name) }));
}

function queryFields({ operation }: DescribedOperation): Field[] {
  return (operation.parameters ?? [])
    .filter(({ in: place }) => place === 'query')
    .map(({ name = '', schema = {} }) => ({ name, schema, required: false }));
}

const named = (of: (described: DescribedOperation) => Field[]) =>
  OPERATIONS.flatMap((described) =>
    of(described).map((field) => [`${described.operation.operationId} ${field.name}`, described, field] as const),
  );

const WITH_BODY = OPERATIONS.filter((described) => bodyFields(described).length > 0).map(
  (described) => [described.operation.operationId ?? '', described] as const,
);

interface Refusal {
  readonly code: string;
  readonly details?: readonly ErrorDetail[];
}

const queryOf = (name: string, value: unknown): string => `?${new URLSearchParams([[name, String(value)]]).toString()}`;

/** The codes with which an answer refuses this field; the answer's own code where it names none. */
function codesFor(name: string, { body }: Answer): string[] {
  const { code, details = [] } = body as Refusal;
  const own = details.filter(
    ({ field }) => field === name || field.startsWith(`${name}[`) || field.startsWith(`${name}.`),
  );
  return own.length > 0 ? own.map((detail) => detail.code) : [`(${code})`];
}

describe('a field', () => {
  let service: TestService;
  let tenant: Tenant;

  beforeAll(async () => {
    service = await startTestService();
    tenant = await Tenant.settle(service, await service.createProject(), { side: 'live', firstNumber: 1 });
  });
  afterAll(() => service.close());

  /** A request that works, with other values in its body or its query. */
  async function send(described: DescribedOperation, body: object | string, query = ''): Promise<Answer> {
    const good = goodRequest(described, tenant);
    return tenant.request(good.method, good.path + query, {
      body: typeof body === 'string' ? body : good.body && { ...good.body, ...body },
    });
  }

  /** Sends each wrong value and answers what was not refused as it should be, and whether anything has changed. */
  async function complaints(
    name: string,
    values: readonly WrongValue[],
    ask: (value: unknown) => Promise<Answer>,
  ): Promise<string[]> {
    const before = await readTenantRows(service.db, tenant.projectId, { whole: true });
    const found: string[] = [];
    for (const { label, value, codes } of values) {
      const answer = await ask(value);
      const given = answer.status === 400 ? codesFor(name, answer) : [String(answer.status)];
      if (!given.every((code) => codes.includes(code as never))) {
        found.push(`${label}: ${given.join(', ')} instead of ${codes.join(' or ')}`);
      }
    }
    const after = await readTenantRows(service.db, tenant.projectId, { whole: true });
    expect(withoutKeyUse(after.tables)).toEqual(withoutKeyUse(before.tables));
    return found;
  }

  it.each(named(bodyFields))('%s refuses every value that its schema excludes', async (_name, described, field) => {
    const values = wrongBodyValues(field.schema, field.required);
    expect(values.length).toBeGreaterThan(0);
    expect(await complaints(field.name, values, (value) => send(described, { [field.name]: value }))).toEqual([]);
  });

  it.each(named(queryFields))('%s refuses every text that its schema excludes', async (_name, described, field) => {
    const values = wrongQueryValues(field.schema);
    const ask = (value: unknown) => send(described, {}, queryOf(field.name, value));
    expect(await complaints(field.name, values, ask)).toEqual([]);
  });

  it.each(named(bodyFields))('%s takes the values at its bounds', async (_name, described, field) => {
    for (const value of boundaryValues(field.schema)) {
      const answer = await send(described, { [field.name]: value });
      const details = (answer.body as Refusal).details ?? [];
      const refused = details.filter(
        (detail) => detail.field === field.name && !['not_found', 'enum', 'unknown_field'].includes(detail.code),
      );
      expect([value, answer.status < 500, refused]).toEqual([value, true, []]);
    }
  });

  it.each(named(queryFields))(
    '%s is refused when it is given twice, or as a structure',
    async (_name, described, field) => {
      for (const query of [
        `${field.name}=1&${field.name}=1`,
        `${field.name}[]=1`,
        `${field.name}[a]=1`,
        `${field.name}[]=1&${field.name}[]=2`,
      ]) {
        const answer = await send(described, {}, `?${query}`);
        expect([query, answer.status, (answer.body as Refusal).code]).toEqual([query, 400, 'validation_failed']);
      }
    },
  );

  it.each(named(bodyFields).filter(([, , { required }]) => required))(
    '%s is asked for when it is missing',
    async (_name, described, field) => {
      const answer = await send(described, { [field.name]: undefined });
      expect([answer.status, codesFor(field.name, answer)]).toEqual([400, ['required']]);
    },
  );

  it.each(OPERATIONS.map((described) => [described.operation.operationId ?? '', described] as const))(
    '%s refuses query parameters that it does not know',
    async (_name, described) => {
      for (const name of ['nonsense', 'limitt', 'project_id', '__proto__', 'constructor', '', 'a.b', '😀']) {
        const answer = await send(described, {}, queryOf(name, '1'));
        expect([name, answer.status, (answer.body as Refusal).code]).toEqual([name, 400, 'validation_failed']);
      }
    },
  );

  it.each(WITH_BODY)(
    '%s refuses fields that it does not know, what answers have among them',
    async (_name, described) => {
      const known = bodyFields(described).map(({ name }) => name);
      const ofAnswers = Object.values(API_DOCUMENT.components.schemas).flatMap(({ properties = {} }) =>
        Object.keys(properties),
      );
      const unknown = new Set([...ofAnswers, 'project_id', 'nonsense', 'toString', '']);
      for (const name of [...unknown].filter((one) => !known.includes(one))) {
        const answer = await send(described, { [name]: null });
        const codes = ((answer.body as Refusal).details ?? [])
          .filter(({ field }) => field === name)
          .map(({ code }) => code);
        expect([name, answer.status, codes]).toEqual([name, 400, ['unknown_field']]);
      }
    },
  );

  it.each(WITH_BODY)('%s refuses names that reach for a prototype', async (_name, described) => {
    for (const name of ['__proto__', 'constructor', 'prototype']) {
      for (const body of [`{"${name}":{"admin":true}}`, `{"text":{"a":[{"${name}":1}]}}`]) {
        const answer = await send(described, body);
        const codes = ((answer.body as Refusal).details ?? []).map(({ code }) => code);
        expect([body, answer.status, codes[0]]).toEqual([body, 400, 'forbidden_characters']);
      }
    }
    expect(({} as { admin?: unknown }).admin).toBeUndefined();
  });

  it('that is mistyped is answered with the name that is meant', async () => {
    const described = OPERATIONS.find(
      ({ operation }) => operation.operationId === 'replyToTicket',
    ) as DescribedOperation;
    const { body } = await send(described, { interal: true });
    expect((body as Refusal).details).toEqual([
      { field: 'interal', code: 'unknown_field', message: expect.stringContaining('Did you mean internal?') },
    ]);
  });
});

/** The only thing that a refused request leaves behind: that its key was used. */
function withoutKeyUse(tables: Readonly<Record<string, string>>): object {
  return { ...tables, api_key: undefined };
}
