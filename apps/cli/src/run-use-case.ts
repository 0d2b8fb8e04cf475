import { runTask } from '#platform';
import type { Environment, Services } from '#platform';
import { ProjectsModule } from '#projects';
import { withDatabase } from './open-database';

/** Does one thing with the product's use cases. */
export async function runUseCase<T>(environment: Environment, work: (services: Services) => Promise<T>): Promise<T> {
  return withDatabase(environment, (databaseUrl) =>
    runTask({ name: 'cli', modules: [ProjectsModule], databaseUrl }, environment, work),
  );
}
