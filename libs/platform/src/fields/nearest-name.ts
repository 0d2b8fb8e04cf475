/** The known name that an unknown one most probably means; undefined when none is near. */
export function nearestName(unknown: string, known: Iterable<string>): string | undefined {
  let nearest: string | undefined;
  let least = Math.max(1, Math.floor(Math.min(unknown.length, 32) / 3)) + 1;
  for (const name of known) {
    const distance = editDistance(unknown.slice(0, 64).toLowerCase(), name.toLowerCase());
    if (distance < least) {
      [nearest, least] = [name, distance];
    }
  }
  return nearest;
}

/** Levenshtein's distance: how many letters must be inserted, dropped or replaced. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}
