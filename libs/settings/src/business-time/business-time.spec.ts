import fc from 'fast-check';
import { WEEKDAYS } from '../domain/business-hours';
import type { BusinessHours, TimeWindow, Weekday } from '../domain/business-hours';
import { addBusinessTime, businessSecondsBetween } from './business-time';
import type { BusinessCalendar } from './business-time';

const HOUR = 3_600;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

const at = (text: string): Date => new Date(text);
const EVERY_DAY: Weekday[] = [...WEEKDAYS];
const WORKDAYS: Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri'];

function hours(
  windows: readonly TimeWindow[],
  days: readonly Weekday[] = WORKDAYS,
  exceptions: BusinessHours['exceptions'] = [],
): BusinessHours {
  const weekly = Object.fromEntries(WEEKDAYS.map((day) => [day, days.includes(day) ? windows : []]));
  return { weekly: weekly as BusinessHours['weekly'], exceptions };
}

const OFFICE = hours([
  ['09:00', '13:00'],
  ['14:00', '18:00'],
]);

describe('a due time in business time', () => {
  const berlin = (businessHours: BusinessHours | null): BusinessCalendar => ({
    timezone: 'Europe/Berlin',
    businessHours,
  });

  it.each<[string, BusinessHours | null, string, number, string | null]>([
    // 2026-11-24 is a Tuesday; Berlin is one hour ahead of UTC.
    ['without hours is plain time', null, '2026-11-24T23:30:00Z', 2, '2026-11-25T01:30:00Z'],
    ['within a window', OFFICE, '2026-11-24T08:30:00Z', 1, '2026-11-24T09:30:00Z'],
    ['over the lunch break', OFFICE, '2026-11-24T11:00:00Z', 2, '2026-11-24T14:00:00Z'],
    [
      'at the very end of a window, not at the beginning of the next',
      OFFICE,
      '2026-11-24T16:00:00Z',
      1,
      '2026-11-24T17:00:00Z',
    ],
    ['from the evening on counts from the next morning', OFFICE, '2026-11-24T20:00:00Z', 1, '2026-11-25T09:00:00Z'],
    ['over a weekend', OFFICE, '2026-11-27T16:30:00Z', 1, '2026-11-30T08:30:00Z'],
    [
      'over a holiday',
      hours([['09:00', '17:00']], WORKDAYS, [{ date: '2026-11-25', windows: [] }]),
      '2026-11-24T15:00:00Z',
      2,
      '2026-11-26T09:00:00Z',
    ],
    [
      'on a Saturday that is worked for once',
      hours([['09:00', '17:00']], WORKDAYS, [{ date: '2026-11-28', windows: [['10:00', '12:00']] }]),
      '2026-11-27T16:00:00Z',
      3,
      '2026-11-30T09:00:00Z',
    ],
    ['in a window over midnight', hours([['22:00', '06:00']]), '2026-11-24T20:00:00Z', 4, '2026-11-25T01:00:00Z'],
    [
      'in the end of a night window before a holiday, which takes only what begins on its own date',
      hours([['22:00', '06:00']], EVERY_DAY, [{ date: '2026-11-25', windows: [] }]),
      '2026-11-24T21:00:00Z',
      9,
      '2026-11-26T22:00:00Z',
    ],
    [
      'all day long by a window that ends where it began',
      hours([['00:00', '00:00']], EVERY_DAY),
      '2026-11-24T23:30:00Z',
      2,
      '2026-11-25T01:30:00Z',
    ],
    [
      'where an exception overlaps the night before, nobody works twice',
      hours([['20:00', '08:00']], ['tue'], [{ date: '2026-11-25', windows: [['06:00', '10:00']] }]),
      '2026-11-25T04:00:00Z',
      5,
      '2026-11-25T09:00:00Z',
    ],
    ['never comes in an empty calendar', hours([], []), '2026-11-24T09:00:00Z', 1, null],
    [
      'never comes after the last worked date',
      hours([], [], [{ date: '2026-12-31', windows: [['09:00', '12:00']] }]),
      '2026-11-24T09:00:00Z',
      4,
      null,
    ],
    [
      'comes within the only worked date',
      hours([], [], [{ date: '2026-12-31', windows: [['09:00', '12:00']] }]),
      '2026-11-24T09:00:00Z',
      3,
      '2026-12-31T11:00:00Z',
    ],
    [
      'more than a hundred years away is never',
      hours([['09:00', '09:01']], ['mon']),
      '2026-11-24T09:00:00Z',
      8_760,
      null,
    ],
  ])('%s', (_name, businessHours, start, wantedHours, due) => {
    expect(addBusinessTime(at(start), wantedHours * HOUR, berlin(businessHours))).toEqual(due && at(due));
  });

  it('after no time is the start itself, also outside of the hours', () => {
    expect(addBusinessTime(at('2026-11-28T12:00:00Z'), 0, berlin(OFFICE))).toEqual(at('2026-11-28T12:00:00Z'));
  });

  it('asks for a zone that there is', () => {
    expect(() =>
      addBusinessTime(at('2026-11-24T09:00:00Z'), 1, { timezone: 'Mars/Base', businessHours: OFFICE }),
    ).toThrow(RangeError);
  });
});

