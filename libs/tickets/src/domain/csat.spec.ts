import * as fc from 'fast-check';
import { CSAT_STATUSES, DomainError } from '#contracts';
import type { CsatStatus } from '#contracts';
import { NO_THRESHOLDS } from '../tickets-under-test-spec';
import { expireQuestion, rate } from './csat';
import type { Rating } from './csat';
import { openTicket } from './open-ticket';
import type { LockedTicket } from './ticket';
import { TicketRevision } from './ticket-revision';
import type { RevisionSettings } from './ticket-revision';

const SCOPE = { projectId: 'p', liveProjectId: 'p', isTest: false, clockOffsetMs: 0 };
const KEY = { type: 'key', id: 'k', name: 'zn_live_1234' } as const;
const CUSTOMER = { type: 'customer', id: null, name: 'Ivan' } as const;
const DAY_MS = 86_400_000;
const T0 = new Date('2026-11-24T09:00:00.000Z');
const days = (count: number): Date => new Date(T0.getTime() + count * DAY_MS);
const ASKS: RevisionSettings = { ...NO_THRESHOLDS, csatEnabled: true, csatExpireDays: 7 };

function aTicket(changes: Partial<LockedTicket> = {}): LockedTicket {
  const input = {
    text: 'Help',
    subject: null,
    channel: 'virtual',
    source: 'api',
    chatId: null,
    subscriberId: null,
    firstName: 'Ivan',
    username: null,
    type: null,
  } as const;
  const opening = { scope: SCOPE, settings: NO_THRESHOLDS, cause: { actor: KEY, at: T0 } };
  return { ...openTicket(opening, 1, input).ticket, customerReachable: true, ...changes };
}

/** A ticket whose question stands so; it was asked at T0, for seven days. */
function inState(csatStatus: CsatStatus, status: LockedTicket['status'] = 'closed'): LockedTicket {
  const wasAsked = csatStatus !== 'none' && csatStatus !== 'skipped';
  return aTicket({
    status,
    closedAt: status === 'closed' ? T0 : null,
    csatStatus,
    ...(wasAsked && { csatAskedAt: T0, csatExpiresAt: days(7) }),
    ...(csatStatus === 'rated' && { csatRating: 4, csatComment: 'Fine', csatRatedAt: T0 }),
  });
}

function after(ticket: LockedTicket, at: Date, change: (revision: TicketRevision) => void, settings = ASKS) {
  const revision = new TicketRevision(ticket, { actor: CUSTOMER, at }, settings);
  change(revision);
  const { ticket: changed, events } = revision.complete();
  return { ticket: changed, events, history: revision.history };
}

const close = (revision: TicketRevision) => revision.changeStatus('closed');
const reopen = (revision: TicketRevision) => revision.changeStatus('in_progress');
const rating = (given: Rating) => (revision: TicketRevision) => rate(revision, given);
const lines = ({ history }: ReturnType<typeof after>) => history.map(({ action }) => action);

describe('a close', () => {
  it.each([
    ['none', 'requested', 'requested'],
    ['withdrawn', 'requested', 'requested'],
    ['expired', 'requested', 'requested'],
    ['skipped', 'requested', 'requested'],
    ['rated', 'rated', 'none'],
  ] as const)('of a ticket whose question is %s leaves it %s, and its event says %s', (from, to, csat) => {
    const done = after(inState(from, 'in_progress'), days(30), close);
    expect(done.ticket.csatStatus).toBe(to);
    expect(done.events.map(({ data }) => data)).toEqual([
      expect.not.objectContaining({ csat }),
      expect.objectContaining({ csat, ticket: expect.objectContaining({ csat_status: to }) }),
    ]);
    const wasAskedAt = from === 'rated' ? [T0, days(7)] : [days(30), days(37)];
    expect([done.ticket.csatAskedAt, done.ticket.csatExpiresAt]).toEqual(wasAskedAt);
  });

  it.each(CSAT_STATUSES)('asks nothing where nobody wants to know, so that the question stays %s', (state) => {
    const before = inState(state, 'in_progress');
    const { ticket, events, history } = after(before, days(1), close, NO_THRESHOLDS);
    expect(ticket.csatStatus).toBe(state);
    expect(events.at(-1)?.data).toMatchObject({ csat: 'none' });
    expect(history.map(({ action }) => action)).toEqual(['status_changed']);
  });

  it('skips a customer who cannot be reached', () => {
    const done = after(aTicket({ channel: 'telegram', customerReachable: false }), days(1), close);
    expect(done.ticket).toMatchObject({ csatStatus: 'skipped', csatAskedAt: null });
    expect(done.events.at(-1)?.data).toMatchObject({ csat: 'skipped' });
    expect(lines(done)).toEqual(['status_changed', 'csat_skipped']);
  });
});

