import { randomUUID } from 'node:crypto';
import { createTestDatabase } from '#testing';
import type { TestDatabase } from '#testing';
import type { ProjectScope } from './project-scope';
import type { Tx } from './transaction';
import { UnitOfWork } from './unit-of-work';

const COUNT = { text: 'SELECT count(*)::int AS n FROM ticket_counter' };
const ADD = (scope: ProjectScope) => ({
  text: 'INSERT INTO ticket_counter (project_id, last_number) VALUES ($1, 0)',
  values: [scope.projectId],
});

describe('UnitOfWork', () => {
  let db: TestDatabase;
  let uow: UnitOfWork;

  beforeAll(async () => {
    db = await createTestDatabase();
    uow = new UnitOfWork(db.database);
  });
  afterAll(() => db.drop());

  async function aProject(): Promise<ProjectScope> {
    const id = randomUUID();
    await db.sql(`INSERT INTO project (id, slug, name, created_at) VALUES ($1, $2, 'P', now())`, [id, id]);
    return { projectId: id, liveProjectId: id, isTest: false, clockOffsetMs: 0 };
  }

  const countOf = async (scope: ProjectScope) => (await uow.read<{ n: number }>(scope, COUNT))[0]?.n;

  it('commits what the work wrote', async () => {
    const scope = await aProject();
    await uow.run(scope, (tx) => tx.query(ADD(scope)));
    expect(await countOf(scope)).toBe(1);
  });

  it('takes everything back when the work throws, and the connection stays usable', async () => {
    const scope = await aProject();
    const failing = uow.run(scope, async (tx) => {
      await tx.query(ADD(scope));
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await countOf(scope)).toBe(0);
  });

  it('fails, and commits nothing, when the statement that carries the COMMIT fails', async () => {
    const scope = await aProject();
    const failing = uow.run(scope, async (tx) => {
      await tx.query(ADD(scope));
      await tx.queryAndCommit(ADD(scope));
    });
    await expect(failing).rejects.toThrow('duplicate key');
    expect(await countOf(scope)).toBe(0);
  });

  it('shows and takes the rows of its own project alone', async () => {
    const [mine, other] = [await aProject(), await aProject()];
    await uow.run(other, (tx) => tx.query(ADD(other)));
    expect(await countOf(mine)).toBe(0);
    await expect(uow.run(mine, (tx) => tx.query(ADD(other)))).rejects.toThrow('row-level security');
  });

  it('joins an outer shared transaction of the same project, and refuses one of another', async () => {
    const [mine, other] = [await aProject(), await aProject()];
    const failing = uow.runShared(mine, async () => {
      await uow.run(mine, (tx) => tx.queryAndCommit(ADD(mine)));
      expect(await countOf(mine)).toBe(1);
      await uow.run(other, (tx) => tx.query(ADD(other)));
    });
    await expect(failing).rejects.toThrow('cannot be joined');
    expect(await countOf(mine)).toBe(0);
  });

  it('calls the hooks after the commit, and never after a rollback', async () => {
    const scope = await aProject();
    const calls: string[] = [];
    await uow.run(scope, async (tx) => tx.afterCommit(() => calls.push('committed')));
    await uow
      .run(scope, async (tx) => {
        tx.afterCommit(() => calls.push('rolled back'));
        throw new Error('no');
      })
      .catch(() => undefined);
    expect(calls).toEqual(['committed']);
  });

  it('lets a worker act for a project, bound to it', async () => {
    const mine = await aProject();
    await uow.runAsWorker(async (tx) => {
      await tx.asProject(mine, (inner) => inner.query(ADD(mine)));
      const rows = await tx.query<{ role: string }>({ text: 'SELECT current_user AS role' });
      expect(rows[0]?.role).toBe('helpdesk_worker');
    });
    expect(await countOf(mine)).toBe(1);
  });

  it('lets a worker act for several projects at a time, each statement for its own', async () => {
    const projects = [await aProject(), await aProject(), await aProject()];
    const whoami = { text: `SELECT current_user || ' ' || current_setting('app.project_id') AS me` };
    await uow.runAsWorker(async (tx) => {
      const seen = await Promise.all(
        projects.map((scope) =>
          tx.asProject(scope, async (inner) => {
            const [first] = await inner.query<{ me: string }>(whoami);
            await inner.query(ADD(scope));
            const [second] = await inner.query<{ me: string }>(whoami);
            return [first?.me, second?.me];
          }),
        ),
      );
      expect(seen).toEqual(projects.map(({ projectId }) => [`helpdesk_app ${projectId}`, `helpdesk_app ${projectId}`]));
      const [mine] = await tx.query<{ role: string }>({ text: 'SELECT current_user AS role' });
      expect(mine?.role).toBe('helpdesk_worker');
    });
    expect(await Promise.all(projects.map(countOf))).toEqual([1, 1, 1]);
  });

  it('takes everything back when one of them fails, and no statement of the others any more', async () => {
    const [mine, other] = [await aProject(), await aProject()];
    const late: unknown[] = [];
    const failing = uow.runAsWorker(async (tx) => {
      const failed = tx.asProject(mine, (inner) => inner.query(ADD(other)));
      const going = tx.asProject(other, async (inner) => {
        await failed.catch(() => undefined);
        await inner.query(ADD(other)).catch((error: unknown) => late.push(error));
      });
      await Promise.all([failed, going]);
    });
    await expect(failing).rejects.toThrow('row-level security');
    expect(String(late[0])).toContain('can only be rolled back');
    expect([await countOf(mine), await countOf(other)]).toEqual([0, 0]);
  });

  it('gives work for a project inside of a worker no manager, whose statements would be bound to nobody', async () => {
    const scope = await aProject();
    const asking = uow.runAsWorker((tx) => tx.asProject(scope, async (inner) => inner.manager));
    await expect(asking).rejects.toThrow('write SQL');
  });

  it.each([
    ['in the database', (tx: Tx, other: ProjectScope) => tx.query(ADD(other)), 'row-level security'],
    ['before it', () => Promise.reject(new Error('no')), 'no'],
  ])(
    'goes no further once work for a project has failed %s, and takes everything back',
    async (_where, work, reason) => {
      const [mine, other] = [await aProject(), await aProject()];
      const swallowing = uow.runAsWorker(async (tx) => {
        await tx.asProject(mine, (inner) => inner.query(ADD(mine)));
        await expect(tx.asProject(mine, (inner) => work(inner, other))).rejects.toThrow(reason);
        await expect(tx.query({ text: 'SELECT' })).rejects.toThrow('can only be rolled back');
      });
      await expect(swallowing).rejects.toThrow('can only be rolled back');
      expect([await countOf(mine), await countOf(other)]).toEqual([0, 0]);
    },
  );

  it('takes no statement of work that goes on after its part, or its transaction, has ended', async () => {
    const scope = await aProject();
    const kept: Tx[] = [];
    await uow.runAsWorker(async (tx) => {
      await tx.asProject(scope, async (inner) => void kept.push(inner));
      await expect(kept[0]?.query(ADD(scope))).rejects.toThrow('over');
    });
    await uow.run(scope, async (tx) => void kept.push(tx));
    await expect(kept[1]?.query(ADD(scope))).rejects.toThrow('over');
    expect(await countOf(scope)).toBe(0);
  });
});
