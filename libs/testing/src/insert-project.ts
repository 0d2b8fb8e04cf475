import { randomUUID } from 'node:crypto';
import type { ProjectScope } from '#database';
import type { TestDatabase } from './test-database';

/** Both sides of a project. */
export interface ProjectSides {
  readonly live: ProjectScope;
  readonly test: ProjectScope;
}

/** Stores a project with what every project has from its first moment on, but without keys: for tests below HTTP. */
export async function insertProject({ sql }: Pick<TestDatabase, 'sql'>): Promise<ProjectSides> {
  const [liveId, testId] = [randomUUID(), randomUUID()];
  await sql(
    `INSERT INTO project (id, live_project_id, slug, name, created_at)
     VALUES ($1, NULL, $3, 'Test', now()), ($2, $1, NULL, 'Test', now())`,
    [liveId, testId, liveId],
  );
  await sql('INSERT INTO helpdesk_settings (project_id, updated_at) VALUES ($1, now())', [liveId]);
  await sql('INSERT INTO ticket_counter (project_id) VALUES ($1), ($2)', [liveId, testId]);
  const live = { projectId: liveId, liveProjectId: liveId, isTest: false, clockOffsetMs: 0 };
  return { live, test: { ...live, projectId: testId, isTest: true } };
}
