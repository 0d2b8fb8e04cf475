import { DomainError } from '#contracts';
import { decodeCursor, encodeCursor } from '#platform';

const KIND = 'events';

/** The cursor of a position in a project's event log. */
export function encodeEventCursor(projectId: string, position: number): string {
  return encodeCursor(KIND, [projectId, position]);
}

/**
 * The position of a cursor.
 * @throws {DomainError} `validation_failed` for `after` when the cursor is another project's, or none at all.
 */
export function decodeEventCursor(projectId: string, cursor: string): number {
  return decodeCursor(
    KIND,
    cursor,
    (value) => {
      const [project, position] = Array.isArray(value) ? (value as unknown[]) : [];
      return project === projectId && Number.isSafeInteger(position) ? (position as number) : undefined;
    },
    'after',
  );
}

/** Like {@link decodeEventCursor}, but undefined for a cursor that is none of the project's. */
export function findEventPosition(projectId: string, cursor: string): number | undefined {
  try {
    return decodeEventCursor(projectId, cursor);
  } catch (error) {
    if (error instanceof DomainError) {
      return undefined;
    }
    throw error;
  }
}
