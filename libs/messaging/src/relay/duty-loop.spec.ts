import { Logger } from '@nestjs/common';
import { DutyLoop } from './duty-loop';
import type { PassResult } from './duty-loop';
import { WakeSignal } from './wake-signal';

type Step = PassResult | Error;

let loop: DutyLoop;
let signal: WakeSignal;
let passes: number;
let errors: jest.SpyInstance;

beforeEach(() => {
  errors = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => {});
});
afterEach(async () => {
  await loop.stop();
  errors.mockRestore();
});

/** Runs a loop whose passes end as planned, and idle from then on; resolves when so many passes have begun. */
async function run(plan: readonly Step[], until: number, onPass: (pass: number) => void = () => {}): Promise<void> {
  signal = new WakeSignal();
  passes = 0;
  await new Promise<void>((resolve) => {
    const pass = async (): Promise<PassResult> => {
      const step = plan[passes++] ?? 'idle';
      onPass(passes);
      if (passes === until) {
        resolve();
      }
      if (step instanceof Error) {
        throw step;
      }
      return step;
    };
    loop = new DutyLoop({ name: 'test.duty', gatherMs: 0, pass }, signal);
    loop.start();
  });
}

describe('a duty', () => {
  it('goes on at once while there is more to do', async () => {
    await run(['more', 'more', 'idle'], 3);
    expect(passes).toBe(3);
  });

  it('begins again for what is signalled while a pass is under way', async () => {
    await run(['idle'], 2, (pass) => pass === 1 && signal.raise());
    expect(passes).toBe(2);
  });

  it('begins again without any signal', async () => {
    await run(['idle', 'busy'], 3);
    expect(passes).toBe(3);
  });

  it('outlives its failures, and tells of each', async () => {
    await run([new Error('down'), 'idle'], 2);
    expect(errors.mock.calls).toEqual([[{ event: 'test.duty.failed', failures: 1, error: 'Error: down' }]]);
  });

  it('lets the pass that is under way end when it is stopped, and begins none after it', async () => {
    const order: string[] = [];
    const pass = async (): Promise<PassResult> => {
      order.push('begun');
      const stopped = loop.stop().then(() => order.push('stopped'));
      await Promise.resolve();
      order.push('ended');
      void stopped;
      return 'more';
    };
    loop = new DutyLoop({ name: 'test.duty', gatherMs: 0, pass }, new WakeSignal());
    loop.start();
    await loop.stop();
    await Promise.resolve();
    expect(order).toEqual(['begun', 'ended', 'stopped']);
  });
});
