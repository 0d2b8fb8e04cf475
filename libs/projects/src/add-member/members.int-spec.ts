import { randomUUID } from 'node:crypto';
import { UnitOfWork } from '#database';
import type { ProjectScope } from '#database';
import { Clock } from '#platform';
import { createTestDatabase } from '#testing';
import type { TestDatabase } from '#testing';
import { AgentDirectory } from '../agents/agent-directory.query';
import { CreateProject } from '../create-project/create-project.use-case';
import { KeyPepper } from '../key-pepper/key-pepper';
import { ListMembers } from '../list-members/list-members.query';
import { RemoveMember } from '../remove-member/remove-member.use-case';
import { AddMember } from './add-member.use-case';

describe('the members of a project', () => {
  let db: TestDatabase;
  let uow: UnitOfWork;
  let addMember: AddMember;
  let listMembers: ListMembers;
  let removeMember: RemoveMember;
  let agents: AgentDirectory;
  let slug: string;
  let live: ProjectScope;
  let test: ProjectScope;

  beforeAll(async () => {
    db = await createTestDatabase();
    uow = new UnitOfWork(db.database);
    addMember = new AddMember(uow, new Clock());
    listMembers = new ListMembers(uow);
    removeMember = new RemoveMember(uow, new Clock());
    agents = new AgentDirectory(uow);
  });
  afterAll(() => db.drop());
  beforeEach(async () => {
    const project = await newProject();
    slug = project.slug;
    live = { projectId: project.projectId, liveProjectId: project.projectId, isTest: false, clockOffsetMs: 0 };
    test = { projectId: project.testProjectId, liveProjectId: project.projectId, isTest: true, clockOffsetMs: 0 };
  });

  const newProject = () =>
    new CreateProject(uow, new Clock(), new KeyPepper(uow, new Clock(), {})).execute({ name: 'Acme' });
  const add = async (name: string, role: string, email = `${name.toLowerCase()}@example.com`) =>
    (await addMember.execute({ slug, email, name, role })).memberId;
  const find = (scope: ProjectScope, id: string) => uow.run(scope, (tx) => agents.find(tx, id));
  const names = async () => (await listMembers.execute(slug)).map(({ name }) => name);

  it('are listed in the order in which they came', async () => {
    const memberId = await add('Bea', 'owner', 'Bea@Example.com');
    await add('Ann', 'viewer');
    expect(await listMembers.execute(slug)).toEqual([
      { memberId, email: 'Bea@Example.com', name: 'Bea', role: 'owner', createdAt: expect.any(Date) },
      expect.objectContaining({ name: 'Ann', role: 'viewer' }),
    ]);
  });

  it('have one e-mail address each, whatever its case; another project may know it too', async () => {
    await add('Ann', 'support', 'ann@example.com');
    await expect(add('Anna', 'admin', 'ANN@Example.COM')).rejects.toMatchObject({ code: 'conflict' });
    ({ slug } = await newProject());
    await add('Ann', 'support', 'ann@example.com');
    expect(await names()).toEqual(['Ann']);
  });

  it('are added once by those who add them together', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => add('Ann', 'support')));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await names()).toEqual(['Ann']);
  });

  it.each([
    ['Ann', 'boss', 'ann@example.com', 'role', 'enum'],
    ['Ann', '', 'ann@example.com', 'role', 'enum'],
    ['', 'owner', 'ann@example.com', 'name', 'required'],
    ['Ann', 'owner', 'ann', 'email', 'format'],
  ])('are not %j, %j, %j', async (name, role, email, field, code) => {
    await expect(add(name, role, email)).rejects.toMatchObject({
      code: 'validation_failed',
      details: [{ field, code }],
    });
  });

  it('of an unknown project are neither added nor listed', async () => {
    slug = 'nobody';
    await expect(add('Ann', 'owner')).rejects.toMatchObject({ code: 'project_not_found' });
    await expect(listMembers.execute(slug)).rejects.toMatchObject({ code: 'project_not_found' });
  });

  it('leave once, keep their row, and come back as somebody new', async () => {
    const memberId = await add('Ann', 'support');
    await removeMember.execute(memberId);
    expect(await names()).toEqual([]);
    await expect(removeMember.execute(memberId)).rejects.toMatchObject({ code: 'member_not_found' });
    expect(await db.sql('SELECT name, removed_at FROM member WHERE id = $1', [memberId])).toEqual([
      { name: 'Ann', removed_at: expect.any(Date) },
    ]);
    expect(await add('Ann', 'support')).not.toBe(memberId);
  });

  it.each([randomUUID(), 'no id'])('are not found by %j', async (memberId) => {
    await expect(removeMember.execute(memberId)).rejects.toMatchObject({ code: 'member_not_found' });
  });

  describe('who may answer tickets', () => {
    it.each(['owner', 'admin', 'support'])('are those with the role %s, on both sides', async (role) => {
      const id = await add('Ann', role);
      expect([await find(live, id), await find(test, id)]).toEqual([
        { id, name: 'Ann' },
        { id, name: 'Ann' },
      ]);
    });

    it('are not viewers, not those who left, not another project’s and not nobody', async () => {
      const viewer = await add('Vera', 'viewer');
      const gone = await add('Gus', 'support');
      await removeMember.execute(gone);
      ({ slug } = await newProject());
      const foreign = await add('Fay', 'owner');
      for (const id of [viewer, gone, foreign, randomUUID()]) {
        expect(await find(live, id)).toBeNull();
      }
      expect(await agents.list(live)).toEqual([]);
    });

    it('are listed by name', async () => {
      for (const [name, role] of [
        ['bea', 'support'],
        ['Vera', 'viewer'],
        ['Ann', 'owner'],
        ['Cleo', 'admin'],
      ] as const) {
        await add(name, role);
      }
      const listed = await agents.list(test);
      expect(listed.map(({ name, role }) => [name, role])).toEqual([
        ['Ann', 'owner'],
        ['bea', 'support'],
        ['Cleo', 'admin'],
      ]);
      expect(listed[0]).toEqual({ id: expect.any(String), name: 'Ann', email: 'ann@example.com', role: 'owner' });
    });
  });
});
