import { TicketCreated, TicketReplied } from '#contracts';
import type { Subscription } from '../subscription';
import { PREFETCH, Topology, topologyLines } from './topology';

const subscription: Subscription = {
  consumer: 'notifier.queue-webhooks',
  events: [TicketCreated, TicketReplied],
  handle: () => Promise.resolve(),
};
const topology = new Topology([5_000, 30_000, 120_000, 600_000, 3_600_000]);
const { exchange, queues, bindings } = topology.declarations([subscription]);
const argumentsOf = (name: string) => queues.find((queue) => queue.name === name)?.arguments;

describe('the topology', () => {
  it('has an exchange for events, and a stream that keeps all of them for seven days', () => {
    expect(exchange).toBe('helpdesk.events');
    expect(argumentsOf('helpdesk.events.log')).toMatchObject({ 'x-queue-type': 'stream', 'x-max-age': '7D' });
    expect(bindings).toContainEqual({ queue: 'helpdesk.events.log', exchange, pattern: '#' });
  });

  it('puts the project last in the routing key, and binds a consumer to its types of every project', () => {
    expect(Topology.routingKey('ticket.created', '0198')).toBe('ticket.created.0198');
    expect(bindings.filter(({ queue }) => queue === subscription.consumer)).toEqual([
      { queue: subscription.consumer, exchange, pattern: 'ticket.created.*' },
      { queue: subscription.consumer, exchange, pattern: 'ticket.replied.*' },
    ]);
  });

  it('lets one process at a time consume from a queue, and puts aside what it cannot answer', () => {
    expect(argumentsOf('notifier.queue-webhooks')).toMatchObject({
      'x-single-active-consumer': true,
      'x-delivery-limit': 20,
      'x-dead-letter-exchange': '',
      'x-dead-letter-routing-key': 'notifier.queue-webhooks.dead',
    });
  });

  it.each([
    [1, 5_000],
    [2, 30_000],
    [3, 120_000],
    [4, 600_000],
    [5, 3_600_000],
  ])('has a rung %i on which a message waits %i ms and then returns', (rung, delayMs) => {
    expect(argumentsOf(`notifier.queue-webhooks.retry.${rung}`)).toMatchObject({
      'x-message-ttl': delayMs,
      'x-dead-letter-exchange': '',
      'x-dead-letter-routing-key': 'notifier.queue-webhooks',
    });
  });

  it('declares the target of a move before the queue that moves', () => {
    const names = queues.map(({ name }) => name);
    const targets = queues.map(({ arguments: args }) => args['x-dead-letter-routing-key']);
    const places = targets.map((target) => (target === undefined ? -1 : names.indexOf(String(target))));
    expect(places.filter((place, index) => place >= index)).toEqual([]);
    expect(places.filter((place) => place >= 0)).toHaveLength(6);
  });

  it('sets its prefix before every name', () => {
    const prefixed = new Topology([5_000], 'support.').declarations([subscription]);
    const names = [prefixed.exchange, ...prefixed.queues.map(({ name }) => name)];
    expect(names.filter((name) => !name.startsWith('support.'))).toEqual([]);
    const targets = prefixed.queues.map(({ arguments: args }) => args['x-dead-letter-routing-key'] ?? 'support.');
    expect(targets.filter((target) => !String(target).startsWith('support.'))).toEqual([]);
  });

  it('tells every queue and binding to the log', () => {
    const lines = topologyLines(topology.declarations([subscription]));
    expect(lines).toHaveLength(1 + queues.length + bindings.length);
    expect(lines).toContainEqual({
      event: 'broker.binding',
      queue: 'notifier.queue-webhooks',
      exchange,
      pattern: 'ticket.created.*',
    });
  });
});

describe('what RabbitMQ 4 asks for and 3.10 accepts', () => {
  /** Arguments that both know. Neither mirrored nor lazy queues, priorities or policies. */
  const KNOWN = {
    quorum: [
      'x-queue-type',
      'x-delivery-limit',
      'x-single-active-consumer',
      'x-message-ttl',
      'x-dead-letter-exchange',
      'x-dead-letter-routing-key',
      'x-dead-letter-strategy',
      'x-overflow',
    ],
    stream: ['x-queue-type', 'x-max-age', 'x-stream-max-segment-size-bytes'],
  };

  it.each(queues.map(({ name, arguments: args }) => [name, args] as const))('holds for %s', (_name, args) => {
    const type = args['x-queue-type'];
    expect(['quorum', 'stream']).toContain(type);
    expect(KNOWN[type as keyof typeof KNOWN]).toEqual(expect.arrayContaining(Object.keys(args)));
  });

  it('gives each quorum queue a delivery limit of its own: the two differ in what none means, and in -1', () => {
    const limits = queues
      .filter(({ arguments: args }) => args['x-queue-type'] === 'quorum')
      .map(({ arguments: args }) => args['x-delivery-limit']);
    expect(limits).toHaveLength(7);
    expect(limits.filter((limit) => !(Number.isInteger(limit) && Number(limit) > 0))).toEqual([]);
  });

  it('moves at least once, which needs an overflow that refuses, and has no queue that can be full', () => {
    const moving = queues.filter(({ arguments: args }) => args['x-dead-letter-exchange'] !== undefined);
    expect(moving).toHaveLength(6);
    for (const { arguments: args } of moving) {
      expect(args).toMatchObject({ 'x-dead-letter-strategy': 'at-least-once', 'x-overflow': 'reject-publish' });
    }
    expect(queues.filter(({ arguments: args }) => 'x-max-length' in args || 'x-max-length-bytes' in args)).toEqual([]);
  });

  it('limits what a consumer has in hand by consumer, not by channel', () => {
    expect(PREFETCH).toEqual({ count: 50, global: false });
  });
});
