import {
  DEFAULT_BOUNDS,
  boundsOf,
  foreignConsumerOf,
  foreignQueue,
  foreignQueuesOf,
  foreignStream,
} from './foreign-queues';
import { Topology } from './topology';

const KEY = { project: 'acme', side: 'live', name: 'crm' } as const;

describe('the queue of another company', () => {
  const { arguments: args } = foreignQueue('q', { maxLength: 10, maxBytes: 2_000_000, ttlSeconds: 60 });

  it('is bounded in messages, bytes and time, and drops its oldest messages: one that refused would stop the relay', () => {
    expect(args).toMatchObject({
      'x-overflow': 'drop-head',
      'x-max-length': 10,
      'x-max-length-bytes': 2_000_000,
      'x-message-ttl': 60_000,
    });
    expect(boundsOf(args)).toEqual({ maxLength: 10, maxBytes: 2_000_000, ttlSeconds: 60 });
  });

  it('has one active consumer, and no limit of deliveries after which messages would be lost', () => {
    expect(args).toMatchObject({ 'x-single-active-consumer': true, 'x-delivery-limit': 2_147_483_647 });
  });

  it('and its stream have only arguments that RabbitMQ 3.10 and 4 know for their kinds', () => {
    const quorum =
      'x-queue-type x-delivery-limit x-single-active-consumer x-overflow x-max-length x-max-length-bytes x-message-ttl';
    const stream = 'x-queue-type x-max-age x-stream-max-segment-size-bytes x-max-length-bytes';
    expect(args['x-queue-type']).toBe('quorum');
    expect(quorum.split(' ')).toEqual(expect.arrayContaining(Object.keys(args)));
    const log = foreignStream('q.log').arguments;
    expect(log).toMatchObject({ 'x-queue-type': 'stream', 'x-max-age': '7D' });
    expect(stream.split(' ')).toEqual(expect.arrayContaining(Object.keys(log)));
  });

  it('has bounds that a broker takes unless others are asked for', () => {
    expect(DEFAULT_BOUNDS.ttlSeconds * 1000).toBeLessThan(2 ** 32);
  });
});

describe('the names of a foreign consumer', () => {
  it.each([
    [KEY, ''],
    [{ ...KEY, side: 'test' }, ''],
    [KEY, 'support.'],
    [{ project: 'events', side: 'live', name: 'log' }, ''],
  ] as const)('of %j with the prefix "%s" are read back from its queue', (key, prefix) => {
    const { queue, stream } = foreignQueuesOf(key, prefix);
    expect(foreignConsumerOf(queue, prefix)).toEqual(key);
    expect(foreignConsumerOf(stream, prefix)).toBeUndefined();
  });

  it('are never those of the product', () => {
    const topology = new Topology([1]);
    const { queue, rungs, dead } = topology.queuesOf('notifier.queue-webhooks');
    const product = [topology.exchange, topology.log, queue, dead, ...rungs.map((rung) => rung.queue)];
    expect(product.map((name) => foreignConsumerOf(name))).toEqual(product.map(() => undefined));
  });

  it.each([
    'helpdesk.consumers.acme.crm',
    'helpdesk.consumers.acme.other.crm',
    'helpdesk.consumers..live.crm',
    'other.helpdesk.consumers.acme.live.crm',
    'helpdesk.consumers.acme.live.',
  ])('are not read from "%s"', (name) => {
    expect(foreignConsumerOf(name)).toBeUndefined();
  });
});
