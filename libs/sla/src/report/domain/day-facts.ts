import type { FactKey } from '#tickets';

/** The facts of one kind of one day in UTC, side by side: the n-th fact has the n-th element of each column. */
export interface DayFacts {
  /** Milliseconds since midnight. */
  readonly times: Int32Array;
  /** Codes of what the facts are grouped by. */
  readonly keys: Int32Array;
  /** Seconds or ratings; empty for a kind that is only counted. */
  readonly amounts: Int32Array;
}

/** A fact that comes (1) or goes (-1). */
export interface DayChange {
  readonly time: number;
  readonly key: number;
  readonly amount: number | null;
  readonly by: 1 | -1;
}

export const NO_FACTS: DayFacts = { times: new Int32Array(), keys: new Int32Array(), amounts: new Int32Array() };

/** Takes changes into a day. @throws {Error} when a fact shall go that is not there: then the day is not what changes have made it. */
export function applyChanges(day: DayFacts, changes: readonly DayChange[]): DayFacts {
  const balance = balanceOf(changes);
  const rows: DayChange[] = [];
  day.times.forEach((time, index) => {
    const fact = { time, key: day.keys[index] ?? 0, amount: day.amounts[index] ?? null, by: 1 } as const;
    const found = balance.get(nameOf(fact));
    if (found !== undefined && found.count < 0) {
      found.count += 1;
    } else {
      rows.push(fact);
    }
  });
  for (const { fact, count } of balance.values()) {
    if (count < 0) {
      throw new Error(`There is no fact ${nameOf(fact)} that could go.`);
    }
    rows.push(...Array.from({ length: count }, () => fact));
  }
  return {
    times: Int32Array.from(rows, ({ time }) => time),
    keys: Int32Array.from(rows, ({ key }) => key),
    amounts: Int32Array.from(rows.flatMap(({ amount }) => amount ?? [])),
  };
}

/** How much more often each fact comes than it goes. */
function balanceOf(changes: readonly DayChange[]): Map<string, { readonly fact: DayChange; count: number }> {
  const balance = new Map<string, { readonly fact: DayChange; count: number }>();
  for (const fact of changes) {
    const found = balance.get(nameOf(fact)) ?? { fact, count: 0 };
    found.count += fact.by;
    balance.set(nameOf(fact), found);
  }
  return balance;
}

const nameOf = ({ time, key, amount }: DayChange): string => `${time} ${key} ${amount}`;

/** What one groups by, as text: the same for the same key. */
export const keyName = ({ channel, ticketTypeId, assignedTo }: FactKey): string =>
  `${channel} ${ticketTypeId} ${assignedTo}`;

/** A column as it is stored: four bytes for each number, the highest first, as PostgreSQL's `int4send` writes them. */
export function toBytes(column: Int32Array): Buffer {
  return Buffer.from(Int32Array.from(column).buffer).swap32();
}

/** A stored column. Nothing else may use the buffer afterwards: it is turned round where it lies. */
export function fromBytes(stored: Buffer): Int32Array {
  const bytes =
    stored.byteOffset % Int32Array.BYTES_PER_ELEMENT === 0 ? stored : Buffer.from(Uint8Array.from(stored).buffer);
  bytes.swap32();
  return new Int32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / Int32Array.BYTES_PER_ELEMENT);
}
