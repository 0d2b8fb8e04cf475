import { DEFAULT_BOUNDS } from '../transports/rabbitmq/foreign-queues';
import { consumerDefinitions } from './consumer-definitions';
import type { ConsumerPlan } from './consumer-definitions';

const PROJECT = '019ab6b0-0a11-7c2d-8e3f-405162738495';
const USER = 'helpdesk.consumers.acme.live.crm';
const plan: ConsumerPlan = {
  key: { project: 'acme', side: 'live', name: 'crm' },
  projectId: PROJECT,
  events: ['ticket.created', 'ticket.closed'],
  bounds: DEFAULT_BOUNDS,
  stream: false,
};
const definitions = consumerDefinitions(plan, { vhost: '/' }, 'hash');

describe('what a foreign consumer has on the broker', () => {
  it('is a user that is marked as ours and has no rights of management', () => {
    expect(definitions.users).toEqual([
      expect.objectContaining({
        name: USER,
        password_hash: 'hash',
        tags: ['helpdesk-consumer'],
        limits: { 'max-connections': 10, 'max-channels': 50 },
      }),
    ]);
    expect(consumerDefinitions(plan, { vhost: '/' }).users).toEqual([]);
  });

  describe('are rights', () => {
    const [permission] = definitions.permissions;
    const may = (right: 'configure' | 'write' | 'read', name: string) =>
      new RegExp(permission?.[right] ?? '').test(name);

    it('to read its queue, its stream, and from the exchange', () => {
      expect([USER, `${USER}.log`, 'helpdesk.events'].filter((name) => !may('read', name))).toEqual([]);
    });

    it.each([
      'helpdesk.events.log',
      'notifier.queue-webhooks',
      'notifier.queue-webhooks.dead',
      'helpdesk.consumers.acme.test.crm',
      'helpdesk.consumers.acme.live.crm2',
      'helpdesk.consumers.acme.live.crm.log.log',
      'helpdeskxconsumers.acme.live.crm',
      'amq.topic',
    ])('which do not reach %s', (name) => {
      expect([may('configure', name), may('write', name), may('read', name)]).toEqual([false, false, false]);
    });

    it('to bind its queue, and to write nowhere: neither to its exchange, nor by the default one, nor to its stream', () => {
      expect(may('write', USER)).toBe(true);
      expect(['helpdesk.events', 'amq.default', `${USER}.log`].filter((name) => may('write', name))).toEqual([]);
      expect([USER, 'helpdesk.events', 'anything'].filter((name) => may('configure', name))).toEqual([]);
    });
  });

  it('is a queue that is bound to its events of its project, and a stream only where one is asked for', () => {
    const bound = ({ bindings }: typeof definitions) =>
      bindings.map(({ destination, routing_key: key }) => [destination, key]);
    expect(definitions.queues.map(({ name }) => name)).toEqual([USER]);
    expect(bound(definitions)).toEqual([
      [USER, `ticket.closed.${PROJECT}`],
      [USER, `ticket.created.${PROJECT}`],
    ]);
    const withStream = consumerDefinitions({ ...plan, events: 'all', stream: true }, { vhost: '/' });
    expect(bound(withStream)).toEqual([
      [USER, `#.${PROJECT}`],
      [`${USER}.log`, `#.${PROJECT}`],
    ]);
  });

  it('is in the virtual host and under the prefix of the installation', () => {
    const elsewhere = consumerDefinitions({ ...plan, stream: true }, { vhost: 'desk', prefix: 'support.' }, 'hash');
    const { users, ...placed } = elsewhere;
    const objects = Object.values(placed).flat() as { readonly vhost: string }[];
    expect(new Set(objects.map(({ vhost }) => vhost))).toEqual(new Set(['desk']));
    const names = [...users, ...elsewhere.queues, ...elsewhere.exchanges].map(({ name }) => name);
    expect(names.filter((name) => !name.startsWith('support.helpdesk.'))).toEqual([]);
  });
});
