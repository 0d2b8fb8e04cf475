import { v7 as uuidv7 } from 'uuid';
import type { KeyScope } from '#contracts';
import type { WorkerTx } from '#database';
import { ApiKeyEntity } from '#schema';
import { displayPrefixOf, makeApiKey } from '../domain/api-key';
import type { KeyPepper } from '../key-pepper/key-pepper';

/** A key at the only moment at which it can be seen. */
export interface IssuedKey {
  readonly keyId: string;
  readonly key: string;
}

/** A made key that is not stored yet. */
export interface FreshKey extends IssuedKey {
  readonly side: 'live' | 'test';
  readonly hash: Buffer;
}

/** What a key may do, for whom and until when. */
export interface KeyGrant {
  readonly liveProjectId: string;
  readonly scopes: readonly KeyScope[];
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
}

/** Makes a key. Before the transaction: the pepper may have to be read, and would wait for a connection inside of one. */
export async function makeKey(pepper: KeyPepper, side: 'live' | 'test'): Promise<FreshKey> {
  const key = makeApiKey(side);
  return { keyId: uuidv7(), key, side, hash: await pepper.hash(key) };
}

/** Stores a key, as its hash. */
export async function insertKey(tx: WorkerTx, { keyId, key, side, hash }: FreshKey, grant: KeyGrant): Promise<void> {
  const { liveProjectId, scopes, createdAt, expiresAt } = grant;
  await tx.manager.insert(ApiKeyEntity, {
    projectId: liveProjectId,
    id: keyId,
    isTest: side === 'test',
    hash,
    prefix: displayPrefixOf(key),
    scopes: [...scopes],
    createdAt,
    expiresAt,
  });
}