describe('a reopening', () => {
  it.each([
    ['none', 1, 'none'],
    ['requested', 1, 'withdrawn'],
    ['requested', 7, 'withdrawn'],
    ['requested', 7.1, 'expired'],
    ['rated', 1, 'rated'],
    ['expired', 8, 'expired'],
    ['skipped', 1, 'skipped'],
  ] as const)('turns a question that is %s, after %s days, into %s', (from, age, to) => {
    const done = after(inState(from), days(age), reopen);
    expect(done.ticket.csatStatus).toBe(to);
    expect(done.events.map(({ definition }) => definition.type)).toEqual(['ticket.status_changed', 'ticket.reopened']);
    expect(lines(done)).toEqual(['status_changed', ...(from === to ? [] : [`csat_${to}`])]);
  });
});

describe('a scan', () => {
  it.each([
    ['requested', 7, 'requested'],
    ['requested', 7.1, 'expired'],
    ['rated', 8, 'rated'],
    ['withdrawn', 8, 'withdrawn'],
    ['none', 8, 'none'],
    ['skipped', 8, 'skipped'],
  ] as const)('turns a question that is %s, after %s days, into %s, without an event', (from, age, to) => {
    const { ticket, events, history } = after(inState(from), days(age), expireQuestion);
    expect([ticket.csatStatus, ticket.version, events]).toEqual([to, from === to ? 1 : 2, []]);
    expect(history.map((line) => [line.action, line.field, line.from, line.to, line.actor?.type])).toEqual(
      from === to ? [] : [['csat_expired', 'csat_status', from, to, 'system']],
    );
  });
});

describe('a rating', () => {
  it.each(['none', 'withdrawn', 'expired', 'skipped'] as const)('is refused when the question is %s', (state) => {
    expect(() => after(inState(state), days(1), rating({ rating: 5 }))).toThrow(
      expect.objectContaining({ code: 'conflict' }),
    );
  });

  it.each(['requested', 'rated'] as const)(
    'of a question that is %s is taken at its last moment and not later',
    (state) => {
      expect(after(inState(state), days(7), rating({ rating: 5 })).ticket).toMatchObject({ csatRating: 5 });
      expect(() => after(inState(state), new Date(days(7).getTime() + 1), rating({ rating: 5 }))).toThrow(
        'The time for a rating is over',
      );
    },
  );

  it('is one version, one line of history for each field, and one event', () => {
    const { ticket, events, history } = after(inState('requested'), days(1), rating({ rating: 2, comment: 'Slow' }));
    expect(ticket).toMatchObject({
      csatStatus: 'rated',
      csatRating: 2,
      csatComment: 'Slow',
      csatRatedAt: days(1),
      version: 2,
    });
    expect(history).toEqual([
      { action: 'csat_rated', field: 'csat_rating', from: null, to: 2 },
      { action: 'csat_rated', field: 'csat_comment', from: null, to: 'Slow' },
    ]);
    expect(events.map(({ definition, data }) => [definition.type, data])).toEqual([
      [
        'ticket.csat_received',
        expect.objectContaining({ rating: 2, comment: 'Slow', changed: false, actor: CUSTOMER }),
      ],
    ]);
  });

  it.each<[string, Rating, object | null]>([
    ['another rating keeps the comment', { rating: 5 }, { rating: 5, comment: 'Fine', changed: true }],
    ['another comment', { rating: 4, comment: 'Good' }, { rating: 4, comment: 'Good', changed: true }],
    ['no comment', { rating: 4, comment: null }, { rating: 4, comment: null, changed: true }],
    ['both', { rating: 1, comment: 'Bad' }, { rating: 1, comment: 'Bad', changed: true }],
    ['the same', { rating: 4, comment: 'Fine' }, null],
    ['the same rating alone', { rating: 4 }, null],
  ])('is changed: %s', (_name, given, told) => {
    const { ticket, events } = after(inState('rated'), days(3), rating(given));
    expect(events.map(({ data }) => data)).toMatchObject(told ? [told] : []);
    expect([ticket.version, ticket.csatRatedAt]).toEqual(told ? [2, days(3)] : [1, T0]);
  });
});

