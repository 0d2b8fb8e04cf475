/** Random numbers that a seed repeats. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** From 0 (included) to 1 (excluded): mulberry32. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = this.state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** A whole number from `min` to `max`, both included. */
  between(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1));
  }

  /** True so often out of a hundred. */
  chance(percent: number): boolean {
    return this.next() * 100 < percent;
  }

  /** @throws {RangeError} when there is nothing to pick from. */
  pick<T>(items: readonly T[]): T {
    if (items.length === 0) {
      throw new RangeError('There is nothing to pick from.');
    }
    return items[this.between(0, items.length - 1)] as T;
  }
}
