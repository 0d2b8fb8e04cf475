import { DomainError } from '#contracts';
import { UnitOfWork } from '#database';
import { Clock } from '#platform';
import { createTestDatabase } from '#testing';
import type { TestDatabase } from '#testing';
import { CreateProject } from '../create-project/create-project.use-case';
import type { CreatedProject } from '../create-project/create-project.use-case';
import { makeApiKey } from '../domain/api-key';
import { IssueKey } from '../issue-key/issue-key.use-case';
import type { IssueKeyCommand } from '../issue-key/issue-key.use-case';
import { KeyPepper } from '../key-pepper/key-pepper';
import { ListKeys } from '../list-keys/list-keys.query';
import { RevokeKey } from '../revoke-key/revoke-key.use-case';
import { AuthenticateKey, KEY_CACHE_MS } from './authenticate-key.use-case';
import { KeyUseRecorder } from './key-use-recorder';

const PEPPER = 'a pepper from the environment';

/** What is promised of a revoked key, in milliseconds. */
const REVOKED_WITHIN_MS = 10_000;

describe('AuthenticateKey', () => {
  const clock = { now: () => new Date(now) };
  let now = Date.parse('2026-11-24T09:30:00Z');
  let db: TestDatabase;
  let uow: UnitOfWork;
  let here: Process;
  let acme: CreatedProject;

  /** One of several processes on the database, with its own cache. */
  interface Process {
    readonly authenticate: (key: string | undefined) => ReturnType<AuthenticateKey['execute']>;
    readonly uses: KeyUseRecorder;
    readonly pepper: KeyPepper;
  }

  beforeAll(async () => {
    db = await createTestDatabase();
    uow = new UnitOfWork(db.database);
    here = newProcess();
    acme = await new CreateProject(uow, clock, here.pepper).execute({ name: 'Acme' });
  });
  afterEach(() => here.uses.onModuleDestroy());
  afterAll(() => db.drop());

  function newProcess(environment: { KEY_PEPPER?: string } = { KEY_PEPPER: PEPPER }): Process {
    const itsPepper = new KeyPepper(uow, new Clock(), environment);
    const uses = new KeyUseRecorder(uow, clock);
    const keys = new AuthenticateKey(uow, clock, itsPepper, uses);
    return {
      authenticate: (key) => keys.execute(key === undefined ? undefined : `Bearer ${key}`),
      uses,
      pepper: itsPepper,
    };
  }

  const issue = (command: Partial<IssueKeyCommand> = {}) =>
    new IssueKey(uow, clock, here.pepper).execute({ slug: 'acme', side: 'live', ...command });
  const revoke = (keyId: string) => new RevokeKey(uow, clock).execute(keyId);
  const stored = async (keyId: string) =>
    (
      await db.sql<{ hash: Buffer; last_used_at: Date | null }>(
        'SELECT hash, last_used_at FROM api_key WHERE id = $1',
        [keyId],
      )
    )[0];

  describe('lets in', () => {
    it('a live key on the live side, as itself and with its scopes', async () => {
      const { keyId, key } = await issue({ scopes: ['agent'] });
      expect(await here.authenticate(key)).toEqual({
        id: keyId,
        actor: { type: 'key', id: keyId, name: key.slice(0, 12) },
        scopes: ['tickets:read', 'tickets:write'],
        project: {
          projectId: acme.projectId,
          liveProjectId: acme.projectId,
          isTest: false,
          clockOffsetMs: 0,
        },
        rateLimitPerMinute: null,
      });
    });

    it('a test key on the test side, with that side’s clock and the live side’s limit', async () => {
      await db.sql('UPDATE project SET clock_offset_ms = 90000000 WHERE id = $1', [acme.testProjectId]);
      await db.sql('UPDATE project SET rate_limit_per_minute = 77 WHERE id = $1', [acme.projectId]);
      expect(await here.authenticate(acme.testKey)).toMatchObject({
        project: {
          projectId: acme.testProjectId,
          liveProjectId: acme.projectId,
          isTest: true,
          clockOffsetMs: 90_000_000,
        },
        rateLimitPerMinute: 77,
      });
    });

    it('a key from the moment on at which it is issued, though it was asked for before', async () => {
      const { keyId, key } = await issue();
      const row = await db.sql('DELETE FROM api_key WHERE id = $1 RETURNING *', [keyId]);
      expect((await refusal(here.authenticate(key))).code).toBe('invalid_api_key');
      await db.sql('INSERT INTO api_key SELECT * FROM jsonb_populate_record(NULL::api_key, $1)', [
        JSON.stringify({ ...row[0], hash: `\\x${(await here.pepper.hash(key)).toString('hex')}` }),
      ]);
      expect((await here.authenticate(key)).id).toBe(keyId);
    });

    it.each(['Bearer %', 'bearer %', 'BEARER   %', 'Bearer % '])('the header %j', async (form) => {
      const keys = new AuthenticateKey(uow, clock, here.pepper, here.uses);
      expect((await keys.execute(form.replace('%', acme.liveKey))).project.projectId).toBe(acme.projectId);
    });
  });

  describe('refuses', () => {
    it.each([undefined, '', 'Bearer', 'Bearer ', 'Basic dXNlcjpwYXNz', 'Token x', 'Bearer\tx'])(
      'the header %j for having no key',
      async (header) => {
        const keys = new AuthenticateKey(uow, clock, here.pepper, here.uses);
        expect((await refusal(keys.execute(header))).code).toBe('unauthorized');
      },
    );

    it('every key that may not be used in the same words', async () => {
      const { keyId, key: revoked } = await issue();
      await revoke(keyId);
      const { key: expired } = await issue({ expiresAt: new Date(now + 1) });
      now += 1;
      const unusable = {
        unknown: makeApiKey('live'),
        malformed: 'zn_live_short',
        'of no known kind': 'sk_live_000000000000000000000000000000abcdef',
        'with one letter mistyped': acme.liveKey.slice(0, -1) + (acme.liveKey.endsWith('0') ? '1' : '0'),
        'of the other side': acme.liveKey.replace('zn_live_', 'zn_test_'),
        doubled: `${acme.liveKey} ${acme.liveKey}`,
        'very long': 'x'.repeat(10_000),
        revoked,
        expired,
      };
      const answers = new Set<string>();
      for (const key of Object.values(unusable)) {
        const { code, message, details, extra } = await refusal(here.authenticate(key));
        answers.add(JSON.stringify({ code, message, details, extra }));
      }
      expect([...answers]).toEqual([expect.stringContaining('"code":"invalid_api_key"')]);
    });

    it('a key that expires while it is in use, at that very moment', async () => {
      const { key } = await issue({ expiresAt: new Date(now + 1_000) });
      now += 999;
      await here.authenticate(key);
      now += 1;
      expect((await refusal(here.authenticate(key))).code).toBe('invalid_api_key');
    });

    it('a revoked key in every process within ten seconds, one that has just used it included', async () => {
      const there = newProcess();
      const { keyId, key } = await issue();
      await Promise.all([here.authenticate(key), there.authenticate(key)]);
      await revoke(keyId);
      now += KEY_CACHE_MS;
      expect(KEY_CACHE_MS).toBeLessThan(REVOKED_WITHIN_MS / 2);
      for (const process of [here, there]) {
        expect((await refusal(process.authenticate(key))).code).toBe('invalid_api_key');
      }
      await there.uses.onModuleDestroy();
    });

    it('nobody wrongly when the database does not answer: that is another error', async () => {
      await db.sql('ALTER TABLE api_key RENAME TO elsewhere');
      try {
        await expect(newProcess().authenticate(acme.liveKey)).rejects.toThrow('api_key');
      } finally {
        await db.sql('ALTER TABLE elsewhere RENAME TO api_key');
      }
    });
  });

  it('sees at once, in every process, that the clock of the test side was moved', async () => {
    const there = newProcess();
    const offsets = () =>
      Promise.all([here, there].map(async (one) => (await one.authenticate(acme.testKey)).project.clockOffsetMs));
    const [before = 0] = await offsets();
    await db.sql('UPDATE project SET clock_offset_ms = clock_offset_ms + 5000 WHERE id = $1', [acme.testProjectId]);
    expect(await offsets()).toEqual([before + 5_000, before + 5_000]);
    await there.uses.onModuleDestroy();
  });

  describe('notes the use of a key', () => {
    it('once a minute at most, to the time of that use', async () => {
      const { keyId, key } = await issue();
      const first = now;
      for (const passed of [0, 30_000, 59_999]) {
        now = first + passed;
        await here.authenticate(key);
        await here.uses.onModuleDestroy();
        expect((await stored(keyId))?.last_used_at).toEqual(new Date(first));
      }
      now = first + 60_000;
      await here.authenticate(key);
      await here.uses.onModuleDestroy();
      expect((await stored(keyId))?.last_used_at).toEqual(new Date(now));
      expect((await new ListKeys(uow).execute('acme')).find((one) => one.keyId === keyId)?.lastUsedAt).toEqual(
        new Date(now),
      );
    });

    it('once per process, though many requests use it at once and in the seconds after', async () => {
      const there = newProcess();
      const { key } = await issue();
      await db.sql('CREATE TABLE statements (at timestamptz DEFAULT clock_timestamp())');
      await db.sql(
        `CREATE FUNCTION note_statement() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS
         $$ BEGIN INSERT INTO statements DEFAULT VALUES; RETURN NULL; END $$`,
      );
      await db.sql('CREATE TRIGGER note AFTER UPDATE ON api_key FOR EACH STATEMENT EXECUTE FUNCTION note_statement()');
      for (let round = 0; round < 3; round++) {
        await Promise.all(Array.from({ length: 20 }, (_, i) => (i % 2 ? here : there).authenticate(key)));
        await Promise.all([here.uses.onModuleDestroy(), there.uses.onModuleDestroy()]);
      }
      const statements = await db.sql('SELECT FROM statements');
      expect([1, 2]).toContain(statements.length);
      await db.sql('DROP TRIGGER note ON api_key');
    });

    it('without standing in the way when it cannot be written, and tries again later', async () => {
      const { keyId, key } = await issue();
      await db.sql('REVOKE UPDATE ON api_key FROM helpdesk_worker');
      await here.authenticate(key);
      await here.uses.onModuleDestroy();
      await db.sql('GRANT UPDATE ON api_key TO helpdesk_worker');
      expect((await stored(keyId))?.last_used_at).toBeNull();
      await here.authenticate(key);
      await here.uses.onModuleDestroy();
      expect((await stored(keyId))?.last_used_at).toEqual(new Date(now));
    });

    it('by renewing a hash that was made before the environment had a pepper', async () => {
      const before = newProcess({});
      const key = makeApiKey('live');
      const { keyId } = await issue();
      await db.sql('UPDATE api_key SET hash = $2 WHERE id = $1', [keyId, await before.pepper.hash(key)]);
      const later = newProcess();
      expect((await later.authenticate(key)).id).toBe(keyId);
      await later.uses.onModuleDestroy();
      expect((await stored(keyId))?.hash).toEqual(await later.pepper.hash(key));
      // The renewed hash is found, and found current: nothing is left to write.
      now += KEY_CACHE_MS;
      expect((await later.authenticate(key)).id).toBe(keyId);
    });
  });
});

async function refusal(work: Promise<unknown>): Promise<DomainError> {
  const thrown: unknown = await work.then(
    () => new Error('let in'),
    (error: unknown) => error,
  );
  if (thrown instanceof DomainError) {
    return thrown;
  }
  throw thrown;
}
