import { withinTime } from './within-time';

const LONG_MS = 60_000;
const going = new AbortController().signal;

/** Work that ends, with the reason, when its signal is aborted. */
const untilTold = (signal: AbortSignal) =>
  new Promise<void>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error));
  });

describe('work within time', () => {
  it('ends as it ends by itself', async () => {
    await expect(withinTime(LONG_MS, going, async () => {})).resolves.toBeUndefined();
    await expect(withinTime(LONG_MS, going, () => Promise.reject(new Error('own')))).rejects.toThrow('own');
  });

  it('is told and given up when time is up, whatever it answers', async () => {
    await expect(withinTime(1, going, untilTold)).rejects.toThrow('The handler took longer than 1 ms.');
    await expect(withinTime(1, going, () => new Promise(() => {}))).rejects.toThrow('longer than 1 ms');
  });

  it('is told of a stop, and may still finish', async () => {
    const stopping = new AbortController();
    const seen: boolean[] = [];
    await withinTime(LONG_MS, stopping.signal, async (signal) => {
      stopping.abort();
      seen.push(signal.aborted);
    });
    await withinTime(LONG_MS, stopping.signal, async (signal) => void seen.push(signal.aborted));
    expect(seen).toEqual([true, true]);
  });
});
