import { restartPause } from './restart-pause';

describe('the pause before a process is started again', () => {
  it('is short at first, grows with every end, and stays within half a minute', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 8, 1000, 100_000].map(restartPause)).toEqual([
      500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000, 30_000,
    ]);
  });
});
