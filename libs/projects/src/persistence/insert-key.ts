import { v7 as uuidv7 } from 'uuid';
import type { KeyScope } from '#contracts';
import type { WorkerTx } from '#database';
import { ApiKeyEntity } from '#schema';
import { displayPrefixOf, makeApiKey } from '../domain/api-key';
import type { KeyPepper } from '../key-pepper/key-pepper';

/** What a new key is for. */
export interface NewKey {
  readonly liveProjectId: string;
  readonly side: 'live' | 'test';
  readonly scopes: readonly KeyScope[];
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
}

/** A key at the only moment at which it can be seen. */
export interface IssuedKey {
  readonly keyId: string;
  readonly key: string;
}

/** Makes a key and stores its hash. */
export async function insertKey(tx: WorkerTx, pepper: KeyPepper, newKey: NewKey): Promise<IssuedKey> {
  const { liveProjectId, side, scopes, createdAt, expiresAt } = newKey;
  const key = makeApiKey(side);
  const keyId = uuidv7();
  await tx.manager.insert(ApiKeyEntity, {
    projectId: liveProjectId,
    id: keyId,
    isTest: side === 'test',
    hash: await pepper.hash(key),
    prefix: displayPrefixOf(key),
    scopes: [...scopes],
    createdAt,
    expiresAt,
  });
  return { keyId, key };
}
