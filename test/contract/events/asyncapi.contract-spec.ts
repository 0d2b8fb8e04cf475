import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { EVENT_CATALOGUE, EVENT_TYPES } from '#contracts';
import { describeBroker } from '#messaging';
import type { Schema } from '../../../libs/platform/src/openapi/schema-object';
import { API_DOCUMENT } from '../../support/api-document';
import { readJson } from './event-files';

const ROOT = join(__dirname, '../../..');
const SPECTRAL = join(ROOT, 'node_modules/@stoplight/spectral-cli/dist/index.js');
const RULES = join(__dirname, 'asyncapi-rules.yaml');

interface Reference {
  readonly $ref: string;
}

interface Message {
  readonly name: string;
  readonly summary: string;
  readonly contentType: string;
  readonly headers: Schema;
  readonly payload: Reference;
  readonly examples: readonly { readonly headers: object; readonly payload: object }[];
}

interface Channel {
  readonly address: string;
  readonly messages: Readonly<Record<string, Reference>>;
  readonly bindings: { readonly amqp: Readonly<Record<string, unknown>> };
  readonly [extension: `x-${string}`]: unknown;
}

interface Document {
  readonly asyncapi: string;
  readonly info: { readonly version: string };
  readonly channels: Readonly<Record<'queue' | 'stream' | 'events' | 'log', Channel>>;
  readonly operations: Readonly<
    Record<string, { readonly action: string; readonly channel: Reference; readonly messages: readonly Reference[] }>
  >;
  readonly components: {
    readonly messages: Readonly<Record<string, Message>>;
    readonly schemas: Readonly<Record<string, Schema>>;
  };
}

const DOCUMENT = readJson<Document>('asyncapi.json');

/** Checks payloads as AsyncAPI's own schemas are read: as draft 7. */
const ajv = new Ajv({ strict: false, allErrors: true });
addFormats(ajv);
ajv.addSchema(DOCUMENT, 'document');

async function lint(document: object): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'helpdesk-lint-'));
  try {
    const file = join(folder, 'asyncapi.json');
    await writeFile(file, JSON.stringify(document));
    const parameters = [SPECTRAL, 'lint', file, '--ruleset', RULES, '--format', 'json', '--quiet'];
    const run = promisify(execFile)(process.execPath, parameters, { maxBuffer: 16 * 1024 * 1024 });
    // It exits with 1 when it has findings.
    const { stdout } = await run.catch((failed: { stdout: string }) => failed);
    return (JSON.parse(stdout) as { readonly code: string }[]).map(({ code }) => code);
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe('the AsyncAPI document', () => {
  it('is valid AsyncAPI 3.0, by the official schema and every rule of the linter', async () => {
    expect(DOCUMENT.asyncapi).toBe('3.0.0');
    expect(await lint(DOCUMENT)).toEqual([]);
  });

  it('would be found out if it were not', async () => {
    const { events } = DOCUMENT.channels;
    const wrong = { ...DOCUMENT, channels: { ...DOCUMENT.channels, events: { ...events, adress: events.address } } };
    expect(await lint(wrong)).toContain('asyncapi-3-document-resolved');
  });

  it('has the version of the API', () => {
    expect(DOCUMENT.info.version).toBe(API_DOCUMENT.info.version);
  });

  it('names what is on the broker', () => {
    const { exchange, log } = describeBroker();
    expect([exchange, log.name]).toEqual(['helpdesk.events', 'helpdesk.events.log']);
    const { events, log: stream } = DOCUMENT.channels;
    expect(events.address).toBe('{type}.{project_id}');
    expect(events.bindings.amqp).toMatchObject({
      is: 'routingKey',
      exchange: { name: exchange, type: 'topic', durable: true },
    });
    expect(stream.address).toBe(log.name);
    expect(stream.bindings.amqp).toMatchObject({ is: 'queue', queue: { name: log.name, durable: true } });
    expect(stream['x-queue-arguments']).toEqual(log.arguments);
    expect(log.arguments).toMatchObject({ 'x-queue-type': 'stream', 'x-max-age': '7D' });
  });

  it('names what another company’s service has on the broker, as `helpdesk consumer add` makes it', () => {
    const { foreignQueue, foreignStream } = describeBroker();
    const { queue, stream } = DOCUMENT.channels;
    for (const [channel, declared] of [
      [queue, foreignQueue],
      [stream, foreignStream],
    ] as const) {
      expect(channel.address).toBe(declared.name);
      expect(channel['x-queue-arguments']).toEqual(declared.arguments);
      expect(channel.bindings.amqp).toMatchObject({ is: 'queue', queue: { name: declared.name, durable: true } });
    }
    expect(queue.address).toBe('helpdesk.consumers.{project}.{side}.{consumer}');
  });

  it('lets every event be received, as it happens and from the stream', () => {
    const receiving = Object.values(DOCUMENT.operations).map(({ action, channel }) => [action, channel.$ref]);
    expect(receiving).toEqual([
      ['receive', '#/channels/queue'],
      ['receive', '#/channels/stream'],
      ['receive', '#/channels/events'],
      ['receive', '#/channels/log'],
    ]);
    for (const { channel, messages } of Object.values(DOCUMENT.operations)) {
      expect(messages).toEqual(EVENT_TYPES.map((type) => ({ $ref: `${channel.$ref}/messages/${type}` })));
    }
    for (const { messages } of Object.values(DOCUMENT.channels)) {
      expect(messages).toEqual(
        Object.fromEntries(EVENT_TYPES.map((type) => [type, { $ref: `#/components/messages/${type}` }])),
      );
    }
  });

  it.each(EVENT_CATALOGUE.map((event) => [event.type, event] as const))('has %s as a message', (type, event) => {
    const message = DOCUMENT.components.messages[type] as Message;
    expect(message).toMatchObject({
      name: type,
      summary: event.description,
      contentType: 'application/cloudevents+json',
      headers: { required: ['x-schema'], properties: { 'x-schema': { const: event.version } } },
    });
    const [example] = message.examples;
    const validate = ajv.compile({ $ref: `document${message.payload.$ref}` });
    expect(validate(example?.payload) ? null : validate.errors).toBeNull();
    expect(example?.payload).toEqual(readJson(`examples/${type}.json`));
    expect(validate({ ...example?.payload, type: 'ticket.unknown' })).toBe(false);
    expect(validate({ ...example?.payload, data: {} })).toBe(false);
    expect(ajv.validate(message.headers, example?.headers)).toBe(true);
  });

  it('has nothing beside a reference, which draft 7 would pass over', () => {
    const beside = (node: unknown): string[] => {
      if (typeof node !== 'object' || node === null) {
        return [];
      }
      const found = '$ref' in node && Object.keys(node).length > 1 ? [JSON.stringify(node)] : [];
      return [...found, ...Object.values(node).flatMap(beside)];
    };
    expect(beside(DOCUMENT.components.schemas)).toEqual([]);
  });
});
