import * as fc from 'fast-check';
import { localDays } from '#settings';
import { FACT_KINDS } from '#tickets';
import type { FactChange, FactChanges, FactKey } from '#tickets';
import { applyChanges, fromBytes, keyName, NO_FACTS, toBytes } from './day-facts';
import type { DayChange, DayFacts } from './day-facts';
import { nearestRank } from './nearest-rank';
import { REPORT_GROUPINGS, ReportCount } from './report-count';
import { reportPeriod } from './report-period';

const DAY_MS = 86_400_000;
const NOW = new Date('2026-11-24T09:30:00.250Z');
const FIRST_DAY = Date.parse('2026-03-27T00:00:00Z') / DAY_MS;

const at = (text: string): Date => new Date(text);
const sorted = (values: Iterable<number>): number[] => [...values].toSorted((one, other) => one - other);

describe('the nearest rank', () => {
  it('is the value that sorting would put there, of any values', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.nat(20), fc.nat(2_000_000_000)), { minLength: 1 }),
        fc.integer({ min: 1, max: 100 }),
        (values, percent) => {
          const rank = Math.ceil((percent * values.length) / 100);
          expect(nearestRank(Int32Array.from(values), percent)).toBe(sorted(values)[rank - 1]);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('of nine tenths of seventy is the sixty-third, though 0.9 × 70 is more than 63', () => {
    expect(
      nearestRank(
        Int32Array.from({ length: 70 }, (_, index) => index + 1),
        90,
      ),
    ).toBe(63);
  });

  it('of nothing is none', () => {
    expect(nearestRank(new Int32Array(), 50)).toBeNull();
  });
});

const keys: readonly FactKey[] = [
  { channel: 'virtual', ticketTypeId: null, assignedTo: null },
  { channel: 'telegram', ticketTypeId: 'bug', assignedTo: 'olga' },
  { channel: 'telegram', ticketTypeId: 'bug', assignedTo: null },
  { channel: 'virtual', ticketTypeId: null, assignedTo: 'olga' },
];

/** A fact, some of which are taken back again. */
const facts = fc.array(
  fc.record({
    key: fc.nat(keys.length - 1),
    kind: fc.constantFrom(...FACT_KINDS),
    // Few moments around the change to summer time, so that facts are the same and days are cut.
    at: fc.nat(5 * 24).map((hour) => FIRST_DAY * DAY_MS + hour * 3_600_000),
    amount: fc.integer({ min: 1, max: 5 }),
    isTakenBack: fc.boolean(),
  }),
  { maxLength: 60 },
);

const isCounted = (kind: string): boolean => kind === 'created' || /breached|pending|asked|answered/.test(kind);

describe('facts that are packed', () => {
  it('tell the same as those that are not, in any period, zone and group', () => {
    const scene = fc.record({
      facts,
      groupBy: fc.constantFrom(null, ...REPORT_GROUPINGS),
      timezone: fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kolkata'),
      bounds: fc.tuple(fc.nat(5 * 24), fc.nat(5 * 24)),
      packed: fc.nat(60),
    });
    fc.assert(
      fc.property(scene, ({ facts: all, groupBy, timezone, bounds, packed }) => {
        const [from, to] = sorted(bounds).map((hour) => new Date(FIRST_DAY * DAY_MS + hour * 3_600_000)) as [
          Date,
          Date,
        ];
        const period = { from, to: new Date(to.getTime() + 1) };
        const days = groupBy === 'day' ? localDays(period.from, period.to, timezone) : [];
        const changes = all.flatMap(({ key, kind, at: time, amount, isTakenBack }): FactChanges[] => {
          const come: FactChange = [kind, time, isCounted(kind) ? null : amount, 1];
          const gone: FactChange = [kind, time, isCounted(kind) ? null : amount, -1];
          return [
            { ...(keys[key] as FactKey), facts: [come] },
            ...(isTakenBack ? [{ ...(keys[key] as FactKey), facts: [gone] }] : []),
          ];
        });
        const [loose, mixed] = [
          new ReportCount({ ...period, days }, groupBy),
          new ReportCount({ ...period, days }, groupBy),
        ];
        changes.forEach((change) => loose.addChanges(change));
        pack(changes.slice(0, packed), mixed);
        changes.slice(packed).forEach((change) => mixed.addChanges(change));
        expect(mixed.total.numbers()).toEqual(loose.total.numbers());
        expect(numbersOf(mixed)).toEqual(numbersOf(loose));
      }),
      { numRuns: 300 },
    );
  });

  it('are the same after they were stored', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 2 ** 31 - 1 })), fc.nat(3), (values, offset) => {
        const stored = Buffer.concat([Buffer.alloc(offset), toBytes(Int32Array.from(values))]).subarray(offset);
        expect([...fromBytes(stored)]).toEqual(values);
      }),
    );
  });

  it('cannot go when they are not there', () => {
    const gone = { time: 1, key: 0, amount: 2, by: -1 } as const;
    expect(() => applyChanges(NO_FACTS, [gone])).toThrow('There is no fact 1 0 2 that could go.');
    expect(() => applyChanges(applyChanges(NO_FACTS, [{ ...gone, by: 1 }]), [{ ...gone, amount: 3 }])).toThrow(
      'There is no fact',
    );
  });
});

