/**
 * A dirty flag that one loop waits for. What is raised while the loop works is not lost: the next wait ends at once. Raised
 * many times, it wakes once.
 */
export class WakeSignal {
  private raised = false;
  private wake: (() => void) | undefined;

  /** There is something to look at. */
  raise(): void {
    this.raised = true;
    this.wake?.();
  }

  /** Ends as soon as the signal is raised, at the latest after `timeoutMs`, and lowers it. */
  async wait(timeoutMs: number): Promise<void> {
    if (!this.raised) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, timeoutMs);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.wake = undefined;
    }
    this.raised = false;
  }
}
