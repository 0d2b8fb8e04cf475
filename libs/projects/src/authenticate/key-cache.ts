/** Answers of the last seconds, and the look-ups under way. */
export interface KeyCacheOptions {
  /** How long an answer may be used, counted from the moment its look-up began. */
  readonly maxAgeMs: number;
  /** Most answers kept; the oldest go first. */
  readonly maxEntries: number;
  /** Milliseconds of a clock. */
  readonly now: () => number;
}

interface Answer<Value> {
  readonly value: Value;
  readonly askedAt: number;
}

interface LookUp<Value> {
  readonly promise: Promise<Value | null>;
  readonly askedAt: number;
}

/**
 * Spares the database the look-up of keys that were seen a moment ago. What was found is kept for a short while, what was not
 * found never: a fresh key works at once, and unknown ones take no room. Callers who ask together share one look-up.
 */
export class KeyCache<Value> {
  private readonly answers = new Map<string, Answer<Value>>();
  private readonly lookUps = new Map<string, LookUp<Value>>();

  constructor(private readonly options: KeyCacheOptions) {}

  /** The value of `id`, as it was at most `maxAgeMs` ago. */
  async get(id: string, load: () => Promise<Value | null>): Promise<Value | null> {
    const kept = this.answers.get(id);
    if (kept && this.isFresh(kept.askedAt)) {
      return kept.value;
    }
    const running = this.lookUps.get(id);
    return running && this.isFresh(running.askedAt) ? running.promise : this.lookUp(id, load);
  }

  private lookUp(id: string, load: () => Promise<Value | null>): Promise<Value | null> {
    const askedAt = this.options.now();
    const promise = load()
      .then((value) => this.keep(id, value, askedAt))
      .finally(() => {
        if (this.lookUps.get(id)?.promise === promise) {
          this.lookUps.delete(id);
        }
      });
    this.lookUps.set(id, { promise, askedAt });
    return promise;
  }

  private keep(id: string, value: Value | null, askedAt: number): Value | null {
    const newer = this.answers.get(id);
    if (newer && newer.askedAt > askedAt) {
      return value;
    }
    this.answers.delete(id);
    if (value !== null) {
      this.makeRoom();
      this.answers.set(id, { value, askedAt });
    }
    return value;
  }

  private makeRoom(): void {
    for (const oldest of this.answers.keys()) {
      if (this.answers.size < this.options.maxEntries) {
        return;
      }
      this.answers.delete(oldest);
    }
  }

  /** A clock that was set back makes an answer stale, not young. */
  private isFresh(askedAt: number): boolean {
    const age = this.options.now() - askedAt;
    return age >= 0 && age < this.options.maxAgeMs;
  }
}
