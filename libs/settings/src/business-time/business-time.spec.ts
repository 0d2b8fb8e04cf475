import { WEEKDAYS } from '../domain/business-hours';
import type { BusinessHours, TimeWindow, Weekday } from '../domain/business-hours';
import { addBusinessTime, businessSecondsBetween } from './business-time';
import type { BusinessCalendar } from './business-time';

const HOUR = 3_600;

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

const berlin = (businessHours: BusinessHours | null): BusinessCalendar => ({
  timezone: 'Europe/Berlin',
  businessHours,
});

describe('a due time in business time', () => {
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

const spent = (timezone: string, window: TimeWindow, from: string, to: string): number =>
  businessSecondsBetween(at(from), at(to), { timezone, businessHours: hours([window], EVERY_DAY) }) / HOUR;

describe('where the clocks change', () => {
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
