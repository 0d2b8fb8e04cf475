import { checkTimezone } from './check-timezone';

describe('checkTimezone', () => {
  it.each(['UTC', 'Europe/Moscow', 'Europe/Kyiv', 'Europe/Kiev', 'America/Argentina/Buenos_Aires', 'Etc/GMT+3', 'utc'])(
    'takes %s',
    (zone) => {
      expect(checkTimezone(zone)).toBeNull();
    },
  );

  it.each<[unknown, string]>([
    [3, 'type'],
    [null, 'type'],
    ['', 'enum'],
    [' UTC', 'enum'],
    ['+03:00', 'enum'],
    ['-3', 'enum'],
    ['GMT+3', 'enum'],
    ['Moscow', 'enum'],
    ['Europe/Moscow\n', 'forbidden_characters'],
    ['UTC\u0000', 'forbidden_characters'],
    ['\ud800', 'forbidden_characters'],
    ['x'.repeat(65), 'max'],
  ])('refuses %j: %s', (zone, code) => {
    expect(checkTimezone(zone)?.code).toBe(code);
  });

  it('names the zone that is meant', () => {
    expect(checkTimezone('Europe/Moskow')?.message).toBe('must be the IANA name of a timezone, such as Europe/Moscow');
  });
});
