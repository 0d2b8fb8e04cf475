/**
 * When the requests of an open loop are due: at a fixed rate, whatever the answers do. A request's latency counts from its due
 * time, so a server that stalls is charged for the requests that could not even be sent meanwhile (no coordinated omission).
 */
export class OpenLoopSchedule {
  private taken = 0;

  constructor(
    /** Requests per second. */
    readonly rate: number,
    readonly seconds: number,
  ) {}

  /** How many requests there are in all. */
  get total(): number {
    return Math.round(this.rate * this.seconds);
  }

  get isExhausted(): boolean {
    return this.taken >= this.total;
  }

  /** Takes the next request if it is due; answers its due time, in milliseconds since the start like `now`. */
  takeDue(now: number): number | undefined {
    const due = this.nextDue;
    if (this.isExhausted || due > now) {
      return undefined;
    }
    this.taken++;
    return due;
  }

  /** When the next request is due, in milliseconds since the start; infinite after the last one. */
  get nextDue(): number {
    return this.isExhausted ? Number.POSITIVE_INFINITY : (this.taken * 1_000) / this.rate;
  }
}
