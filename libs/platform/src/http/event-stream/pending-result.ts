/** A result that is waited for again and again, in slices: each slice leaves nothing behind at the promise. */
export class PendingResult<Value> {
  private isSettled = false;
  private wake: (() => void) | undefined;

  constructor(private readonly promise: Promise<Value>) {
    const settle = () => {
      this.isSettled = true;
      this.wake?.();
    };
    promise.then(settle, settle);
  }

  /** Whether it has settled, after waiting for it at most so many milliseconds. */
  async settlesWithin(ms: number): Promise<boolean> {
    if (!this.isSettled) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    return this.isSettled;
  }

  /** The value, or what went wrong. */
  value(): Promise<Value> {
    return this.promise;
  }
}
