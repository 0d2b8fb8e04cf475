import { heartbeatText, messagesText, openingText, placeAfter } from './stream-frame';

const created = { id: '5', event: 'ticket.created', data: { id: 'a' } };
const place = { id: '9' };

describe('a message of an event stream', () => {
  it('has its place, its name and its data as JSON in one line', () => {
    expect(messagesText([{ ...created, data: { text: 'two\nlines' } }])).toBe(
      'id: 5\nevent: ticket.created\ndata: {"text":"two\\nlines"}\n\n',
    );
    expect(messagesText([{ id: '5', data: {} }])).toBe('id: 5\ndata: {}\n\n');
  });

  it('is nothing without data', () => {
    expect(messagesText([place])).toBe('');
    expect(messagesText([])).toBe('');
    expect(messagesText([created, place, { id: '10', data: {} }])).toBe(
      'id: 5\nevent: ticket.created\ndata: {"id":"a"}\n\nid: 10\ndata: {}\n\n',
    );
  });
});

describe('a comment of an event stream', () => {
  it('opens the stream, and keeps it in use', () => {
    expect(openingText(3000, undefined)).toBe(': welcome\nretry: 3000\n\n');
    expect(openingText(3000, '9')).toBe(': welcome\nretry: 3000\nid: 9\n\n');
    expect(heartbeatText(undefined)).toBe(': heartbeat\n\n');
    expect(heartbeatText('9')).toBe(': heartbeat\nid: 9\n\n');
  });
});

describe('the place that is yet to be sent', () => {
  it.each([
    ['that of a place behind a message', [created, place], '7', '9'],
    ['none behind a message, which carries its own', [place, created], '7', undefined],
    ['still the one before when nothing comes', [], '7', '7'],
    ['none when none was before', [], undefined, undefined],
  ])('is %s', (_name, frames, before, after) => {
    expect(placeAfter(frames, before)).toBe(after);
  });
});
