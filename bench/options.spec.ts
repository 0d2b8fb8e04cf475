import { CASE_NAMES, EVENT_CASE_NAMES, readOptions, UsageError } from './options';

describe('readOptions', () => {
  it('measures everything at 100,000 tickets unless told otherwise', () => {
    expect(readOptions([])).toMatchObject({ tickets: 100_000, rounds: 3, only: CASE_NAMES, jsonFile: undefined });
  });

  it('takes every option', () => {
    const args =
      '--database postgres://db --broker amqp://mq --tickets 1000000 --seconds 5 --rounds 4 --only details --json out.json';
    expect(readOptions(args.split(' '))).toEqual({
      databaseUrl: 'postgres://db',
      brokerUrl: 'amqp://mq',
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

  it('takes cases as words, and lets events stand for the event path over both transports', () => {
    expect(readOptions(['events', '--seconds', '1']).only).toEqual(EVENT_CASE_NAMES);
    expect(readOptions(['--seconds', '1', 'latency', 'search']).only).toEqual([
      'search',
      'latency-postgres',
      'latency-rabbitmq',
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
    [['--only', 'create,fly'], /no case "fly"/],
    [['fly'], /no case "fly"/],
  ])('refuses %j', (args, message) => {
    expect(() => readOptions(args)).toThrow(UsageError);
    expect(() => readOptions(args)).toThrow(message);
  });
});
