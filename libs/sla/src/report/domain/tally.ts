import { FACT_KINDS } from '#tickets';
import type { FactKind } from '#tickets';
import { Amounts } from './amounts';
import { nearestRank } from './nearest-rank';

/** How a service-level clock has done, and how long it took. */
export interface ClockNumbers {
  /** Rounded to whole seconds; null when it came to an end on no ticket. */
  readonly avgSeconds: number | null;
  readonly medianSeconds: number | null;
  readonly p90Seconds: number | null;
  readonly met: number;
  readonly breached: number;
  /** Began in the period and runs on. */
  readonly pending: number;
}

/** What customers say. */
export interface CsatNumbers {
  /** With two decimals; null without ratings. */
  readonly avg: number | null;
  /** Ratings that were given in the period. */
  readonly count: number;
  /** Questions of the period. */
  readonly asked: number;
  /** Which part of these questions was answered, whenever, with four decimals; null without questions. */
  readonly responseRate: number | null;
  readonly distribution: Readonly<Record<1 | 2 | 3 | 4 | 5, number>>;
}

/** The numbers of a period, or of a group of it. */
export interface ReportNumbers {
  readonly tickets: { readonly created: number; readonly closed: number };
  readonly firstReply: ClockNumbers;
  readonly resolve: ClockNumbers;
  readonly csat: CsatNumbers;
}

/** Counts facts. */
export class Tally {
  private readonly counts = new Map<FactKind, number>(FACT_KINDS.map((kind) => [kind, 0]));
  private readonly amounts = new Map<FactKind, Amounts>();

  /** Facts of one kind, with their amounts if it has any. */
  addAll(kind: FactKind, count: number, amounts: Int32Array): void {
    this.counts.set(kind, this.countOf(kind) + count);
    if (amounts.length > 0) {
      this.amountsOf(kind).addAll(amounts);
    }
  }

  /** One fact more, or one less. */
  add(kind: FactKind, amount: number | null, by: 1 | -1 = 1): void {
    this.counts.set(kind, this.countOf(kind) + by);
    if (amount !== null) {
      const amounts = this.amountsOf(kind);
      if (by === 1) {
        amounts.add(amount);
      } else {
        amounts.takeBack(amount);
      }
    }
  }

  /** Whether nothing was counted that is still true. */
  get isEmpty(): boolean {
    return [...this.counts.values()].every((count) => count === 0);
  }

  numbers(): ReportNumbers {
    return {
      tickets: { created: this.countOf('created'), closed: this.countOf('resolve') + this.countOf('resolve_met') },
      firstReply: this.clock('first_reply', 'first_reply_met', 'first_reply_breached', 'first_reply_pending'),
      resolve: this.clock('resolve', 'resolve_met', 'resolve_breached', 'resolve_pending'),
      csat: this.csat(),
    };
  }

  private clock(ended: FactKind, met: FactKind, breached: FactKind, pending: FactKind): ClockNumbers {
    const all = new Amounts();
    all.addAll(this.amountsOf(ended).toArray());
    all.addAll(this.amountsOf(met).toArray());
    const seconds = all.toArray();
    return {
      avgSeconds: seconds.length === 0 ? null : Math.round(sum(seconds) / seconds.length),
      medianSeconds: nearestRank(seconds, 50),
      p90Seconds: nearestRank(seconds, 90),
      met: this.countOf(met),
      breached: this.countOf(breached),
      pending: this.countOf(pending),
    };
  }

  private csat(): CsatNumbers {
    const ratings = this.amountsOf('csat_rating').toArray();
    const [open, answered] = [this.countOf('csat_asked'), this.countOf('csat_answered')];
    const asked = open + answered;
    const countOf = (rating: number): number => ratings.reduce((count, one) => count + (one === rating ? 1 : 0), 0);
    return {
      avg: ratings.length === 0 ? null : rounded(sum(ratings) / ratings.length, 2),
      count: ratings.length,
      asked,
      responseRate: asked === 0 ? null : rounded(answered / asked, 4),
      distribution: { 1: countOf(1), 2: countOf(2), 3: countOf(3), 4: countOf(4), 5: countOf(5) },
    };
  }

  private countOf(kind: FactKind): number {
    return this.counts.get(kind) ?? 0;
  }

  private amountsOf(kind: FactKind): Amounts {
    const amounts = this.amounts.get(kind) ?? new Amounts();
    this.amounts.set(kind, amounts);
    return amounts;
  }
}

function rounded(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}

/** Exact as long as it stays below 2^53, that is for a hundred million tickets that took three years each. */
function sum(values: Int32Array): number {
  let total = 0;
  for (const value of values) {
    total += value;
  }
  return total;
}
