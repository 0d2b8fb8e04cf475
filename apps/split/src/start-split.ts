import { dataFolderPaths, JsonLogger, maskedSummary, publicUrl, runTask } from '#platform';
import type { Environment } from '#platform';
import { CredentialsFile, ensureFirstProject, greeting, ProjectsModule } from '#projects';
import type { Credentials } from '#projects';
import { Gateway } from './gateway/gateway';
import { migrateDatabase } from './migrate-database';
import { AppProcess } from './processes/app-process';
import { programOf } from './processes/app-program';
import { readPlan } from './split-plan';
import type { SplitPlan } from './split-plan';

const NAME = 'split';

/**
 * Every app as a process of its own on this machine, behind one address: migrations, a first project if there is none, the apps
 * of HELPDESK_ROLES, and the gateway. Stops in the opposite order: the gateway lets callers leave, then the apps end.
 */
export async function startSplit(): Promise<{ close(): Promise<void> }> {
  const plan = await readPlan();
  const { environment } = plan;
  const logger = new JsonLogger({ service: NAME, level: environment.LOG_LEVEL, pretty: process.stdout.isTTY });
  logger.log({ event: 'split.starting', ...maskedSummary(environment) });
  await migrateDatabase();
  const file = new CredentialsFile(dataFolderPaths(environment).credentials);
  const created = await makeFirstProject(environment, file, logger);
  const running = await run(plan, logger);
  logger.log({ event: 'split.ready', url: running.url, apps: plan.apps.map(({ name }) => name) });
  if (created || process.stdout.isTTY) {
    process.stdout.write(greeting(publicUrl(environment), file.path, created));
  }
  return running;
}

function makeFirstProject(
  environment: Environment,
  file: CredentialsFile,
  logger: JsonLogger,
): Promise<Credentials | undefined> {
  const composition = { name: NAME, modules: [ProjectsModule] };
  return runTask(
    composition,
    environment,
    (services) => ensureFirstProject(services, file, publicUrl(environment)),
    logger,
  );
}

async function run(
  { environment, apps }: SplitPlan,
  logger: JsonLogger,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const processes = new Map(apps.map((app) => [app.name, new AppProcess(programOf(app, environment), logger)]));
  const stopApps = async (): Promise<void> => {
    await Promise.all([...processes.values()].map((one) => one.stop()));
  };
  try {
    await Promise.all([...processes.values()].map((one) => one.start()));
    const gateway = await Gateway.listen(environment.PORT, {
      publicUrl: publicUrl(environment),
      apps: apps.map(({ name }) => name),
      portOf: (app) => processes.get(app)?.port,
      logger,
    });
    return {
      url: gateway.url,
      close: async () => {
        logger.log({ event: 'split.draining' });
        let stopped: Promise<void> | undefined;
        await gateway.close(environment.DRAIN_SECONDS, () => (stopped = stopApps()));
        await stopped;
        logger.log({ event: 'split.stopped' });
      },
    };
  } catch (error) {
    await stopApps();
    throw error;
  }
}
