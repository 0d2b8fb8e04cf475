import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#database';
import { findProject } from '../persistence/find-project';
import type { ProjectView } from '../persistence/find-project';

/** Finds one project. */
@Injectable()
export class GetProject {
  constructor(private readonly uow: UnitOfWork) {}

  /**
   * The project with this slug.
   * @throws {DomainError} `project_not_found`.
   */
  async execute(slug: string): Promise<ProjectView> {
    return this.uow.runAsWorker((tx) => findProject(tx, slug));
  }
}
