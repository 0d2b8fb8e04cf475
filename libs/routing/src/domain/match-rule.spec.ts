import type { RoutingCondition } from '#contracts';
import { explainMatch, matches, MAX_ACTUAL, readyCondition, readyFacts } from './match-rule';
import type { TicketFacts } from './match-rule';

const TYPE = '019ab6b0-33cc-7f5e-8a61-2c3d4e5f6071';
const OTHER_TYPE = '019ab6b0-33cc-7f5e-8a61-2c3d4e5f6072';

const aTicket = (facts: Partial<TicketFacts> = {}): TicketFacts => ({
  channel: 'telegram',
  ticketTypeId: TYPE,
  subject: 'Refund of an ORDER',
  text: 'Верните деньги!\nИначе straße. ',
  ...facts,
});

const isMatch = (condition: RoutingCondition, facts: Partial<TicketFacts> = {}) =>
  matches(readyCondition(condition), readyFacts(aTicket(facts)));

describe('a rule', () => {
  it.each<[string, RoutingCondition, Partial<TicketFacts>]>([
    ['its channel', { channel: 'telegram' }, {}],
    ['its type', { ticket_type_id: TYPE }, {}],
    ['words of the subject', { subject_contains: 'refund' }, {}],
    ['a part of a word', { subject_contains: 'ord' }, {}],
    ['any one of several', { subject_contains: ['invoice', 'order'] }, {}],
    ['words of the text', { text_contains: 'ДЕНЬГИ' }, {}],
    ['words across a line break', { text_contains: '!\nиначе' }, {}],
    ['words in another spelling', { text_contains: 'STRASSE' }, {}],
    ['words with marks in two signs', { text_contains: 'cafe\u0301' }, { text: 'Café' }],
    ['a space at the end', { text_contains: 'straße. ' }, {}],
    [
      'everything that it asks for',
      { channel: 'telegram', ticket_type_id: TYPE, subject_contains: 'refund', text_contains: ['x', 'день'] },
      {},
    ],
  ])('matches a ticket with %s', (_name, condition, facts) => {
    expect(isMatch(condition, facts)).toBe(true);
  });

  it.each<[string, RoutingCondition, Partial<TicketFacts>]>([
    ['another channel', { channel: 'virtual' }, {}],
    ['another type', { ticket_type_id: OTHER_TYPE }, {}],
    ['no type', { ticket_type_id: TYPE }, { ticketTypeId: null }],
    ['no subject', { subject_contains: 'refund' }, { subject: null }],
    ['the words in the text instead of the subject', { subject_contains: 'деньги' }, {}],
    ['the words in the subject instead of the text', { text_contains: 'refund' }, {}],
    ['none of several', { text_contains: ['refund', 'order'] }, {}],
    ['an empty subject and text', { subject_contains: 'a' }, { subject: '', text: '' }],
    ['all but one of the parts', { channel: 'telegram', text_contains: 'деньги', ticket_type_id: OTHER_TYPE }, {}],
    ['words without the mark', { text_contains: 'café' }, { text: 'cafe' }],
  ])('does not match a ticket with %s', (_name, condition, facts) => {
    expect(isMatch(condition, facts)).toBe(false);
  });

  it('that asks for nothing matches nothing', () => {
    expect(isMatch({})).toBe(false);
  });
});

const explain = (condition: RoutingCondition, facts: Partial<TicketFacts> = {}) =>
  explainMatch(readyCondition(condition), readyFacts(aTicket(facts)));

describe('an explanation', () => {
  it('names each part beside what the ticket has, those that hold as well', () => {
    const condition: RoutingCondition = {
      ticket_type_id: OTHER_TYPE,
      text_contains: ['refund'],
      subject_contains: 'refund',
      channel: 'telegram',
    };
    expect(explain(condition)).toEqual([
      { key: 'channel', expected: 'telegram', actual: 'telegram', matched: true },
      { key: 'subject_contains', expected: 'refund', actual: 'Refund of an ORDER', matched: true },
      { key: 'text_contains', expected: ['refund'], actual: 'Верните деньги!\nИначе straße. ', matched: false },
      { key: 'ticket_type_id', expected: OTHER_TYPE, actual: TYPE, matched: false },
    ]);
  });

  it('says null for what the ticket does not have', () => {
    expect(explain({ subject_contains: 'a', ticket_type_id: TYPE }, { subject: null, ticketTypeId: null })).toEqual([
      { key: 'subject_contains', expected: 'a', actual: null, matched: false },
      { key: 'ticket_type_id', expected: TYPE, actual: null, matched: false },
    ]);
  });

  it.each([
    ['is kept as it is', 'x'.repeat(MAX_ACTUAL), 'x'.repeat(MAX_ACTUAL)],
    ['is cut', 'x'.repeat(MAX_ACTUAL + 1), `${'x'.repeat(MAX_ACTUAL - 1)}…`],
    ['is cut between characters, not within one', `${'😀'.repeat(MAX_ACTUAL)}`, `${'😀'.repeat(MAX_ACTUAL / 2 - 1)}…`],
  ])('of a long text %s, and the whole of it counts', (_name, text, actual) => {
    expect(explain({ text_contains: 'END' }, { text })).toMatchObject([{ actual, matched: false }]);
    expect(explain({ text_contains: 'END' }, { text: `${text}end` })).toMatchObject([{ matched: true }]);
  });
});
