/**
 * The nearest-rank quantile: the least value that `percent` of a hundred values are at most. Null without values. Puts the values
 * into another order.
 */
export function nearestRank(values: Int32Array, percent: number): number | null {
  if (values.length === 0) {
    return null;
  }
  // Whole numbers until the division: 0.9 × 70 would be a little more than 63.
  return select(values, Math.max(1, Math.ceil((percent * values.length) / 100)) - 1);
}

/** The value that sorting would put at `index`; what is not larger comes before it. Linear, where sorting is not. */
function select(values: Int32Array, index: number): number {
  let [low, high] = [0, values.length - 1];
  while (low < high) {
    const pivot = values[(low + high) >> 1] as number;
    let [left, right] = [low, high];
    while (left <= right) {
      while ((values[left] as number) < pivot) {
        left += 1;
      }
      while ((values[right] as number) > pivot) {
        right -= 1;
      }
      if (left <= right) {
        const swapped = values[left] as number;
        values[left++] = values[right] as number;
        values[right--] = swapped;
      }
    }
    if (index <= right) {
      high = right;
    } else if (index >= left) {
      low = left;
    } else {
      return values[index] as number;
    }
  }
  return values[index] as number;
}
