import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { ERROR_STATUS, EVENT_CATALOGUE, EVENT_TYPES, RETRYABLE_CODES } from '#contracts';
import { describeModules } from '#platform';
import { ConfigApiModule } from '../../../apps/config-api/src/config-api.module';
import { TicketsApiModule } from '../../../apps/tickets-api/src/tickets-api.module';
import { API_DOCUMENT, closedSchema, operationsOf } from '../../support/api-document';
import type { Schema } from '../../support/api-document';

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats(ajv);

const OPERATIONS = operationsOf(API_DOCUMENT).map(({ method, path, operation }) => {
  return [`${method} ${path}`, operation] as const;
});

/** SPEC.md, section 1: what each status can mean. */
const CODES_BY_STATUS: Readonly<Record<number, readonly string[]>> = {
  400: ['validation_failed', 'bad_request'],
  401: ['unauthorized', 'invalid_api_key'],
  402: ['billing_blocked'],
  403: ['insufficient_scope', 'test_key_forbidden', 'helpdesk_disabled', 'ticket_creation_disabled', 'forbidden'],
  404: [
    'not_found',
    'ticket_not_found',
    'ticket_type_not_found',
    'subscriber_not_found',
    'agent_not_found',
    'canned_response_not_found',
    'routing_rule_not_found',
    'project_not_found',
    'key_not_found',
    'member_not_found',
  ],
  405: ['method_not_allowed'],
  409: ['conflict', 'idempotency_conflict', 'idempotency_in_progress', 'channel_mismatch', 'newer_messages'],
  410: ['cursor_expired'],
  412: ['version_mismatch'],
  413: ['payload_too_large'],
  415: ['unsupported_media_type'],
  429: ['rate_limit_project'],
  431: ['request_header_fields_too_large'],
  500: ['internal_error'],
  503: ['platform_busy'],
};

function faults(schema: Schema | undefined, value: unknown): string | undefined {
  const validate = ajv.compile(closedSchema(schema ?? {}));
  return validate(value) ? undefined : `${ajv.errorsText(validate.errors)} in ${JSON.stringify(value)}`;
}

interface Example {
  readonly value?: unknown;
  readonly $ref?: string;
}

function valueOf({ value, $ref }: Example): unknown {
  const shared = API_DOCUMENT.components['examples'] as Readonly<Record<string, Example>>;
  return $ref ? shared[$ref.split('/').at(-1) ?? '']?.value : value;
}

/** All examples beside a schema: those of a body, of an answer or of a webhook. */
function examplesOf(content: { readonly example?: unknown; readonly examples?: object }): unknown[] {
  const named = Object.values((content.examples ?? {}) as Readonly<Record<string, Example>>).map(valueOf);
  return content.example === undefined ? named : [content.example, ...named];
}

describe('the API document', () => {
  it('names every operation once', () => {
    const names = OPERATIONS.map(([, { operationId }]) => operationId);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it.each(OPERATIONS)('%s has request examples that are what its schema says', (_name, { requestBody }) => {
    for (const content of Object.values(requestBody?.content ?? {})) {
      const examples = examplesOf(content);
      expect(examples.length).toBeGreaterThan(0);
      expect(examples.map((example) => faults(content.schema, example)).filter(Boolean)).toEqual([]);
    }
  });

  it.each(OPERATIONS)('%s has answers and errors that are what their schemas say', (_name, { responses }) => {
    for (const { content = {} } of Object.values(responses)) {
      for (const [type, one] of Object.entries(content)) {
        const examples = examplesOf(one);
        expect(examples.map((example) => faults(one.schema, example)).filter(Boolean)).toEqual([]);
        expect(type !== 'application/json' || examples.length > 0 || !one.schema?.properties).toBe(true);
      }
    }
  });

  it.each(OPERATIONS)('%s has the status of each code that it names', (_name, { responses }) => {
    for (const [status, { content = {} }] of Object.entries(responses).filter(([code]) => Number(code) >= 400)) {
      const codes = Object.keys(content['application/json']?.examples ?? {});
      expect(codes.length).toBeGreaterThan(0);
      expect(codes.map((code) => ERROR_STATUS[code as keyof typeof ERROR_STATUS])).toEqual(
        codes.map(() => Number(status)),
      );
    }
  });

  it.each(OPERATIONS)('%s has examples of its parameters that are what their schemas say', (_name, { parameters }) => {
    const own = (parameters ?? []).filter(({ $ref }) => !$ref);
    expect(own.map(({ schema, example }) => faults(schema, example)).filter(Boolean)).toEqual([]);
  });

  it.each(Object.entries(API_DOCUMENT.components.schemas))('%s has fields with examples that fit', (_name, schema) => {
    for (const field of Object.values(schema.properties ?? {})) {
      expect((field.examples ?? []).map((example) => faults(field, example)).filter(Boolean)).toEqual([]);
    }
  });

  it('says of no member that it is null without its type, and of nothing what only OpenAPI 3.0 knows', () => {
    expect(JSON.stringify(API_DOCUMENT)).not.toMatch(/"nullable":/);
  });

  it('has the parts of each app in the one document of them all', async () => {
    const options = { serverUrl: 'http://localhost:3000' };
    const [tickets, config] = await Promise.all([
      describeModules([TicketsApiModule], options),
      describeModules([ConfigApiModule], options),
    ]);
    expect({ ...tickets.paths, ...config.paths }).toEqual(API_DOCUMENT.paths);
    const discovery = ['/docs', '/docs/errors', '/llms.txt', '/openapi.json'];
    expect(Object.keys(config.paths).filter((path) => path in tickets.paths)).toEqual(discovery);
    expect(Object.keys(config.components.schemas)).not.toContain('Ticket');
  });
});

describe('the webhooks of the API document', () => {
  it('are the events of the catalogue', () => {
    expect(Object.keys(API_DOCUMENT.webhooks).toSorted()).toEqual(EVENT_TYPES.toSorted());
  });

  it.each(EVENT_CATALOGUE.map((event) => [event.type, event] as const))('%s is what its schema says', (type, event) => {
    const content = API_DOCUMENT.webhooks[type]?.post.requestBody?.content?.['application/json'];
    expect(faults(content?.schema, { event: type, data: event.example })).toBeUndefined();
    expect(faults(content?.schema, { event: type, data: { ...event.example, surprise: 1 } })).toBeDefined();
    expect(faults(content?.schema, { event: 'ticket.unknown', data: event.example })).toBeDefined();
    expect(examplesOf(content ?? {})).toEqual([{ event: type, data: event.example }]);
  });
});

describe('the error codes', () => {
  it('have the statuses of the specification', () => {
    const expected = Object.entries(CODES_BY_STATUS).flatMap(([status, codes]) =>
      codes.map((code) => [code, Number(status)] as const),
    );
    expect(ERROR_STATUS).toEqual(Object.fromEntries(expected));
  });

  it('may be repeated where a repeat can help', () => {
    expect(RETRYABLE_CODES.toSorted()).toEqual(
      ['idempotency_in_progress', 'internal_error', 'platform_busy', 'rate_limit_project'].toSorted(),
    );
  });

  it('have an example each', () => {
    const examples = API_DOCUMENT.components['examples'] as Readonly<Record<string, Example>>;
    expect(Object.keys(examples).toSorted()).toEqual(Object.keys(ERROR_STATUS).toSorted());
    for (const [code, example] of Object.entries(examples)) {
      expect(example.value).toMatchObject({ code, docs_url: `http://localhost:3000/docs/errors#${code}` });
      expect(faults({ $ref: '#/components/schemas/Error' }, example.value)).toBeUndefined();
    }
  });
});