function numbersOf(count: ReportCount): object {
  return Object.fromEntries([...count.groups].map(([key, tally]) => [String(key), tally.numbers()]));
}

/** Rolls up in two batches, and hands to the count only what it asks for. */
function pack(changes: readonly FactChanges[], count: ReportCount): void {
  const codes = new Map(keys.map((key, code) => [keyName(key), code]));
  const packed = new Map<string, DayFacts>();
  const half = Math.floor(changes.length / 2);
  for (const batch of [changes.slice(0, half), changes.slice(half)]) {
    const byDay = new Map<string, DayChange[]>();
    for (const { facts: changed, ...key } of batch) {
      for (const [kind, time, amount, by] of changed) {
        const day = Math.floor(time / DAY_MS);
        const name = `${day} ${kind}`;
        const change = { time: time - day * DAY_MS, key: codes.get(keyName(key)) ?? -1, amount, by };
        byDay.set(name, [...(byDay.get(name) ?? []), change]);
      }
    }
    for (const [name, list] of byDay) {
      packed.set(name, applyChanges(packed.get(name) ?? NO_FACTS, list));
    }
  }
  for (const [name, { times, keys: column, amounts }] of packed) {
    const [day, kind] = name.split(' ') as [string, (typeof FACT_KINDS)[number]];
    const asked = {
      times: count.cutDays.includes(Number(day)) ? times : new Int32Array(),
      keys: count.needsKeys ? column : new Int32Array(),
      amounts,
    };
    count.addDay(
      { day: Number(day), kind, count: times.length, facts: asked },
      new Map(keys.map((key, code) => [code, key])),
    );
  }
}

describe('the period', () => {
  it.each([
    ['is the last thirty days, this second included', {}, '2026-10-25T09:30:01Z', '2026-11-24T09:30:01Z'],
    ['goes up to now', { from: at('2026-11-24T00:00:00Z') }, '2026-11-24T00:00:00Z', '2026-11-24T09:30:01Z'],
    [
      'has thirty days before its end',
      { to: at('2026-06-01T12:00:00Z') },
      '2026-05-02T12:00:00Z',
      '2026-06-01T12:00:00Z',
    ],
    [
      'takes dates as whole days of the zone',
      { from: '2026-03-28', to: '2026-03-29' },
      '2026-03-27T23:00:00Z',
      '2026-03-29T22:00:00Z',
    ],
    ['may be one day', { from: '2026-11-24', to: '2026-11-24' }, '2026-11-23T23:00:00Z', '2026-11-24T23:00:00Z'],
  ])('%s', (_case, asked, from, to) => {
    expect(reportPeriod(asked, NOW, 'Europe/Berlin')).toEqual({ from: at(from), to: at(to) });
  });

  it.each([
    ['that ends before it begins', { from: '2026-11-24', to: '2026-11-23' }, 'to', 'min'],
    ['without a moment', { from: at('2026-11-24T00:00:00Z'), to: at('2026-11-24T00:00:00Z') }, 'to', 'min'],
    ['that begins in the future', { from: '2026-11-26' }, 'from', 'max'],
    ['of more than 400 days', { from: '2025-10-20', to: '2026-11-24' }, 'from', 'min'],
  ])('%s is refused', (_case, asked, field, code) => {
    expect(() => reportPeriod(asked, NOW, 'Europe/Berlin')).toThrow(
      expect.objectContaining({ code: 'validation_failed', details: [expect.objectContaining({ field, code })] }),
    );
  });
});
