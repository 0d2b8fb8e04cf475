import type { Ticket } from './ticket';
import { continuesHere } from './reopen-policy';

const CLOSED_AT = new Date('2026-11-20T12:00:00.000Z');
const after = (ms: number) => new Date(CLOSED_AT.getTime() + ms);
const ticket = (status: Ticket['status']) => ({ status, closedAt: status === 'closed' ? CLOSED_AT : null }) as Ticket;
const settings = (reopenPolicy: 'same' | 'new' | 'same_within_hours') => ({
  reopenPolicy,
  reopenWithinHours: 72,
});

describe('a customer’s message', () => {
  it.each([
    ['open ticket, whatever the policy', 'waiting', 'new', 0, true],
    ['closed ticket, policy same', 'closed', 'same', 1e12, true],
    ['closed ticket, policy new', 'closed', 'new', 1, false],
    ['closed ticket, just within the hours', 'closed', 'same_within_hours', 72 * 3_600_000, true],
    ['closed ticket, just after the hours', 'closed', 'same_within_hours', 72 * 3_600_000 + 1, false],
  ] as const)('%s', (_name, status, policy, ms, expected) => {
    expect(continuesHere(ticket(status), settings(policy), after(ms))).toBe(expected);
  });
});
