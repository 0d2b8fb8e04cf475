import type { TestDatabase } from '#testing';
import { EFFECT_RULES, EVENT_RULES, TICKET_RULES } from './ledger-rules';
import { LEDGER_CONSUMERS } from './ledger-table';
import type { RequestJournal, WriteAnswer, WrittenRequest } from './request-journal';

interface StoredMessage {
  readonly text: string;
  readonly id: string;
  readonly ticket_id: string;
  readonly ticket_number: number;
}

/** How many examples of a fault are shown. */
const SHOWN = 3;

/**
 * Compares all books once everything has drained: what callers were told, what is stored, what was published and what the
 * consumers did. It does not matter to it which transport carried the events.
 * @returns every fault, with examples; none when nothing was lost, doubled or disordered.
 */
export async function ledgerFaults(db: TestDatabase, journal: RequestJournal): Promise<string[]> {
  const faults = [...(await journalFaults(db, journal)), ...journal.refusals.map((refusal) => `refused: ${refusal}`)];
  faults.push(...describe('every request with a key was answered in the end', unanswered(journal.keyed)));
  for (const { rule, sql } of [...EVENT_RULES, ...TICKET_RULES]) {
    faults.push(...describe(rule, await db.sql(sql)));
  }
  for (const { rule, sql } of EFFECT_RULES) {
    faults.push(...describe(rule, await db.sql(sql, [[...LEDGER_CONSUMERS]])));
  }
  return faults;
}

/**
 * Compares what callers were told with what is stored. Holds at any moment, right after a crash too: an acknowledged request has
 * taken effect exactly once, any other at most once, and nothing took effect that nobody asked for.
 */
export async function journalFaults(db: TestDatabase, journal: RequestJournal): Promise<string[]> {
  // What was acknowledged before the look at the database must be seen there; what is acknowledged meanwhile need not.
  const answers = new Map(journal.acknowledged.map(({ text, answer }) => [text, answer as WriteAnswer]));
  const stored = byText(await storedMessages(db));
  const asked = new Set(journal.requests.map(({ text }) => text));
  const lost = [...answers].filter(
    ([text, answer]) => !(stored.get(text) ?? []).some((one) => isWhatWasTold(one, answer)),
  );
  const doubled = [...stored.values()].filter((messages) => messages.length > 1);
  const unasked = [...stored.keys()].filter((text) => !asked.has(text));
  return [
    ...describe('what was acknowledged is stored as it was told', lost),
    ...describe('no request took effect twice', doubled),
    ...describe('nothing took effect that nobody asked for', unasked),
  ];
}

async function storedMessages(db: TestDatabase): Promise<StoredMessage[]> {
  return db.sql<StoredMessage>(
    `SELECT m.text, m.id, m.ticket_id, t.ticket_number
     FROM message m JOIN ticket t ON t.project_id = m.project_id AND t.id = m.ticket_id`,
  );
}

function byText(messages: readonly StoredMessage[]): Map<string, StoredMessage[]> {
  const result = new Map<string, StoredMessage[]>();
  for (const message of messages) {
    result.set(message.text, [...(result.get(message.text) ?? []), message]);
  }
  return result;
}

function isWhatWasTold(stored: StoredMessage, answer: WriteAnswer): boolean {
  return 'ticket' in answer
    ? stored.id === answer.id && stored.ticket_id === answer.ticket.id
    : stored.ticket_id === answer.id && stored.ticket_number === answer.ticket_number;
}

function unanswered(requests: readonly WrittenRequest[]): object[] {
  return requests.filter(({ answer }) => !answer).map(({ kind, path, attempts }) => ({ kind, path, attempts }));
}

function describe(rule: string, breaches: readonly unknown[]): string[] {
  return breaches.length === 0
    ? []
    : [`${rule}: ${breaches.length} breaches, such as ${JSON.stringify(breaches.slice(0, SHOWN))}`];
}
