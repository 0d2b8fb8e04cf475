/** Codes of the operating system and of PostgreSQL (appendix A of its manual) with what to do about them. */
const MENDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Start the server, or correct host and port in DATABASE_URL.',
  ENOTFOUND: 'Correct the host in DATABASE_URL.',
  EAI_AGAIN: 'Correct the host in DATABASE_URL, or mend the name resolution.',
  ETIMEDOUT: 'Check the address and that no firewall stands between.',
  '28P01': 'Correct user and password in DATABASE_URL.',
  '28000': 'Correct the user in DATABASE_URL, or let the server accept this user from here (pg_hba.conf).',
  '3D000': 'Create that database, or name another one in DATABASE_URL.',
  '53300': 'Raise max_connections of the server, or lower DATABASE_POOL_SIZE.',
  '57P03': 'The server is starting or stopping: try again.',
};

/** No connection to the database; the message names the database without its password, the cause and the mend. */
export class DatabaseUnusableError extends Error {
  readonly code: string | undefined;

  constructor(url: string, cause: unknown) {
    const reason = firstOf(cause);
    const code = (reason as { readonly code?: string }).code;
    super(
      `The database ${place(url)} cannot be used: ${reason.message}. ${MENDS[code ?? ''] ?? 'Check DATABASE_URL.'}`,
      { cause },
    );
    this.name = 'DatabaseUnusableError';
    this.code = code;
  }
}

/** A host with several addresses fails with one error for each, under one without words. */
function firstOf(error: unknown): { readonly message: string } {
  const { errors, message } = (error ?? {}) as { readonly errors?: readonly unknown[]; readonly message?: unknown };
  if (Array.isArray(errors) && errors.length > 0) {
    return firstOf(errors[0]);
  }
  return typeof message === 'string' ? (error as { readonly message: string }) : { message: String(error) };
}

function place(url: string): string {
  const { hostname, port, pathname } = new URL(url);
  return `${hostname}:${port || 5432}${pathname}`;
}
