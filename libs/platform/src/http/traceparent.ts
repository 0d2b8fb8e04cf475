const FORM = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const INVALID_VERSION = 'ff';
const NONE = /^0+$/;

/**
 * The trace that a caller names by `traceparent` (W3C Trace Context, level 1), as version 00 writes it; undefined when it names none or
 * none that is valid. A later version may have more fields behind ours, which are left out, as the standard asks.
 */
export function readTraceparent(header: string | readonly string[] | undefined): string | undefined {
  const [, version, traceId = '', parentId = '', flags, more] = (typeof header === 'string' && FORM.exec(header)) || [];
  const isValid =
    version !== undefined &&
    version !== INVALID_VERSION &&
    !(version === '00' && more !== undefined) &&
    !NONE.test(traceId) &&
    !NONE.test(parentId);
  return isValid ? `00-${traceId}-${parentId}-${flags}` : undefined;
}

/** The id of the trace, by which all its lines are found. */
export function traceIdOf(traceparent: string): string {
  return traceparent.slice(3, 35);
}
