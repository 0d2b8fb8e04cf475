import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#database';
import { allProjects } from '../persistence/find-project';
import type { ProjectView } from '../persistence/find-project';

/** Lists the installation's projects. */
@Injectable()
export class ListProjects {
  constructor(private readonly uow: UnitOfWork) {}

  /** All projects, the oldest first. */
  async execute(): Promise<ProjectView[]> {
    return this.uow.runAsWorker(allProjects);
  }
}
