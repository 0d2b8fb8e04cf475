import { createHmac, randomBytes } from 'node:crypto';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { UnitOfWork } from '#database';
import { Clock, ENVIRONMENT } from '#platform';
import type { Environment } from '#platform';

const SECRET_NAME = 'key_pepper';

/** What the key hashes are keyed with. */
interface Peppers {
  readonly current: string;
  /** The one that the installation made for itself before its environment named one. */
  readonly former?: string;
}

/**
 * The secret without which the stored hashes are worth nothing: KEY_PEPPER, or one that the installation makes for itself once
 * and keeps in its database, where all its processes find it.
 *
 * Keys issued before KEY_PEPPER was set go on working: they are looked up by both hashes, and their use renews the hash. A process
 * that does not have KEY_PEPPER yet no longer finds a renewed key, so all processes of an installation must get it together.
 */
@Injectable()
export class KeyPepper implements OnModuleInit {
  private readonly logger = new Logger('key-pepper');
  private loading: Promise<Peppers> | undefined;

  constructor(
    private readonly uow: UnitOfWork,
    private readonly clock: Clock,
    @Inject(ENVIRONMENT) private readonly environment: Pick<Environment, 'KEY_PEPPER'>,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.peppers();
    if (!this.environment.KEY_PEPPER) {
      this.logger.warn({
        event: 'key_pepper.generated',
        hint: 'KEY_PEPPER is not set, so the database holds both the key hashes and their secret. Set it in production.',
      });
    }
  }

  /** The hash under which a key is stored: HMAC-SHA256, 32 bytes. */
  async hash(key: string): Promise<Buffer> {
    return digest((await this.peppers()).current, key);
  }

  /** Every hash under which the key may be stored, that of {@link hash} first. */
  async hashes(key: string): Promise<readonly [Buffer, ...Buffer[]]> {
    const { current, former } = await this.peppers();
    return former === undefined ? [digest(current, key)] : [digest(current, key), digest(former, key)];
  }

  private peppers(): Promise<Peppers> {
    this.loading ??= this.load().catch((error: unknown) => {
      this.loading = undefined;
      throw error;
    });
    return this.loading;
  }

  private async load(): Promise<Peppers> {
    const given = this.environment.KEY_PEPPER;
    if (given === undefined) {
      return { current: await this.keptOrMade() };
    }
    const former = await this.kept();
    return former === undefined || former === given ? { current: given } : { current: given, former };
  }

  private async kept(): Promise<string | undefined> {
    const [row] = await this.uow.runAsWorker((tx) =>
      tx.query<{ value: string }>({
        text: 'SELECT value FROM installation_secret WHERE name = $1',
        values: [SECRET_NAME],
      }),
    );
    return row?.value;
  }

  /** Processes that start together may each make one; the first row stands, and everybody reads that. */
  private async keptOrMade(): Promise<string> {
    const kept = await this.kept();
    if (kept !== undefined) {
      return kept;
    }
    await this.uow.runAsWorker((tx) =>
      tx.query({
        text: 'INSERT INTO installation_secret (name, value, created_at) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING',
        values: [SECRET_NAME, randomBytes(32).toString('base64url'), this.clock.now()],
      }),
    );
    return (await this.kept()) as string;
  }
}

function digest(pepper: string, key: string): Buffer {
  return createHmac('sha256', pepper).update(key).digest();
}
