import type { DetailCode } from '#contracts';

/** What is wrong with a value, in words that say what to do. */
export interface FieldFault {
  readonly code: DetailCode;
  readonly message: string;
  /** Where within the value it is, as it follows the field's name: `.weekly.mon[1]`. */
  readonly path?: string;
}

/** Judges a value that is present; null means that nothing is wrong. */
export type FieldCheck = (value: unknown) => FieldFault | null;

/** A fault, as one expression. */
export function fault(code: DetailCode, message: string, path?: string): FieldFault {
  return path === undefined ? { code, message } : { code, message, path };
}
