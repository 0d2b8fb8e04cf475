import { KEY_SCOPES } from '#contracts';
import { UnitOfWork } from '#database';
import { Clock } from '#platform';
import { createTestDatabase } from '#testing';
import type { TestDatabase } from '#testing';
import { isWellFormedApiKey } from '../domain/api-key';
import { KeyPepper } from '../key-pepper/key-pepper';
import { ListProjects } from '../list-projects/list-projects.query';
import { CreateProject } from './create-project.use-case';

describe('CreateProject', () => {
  let db: TestDatabase;
  let createProject: CreateProject;
  let pepper: KeyPepper;

  beforeAll(async () => {
    db = await createTestDatabase();
    [createProject, pepper] = newProcess();
  });
  afterAll(() => db.drop());

  function newProcess(): [CreateProject, KeyPepper] {
    const uow = new UnitOfWork(db.database);
    const itsPepper = new KeyPepper(uow, new Clock(), { KEY_PEPPER: 'a pepper for the tests' });
    return [new CreateProject(uow, new Clock(), itsPepper), itsPepper];
  }

  const count = async (table: string) => (await db.sql<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`))[0]?.n;

  it('makes both sides, the settings, the counters of ticket numbers, and a key of every scope for each side', async () => {
    const { projectId, testProjectId, slug, liveKey, testKey } = await createProject.execute({ name: 'Acme' });
    expect(slug).toBe('acme');
    expect(
      await db.sql(
        `SELECT id, live_project_id, slug, name, clock_offset_ms FROM project
         WHERE $1 IN (id, live_project_id) ORDER BY slug NULLS LAST`,
        [projectId],
      ),
    ).toEqual([
      { id: projectId, live_project_id: null, slug: 'acme', name: 'Acme', clock_offset_ms: '0' },
      { id: testProjectId, live_project_id: projectId, slug: null, name: 'Acme', clock_offset_ms: '0' },
    ]);
    expect(
      await db.sql('SELECT helpdesk_enabled, reopen_policy FROM helpdesk_settings WHERE project_id = $1', [projectId]),
    ).toEqual([{ helpdesk_enabled: true, reopen_policy: 'same_within_hours' }]);
    expect(
      await db.sql('SELECT last_number FROM ticket_counter WHERE project_id IN ($1, $2)', [projectId, testProjectId]),
    ).toEqual([{ last_number: 0 }, { last_number: 0 }]);
    expect(
      await db.sql('SELECT is_test, hash, prefix, scopes FROM api_key WHERE project_id = $1 ORDER BY is_test', [
        projectId,
      ]),
    ).toEqual([
      { is_test: false, hash: await pepper.hash(liveKey), prefix: liveKey.slice(0, 12), scopes: KEY_SCOPES },
      { is_test: true, hash: await pepper.hash(testKey), prefix: testKey.slice(0, 12), scopes: KEY_SCOPES },
    ]);
    expect([liveKey, testKey].every(isWellFormedApiKey)).toBe(true);
    expect([liveKey.slice(0, 8), testKey.slice(0, 8)]).toEqual(['zn_live_', 'zn_test_']);
  });

  it('takes the slug that was asked for, and refuses one that is taken', async () => {
    expect((await createProject.execute({ name: 'First', slug: 'wanted' })).slug).toBe('wanted');
    const before = await count('project');
    await expect(createProject.execute({ name: 'Second', slug: 'wanted' })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('"wanted" is taken'),
    });
    expect(await count('project')).toBe(before);
  });

  it('numbers derived slugs that are taken, and fills the gaps between those that were asked for', async () => {
    await createProject.execute({ name: 'x', slug: 'numbered-2' });
    const slugs = [];
    for (let i = 0; i < 3; i++) {
      slugs.push((await createProject.execute({ name: 'Numbered!' })).slug);
    }
    expect(slugs).toEqual(['numbered', 'numbered-3', 'numbered-4']);
  });

  it('gives projects that are created together under one name different slugs, whatever process does it', async () => {
    const [other] = newProcess();
    const together = Array.from({ length: 12 }, (_, i) => (i % 2 ? createProject : other).execute({ name: 'Twins' }));
    const slugs = (await Promise.all(together)).map(({ slug }) => slug);
    expect(slugs.toSorted((a, b) => a.length - b.length || a.localeCompare(b))).toEqual([
      'twins',
      ...[2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map((n) => `twins-${n}`),
    ]);
  });

  it('lets one of those win who ask for one slug together', async () => {
    const [other] = newProcess();
    const before = await count('project');
    const together = Array.from({ length: 8 }, (_, i) =>
      (i % 2 ? createProject : other).execute({ name: `P${i}`, slug: 'contested' }),
    );
    const outcomes = await Promise.allSettled(together);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject(outcome.status === 'rejected' ? { reason: { code: 'conflict' } } : {});
    }
    expect(await count('project')).toBe((before ?? 0) + 2);
  });

  it.each([
    [{ name: '' }, 'name', 'required'],
    [{ name: 'x'.repeat(101) }, 'name', 'max'],
    [{ name: 'ok', slug: 'No' }, 'slug', 'format'],
  ])('refuses %j', async (command, field, code) => {
    await expect(createProject.execute(command)).rejects.toMatchObject({
      code: 'validation_failed',
      details: [{ field, code }],
    });
  });

  it('leaves nothing behind when it fails half-way', async () => {
    const before = [await count('project'), await count('api_key'), await count('ticket_counter')];
    await db.sql('ALTER TABLE api_key RENAME TO elsewhere');
    try {
      await expect(createProject.execute({ name: 'Half' })).rejects.toThrow('api_key');
    } finally {
      await db.sql('ALTER TABLE elsewhere RENAME TO api_key');
    }
    expect([await count('project'), await count('api_key'), await count('ticket_counter')]).toEqual(before);
  });

  it('is seen in the list, with the id of its test side', async () => {
    const { projectId, testProjectId } = await createProject.execute({ name: 'Listed' });
    const projects = await new ListProjects(new UnitOfWork(db.database)).execute();
    expect(projects.at(-1)).toEqual({
      projectId,
      testProjectId,
      slug: 'listed',
      name: 'Listed',
      monthlyReplyQuota: null,
      rateLimitPerMinute: null,
      createdAt: expect.any(Date),
    });
    expect(projects).toHaveLength(((await count('project')) ?? 0) / 2);
  });
});
