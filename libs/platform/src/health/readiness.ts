/** Where a process stands between its start and its end. */
export type Phase = 'starting' | 'ready' | 'draining';

/** Whether the process wants requests; what the probes answer. */
export class Readiness {
  private current: Phase = 'starting';

  get phase(): Phase {
    return this.current;
  }

  enter(phase: Phase): void {
    this.current = phase;
  }
}
