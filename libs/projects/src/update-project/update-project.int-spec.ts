import { UnitOfWork } from '#database';
import { Clock } from '#platform';
import { createTestDatabase } from '#testing';
import type { TestDatabase } from '#testing';
import { CreateProject } from '../create-project/create-project.use-case';
import { KeyPepper } from '../key-pepper/key-pepper';
import { UpdateProject } from './update-project.use-case';
import type { UpdateProjectCommand } from './update-project.use-case';

describe('UpdateProject', () => {
  let db: TestDatabase;
  let updateProject: UpdateProject;

  beforeAll(async () => {
    db = await createTestDatabase();
    const uow = new UnitOfWork(db.database);
    updateProject = new UpdateProject(uow);
    const createProject = new CreateProject(uow, new Clock(), new KeyPepper(uow, new Clock(), {}));
    await createProject.execute({ name: 'Acme' });
    await createProject.execute({ name: 'Other' });
  });
  afterAll(() => db.drop());

  const limits = async (command: Omit<UpdateProjectCommand, 'slug'>) => {
    const { monthlyReplyQuota, rateLimitPerMinute } = await updateProject.execute({ slug: 'acme', ...command });
    return [monthlyReplyQuota, rateLimitPerMinute];
  };

  it('changes what is given, keeps what is left out, and takes away what is null', async () => {
    expect(await limits({ monthlyReplyQuota: 500 })).toEqual([500, null]);
    expect(await limits({ rateLimitPerMinute: 0 })).toEqual([500, 0]);
    expect(await limits({ monthlyReplyQuota: null, rateLimitPerMinute: 60 })).toEqual([null, 60]);
    expect(await limits({ rateLimitPerMinute: null })).toEqual([null, null]);
  });

  it('touches no other project, and not the test side', async () => {
    await updateProject.execute({ slug: 'acme', monthlyReplyQuota: 7, rateLimitPerMinute: 7 });
    expect(
      await db.sql(
        'SELECT slug FROM project WHERE monthly_reply_quota IS NOT NULL OR rate_limit_per_minute IS NOT NULL',
      ),
    ).toEqual([{ slug: 'acme' }]);
  });

  it.each<[UpdateProjectCommand, object]>([
    [{ slug: 'nobody', monthlyReplyQuota: 1 }, { code: 'project_not_found' }],
    [{ slug: 'acme' }, { code: 'validation_failed' }],
    [
      { slug: 'acme', monthlyReplyQuota: -1 },
      { code: 'validation_failed', details: [{ field: 'monthly_reply_quota', code: 'min' }] },
    ],
    [
      { slug: 'acme', rateLimitPerMinute: 2.5 },
      { code: 'validation_failed', details: [{ field: 'rate_limit_per_minute', code: 'type' }] },
    ],
  ])('refuses %j', async (command, refusal) => {
    await expect(updateProject.execute(command)).rejects.toMatchObject(refusal);
  });
});
