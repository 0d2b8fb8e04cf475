import { localDays, startOfLocalDay } from './local-days';

const at = (text: string): Date => new Date(text);

describe('the days of a zone', () => {
  it('begin and end when its clock says so, in summer and in winter', () => {
    expect(localDays(at('2026-10-24T12:00:00Z'), at('2026-10-25T23:00:00Z'), 'Europe/Berlin')).toEqual([
      { date: '2026-10-24', startsAt: at('2026-10-23T22:00:00Z'), endsAt: at('2026-10-24T22:00:00Z') },
      { date: '2026-10-25', startsAt: at('2026-10-24T22:00:00Z'), endsAt: at('2026-10-25T23:00:00Z') },
    ]);
  });

  it.each([
    [
      'an instant in the evening of UTC',
      '2026-11-24T23:59:59.999Z',
      '2026-11-25T00:00:00Z',
      'Asia/Kolkata',
      ['2026-11-25'],
    ],
    ['exactly one day', '2026-11-24T00:00:00Z', '2026-11-25T00:00:00Z', 'UTC', ['2026-11-24']],
    [
      'the east of the date line',
      '2026-11-24T10:30:00Z',
      '2026-11-24T11:30:00Z',
      'Pacific/Auckland',
      ['2026-11-24', '2026-11-25'],
    ],
    ['its west', '2026-11-24T10:30:00Z', '2026-11-24T11:30:00Z', 'Pacific/Pago_Pago', ['2026-11-23', '2026-11-24']],
    [
      'a date that was skipped',
      '2011-12-30T09:00:00Z',
      '2011-12-30T11:00:00Z',
      'Pacific/Apia',
      ['2011-12-29', '2011-12-31'],
    ],
  ])('of %s', (_case, from, to, timezone, dates) => {
    expect(localDays(at(from), at(to), timezone).map(({ date }) => date)).toEqual(dates);
  });

  it('are found by their date', () => {
    expect(startOfLocalDay('2026-03-29', 'Europe/Berlin')).toEqual(at('2026-03-28T23:00:00Z'));
    expect(startOfLocalDay('2026-03-29', 'Europe/Berlin', 1)).toEqual(at('2026-03-29T22:00:00Z'));
  });
});
