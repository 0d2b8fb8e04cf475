import { DomainError } from '#contracts';
import type { WorkerTx } from '#database';

/** A project as people and the command line see it; its live and its test side share everything but the ids. */
export interface ProjectView {
  readonly projectId: string;
  readonly testProjectId: string;
  readonly slug: string;
  readonly name: string;
  /** Billed replies a month; null for no quota. */
  readonly monthlyReplyQuota: number | null;
  /** Requests a minute, 0 for no limit; null where the installation's default holds. */
  readonly rateLimitPerMinute: number | null;
  readonly createdAt: Date;
}

const SELECT = `SELECT live.id AS "projectId", test.id AS "testProjectId", live.slug, live.name,
    live.monthly_reply_quota AS "monthlyReplyQuota", live.rate_limit_per_minute AS "rateLimitPerMinute",
    live.created_at AS "createdAt"
  FROM project live JOIN project test ON test.live_project_id = live.id`;

/**
 * The project with this slug.
 * @throws {DomainError} `project_not_found`.
 */
export async function findProject(tx: WorkerTx, slug: string): Promise<ProjectView> {
  const [project] = await tx.query<ProjectView>({ text: `${SELECT} WHERE live.slug = $1`, values: [slug] });
  if (!project) {
    throw new DomainError(
      'project_not_found',
      `There is no project with the slug "${slug}". \`helpdesk project list\` shows those that there are.`,
    );
  }
  return project;
}

/** All projects, the oldest first. */
export async function allProjects(tx: WorkerTx): Promise<ProjectView[]> {
  return tx.query<ProjectView>({ text: `${SELECT} ORDER BY live.created_at, live.id` });
}
