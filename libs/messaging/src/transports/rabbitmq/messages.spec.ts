import type { Message } from 'amqplib';
import { eventMessage, movedMessage, readMessage, reasonOf } from './messages';

const PROJECT = '0198a000-0000-7000-8000-000000000001';
const SUBJECT = '0198a000-0000-7000-8000-000000000002';
const EVENT_ID = '0198a000-0000-7000-8000-000000000003';

const body = JSON.stringify({
  specversion: '1.0',
  id: EVENT_ID,
  type: 'ticket.created',
  subject: SUBJECT,
  datacontenttype: 'application/json',
  dataversion: 3,
  projectid: PROJECT,
  data: { text: 'Grüße, "dataversion":99' },
});

function messageOf(content: string, properties: object = {}): Message {
  const fields = { deliveryTag: 1, redelivered: false, exchange: '', routingKey: '' };
  return { content: Buffer.from(content), fields, properties: properties as Message['properties'] };
}

describe('an event’s message', () => {
  const message = eventMessage('helpdesk.events', {
    id: 1,
    eventId: EVENT_ID,
    projectId: PROJECT,
    aggregateId: SUBJECT,
    type: 'ticket.created',
    body,
    createdAt: new Date('2026-01-02T03:04:05.678Z'),
    traceparent: '00-aa-bb-01',
  });

  it('is the event as it was stored, with its project in the routing key', () => {
    expect(message).toMatchObject({ exchange: 'helpdesk.events', routingKey: `ticket.created.${PROJECT}` });
    expect(message.content.toString('utf8')).toBe(body);
  });

  it('says what it is without being read', () => {
    expect(message.properties).toEqual({
      contentType: 'application/cloudevents+json',
      contentEncoding: 'utf-8',
      messageId: EVENT_ID,
      type: 'ticket.created',
      timestamp: 1_767_323_045,
      appId: 'helpdesk',
      headers: { 'x-schema': 3, traceparent: '00-aa-bb-01' },
    });
  });
});

describe('a message that moves', () => {
  it('stays what it is, with attempts and reason, without what the broker wrote on its way', () => {
    const headers = { 'x-schema': 3, 'x-attempts': 1, 'x-death': [{ queue: 'q.retry.1' }], 'x-delivery-count': 4 };
    const incoming = readMessage(messageOf(body, { messageId: EVENT_ID, type: 'ticket.created', headers }));
    const moved = movedMessage(incoming, 'q.retry.2', { attempts: 2, reason: 'Error: away' });
    expect(moved).toMatchObject({ exchange: '', routingKey: 'q.retry.2' });
    expect(moved.content).toBe(incoming.source.content);
    expect(moved.properties).toEqual({
      messageId: EVENT_ID,
      type: 'ticket.created',
      headers: { 'x-schema': 3, 'x-attempts': 2, 'x-reason': 'Error: away' },
    });
  });
});

describe('reading a message', () => {
  it('finds the event and the attempts that have failed', () => {
    expect(readMessage(messageOf(body))).toMatchObject({ eventId: EVENT_ID, attempts: 0, event: { subject: SUBJECT } });
    expect(readMessage(messageOf(body, { headers: { 'x-attempts': 4 } })).attempts).toBe(4);
    expect(readMessage(messageOf(body, { headers: { 'x-attempts': 'many' } })).attempts).toBe(0);
  });

  it.each([
    ['nothing', ''],
    ['no JSON', '{"id":'],
    ['no event', '[]'],
    ['null', 'null'],
    ['an event whose id is none', body.replace(EVENT_ID, 'x')],
    ['an event whose project is none', body.replace(PROJECT, 'x')],
  ])('knows %s when it sees it', (_case, content) => {
    expect(readMessage(messageOf(content, { messageId: EVENT_ID }))).toMatchObject({ event: null, eventId: EVENT_ID });
  });

  it('names what has no id by its content', () => {
    const [one, same, other] = ['x', 'x', 'y'].map((content) => readMessage(messageOf(content)).eventId);
    expect(one).toMatch(/^unreadable-[0-9a-f]{16}$/);
    expect(same).toBe(one);
    expect(other).not.toBe(one);
  });

  it('tells why it is dead', () => {
    expect(reasonOf(messageOf(body, { headers: { 'x-reason': 'Error: away' } }))).toBe('Error: away');
    const givenUp = { 'x-first-death-reason': 'delivery_limit' };
    expect(reasonOf(messageOf(body, { headers: givenUp }))).toContain('too often');
    expect(reasonOf(messageOf(body))).toBe('unknown');
  });
});
