import * as fc from 'fast-check';
import { WEEKDAYS } from '../domain/business-hours';
import type { BusinessHours, TimeWindow, Weekday } from '../domain/business-hours';
import { addBusinessTime, businessSecondsBetween } from './business-time';
import type { BusinessCalendar } from './business-time';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

const at = (text: string): Date => new Date(text);

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
        const [a, b, c] = instants.toSorted((one, other) => one.getTime() - other.getTime()) as [Date, Date, Date];
        const parts = businessSecondsBetween(a, b, calendar) + businessSecondsBetween(b, c, calendar);
        expect(businessSecondsBetween(a, c, calendar)).toBeCloseTo(parts, 3);
        expect(businessSecondsBetween(c, a, calendar)).toBe(0);
      }),
      { numRuns: 500 },
    );
  });
});
