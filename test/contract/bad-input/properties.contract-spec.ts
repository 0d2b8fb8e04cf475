import { randomInt } from 'node:crypto';
import * as fc from 'fast-check';
import { API_DOCUMENT, dereferenced, operationsOf } from '../../support/api-document';
import type { DescribedOperation, Schema } from '../../support/api-document';
import { startTestService } from '../../support/test-service';
import type { TestService } from '../../support/test-service';
import { Tenant } from '../isolation/tenant';
import { readTenantRows } from '../isolation/tenant-rows';
import { Edge, isError, TICKETS } from './edge';
import { goodRequest } from './good-request';
import { boundaryValues, wrongBodyValues } from './wrong-values';

/** Chosen anew for each run, and given to try a failed one again. */
const SEED = Number(process.env['HELPDESK_FUZZ_SEED'] ?? randomInt(2 ** 31));

/** How many times the usual number of tries. */
const EFFORT = Number(process.env['HELPDESK_FUZZ_EFFORT'] ?? 1);

const tries = (count: number) => ({ seed: SEED, numRuns: count * EFFORT });

const OPERATIONS = operationsOf(API_DOCUMENT).filter(({ operation }) => (operation.security ?? []).length > 0);

// They change what the others stand on.
const HARMLESS = OPERATIONS.filter(({ operation }) => operation.operationId !== 'resetTestSide');

const named = (operations: readonly DescribedOperation[]) =>
  operations.map((described) => [described.operation.operationId ?? '', described] as const);

const WITH_BODY = named(HARMLESS.filter(({ operation }) => operation.requestBody));
const WITH_QUERY = named(
  HARMLESS.filter(({ method, operation }) => method === 'GET' && operation.operationId !== 'streamEvents'),
);

/** Any text, from one letter to what breaks parsers. */
const anyText = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '',
    ' ',
    '\u0000',
    '\ud800',
    '\u202e',
    '\ufeff',
    "'; DROP TABLE ticket; --",
    '${7*7}',
    '%s%n',
    '../..',
    'null',
    '[object Object]',
  ),
);

/** Values of a field: those that it takes, those that it must refuse, and anything at all. */
function anyValueOf(schema: Schema, required: boolean): fc.Arbitrary<unknown> {
  const near = [...boundaryValues(schema), ...wrongBodyValues(schema, required).map(({ value }) => value)];
  return fc.oneof(fc.constantFrom(...near, null), fc.jsonValue(), anyText, fc.double(), fc.maxSafeInteger());
}

/** Bodies of an operation: some of its fields, and some that it does not have. */
function anyBody({ operation }: DescribedOperation): fc.Arbitrary<object> {
  const { properties = {}, required = [] } = dereferenced(
    operation.requestBody?.content?.['application/json']?.schema ?? {},
  );
  const fields = Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [name, anyValueOf(schema, required.includes(name))]),
  );
  const others = fc.dictionary(fc.oneof(anyText, fc.constantFrom('__proto__', 'toString', 'id')), fc.jsonValue(), {
    maxKeys: 2,
  });
  return fc
    .tuple(
      fc.record(fields, { requiredKeys: [] }),
      fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: others }),
    )
    .map(([known, unknown]) => ({ ...known, ...unknown }));
}

/** What is sent must not be lost in a URL: half a surrogate pair has no form there. */
const inUrl = (text: string): string => encodeURIComponent(text.toWellFormed());

