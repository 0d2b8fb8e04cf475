import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DomainError } from '#contracts';
import { UnitOfWork } from '#database';
import { Clock } from '#platform';
import { KeyPepper } from '../key-pepper/key-pepper';
import { isTestKey, isWellFormedApiKey } from '../domain/api-key';
import type { AuthenticatedKey } from './authenticated-key';
import { KeyCache } from './key-cache';
import { KeyUseRecorder } from './key-use-recorder';
import { findStoredKey } from './stored-key';
import type { StoredKey } from './stored-key';

/**
 * How long a look-up's answer is used, in milliseconds: after this long a revoked key is refused in every process, which is promised
 * within ten seconds.
 */
export const KEY_CACHE_MS = 3_000;

const MAX_CACHED_KEYS = 10_000;

const CREDENTIALS = /^Bearer(?: +(.*))?$/i;

/** A look-up's answer. */
interface FoundKey {
  readonly stored: StoredKey;
  /** The hash that the key should be stored under. */
  readonly currentHash: Buffer;
}

/** Finds out whose key a request carries. */
@Injectable()
export class AuthenticateKey {
  private readonly cache: KeyCache<FoundKey>;

  constructor(
    private readonly uow: UnitOfWork,
    private readonly clock: Clock,
    private readonly pepper: KeyPepper,
    private readonly uses: KeyUseRecorder,
  ) {
    this.cache = new KeyCache({
      maxAgeMs: KEY_CACHE_MS,
      maxEntries: MAX_CACHED_KEYS,
      now: () => this.clock.now().getTime(),
    });
  }

  /**
   * Reads an `Authorization` header. Every key that may not be used takes the same way to the same answer, so that neither text
   * nor time tells an unknown one from a revoked one.
   * @throws {DomainError} `unauthorized` without a key, `invalid_api_key` with one that may not be used.
   */
  async execute(authorization: string | undefined): Promise<AuthenticatedKey> {
    const key = CREDENTIALS.exec(authorization ?? '')?.[1]?.trim();
    if (!key) {
      throw new DomainError('unauthorized', 'An API key is needed. Send it as the header Authorization: Bearer <key>.');
    }
    const found = await this.find(key);
    if (!found || !isWellFormedApiKey(key) || !this.isUsable(found.stored)) {
      throw new DomainError(
        'invalid_api_key',
        'This API key is not valid: it is mistyped, unknown, revoked or expired. Check it, or issue a new one.',
      );
    }
    this.uses.record(found.stored, found.currentHash);
    return authenticated(found.stored);
  }

  /** A test side's clock comes with its key, and the next request after a move is to see it, in whichever process: no answer is kept. */
  private async find(key: string): Promise<FoundKey | null> {
    return isTestKey(key)
      ? this.findUsable(key)
      : this.cache.get(hash('sha256', key, 'base64'), () => this.findUsable(key));
  }

  private async findUsable(key: string): Promise<FoundKey | null> {
    const hashes = await this.pepper.hashes(key);
    const stored = await findStoredKey(this.uow, hashes);
    return stored && this.isUsable(stored) ? { stored, currentHash: hashes[0] } : null;
  }

  private isUsable({ revokedAt, expiresAt }: StoredKey): boolean {
    return revokedAt === null && (expiresAt === null || expiresAt > this.clock.now());
  }
}

function authenticated(stored: StoredKey): AuthenticatedKey {
  const { id, prefix, scopes, projectId, liveProjectId, isTest, clockOffsetMs, rateLimitPerMinute } = stored;
  return {
    id,
    actor: { type: 'key', id, name: prefix },
    scopes,
    project: { projectId, liveProjectId, isTest, clockOffsetMs },
    rateLimitPerMinute,
  };
}
