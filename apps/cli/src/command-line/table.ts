/** Rows with their cells below each other. */
export function columns(rows: ReadonlyArray<readonly string[]>): string {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, index) => {
      widths[index] = Math.max(widths[index] ?? 0, cell.length);
    });
  }
  return rows
    .map((row) =>
      row
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** A list for people: the names of the first row's fields above, `-` for what is not there; `empty` when there are no rows. */
export function table(rows: ReadonlyArray<Readonly<Record<string, unknown>>>, empty: string): string {
  const [first] = rows;
  if (!first) {
    return empty;
  }
  const names = Object.keys(first);
  return columns([names, ...rows.map((row) => names.map((name) => cellOf(row[name])))]);
}

/** One object for people: a line for each field. */
export function fields(object: Readonly<Record<string, unknown>>): string {
  return columns(Object.entries(object).map(([name, value]) => [name, cellOf(value)]));
}

function cellOf(value: unknown): string {
  if (value === null || value === undefined) {
    return '-';
  }
  if (value instanceof Date) {
    return value.toISOString();
  }
  return Array.isArray(value) ? value.join(',') : String(value);
}
