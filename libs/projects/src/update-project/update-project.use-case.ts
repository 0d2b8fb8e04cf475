import { Injectable } from '@nestjs/common';
import { DomainError } from '#contracts';
import { UnitOfWork } from '#database';
import { ProjectEntity } from '#schema';
import { checkedCount } from '../domain/project-input';
import { findProject } from '../persistence/find-project';
import type { ProjectView } from '../persistence/find-project';

/** What to change of a project; what is left out stays, null takes the project's own value away. */
export interface UpdateProjectCommand {
  readonly slug: string;
  /** Billed replies a month. */
  readonly monthlyReplyQuota?: number | null;
  /** Requests a minute, 0 for no limit. */
  readonly rateLimitPerMinute?: number | null;
}

/** Changes a project's quota and rate limit. */
@Injectable()
export class UpdateProject {
  constructor(private readonly uow: UnitOfWork) {}

  /** @throws {DomainError} `validation_failed`, also when there is nothing to change; `project_not_found`. */
  async execute({ slug, monthlyReplyQuota, rateLimitPerMinute }: UpdateProjectCommand): Promise<ProjectView> {
    const changes = {
      ...(monthlyReplyQuota !== undefined && {
        monthlyReplyQuota: checkedCount('monthly_reply_quota', monthlyReplyQuota),
      }),
      ...(rateLimitPerMinute !== undefined && {
        rateLimitPerMinute: checkedCount('rate_limit_per_minute', rateLimitPerMinute),
      }),
    };
    if (Object.keys(changes).length === 0) {
      throw new DomainError('validation_failed', 'There is nothing to change. Give a quota or a rate limit.');
    }
    return this.uow.runAsWorker(async (tx) => {
      const { projectId } = await findProject(tx, slug);
      await tx.manager.update(ProjectEntity, { id: projectId }, changes);
      return findProject(tx, slug);
    });
  }
}