describe('whatever is sent', () => {
  let service: TestService;
  let tenant: Tenant;

  beforeAll(async () => {
    process.stdout.write(`Property tests: HELPDESK_FUZZ_SEED=${SEED} repeats them\n`);
    service = await startTestService();
    tenant = await Tenant.settle(service, await service.createProject(), { side: 'live', firstNumber: 1 });
  });
  afterAll(() => service.close());

  const stored = async (): Promise<object> => {
    const { tables } = await readTenantRows(service.db, tenant.projectId, { whole: true });
    // Telling the events goes on beside the requests; their number does not.
    return { ...tables, api_key: undefined, event_log_head: undefined, outbox: tables['outbox']?.split(' ')[0] };
  };

  // Each answer is held against the API document by the request itself: status, code, headers and form.
  it.each(WITH_BODY)(
    'as the body of %s is answered as the document says, and changes nothing when it is refused',
    async (_name, described) => {
      const { method, path } = goodRequest(described, tenant);
      let before = await stored();
      await fc.assert(
        fc.asyncProperty(anyBody(described), async (body) => {
          const answer = await tenant.request(method, path, { body });
          expect(answer.status).toBeLessThan(500);
          const after = await stored();
          if (answer.status >= 400) {
            expect(after).toEqual(before);
          }
          before = after;
        }),
        tries(40),
      );
    },
  );

  it.each(WITH_QUERY)('as the query of %s is answered as the document says', async (_name, described) => {
    const { method, path } = goodRequest(described, tenant);
    const names = (described.operation.parameters ?? [])
      .filter(({ in: place }) => place === 'query')
      .map(({ name }) => name ?? '');
    const name = fc.oneof(fc.constantFrom(...names, 'nonsense', '__proto__'), anyText);
    const value = fc.oneof(
      anyText,
      fc.integer().map(String),
      fc.constantFrom('1', '100', '101', 'true', 'none', 'latest', '-created_at'),
      fc.base64String(),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(name, value), { maxLength: 4 }), async (pairs) => {
        const query = pairs.map(([key, text]) => `${inUrl(key)}=${inUrl(text)}`).join('&');
        const answer = await tenant.request(method, `${path}?${query}`);
        expect(answer.status).toBeLessThan(500);
      }),
      tries(60),
    );
  });

  it('in the place of an id is answered like an id that leads nowhere', async () => {
    const paths = OPERATIONS.filter(({ path }) => path.includes('{id}') || path.includes('{number}'));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), anyText, async (described, text) => {
        fc.pre(!['', '.', '..'].includes(text) && !/^0*[1-9]\d*$/.test(text));
        const { method, body } = goodRequest(described, tenant);
        const path = described.path.replace(/\{\w+\}/, () => inUrl(text));
        const answer = await tenant.request(method, path, { body });
        expect([400, 404, 405]).toContain(answer.status);
      }),
      tries(200),
    );
  });

  it('as headers is answered as the document says', async () => {
    const { path } = goodRequest(
      OPERATIONS.find(({ operation }) => operation.operationId === 'replyToTicket') as DescribedOperation,
      tenant,
    );
    const value = fc
      .oneof(
        fc.string({ unit: 'grapheme-ascii' }),
        fc.string({ unit: fc.constantFrom('"', '1', ',', ' ', 'W', '/', '*', 'é') }),
      )
      .map((text) => text.trim());
    const names = fc.constantFrom(
      'Idempotency-Key',
      'If-Match',
      'X-Request-Id',
      'Accept',
      'Accept-Encoding',
      'Range',
      'If-None-Match',
      'Origin',
      'Cookie',
      'X-Forwarded-For',
    );
    await fc.assert(
      fc.asyncProperty(fc.dictionary(names, value, { maxKeys: 3 }), async (headers) => {
        const answer = await tenant.request('POST', path, { body: { text: 'A note', internal: true }, headers });
        expect([201, 400, 409, 412]).toContain(answer.status);
      }),
      tries(150),
    );
  });

  it('as a text comes back as it was sent', async () => {
    const text = fc
      .string({ unit: 'binary', minLength: 1, maxLength: 200 })
      .filter((one) => one.isWellFormed() && !one.includes('\u0000') && one.trim() !== '');
    await fc.assert(
      fc.asyncProperty(text, async (written) => {
        const { body } = await tenant.request('POST', TICKETS, { body: { text: written } });
        const { id } = body as { id: string };
        const read = await tenant.request('GET', `${TICKETS}/${id}`);
        expect((read.body as { messages: { text: string }[] }).messages[0]?.text).toBe(written);
      }),
      tries(60),
    );
  });
});

describe('whatever bytes are sent', () => {
  let edge: Edge;

  beforeAll(async () => {
    edge = await Edge.start();
  });
  afterAll(() => edge.stop());

  /** A document with a wound: cut, doubled, or with a byte that does not belong there. */
  const wounded = fc
    .tuple(
      fc.jsonValue({ maxDepth: 4 }).map((value) => Buffer.from(JSON.stringify({ text: value }))),
      fc.nat(10_000),
      fc.uint8Array({ maxLength: 3 }),
      fc.constantFrom('cut', 'insert', 'replace', 'double'),
    )
    .map(([document, place, bytes, wound]) => {
      const at = place % (document.length + 1);
      const [head, tail] = [document.subarray(0, at), document.subarray(at)];
      return {
        cut: head,
        insert: Buffer.concat([head, bytes, tail]),
        replace: Buffer.concat([head, bytes, tail.subarray(bytes.length)]),
        double: Buffer.concat([document, tail]),
      }[wound];
    });

  it('as a body are refused in the envelope, or read', async () => {
    await fc.assert(
      fc.asyncProperty(wounded, async (body) => {
        const { status, body: text } = await edge.ask(edge.request(body));
        expect([201, 400]).toContain(status);
        expect(status === 201 || isError(JSON.parse(text))).toBe(true);
      }),
      tries(200),
    );
  });

  it('as a request get an answer, or the end of the connection, and harm nobody', async () => {
    const good = edge.request('{"text": 1}');
    await fc.assert(
      fc.asyncProperty(fc.nat(good.length - 1), fc.uint8Array({ minLength: 1, maxLength: 4 }), async (at, bytes) => {
        const spoilt = Buffer.concat([good.subarray(0, at), bytes, good.subarray(at + bytes.length)]);
        const raw = await edge.open();
        raw.send(spoilt);
        raw.finish();
        const answer = await raw.answer().catch(() => undefined);
        raw.close();
        expect(answer === undefined || (answer.status >= 400 && answer.status < 500)).toBe(true);
        expect(answer === undefined || isError(JSON.parse(answer.body))).toBe(true);
      }),
      tries(200),
    );
    expect((await edge.project.request('GET', TICKETS)).status).toBe(200);
  });
});