describe('where the clocks change', () => {
  const spent = (timezone: string, window: TimeWindow, from: string, to: string): number =>
    businessSecondsBetween(at(from), at(to), { timezone, businessHours: hours([window], EVERY_DAY) }) / HOUR;

  it.each<[string, string, TimeWindow, string, string, number]>([
    [
      'a night of spring is an hour shorter',
      'Europe/Berlin',
      ['22:00', '06:00'],
      '2026-03-28T12:00:00Z',
      '2026-03-29T12:00:00Z',
      7,
    ],
    [
      'a night of autumn is an hour longer',
      'Europe/Berlin',
      ['22:00', '06:00'],
      '2026-10-24T12:00:00Z',
      '2026-10-25T12:00:00Z',
      9,
    ],
    [
      'a window within the skipped hour is not there',
      'Europe/Berlin',
      ['02:00', '03:00'],
      '2026-03-28T12:00:00Z',
      '2026-03-29T12:00:00Z',
      0,
    ],
    [
      'a start that is skipped is the moment of the skip',
      'Europe/Berlin',
      ['02:30', '04:00'],
      '2026-03-28T12:00:00Z',
      '2026-03-29T12:00:00Z',
      1,
    ],
    [
      'an end that is skipped is the moment of the skip',
      'Europe/Berlin',
      ['01:00', '02:30'],
      '2026-03-28T12:00:00Z',
      '2026-03-29T12:00:00Z',
      1,
    ],
    [
      'the hour that comes twice counts twice',
      'Europe/Berlin',
      ['02:00', '03:00'],
      '2026-10-24T12:00:00Z',
      '2026-10-25T12:00:00Z',
      2,
    ],
    [
      'a window within it is open the first time only',
      'Europe/Berlin',
      ['02:15', '02:45'],
      '2026-10-24T12:00:00Z',
      '2026-10-25T12:00:00Z',
      0.5,
    ],
    [
      'a window from within it stays open',
      'Europe/Berlin',
      ['02:30', '04:00'],
      '2026-10-24T12:00:00Z',
      '2026-10-25T12:00:00Z',
      2.5,
    ],
    [
      'Lord Howe changes by half an hour',
      'Australia/Lord_Howe',
      ['01:00', '05:00'],
      '2026-04-04T12:00:00Z',
      '2026-04-05T12:00:00Z',
      4.5,
    ],
    [
      'Apia left a whole day out',
      'Pacific/Apia',
      ['09:00', '17:00'],
      '2011-12-29T12:00:00Z',
      '2011-12-31T12:00:00Z',
      16,
    ],
  ])('%s', (_name, timezone, window, from, to, wanted) => {
    expect(spent(timezone, window, from, to)).toBe(wanted);
  });
});

const ZONES = ['Europe/Berlin', 'Asia/Kolkata', 'America/New_York', 'Pacific/Apia', 'Australia/Lord_Howe', 'UTC'];

/** Days around which clocks are changed somewhere, and any others. */
const days = fc
  .oneof(
    fc.constantFrom(
      '2026-03-29',
      '2026-10-25',
      '2026-03-08',
      '2026-11-01',
      '2026-04-05',
      '2026-10-04',
      '2011-12-30',
      '2011-09-24',
    ),
    fc
      .date({ min: at('2005-01-01T00:00:00Z'), max: at('2037-12-31T00:00:00Z'), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 10)),
  )
  .map((date) => at(`${date}T00:00:00Z`).getTime() / DAY_MS);

