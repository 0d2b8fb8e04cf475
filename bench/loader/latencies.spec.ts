import { Latencies, median, medianOf, percentile } from './latencies';
import type { Measurement } from './latencies';

const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);

const round = (rate: number, errors: number): Measurement => ({
  rate,
  p50: 1,
  p95: 2,
  p99: 3,
  max: 4,
  count: rate,
  errors,
});

describe('percentile', () => {
  it.each([
    [0.5, 50],
    [0.95, 95],
    [0.99, 99],
    [1, 100],
    [0, 1],
  ])('of 1..100 at %d is %d', (p, expected) => {
    expect(percentile(upTo(100), p)).toBe(expected);
  });

  it('takes a value that occurred, never one in between', () => {
    expect(percentile([1, 100], 0.5)).toBe(1);
    expect(percentile([1, 100], 0.51)).toBe(100);
  });

  it('of few values at a high share is the largest', () => {
    expect(percentile([3, 8, 9], 0.99)).toBe(9);
  });

  it('of nothing is no number', () => {
    expect(percentile([], 0.5)).toBeNaN();
  });
});

describe('median', () => {
  it('is the middle of an odd number of values, in whatever order', () => {
    expect(median([9, 1, 5])).toBe(5);
  });

  it('is the mean of the two in the middle of an even number', () => {
    expect(median([1, 2, 4, 100])).toBe(3);
  });

  it('of nothing is no number', () => {
    expect(median([])).toBeNaN();
  });
});

describe('Latencies', () => {
  it('sorts as numbers, not as texts', () => {
    const latencies = new Latencies();
    [100, 9, 20].forEach((value) => latencies.add(value, true));
    expect(latencies.summarise(1)).toMatchObject({ p50: 20, max: 100 });
  });

  it('keeps every value of a long measurement', () => {
    const latencies = new Latencies();
    upTo(10_000)
      .toReversed()
      .forEach((value) => latencies.add(value, true));
    expect(latencies.summarise(4)).toEqual({
      rate: 2_500,
      p50: 5_000,
      p95: 9_500,
      p99: 9_900,
      max: 10_000,
      count: 10_000,
      errors: 0,
    });
  });

  it('counts errors apart: a fast refusal must not look like speed', () => {
    const latencies = new Latencies();
    latencies.add(0.1, false);
    latencies.add(7, true);
    expect(latencies.summarise(1)).toMatchObject({ rate: 1, p50: 7, count: 1, errors: 1 });
  });
});

describe('medianOf', () => {
  it('lets no single round decide, and hides no error', () => {
    expect(medianOf([round(100, 0), round(10, 2), round(90, 0)])).toMatchObject({ rate: 90, errors: 2, count: 200 });
  });
});
