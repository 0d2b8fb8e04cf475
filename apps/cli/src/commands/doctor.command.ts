import { access } from 'node:fs/promises';
import { EmbeddedPostgresError } from '#database';
import { dataFolderPaths, EnvironmentError } from '#platform';
import type { DataFolderPaths, Environment } from '#platform';
import type { Command } from '../command-line/command';
import { columns } from '../command-line/table';
import { examineDatabase } from '../doctor/examine-database';
import { examineEvents } from '../doctor/examine-events';
import { examineDataFolder, examineDisk, examineNode, examinePepper } from '../doctor/examine-machine';
import { broken, ok } from '../doctor/finding';
import type { Finding } from '../doctor/finding';
import { withDatabase } from '../open-database';

/** Looks at everything that a running installation needs, changes nothing, and says the mend. */
export const doctor: Command = {
  name: 'doctor',
  summary: 'Check environment, data folder, disk, database, migrations, clock and events; says what to do',
  example: 'helpdesk doctor',
  async run(_input, readEnvironment) {
    const findings = [examineNode(), ...(await examineWith(readEnvironment))];
    const isBroken = findings.some(({ status }) => status === 'broken');
    return { json: { ok: !isBroken, findings }, text: report(findings), failed: isBroken };
  },
};

async function examineWith(readEnvironment: () => Environment): Promise<Finding[]> {
  let environment: Environment;
  try {
    environment = readEnvironment();
  } catch (error) {
    if (!(error instanceof EnvironmentError)) {
      throw error;
    }
    return error.faults.map((fault) => broken('environment', fault, 'Correct this variable of the environment.'));
  }
  const paths = dataFolderPaths(environment);
  return [
    ok('environment', 'Every variable can be used'),
    examinePepper(environment),
    await examineDataFolder(paths),
    await examineDisk(paths),
    ...(await examineData(environment, paths)),
  ];
}

async function examineData(environment: Environment, paths: DataFolderPaths): Promise<Finding[]> {
  if (!environment.DATABASE_URL && !(await exists(paths.postgres))) {
    return [ok('database', 'There is none yet: npm start makes one')];
  }
  const examine = async (url: string): Promise<Finding[]> => {
    const findings = await examineDatabase(url, environment);
    const isWhole = findings.every(({ status }) => status !== 'broken');
    return isWhole ? [...findings, await examineEvents(url, environment)] : findings;
  };
  try {
    return await withDatabase(environment, examine, { migrated: false });
  } catch (error) {
    if (error instanceof EmbeddedPostgresError) {
      return [broken('database', 'The embedded PostgreSQL does not start', error.message)];
    }
    throw error;
  }
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

function report(findings: readonly Finding[]): string {
  const lines = columns(findings.map(({ status, check, message }) => [status, check, message])).split('\n');
  return findings
    .flatMap(({ mend }, index) => [lines[index] ?? '', ...(mend ? [`         → ${mend}`] : [])])
    .join('\n');
}
