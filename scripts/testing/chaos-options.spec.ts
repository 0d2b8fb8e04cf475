import { chaosRun, takeChaosOptions } from './chaos-options.mjs';

describe('what random tests go by', () => {
  it('is taken out of the arguments, wherever it stands among them', () => {
    const args = ['chaos', '--minutes', '10', '--seed=4711', '--tickets', '100000', '-t', 'a seed'];
    expect(takeChaosOptions(args)).toEqual({
      rest: ['chaos', '-t', 'a seed'],
      minutes: 10,
      seed: 4711,
      tickets: 100_000,
    });
    expect(takeChaosOptions(['chaos'])).toEqual({ rest: ['chaos'] });
  });

  it.each([
    ['--minutes'],
    ['--minutes', '0'],
    ['--minutes', 'ten'],
    ['--seed', '1.5'],
    ['--seed', '-1'],
    ['--seed='],
    ['--tickets', '10'],
  ])('is refused as %s %s, with an example', (...args) => {
    expect(() => takeChaosOptions(args)).toThrow('--minutes 10 --seed 4711');
  });

  it('is told to the tests, and how to see it again to whoever runs them', () => {
    const { env, description } = chaosRun({ minutes: 0.5, seed: 7, tickets: 5_000 });
    expect(env).toEqual({
      HELPDESK_CHAOS_SECONDS: '30',
      HELPDESK_CHAOS_SEED: '7',
      HELPDESK_CHAOS_TICKETS: '5000',
    });
    expect(description).toContain('--seed 7');
  });

  it('is a seed in any case, so that a run can be repeated', () => {
    expect(chaosRun({ minutes: undefined, seed: undefined }).env['HELPDESK_CHAOS_SEED']).toMatch(/^\d+$/);
  });
});
