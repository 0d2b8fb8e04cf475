import { createTestDatabase } from '#testing';
import type { TestDatabase } from '#testing';
import { emptyDatabase } from '../../contract/schema/empty-database';
import { helpdesk } from './helpdesk';
import type { Json } from './helpdesk';

describe('helpdesk migrate and doctor', () => {
  let db: TestDatabase;

  beforeEach(async () => {
    db = await createTestDatabase();
  });

  afterEach(() => db.drop());

  async function json(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const { exit, out } = await helpdesk({ DATABASE_URL: db.url, ...env }, [...args, '--json']);
    return { exit, answer: JSON.parse(out) as Json };
  }

  const findingsOf = async (env?: Readonly<Record<string, string>>) => {
    const { exit, answer } = await json(['doctor'], env);
    const findings = answer['findings'] as { check: string; status: string; message: string; mend?: string }[];
    return { exit, ok: answer['ok'], findings, of: (check: string) => findings.find((one) => one.check === check) };
  };

  it('migrate up brings an empty database up to date, once; migrate status tells', async () => {
    await emptyDatabase(db);
    const before = (await json(['migrate', 'status'])).answer as { migrations: unknown[]; pending: number };
    expect(before.pending).toBe(before.migrations.length);

    const { applied } = (await json(['migrate', 'up'])).answer as { applied: string[] };
    expect(applied).toHaveLength(before.pending);
    expect((await json(['migrate', 'up'])).answer).toEqual({ applied: [] });
    expect((await json(['migrate', 'status'])).answer).toMatchObject({
      pending: 0,
      migrations: applied.map((name) => ({ name, applied: true })),
    });
  });

  it('another command on a database without migrations says which command comes first', async () => {
    await emptyDatabase(db);
    const { exit, err } = await helpdesk({ DATABASE_URL: db.url }, ['project', 'list']);
    expect(exit).toBe(1);
    expect(err).toContain('npx helpdesk migrate up');
  });

  it('doctor finds nothing broken in a sound installation, and every warning has its mend', async () => {
    const { exit, ok, findings, of } = await findingsOf();
    expect([exit, ok]).toEqual([0, true]);
    expect(findings.map(({ check }) => check)).toEqual([
      'node',
      'environment',
      'key_pepper',
      'data_folder',
      'disk',
      'database',
      'connections',
      'clock',
      'migrations',
      'roles',
      'events',
    ]);
    expect(findings.filter(({ status, mend }) => status !== 'ok' && !mend)).toEqual([]);
    expect(of('key_pepper')).toMatchObject({ status: 'warning', mend: expect.stringContaining('KEY_PEPPER=') });
    expect((await findingsOf({ KEY_PEPPER: 'a long enough secret' })).of('key_pepper')).toMatchObject({ status: 'ok' });
  });

  it('doctor says how to mend missing migrations', async () => {
    await emptyDatabase(db);
    const { exit, ok, of } = await findingsOf();
    expect([exit, ok]).toEqual([1, false]);
    expect(of('migrations')).toMatchObject({ status: 'broken', mend: 'npx helpdesk migrate up' });
  });

  it('doctor says what is wrong with the way to the database', async () => {
    const { exit, of } = await findingsOf({ DATABASE_URL: 'postgres://nobody:secret@127.0.0.1:1/none' });
    expect(exit).toBe(1);
    expect(of('database')).toEqual({
      check: 'database',
      status: 'broken',
      message: 'The database 127.0.0.1:1/none cannot be used: connect ECONNREFUSED 127.0.0.1:1',
      mend: 'Start the server, or correct host and port in DATABASE_URL.',
    });
  });

  it('doctor names each variable of the environment that cannot be used', async () => {
    const { exit, findings } = await findingsOf({ PORT: 'x', LOG_LEVEL: 'loud' });
    expect(exit).toBe(1);
    expect(findings.filter(({ check }) => check === 'environment').map(({ message }) => message)).toEqual([
      expect.stringMatching(/^PORT: /),
      expect.stringMatching(/^LOG_LEVEL: /),
    ]);
  });
});
