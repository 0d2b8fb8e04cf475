/**
 * Why an embedded PostgreSQL did not start:
 * `unsupported` no binaries for this machine; `in_use` another process runs it on this folder;
 * `unusable_folder` its files cannot be used as they are; `start_failed` PostgreSQL itself refused.
 */
export type EmbeddedPostgresFault = 'unsupported' | 'in_use' | 'unusable_folder' | 'start_failed';

/** The embedded PostgreSQL cannot run; the message names the cause and the mend and is meant for a terminal. */
export class EmbeddedPostgresError extends Error {
  constructor(
    readonly fault: EmbeddedPostgresFault,
    message: string,
  ) {
    super(message);
    this.name = 'EmbeddedPostgresError';
  }
}
