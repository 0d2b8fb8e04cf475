import { Logger } from '@nestjs/common';
import { Database, faultPoint } from '#database';
import type { Services } from '#platform';
import { CreateProject } from '../create-project/create-project.use-case';
import { IssueKey } from '../issue-key/issue-key.use-case';
import { ListKeys } from '../list-keys/list-keys.query';
import { ListProjects } from '../list-projects/list-projects.query';
import type { ProjectView } from '../persistence/find-project';
import type { Credentials, CredentialsFile } from './credentials-file';

const NAME = 'Helpdesk';

/** Serialises starts on one database; any number that nobody else takes. */
const FIRST_PROJECT_LOCK = 4_736_252;

/**
 * Creates a project when there is none, and keeps its keys in the file. A start that died between the two is made good: the
 * project gets new keys, unless somebody uses the ones it has.
 * @returns the keys when they are new; undefined when there was nothing to do.
 */
export async function ensureFirstProject(
  services: Services,
  file: CredentialsFile,
  url: string,
): Promise<Credentials | undefined> {
  return alone(services.get(Database), async () => {
    const projects = await services.get(ListProjects).execute();
    if (projects.length === 0) {
      return create(services, file, url);
    }
    return (await file.isPending()) ? resume(services, file, { projects, url }) : undefined;
  });
}

async function create(services: Services, file: CredentialsFile, url: string): Promise<Credentials> {
  await file.begin();
  const created = await services.get(CreateProject).execute({ name: NAME });
  faultPoint('firstProject.created');
  const credentials: Credentials = {
    url,
    project_id: created.projectId,
    slug: created.slug,
    live_key: created.liveKey,
    test_key: created.testKey,
  };
  await file.keep(credentials);
  return credentials;
}

async function resume(
  services: Services,
  file: CredentialsFile,
  { projects, url }: { readonly projects: readonly ProjectView[]; readonly url: string },
): Promise<Credentials | undefined> {
  const kept = await file.read();
  if (kept && projects.some(({ projectId }) => projectId === kept.project_id)) {
    await file.settle();
    return kept;
  }
  const first = projects[0] as ProjectView;
  const keys = await services.get(ListKeys).execute(first.slug);
  if (keys.some(({ lastUsedAt }) => lastUsedAt !== null)) {
    await file.settle();
    new Logger('first-project').warn({
      event: 'first_project.keys_in_use',
      slug: first.slug,
      hint: `Its keys are used by somebody and cannot be shown again. Issue others: npx helpdesk key create --project ${first.slug}`,
    });
    return undefined;
  }
  return issueAgain(services, file, { first, url });
}

async function issueAgain(
  services: Services,
  file: CredentialsFile,
  { first, url }: { readonly first: ProjectView; readonly url: string },
): Promise<Credentials> {
  const issue = services.get(IssueKey);
  const live = await issue.execute({ slug: first.slug, side: 'live' });
  const test = await issue.execute({ slug: first.slug, side: 'test' });
  const credentials: Credentials = {
    url,
    project_id: first.projectId,
    slug: first.slug,
    live_key: live.key,
    test_key: test.key,
  };
  await file.keep(credentials);
  return credentials;
}

/** Of several processes that start on one empty database, one creates the project. */
async function alone<T>(database: Database, work: () => Promise<T>): Promise<T> {
  const guard = database.worker.createQueryRunner();
  try {
    await guard.query('SELECT pg_advisory_lock($1)', [FIRST_PROJECT_LOCK]);
    try {
      return await work();
    } finally {
      await guard.query('SELECT pg_advisory_unlock($1)', [FIRST_PROJECT_LOCK]);
    }
  } finally {
    await guard.release();
  }
}
