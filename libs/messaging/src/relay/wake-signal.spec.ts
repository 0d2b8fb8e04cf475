import { WakeSignal } from './wake-signal';

const LONG_MS = 60_000;

describe('WakeSignal', () => {
  it('wakes who waits', async () => {
    const signal = new WakeSignal();
    const waiting = signal.wait(LONG_MS);
    signal.raise();
    await expect(waiting).resolves.toBeUndefined();
  });

  it('keeps for the next wait what was raised before, once', async () => {
    const signal = new WakeSignal();
    signal.raise();
    signal.raise();
    await signal.wait(LONG_MS);
    const order: string[] = [];
    const second = signal.wait(LONG_MS).then(() => order.push('woken'));
    await Promise.resolve();
    order.push('raised again');
    signal.raise();
    await second;
    expect(order).toEqual(['raised again', 'woken']);
  });

  it('wakes by itself when the time is over', async () => {
    await expect(new WakeSignal().wait(1)).resolves.toBeUndefined();
  });
});
