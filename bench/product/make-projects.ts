import type { INestApplicationContext } from '@nestjs/common';
import { CreateProject } from '#projects';
import type { BenchProject } from '../workload';

/** Makes projects as an operator does, with their live keys. */
export async function makeProjects(app: INestApplicationContext, count: number): Promise<BenchProject[]> {
  const createProject = app.get(CreateProject, { strict: false });
  const projects: BenchProject[] = [];
  for (let index = 1; index <= count; index++) {
    const { projectId, liveKey } = await createProject.execute({ name: `Bench ${index}` });
    projects.push({ projectId, key: liveKey });
  }
  return projects;
}
