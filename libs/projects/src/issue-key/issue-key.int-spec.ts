import { randomUUID } from 'node:crypto';
import { KEY_SCOPES } from '#contracts';
import { UnitOfWork } from '#database';
import { Clock } from '#platform';
import { createTestDatabase } from '#testing';
import type { TestDatabase } from '#testing';
import { CreateProject } from '../create-project/create-project.use-case';
import type { CreatedProject } from '../create-project/create-project.use-case';
import { KeyPepper } from '../key-pepper/key-pepper';
import { ListKeys } from '../list-keys/list-keys.query';
import { RevokeKey } from '../revoke-key/revoke-key.use-case';
import { IssueKey } from './issue-key.use-case';
import type { IssueKeyCommand } from './issue-key.use-case';

describe('the keys of a project', () => {
  const clock = { now: () => new Date(now) };
  let now = Date.parse('2026-11-24T09:30:00Z');
  let db: TestDatabase;
  let issueKey: IssueKey;
  let listKeys: ListKeys;
  let revokeKey: RevokeKey;
  let acme: CreatedProject;

  beforeAll(async () => {
    db = await createTestDatabase();
    const uow = new UnitOfWork(db.database);
    const pepper = new KeyPepper(uow, new Clock(), { KEY_PEPPER: 'a pepper for the tests' });
    issueKey = new IssueKey(uow, clock, pepper);
    listKeys = new ListKeys(uow);
    revokeKey = new RevokeKey(uow, clock);
    const createProject = new CreateProject(uow, clock, pepper);
    acme = await createProject.execute({ name: 'Acme' });
    await createProject.execute({ name: 'Other' });
  });
  afterAll(() => db.drop());

  const listed = async (keyId: string) => (await listKeys.execute('acme')).find((key) => key.keyId === keyId);

  it('can be seen with all that they are but themselves', async () => {
    const keys = await listKeys.execute('acme');
    const common = { scopes: KEY_SCOPES, createdAt: clock.now(), expiresAt: null, lastUsedAt: null, revokedAt: null };
    expect(keys).toEqual([
      { keyId: expect.any(String), side: 'live', prefix: acme.liveKey.slice(0, 12), ...common },
      { keyId: expect.any(String), side: 'test', prefix: acme.testKey.slice(0, 12), ...common },
    ]);
    const everything = JSON.stringify(await db.sql('SELECT * FROM api_key'));
    expect(everything).not.toContain(acme.liveKey.slice(12));
    expect(everything).not.toContain(acme.testKey.slice(12));
  });

  it.each<[Omit<IssueKeyCommand, 'slug'>, object]>([
    [{ side: 'live' }, { side: 'live', scopes: KEY_SCOPES, expiresAt: null }],
    [
      { side: 'test', scopes: ['agent'] },
      { side: 'test', scopes: ['tickets:read', 'tickets:write'] },
    ],
    [{ side: 'live', scopes: ['read-only'] }, { scopes: ['tickets:read', 'config:read', 'webhooks:read'] }],
    [{ side: 'live', scopes: ['webhooks:write', 'tickets:read'] }, { scopes: ['tickets:read', 'webhooks:write'] }],
    [{ side: 'live', expiresInDays: 30 }, { expiresAt: new Date('2026-12-24T09:30:00Z') }],
    [{ side: 'live', expiresAt: new Date('2027-01-01T00:00:00Z') }, { expiresAt: new Date('2027-01-01T00:00:00Z') }],
  ])('are issued with %j', async (command, expected) => {
    const { keyId, key } = await issueKey.execute({ slug: 'acme', ...command });
    expect(await listed(keyId)).toMatchObject({ ...expected, prefix: key.slice(0, 12) });
  });

  it.each<[IssueKeyCommand, object]>([
    [{ slug: 'nobody', side: 'live' }, { code: 'project_not_found' }],
    [
      { slug: 'acme', side: 'live', scopes: ['tickets:delete'] },
      { code: 'validation_failed', details: [{ field: 'scopes', code: 'enum' }] },
    ],
    [
      { slug: 'acme', side: 'live', expiresInDays: 0 },
      { code: 'validation_failed', details: [{ field: 'expires_in_days', code: 'min' }] },
    ],
  ])('are not issued with %j', async (command, refusal) => {
    await expect(issueKey.execute(command)).rejects.toMatchObject(refusal);
  });

  it('stay in the list when they are revoked; revoking twice keeps the first time', async () => {
    const { keyId } = await issueKey.execute({ slug: 'acme', side: 'live' });
    const revokedAt = clock.now();
    expect(await revokeKey.execute(keyId)).toEqual({ keyId, revokedAt });
    now += 60_000;
    expect(await revokeKey.execute(keyId.toUpperCase())).toEqual({ keyId, revokedAt });
    expect(await listed(keyId)).toMatchObject({ revokedAt });
  });

  it.each([randomUUID(), 'no id', ''])('are not found by %j', async (keyId) => {
    await expect(revokeKey.execute(keyId)).rejects.toMatchObject({ code: 'key_not_found' });
  });

  it('of an unknown project cannot be listed', async () => {
    await expect(listKeys.execute('nobody')).rejects.toMatchObject({ code: 'project_not_found' });
  });
});
