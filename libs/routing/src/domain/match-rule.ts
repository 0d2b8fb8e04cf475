import { ROUTING_CONDITION_KEYS } from '#contracts';
import type { Channel, RoutingCondition, RoutingConditionKey, RoutingConditionResult } from '#contracts';
import { foldText } from './fold-text';

/** What rules look at: a ticket as it was opened. */
export interface TicketFacts {
  readonly channel: Channel;
  readonly ticketTypeId: string | null;
  readonly subject: string | null;
  /** The opening message. */
  readonly text: string;
}

/** Most UTF-16 code units of a text that an explanation repeats. */
export const MAX_ACTUAL = 200;

/** Facts made ready for many rules: their texts are folded once. */
export interface ReadyFacts extends TicketFacts {
  readonly foldedSubject: string | null;
  readonly foldedText: string;
}

/** One part of a condition, made ready for many tickets. */
interface Part {
  readonly key: RoutingConditionKey;
  readonly expected: string | readonly string[];
  readonly isTrueOf: (facts: ReadyFacts) => boolean;
}

/** A condition made ready for many tickets. */
export type ReadyCondition = readonly Part[];

export function readyFacts(facts: TicketFacts): ReadyFacts {
  const { subject, text } = facts;
  return { ...facts, foldedSubject: subject === null ? null : foldText(subject), foldedText: foldText(text) };
}

export function readyCondition(condition: RoutingCondition): ReadyCondition {
  return ROUTING_CONDITION_KEYS.flatMap((key) => {
    const expected = condition[key];
    return expected === undefined ? [] : [{ key, expected, isTrueOf: READERS[key](expected) }];
  });
}

/** Whether everything that the condition asks holds; one that asks for nothing matches nothing. */
export function matches(condition: ReadyCondition, facts: ReadyFacts): boolean {
  return condition.length > 0 && condition.every(({ isTrueOf }) => isTrueOf(facts));
}

/** Each part of the condition beside what the ticket has. */
export function explainMatch(condition: ReadyCondition, facts: ReadyFacts): RoutingConditionResult[] {
  return condition.map(({ key, expected, isTrueOf }) => ({
    key,
    expected,
    actual: ACTUAL[key](facts),
    matched: isTrueOf(facts),
  }));
}

type Expected = string | readonly string[];

const READERS: Readonly<Record<RoutingConditionKey, (expected: Expected) => Part['isTrueOf']>> = {
  channel: (expected) => (facts) => facts.channel === expected,
  ticket_type_id: (expected) => (facts) => facts.ticketTypeId === expected,
  subject_contains: (expected) => {
    const isIn = containsAny(expected);
    return ({ foldedSubject }) => foldedSubject !== null && isIn(foldedSubject);
  },
  text_contains: (expected) => {
    const isIn = containsAny(expected);
    return ({ foldedText }) => isIn(foldedText);
  },
};

const ACTUAL: Readonly<Record<RoutingConditionKey, (facts: TicketFacts) => string | null>> = {
  channel: ({ channel }) => channel,
  ticket_type_id: ({ ticketTypeId }) => ticketTypeId,
  subject_contains: ({ subject }) => subject && beginningOf(subject),
  text_contains: ({ text }) => beginningOf(text),
};

function containsAny(expected: Expected): (folded: string) => boolean {
  const wanted = [expected].flat().map(foldText);
  return (folded) => wanted.some((value) => folded.includes(value));
}

function beginningOf(text: string): string {
  if (text.length <= MAX_ACTUAL) {
    return text;
  }
  const cut = text.slice(0, MAX_ACTUAL - 1);
  return `${cut.isWellFormed() ? cut : cut.slice(0, -1)}…`;
}
