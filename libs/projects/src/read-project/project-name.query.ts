import { Injectable } from '@nestjs/common';
import type { Tx } from '#database';

/** Looks up what a project is called. Both sides have one name. */
@Injectable()
export class ProjectNameQuery {
  async find(tx: Tx): Promise<string> {
    const [project] = await tx.query<{ name: string }>({
      text: 'SELECT name FROM project WHERE id = $1',
      values: [tx.scope.liveProjectId],
    });
    if (!project) {
      throw new Error(`There is no project ${tx.scope.liveProjectId}.`);
    }
    return project.name;
  }
}
