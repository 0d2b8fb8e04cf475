import { once } from 'node:events';
import { KeyedExecutor } from './keyed-executor';

/** Work that says when it begins and ends when it is told to. */
function scripted(log: string[], name: string): { readonly work: () => Promise<void>; end(): void } {
  const script = new AbortController();
  const ended = once(script.signal, 'abort');
  const work = async () => {
    log.push(`${name} begins`);
    await ended;
    log.push(`${name} ends`);
  };
  return { work, end: () => script.abort() };
}

describe('the keyed executor', () => {
  it('runs work of one key one after the other, in the order in which it came', async () => {
    const log: string[] = [];
    const executor = new KeyedExecutor();
    const [first, second] = [scripted(log, 'first'), scripted(log, 'second')];
    executor.add('a', first.work);
    executor.add('a', second.work);
    second.end();
    await Promise.resolve();
    expect(log).toEqual(['first begins']);
    first.end();
    await executor.idle();
    expect(log).toEqual(['first begins', 'first ends', 'second begins', 'second ends']);
  });

  it('runs work of different keys side by side', async () => {
    const log: string[] = [];
    const executor = new KeyedExecutor();
    const [first, second] = [scripted(log, 'first'), scripted(log, 'second')];
    executor.add('a', first.work);
    executor.add('b', second.work);
    second.end();
    await new Promise(setImmediate);
    expect(log).toEqual(['first begins', 'second begins', 'second ends']);
    first.end();
    await executor.idle();
  });

  it('is idle when there is nothing, and when all work has ended, also what came meanwhile', async () => {
    const log: string[] = [];
    const executor = new KeyedExecutor();
    await expect(executor.idle()).resolves.toBeUndefined();
    const later = scripted(log, 'later');
    later.end();
    executor.add('a', async () => {
      await Promise.resolve();
      executor.add('b', later.work);
    });
    await executor.idle();
    expect(log).toEqual(['later begins', 'later ends']);
  });
});
