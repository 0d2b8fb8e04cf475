import { Logger } from '@nestjs/common';
import { choosePort, dataFolderPaths, JsonLogger, publicUrl, readEnvironment, runService } from '#platform';
import type { Environment } from '#platform';
import { CredentialsFile, ensureFirstProject, greeting, ProjectsModule } from '#projects';
import type { Credentials } from '#projects';
import { openDatabase } from './open-database';
import type { OpenDatabase } from './open-database';
import { modulesOf } from './roles';

const NAME = 'all-in-one';

/**
 * Everything in one process: database (embedded unless DATABASE_URL names one), migrations, a first project if there is none,
 * and the apps of HELPDESK_ROLES. Stops in the opposite order.
 */
export async function startAllInOne(): Promise<{ close(): Promise<void> }> {
  const environment = await readReadyEnvironment();
  const modules = modulesOf(environment.HELPDESK_ROLES);
  Logger.overrideLogger(new JsonLogger({ service: NAME, level: environment.LOG_LEVEL, pretty: process.stdout.isTTY }));
  const database = await openDatabase(environment);
  try {
    const service = await serve(environment, modules, database);
    return {
      close: async () => {
        try {
          await service.close();
        } finally {
          await database.close();
        }
      },
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** With ports that can be had: a start that would fail for them fails before it has made anything. */
async function readReadyEnvironment(): Promise<Environment> {
  const environment = readEnvironment();
  const PORT = await choosePort('PORT', environment.PORT);
  if (environment.OPS_PORT !== 0) {
    await choosePort('OPS_PORT', environment.OPS_PORT);
  }
  return { ...environment, PORT };
}

async function serve(
  environment: Environment,
  modules: ReturnType<typeof modulesOf>,
  database: OpenDatabase,
): Promise<{ close(): Promise<void> }> {
  const file = new CredentialsFile(dataFolderPaths(environment).credentials);
  let created: Credentials | undefined;
  const service = await runService({
    name: NAME,
    modules: [ProjectsModule, ...modules],
    environment,
    databaseUrl: database.url,
    beforeServing: async (services) => {
      created = await ensureFirstProject(services, file, publicUrl(environment));
    },
  });
  if (created || process.stdout.isTTY) {
    process.stdout.write(greeting(publicUrl(environment), file.path, created));
  }
  return service;
}
