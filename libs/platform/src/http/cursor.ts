import { fieldError } from '#contracts';

/** Longest cursor that is looked at. */
export const MAX_CURSOR_LENGTH = 1_000;

/** Makes an opaque cursor of a position in one kind of list. */
export function encodeCursor(kind: string, position: unknown): string {
  return Buffer.from(JSON.stringify([kind, position])).toString('base64url');
}

/**
 * Reads a cursor of this kind of list back; `accept` judges and shapes the position, which may have been tampered with.
 * @throws {DomainError} `validation_failed` for anything that this list has not given out.
 */
export function decodeCursor<Position>(
  kind: string,
  cursor: string,
  accept: (position: unknown) => Position | undefined,
  field = 'cursor',
): Position {
  const position = parse(kind, cursor);
  const accepted = position === undefined ? undefined : accept(position);
  if (accepted === undefined) {
    throw fieldError(
      field,
      'format',
      `${field} must be a value that an earlier page of this very list gave out as next_cursor.`,
    );
  }
  return accepted;
}

function parse(kind: string, cursor: string): unknown {
  if (cursor.length > MAX_CURSOR_LENGTH || !/^[A-Za-z0-9_-]+$/.test(cursor)) {
    return undefined;
  }
  try {
    const [name, position] = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as [unknown, unknown];
    return name === kind ? position : undefined;
  } catch {
    return undefined;
  }
}
