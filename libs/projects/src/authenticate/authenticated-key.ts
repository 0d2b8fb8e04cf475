import type { Actor, KeyScope } from '#contracts';
import type { ProjectScope } from '#database';

/** An API key that may be used right now, and on whose behalf it acts. */
export interface AuthenticatedKey {
  readonly id: string;
  readonly actor: Actor;
  readonly scopes: readonly KeyScope[];
  /** The side of the project that the key belongs to. */
  readonly project: ProjectScope;
  /** The project's own limit; null where the installation's default holds. */
  readonly rateLimitPerMinute: number | null;
}
