import { MAX_EXCEPTIONS, MAX_WINDOWS_A_DAY } from './business-hours';
import { checkBusinessHours, readBusinessHours } from './check-business-hours';

const WEEKLY = { mon: [['09:00', '18:00']] };
const weekly = (days: object) => ({ weekly: days });
const except = (...exceptions: unknown[]) => ({ weekly: WEEKLY, exceptions });
const date = (index: number) => new Date(Date.UTC(2026, 0, 1 + index)).toISOString().slice(0, 10);
const NINETY_MINUTES = Array.from({ length: MAX_WINDOWS_A_DAY + 1 }, (_, index) => {
  const hour = String(index).padStart(2, '0');
  return [`${hour}:00`, `${hour}:30`];
});

describe('checkBusinessHours', () => {
  it.each<[string, unknown]>([
    ['one window', weekly(WEEKLY)],
    ['every day of the specification', { weekly: { ...WEEKLY, sun: [] }, exceptions: [] }],
    [
      'windows that touch',
      weekly({
        mon: [
          ['09:00', '13:00'],
          ['13:00', '18:00'],
        ],
      }),
    ],
    [
      'windows in any order',
      weekly({
        mon: [
          ['14:00', '18:00'],
          ['09:00', '13:00'],
        ],
      }),
    ],
    ['a window over midnight', weekly({ mon: [['22:00', '06:00']], tue: [['06:00', '07:00']] })],
    ['a whole day', weekly({ mon: [['00:00', '00:00']], tue: [['00:00', '00:00']] })],
    [
      'a whole week',
      weekly(
        Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((day) => [day, [['00:00', '00:00']]])),
      ),
    ],
    ['Sunday night up to Monday’s window', weekly({ mon: [['06:00', '09:00']], sun: [['22:00', '06:00']] })],
    ['the most windows of a day', weekly({ mon: NINETY_MINUTES.slice(1) })],
    ['a closed date', except({ date: '2027-01-01', windows: [] })],
    ['a date that opens a closed day', except({ date: '2026-12-27', windows: [['10:00', '12:00']] })],
    ['a leap day', except({ date: '2028-02-29', windows: [] })],
    [
      'the most exceptions',
      except(...Array.from({ length: MAX_EXCEPTIONS }, (_, index) => ({ date: date(index), windows: [] }))),
    ],
    // Tuesday's own window would overlap, but the exception stands for it.
    [
      'a night before a date that is closed',
      {
        weekly: { mon: [['22:00', '06:00']], tue: [['06:00', '09:00']] },
        exceptions: [{ date: '2026-12-29', windows: [['07:00', '08:00']] }],
      },
    ],
    ['the last date of the calendar', except({ date: '9999-12-31', windows: [['22:00', '06:00']] })],
  ])('takes %s', (_name, hours) => {
    expect(checkBusinessHours(hours)).toBeNull();
  });

  it.each<[string, unknown, string, string | undefined]>([
    ['a text', '09:00-18:00', 'type', ''],
    ['a list', [], 'type', ''],
    ['nothing', {}, 'required', '.weekly'],
    ['an unknown member', { weekly: WEEKLY, timezone: 'UTC' }, 'unknown_field', '.timezone'],
    ['a list of days', weekly([]), 'type', '.weekly'],
    ['null for the days', { weekly: null }, 'type', '.weekly'],
    ['an unknown day', weekly({ monday: [] }), 'unknown_field', '.weekly.monday'],
    ['a day in capitals', weekly({ Mon: [] }), 'unknown_field', '.weekly.Mon'],
    ['a week that is closed', weekly({ mon: [] }), 'min', '.weekly'],
    ['a week without days', weekly({}), 'min', '.weekly'],
    ['null for a day', weekly({ mon: null }), 'type', '.weekly.mon'],
    ['a window alone', weekly({ mon: ['09:00', '18:00'] }), 'type', '.weekly.mon[0]'],
    ['a window of an object', weekly({ mon: [{ from: '09:00', to: '18:00' }] }), 'type', '.weekly.mon[0]'],
    ['a window of one time', weekly({ mon: [['09:00']] }), 'type', '.weekly.mon[0]'],
    ['a window of three times', weekly({ mon: [['09:00', '10:00', '11:00']] }), 'type', '.weekly.mon[0]'],
    ['a time as a number', weekly({ mon: [[9, 18]] }), 'type', '.weekly.mon[0]'],
    ['a time with one digit', weekly({ mon: [['9:00', '18:00']] }), 'format', '.weekly.mon[0][0]'],
    ['24:00', weekly({ mon: [['09:00', '24:00']] }), 'format', '.weekly.mon[0][1]'],
    ['seconds', weekly({ mon: [['09:00:00', '18:00']] }), 'format', '.weekly.mon[0][0]'],
    ['a line break behind a time', weekly({ mon: [['09:00', '18:00\n']] }), 'format', '.weekly.mon[0][1]'],
    ['too many windows', weekly({ mon: NINETY_MINUTES }), 'max', '.weekly.mon'],
    ['exceptions by date', { weekly: WEEKLY, exceptions: { '2026-12-31': [] } }, 'type', '.exceptions'],
    ['null for the exceptions', { weekly: WEEKLY, exceptions: null }, 'type', '.exceptions'],
    ['an exception of a text', except('2026-12-31'), 'type', '.exceptions[0]'],
    ['an exception without a date', except({ windows: [] }), 'required', '.exceptions[0].date'],
    ['an exception without windows', except({ date: '2026-12-31' }), 'required', '.exceptions[0].windows'],
    [
      'an exception with a note',
      except({ date: '2026-12-31', windows: [], note: 'x' }),
      'unknown_field',
      '.exceptions[0].note',
    ],
    ['a date as a number', except({ date: 20261231, windows: [] }), 'type', '.exceptions[0].date'],
    ['a date that is none', except({ date: '2026-02-29', windows: [] }), 'format', '.exceptions[0].date'],
    ['a 13th month', except({ date: '2026-13-01', windows: [] }), 'format', '.exceptions[0].date'],
    ['the year 0', except({ date: '0000-01-01', windows: [] }), 'format', '.exceptions[0].date'],
    ['a date with a time', except({ date: '2026-12-31T00:00:00Z', windows: [] }), 'format', '.exceptions[0].date'],
    [
      'a date twice',
      except({ date: '2026-12-31', windows: [] }, { date: '2026-12-31', windows: [] }),
      'duplicate',
      '.exceptions[1].date',
    ],
    [
      'a wrong time of an exception',
      except({ date: '2026-12-31', windows: [['09:00', '25:00']] }),
      'format',
      '.exceptions[0].windows[0][1]',
    ],
    [
      'too many exceptions',
      except(...Array.from({ length: MAX_EXCEPTIONS + 1 }, (_, index) => ({ date: date(index), windows: [] }))),
      'max',
      '.exceptions',
    ],
  ])('refuses %s', (_name, hours, code, path) => {
    expect(checkBusinessHours(hours)).toMatchObject({ code, path });
  });

  it.each<[string, unknown, string, string]>([
    [
      'on one day',
      weekly({
        mon: [
          ['09:00', '13:00'],
          ['12:59', '18:00'],
        ],
      }),
      '.weekly.mon[1]',
      '09:00 to 13:00 of mon',
    ],
    [
      'within another',
      weekly({
        mon: [
          ['10:00', '11:00'],
          ['09:00', '18:00'],
        ],
      }),
      '.weekly.mon[1]',
      '10:00 to 11:00 of mon',
    ],
    [
      'the very same',
      weekly({
        mon: [
          ['09:00', '18:00'],
          ['09:00', '18:00'],
        ],
      }),
      '.weekly.mon[1]',
      '09:00 to 18:00 of mon',
    ],
    [
      'over midnight',
      weekly({ mon: [['22:00', '06:01']], tue: [['06:00', '09:00']] }),
      '.weekly.tue[0]',
      '22:00 to 06:01 of mon',
    ],
    [
      'over the end of the week',
      weekly({ mon: [['06:00', '09:00']], sun: [['22:00', '06:01']] }),
      '.weekly.sun[0]',
      '06:00 to 09:00 of mon',
    ],
    [
      'a whole day beside another window',
      weekly({ mon: [['12:00', '12:00']], tue: [['11:59', '13:00']] }),
      '.weekly.tue[0]',
      '12:00 to 12:00 of mon',
    ],
    [
      'on an exceptional date',
      except({
        date: '2026-12-31',
        windows: [
          ['09:00', '12:00'],
          ['11:00', '13:00'],
        ],
      }),
      '.exceptions[0].windows[1]',
      '09:00 to 12:00 of 2026-12-31',
    ],
    // 2026-12-28 is a Monday.
    [
      'from an exception into the next day',
      {
        weekly: { tue: [['06:00', '09:00']] },
        exceptions: [{ date: '2026-12-28', windows: [['22:00', '06:01']] }],
      },
      '.exceptions[0].windows[0]',
      '06:00 to 09:00 of tue',
    ],
    [
      'from the day before into an exception',
      {
        weekly: { mon: [['22:00', '06:01']] },
        exceptions: [{ date: '2026-12-29', windows: [['06:00', '09:00']] }],
      },
      '.exceptions[0].windows[0]',
      '22:00 to 06:01 of mon',
    ],
    [
      'from one exception into another',
      {
        weekly: WEEKLY,
        exceptions: [
          { date: '2026-12-30', windows: [['06:00', '09:00']] },
          { date: '2026-12-29', windows: [['22:00', '06:01']] },
        ],
      },
      '.exceptions[0].windows[0]',
      '22:00 to 06:01 of 2026-12-29',
    ],
  ])('refuses windows that overlap %s', (_name, hours, path, earlier) => {
    expect(checkBusinessHours(hours)).toEqual({
      code: 'duplicate',
      path,
      message: `overlaps the window from ${earlier}`,
    });
  });
});

describe('readBusinessHours', () => {
  it('has every weekday and a list of exceptions, and keeps the order of what is given', () => {
    const windows = [
      ['14:00', '18:00'],
      ['09:00', '13:00'],
    ];
    expect(readBusinessHours({ weekly: { tue: windows } })).toEqual({
      weekly: { mon: [], tue: windows, wed: [], thu: [], fri: [], sat: [], sun: [] },
      exceptions: [],
    });
  });
});
