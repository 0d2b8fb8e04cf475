/** Tells every process that a project's log has grown. A hint: it may go missing. */
export const LOG_CHANNEL = 'helpdesk_log';

/** What a hint says. */
export interface LogHint {
  readonly projectId: string;
  readonly lastPosition: number;
}

/** SQL that sends a hint, for a statement with the two values as columns. */
export function notifyLogSql(projectId: string, lastPosition: string): string {
  return `pg_notify('${LOG_CHANNEL}', ${projectId} || ' ' || ${lastPosition})`;
}

/** Reads a hint's payload; undefined for anything else that somebody may have sent on the channel. */
export function parseLogHint(payload: string): LogHint | undefined {
  const [projectId, lastPosition] = payload.split(' ');
  const position = Number(lastPosition);
  return projectId && lastPosition && Number.isSafeInteger(position)
    ? { projectId, lastPosition: position }
    : undefined;
}
