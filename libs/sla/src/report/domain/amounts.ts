/** A growing collection of whole numbers, from which some may be taken back, also before they have come. */
export class Amounts {
  private readonly chunks: Int32Array[] = [];
  private readonly loose: number[] = [];
  private readonly takenBack = new Map<number, number>();
  private takenBackInAll = 0;

  /** All of a column; the column stays as it is. */
  addAll(column: Int32Array): void {
    this.chunks.push(column);
  }

  add(amount: number): void {
    this.loose.push(amount);
  }

  takeBack(amount: number): void {
    this.takenBack.set(amount, (this.takenBack.get(amount) ?? 0) + 1);
    this.takenBackInAll += 1;
  }

  /** What is left, in any order. */
  toArray(): Int32Array {
    const all = new Int32Array(this.chunks.reduce((sum, { length }) => sum + length, this.loose.length));
    all.set(this.loose);
    let end = this.loose.length;
    for (const chunk of this.chunks) {
      all.set(chunk, end);
      end += chunk.length;
    }
    return this.takenBackInAll === 0 ? all : this.without(all);
  }

  private without(all: Int32Array): Int32Array {
    const owed = new Map(this.takenBack);
    let kept = 0;
    for (const amount of all) {
      const count = owed.get(amount) ?? 0;
      if (count > 0) {
        owed.set(amount, count - 1);
      } else {
        all[kept++] = amount;
      }
    }
    return all.subarray(0, kept);
  }
}