type Step = {
  readonly ms: number;
  readonly do: 'close' | 'reopen' | 'expire' | Rating;
  readonly asks: boolean;
  readonly reachable: boolean;
};

const anyStep: fc.Arbitrary<Step> = fc.record({
  ms: fc.integer({ min: 0, max: 5 * DAY_MS }),
  do: fc.oneof(
    fc.constantFrom('close' as const, 'reopen' as const, 'expire' as const),
    fc.record({ rating: fc.integer({ min: 1, max: 5 }), comment: fc.constantFrom('a', 'b', null, undefined) }),
  ),
  asks: fc.boolean(),
  reachable: fc.boolean(),
});

/** What each line of history says of the question. */
const SAID: Readonly<Record<string, CsatStatus>> = {
  csat_requested: 'requested',
  csat_skipped: 'skipped',
  csat_withdrawn: 'withdrawn',
  csat_expired: 'expired',
  csat_rated: 'rated',
};

it('whatever happens in whatever order, ticket, history and events tell one story', () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 30 }), (steps) => {
      let ticket = aTicket();
      let now = T0.getTime();
      const history: string[] = [];
      const told: Array<Readonly<Record<string, unknown>>> = [];
      for (const step of steps) {
        now += step.ms;
        const settings = { ...ASKS, csatEnabled: step.asks };
        const done = attempt({ ...ticket, customerReachable: step.reachable }, new Date(now), step.do, settings);
        if (done) {
          ticket = done.ticket;
          history.push(...lines(done));
          told.push(...done.events.map(({ definition, data }) => ({ ...data, type: definition.type })));
        }
      }
      const last = history.findLast((action) => action in SAID);
      expect(ticket.csatStatus).toBe(last ? SAID[last] : 'none');
      const ratings = told.filter(({ type }) => type === 'ticket.csat_received');
      expect([ticket.csatRating, ticket.csatComment]).toEqual([
        ratings.at(-1)?.['rating'] ?? null,
        ratings.at(-1)?.['comment'] ?? null,
      ]);
      expect(ratings.map(({ changed }) => changed)).toEqual(ratings.map((_, index) => index > 0));
      const closes = told.filter(({ type }) => type === 'ticket.closed');
      expect(closes.filter(({ csat }) => csat === 'requested')).toHaveLength(
        history.filter((action) => action === 'csat_requested').length,
      );
      expect(ticket.status === 'closed' || ticket.csatStatus !== 'requested').toBe(true);
      expect(ticket.eventSeq).toBe(1 + told.length);
    }),
    { numRuns: 300 },
  );
});

/** Null for a rating that is refused. */
function attempt(...[ticket, at, what, settings]: [LockedTicket, Date, Step['do'], RevisionSettings]) {
  try {
    return after(ticket, at, doing(what), settings);
  } catch (error) {
    if (error instanceof DomainError && error.code === 'conflict') {
      return null;
    }
    throw error;
  }
}

function doing(what: Step['do']): (revision: TicketRevision) => void {
  if (what === 'expire') {
    return expireQuestion;
  }
  return what === 'close' ? close : what === 'reopen' ? reopen : rating(what);
}
