import { CASE_NAMES, readOptions, UsageError } from './options';

describe('readOptions', () => {
  it('measures everything at 100,000 tickets unless told otherwise', () => {
    expect(readOptions([])).toMatchObject({ tickets: 100_000, rounds: 3, only: CASE_NAMES, jsonFile: undefined });
  });

  it('takes every option', () => {
    const args = '--database postgres://db --tickets 1000000 --seconds 5 --rounds 4 --only details --json out.json';
    expect(readOptions(args.split(' '))).toEqual({
      databaseUrl: 'postgres://db',
      tickets: 1_000_000,
      seconds: 5,
      rounds: 4,
      only: ['details'],
      jsonFile: 'out.json',
    });
  });

  it('lets create and list stand for all their cases, in the order of running', () => {
    expect(readOptions(['--only', 'list,create']).only).toEqual([
      'create',
      'create-hot',
      'list',
      'list-deep',
      'list-filtered',
      'list-small',
    ]);
  });

  it.each([
    [['--ticket', '5'], /no option --ticket/],
    [['--tickets'], /needs a value/],
    [['--tickets', '9999'], /from 10000/],
    [['--tickets', '1e7'], /from 10000/],
    [['--tickets', 'many'], /whole number/],
    [['--rounds', '2'], /from 3/],
    [['--seconds', '0'], /from 1/],
    [['--only', 'create,fly'], /not "fly"/],
  ])('refuses %j', (args, message) => {
    expect(() => readOptions(args)).toThrow(UsageError);
    expect(() => readOptions(args)).toThrow(message);
  });
});