const timeOfDay = fc
  .oneof(fc.constantFrom(0, 60, 120, 150, 180, 540, 1080, 1439), fc.nat(1439))
  .map((minute) => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`);
const windows = fc.array(fc.tuple(timeOfDay, timeOfDay), { maxLength: 3 });

/** Calendars of any kind, such as settings refuse as well: overlapping windows, and none at all. */
const calendars = (day: number): fc.Arbitrary<BusinessCalendar> =>
  fc.record({
    timezone: fc.constantFrom(...ZONES),
    businessHours: fc.record({
      weekly: fc.record(Object.fromEntries(WEEKDAYS.map((name) => [name, windows])) as Record<Weekday, typeof windows>),
      exceptions: fc.uniqueArray(
        fc.record({
          date: fc
            .integer({ min: day - 5, max: day + 5 })
            .map((date) => new Date(date * DAY_MS).toISOString().slice(0, 10)),
          windows,
        }),
        { selector: ({ date }) => date, maxLength: 3 },
      ),
    }),
  });

const minuteNear = (day: number): fc.Arbitrary<Date> =>
  fc.integer({ min: -4 * 1440, max: 4 * 1440 }).map((minute) => new Date(day * DAY_MS + minute * MINUTE_MS));
const instantNear = (day: number): fc.Arbitrary<Date> =>
  fc.integer({ min: -4 * DAY_MS, max: 4 * DAY_MS }).map((ms) => new Date(day * DAY_MS + ms));

/**
 * Looks at the zone's clock each minute, and at the calendar: a window is open while the latest time that the clock has shown so
 * far lies in it. Knows nothing of offsets but what the runtime says of each quarter of an hour, the finest step of any change.
 */
function workedMinutes(from: Date, to: Date, { timezone, businessHours }: BusinessCalendar): number {
  const wallClock = new Intl.DateTimeFormat('sv-SE', { timeZone: timezone, dateStyle: 'short', timeStyle: 'medium' });
  const wallAt = (minute: number): number =>
    Date.parse(`${wallClock.format(minute * MINUTE_MS).replace(' ', 'T')}Z`) / MINUTE_MS;
  const windowsOf = windowsByDay(businessHours as BusinessHours);
  let [shown, wall, worked] = [-Infinity, 0, 0];
  for (let minute = from.getTime() / MINUTE_MS - 2 * 1440; minute < to.getTime() / MINUTE_MS; minute++) {
    wall = shown === -Infinity || minute % 15 === 0 ? wallAt(minute) : wall + 1;
    shown = Math.max(shown, wall);
    if (minute >= from.getTime() / MINUTE_MS && isWorked(shown, windowsOf)) {
      worked++;
    }
  }
  return worked;
}

function isWorked(shown: number, windowsOf: (day: number) => readonly TimeWindow[]): boolean {
  const today = Math.floor(shown / 1440);
  return [today - 1, today].some((day) =>
    windowsOf(day).some(([start, end]) => {
      const opens = day * 1440 + minutesOf(start);
      const closes = day * 1440 + minutesOf(end);
      return opens <= shown && shown < (closes > opens ? closes : closes + 1440);
    }),
  );
}

function windowsByDay({ weekly, exceptions }: BusinessHours): (day: number) => readonly TimeWindow[] {
  const known = new Map<number, readonly TimeWindow[]>();
  return (day) => {
    if (!known.has(day)) {
      const date = new Date(day * DAY_MS);
      const exception = exceptions.find((one) => one.date === date.toISOString().slice(0, 10));
      known.set(day, exception?.windows ?? weekly[WEEKDAYS[(date.getUTCDay() + 6) % 7] as Weekday]);
    }
    return known.get(day) ?? [];
  };
}

function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}

describe('any calendar in any zone', () => {
  it('has as much business time between two instants as someone counts who looks at the clock each minute', () => {
    const scene = days.chain((day) => fc.tuple(calendars(day), minuteNear(day), minuteNear(day)));
    fc.assert(
      fc.property(scene, ([calendar, one, other]) => {
        const [from, to] = one < other ? [one, other] : [other, one];
        expect(businessSecondsBetween(from, to, calendar) / 60).toBe(workedMinutes(from, to, calendar));
      }),
      { numRuns: 200 },
    );
  });

  it('has its due time exactly where the time is used up, and no instant earlier', () => {
    const scene = days.chain((day) => fc.tuple(calendars(day), instantNear(day), fc.integer({ min: 1, max: 400_000 })));
    fc.assert(
      fc.property(scene, ([calendar, start, seconds]) => {
        const due = addBusinessTime(start, seconds, calendar);
        if (due === null) {
          return;
        }
        expect(businessSecondsBetween(start, due, calendar)).toBeCloseTo(seconds, 3);
        expect(businessSecondsBetween(start, new Date(due.getTime() - 1), calendar)).toBeLessThan(seconds);
      }),
      { numRuns: 500 },
    );
  });

  it('adds up, from wherever one begins to count', () => {
    const scene = days.chain((day) =>
      fc.tuple(calendars(day), fc.tuple(instantNear(day), instantNear(day), instantNear(day))),
    );
    fc.assert(
      fc.property(scene, ([calendar, instants]) => {
        const [a, b, c] = [...instants].sort((one, other) => one.getTime() - other.getTime()) as [Date, Date, Date];
        const parts = businessSecondsBetween(a, b, calendar) + businessSecondsBetween(b, c, calendar);
        expect(businessSecondsBetween(a, c, calendar)).toBeCloseTo(parts, 3);
        expect(businessSecondsBetween(c, a, calendar)).toBe(0);
      }),
      { numRuns: 500 },
    );
  });
});
