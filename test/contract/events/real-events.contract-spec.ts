import Ajv from 'ajv';
import { EVENT_TYPES } from '#contracts';
import type { EventEnvelope } from '#contracts';
import { describeBroker } from '#messaging';
import { API } from '../../support/answers';
import { readEvents } from '../../support/read-events';
import type { TestProject } from '../../support/test-project';
import { startTestService } from '../../support/test-service';
import type { TestService } from '../../support/test-service';
import { faultsOf, readJson, strictValidatorOf } from './event-files';

interface AsyncApi {
  readonly channels: { readonly events: { readonly address: string } };
  readonly components: {
    readonly messages: Readonly<
      Record<string, { readonly contentType: string; readonly headers: object; readonly bindings: object }>
    >;
  };
}

/** Every change of a ticket and of its customer that fires an event. */
async function makeEverythingHappen(project: TestProject): Promise<void> {
  const agent = await project.addMember();
  const type = await project.addTicketType();
  const change = async (method: string, path: string, body: object) => {
    expect((await project.request(method, path, { body })).status).toBeLessThan(300);
  };
  const { id } = await project.createTicket({ external_id: 'customer-1', first_name: 'Ivan', subject: 'Login' });
  const ticket = `${API}/tickets/${id}`;
  await change('PATCH', `${ticket}/assign`, { assigned_to: agent });
  await change('PATCH', `${ticket}/assign`, { assigned_to: null });
  await change('PATCH', `${ticket}/priority`, { priority: 'urgent' });
  await change('PATCH', ticket, { tags: ['vip', 'счёт'], ticket_type_id: type, subject: null });
  await change('POST', `${ticket}/reply`, { text: 'We look into it', agent_id: agent });
  await change('POST', `${ticket}/reply`, { text: 'Ask the bank', internal: true });
  await change('POST', `${ticket}/customer-reply`, { text: 'Is it mended?' });
  await project.changeSettings({ csat_enabled: true });
  await change('POST', `${ticket}/reply`, { text: 'It is', status: 'closed' });
  await change('POST', `${ticket}/csat`, { rating: 4, comment: 'Friendly' });
  await change('POST', `${ticket}/csat`, { rating: 5, comment: null });
  await change('POST', `${ticket}/customer-reply`, { text: 'It is not' });
  await project.createTicket({ channel: 'telegram', chat_id: 123, username: 'ivan_p' });
}

/** What happens by time alone: a warning, then a breach and a customer whom nobody has answered for a day. */
async function letTimePass(project: TestProject): Promise<void> {
  await project.setThresholds({ firstReplyHours: 4, unansweredHours: 24 });
  const key = project.testKey;
  await project.createTicket({}, key);
  await project.advanceTestClock(3.5);
  await readEvents(project, 2, key);
  await project.advanceTestClock(22);
  await readEvents(project, 4, key);
}

describe('events that have happened', () => {
  let service: TestService;
  let events: EventEnvelope[];

  beforeAll(async () => {
    service = await startTestService();
    const project = await service.createProject();
    await makeEverythingHappen(project);
    await letTimePass(project);
    const rows = await service.db.sql<{ body: string }>('SELECT body FROM outbox ORDER BY id');
    events = rows.map(({ body }) => JSON.parse(body) as EventEnvelope);
  });
  afterAll(() => service.close());

  it('are of every type that the catalogue has', () => {
    expect([...new Set(events.map(({ type }) => type))].toSorted()).toEqual(EVENT_TYPES.toSorted());
  });

  it('are what their schemas say, to the last member', () => {
    const faults = events.map((event) => [event.type, faultsOf(strictValidatorOf(event.type), event)]);
    expect(faults.filter(([, fault]) => fault !== undefined)).toEqual([]);
  });

  it('have the members of the examples in the same order', () => {
    for (const event of events) {
      // What the product does by itself has no request.
      const members = Object.keys(readJson(`examples/${event.type}.json`));
      expect(Object.keys(event)).toEqual(members.filter((name) => name !== 'requestid' || name in event));
    }
  });

  it('are published as the AsyncAPI document says', () => {
    const { channels, components } = readJson<AsyncApi>('asyncapi.json');
    const broker = describeBroker();
    for (const event of events) {
      const { contentType, contentEncoding, headers } = broker.messageOf(event);
      const described = components.messages[event.type];
      expect(described).toMatchObject({
        contentType,
        bindings: { amqp: { contentEncoding, messageType: event.type } },
      });
      expect(new Ajv().validate(described?.headers ?? false, headers)).toBe(true);
      const key = channels.events.address.replace('{type}', event.type).replace('{project_id}', event.projectid);
      expect(broker.routingKey(event.type, event.projectid)).toBe(key);
    }
  });
});
