import { Slots } from './slots';

describe('Slots', () => {
  it('lets so many work at once, in the order in which they came, and goes on after a failure', async () => {
    const slots = new Slots(2);
    const begun: number[] = [];
    const ends: Array<() => void> = [];
    const runs = [0, 1, 2, 3].map((n) =>
      slots.run(async () => {
        begun.push(n);
        await new Promise<void>((resolve) => {
          ends.push(resolve);
        });
        if (n === 0) {
          throw new Error('failed');
        }
        return n;
      }),
    );
    expect(begun).toEqual([0, 1]);
    ends[0]?.();
    await expect(runs[0]).rejects.toThrow('failed');
    expect(begun).toEqual([0, 1, 2]);
    ends[1]?.();
    await runs[1];
    ends[2]?.();
    await runs[2];
    ends[3]?.();
    expect(await Promise.all(runs.slice(1))).toEqual([1, 2, 3]);
    expect(begun).toEqual([0, 1, 2, 3]);
  });
});
