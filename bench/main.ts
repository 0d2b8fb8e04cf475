import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { makeCases } from './cases/cases';
import type { Sides } from './cases/cases';
import { BenchDatabases, withClient } from './database/bench-databases';
import { loadTickets } from './database/load-tickets';
import { measureEngines } from './engines/measure-engines';
import { measureEvents } from './events/measure-events';
import { recordProduct } from './floor/recordings';
import type { Recordings } from './floor/recordings';
import { isRequestCase, readOptions, UsageError, USAGE } from './options';
import type { BenchOptions } from './options';
import { measureIdleMemory } from './product/idle-memory';
import { makeProjects } from './product/make-projects';
import { runHere, ticketsApi } from './product/product';
import { ServerProcess } from './product/server-process';
import { judgeGoals } from './report/goals';
import { describeMachine, processorTimes } from './report/machine';
import type { Result } from './report/result';
import { engineTable, eventTable, goalTable, loadLine, machineLine, requestTable, stolenLine } from './report/table';
import { runCases } from './run-cases';
import { startTwin } from './twin/twin-process';
import { findTickets, RequestPools } from './workload';
import type { BenchProject } from './workload';

const PROJECTS = 50;
const SMALL = 10_000;

/** A database with its projects and tickets. */
interface Loaded {
  readonly url: string;
  readonly projects: readonly BenchProject[];
  readonly recordings: Recordings;
}

async function main(options: BenchOptions): Promise<void> {
  const machine = await describeMachine(options.databaseUrl);
  const timesBefore = processorTimes();
  print(`${machineLine(machine)}\n${loadLine()}`);
  const databases = new BenchDatabases(options.databaseUrl);
  await databases.assertAllowed();
  await databases.dropLeftovers();
  const started: Array<{ stop(): Promise<void> }> = [];
  const cleanUp = async (): Promise<void> => {
    await Promise.all(started.splice(0).map((one) => one.stop()));
    await databases.dropAll();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void cleanUp().finally(() => process.exit(1)));
  }
  try {
    const requests = options.only.some(isRequestCase)
      ? await measureRequests(options, databases, started)
      : { results: [] };
    const events = await measureEvents(options, databases, started, progress);
    const engines = await measureEngines(options, databases, started, progress);
    const { idleBytes } = requests;
    const results = [...requests.results, ...events, ...engines];
    const goals = judgeGoals({ results, idleBytes });
    const tables = [goalTable(goals), requestTable(requests.results), eventTable(events), engineTable(engines)];
    print(
      `\n${tables.filter((table) => table !== '').join('\n\n')}\n\n${loadLine()}${stolenLine(timesBefore, processorTimes())}`,
    );
    if (options.jsonFile !== undefined) {
      const { tickets, seconds, rounds } = options;
      const report = { machine, tickets, seconds, rounds, results, idleBytes, goals };
      writeFileSync(options.jsonFile, `${JSON.stringify(report, null, 2)}\n`);
    }
  } finally {
    await cleanUp();
  }
}

interface Requests {
  readonly results: readonly Result[];
  readonly idleBytes?: number;
}

async function measureRequests(
  { only, tickets, seconds, rounds }: BenchOptions,
  databases: BenchDatabases,
  started: Array<{ stop(): Promise<void> }>,
): Promise<Requests> {
  const large = await load(databases, 'product', tickets);
  const small = await load(databases, 'small', SMALL);
  const referenceUrl = await databases.copy('product', 'reference');
  const idleBytes = only.includes('memory') ? await measureIdleMemory(large.url) : undefined;

  const product = await ServerProcess.start(ticketsApi(large.url));
  started.push(product);
  const productOverFew = await ServerProcess.start(ticketsApi(small.url));
  started.push(productOverFew);
  const twin = await startTwin(referenceUrl);
  started.push(twin);

  const sides: Sides = {
    product: { address: product.address, databaseUrl: large.url },
    small: {
      address: productOverFew.address,
      pools: new RequestPools(small.projects, await findTickets(small.url)),
    },
    twin: twin.address,
    referenceUrl,
  };
  const cases = await makeCases(sides, {
    projects: large.projects,
    recordings: large.recordings,
    tickets: await findTickets(large.url),
    ticketsPerProject: tickets / PROJECTS,
  });
  const wanted = cases.filter(({ name }) => only.includes(name));
  return { results: await runCases(wanted, { seconds, rounds, progress }), idleBytes };
}

/** Makes a database with projects and tickets, and lets the product show its statements over it. */
async function load(databases: BenchDatabases, suffix: string, tickets: number): Promise<Loaded> {
  const begin = performance.now();
  const url = await databases.create(suffix);
  const service = await runHere(url);
  try {
    const projects = await makeProjects(service.app, PROJECTS);
    await withClient(url, (client) =>
      loadTickets(
        client,
        projects.map(({ projectId }) => projectId),
        tickets,
      ),
    );
    const { hostname: host, port } = new URL(service.url);
    const recordings = await recordProduct({ host, port: Number(port) }, projects[0] as BenchProject);
    print(
      `${tickets} tickets over ${PROJECTS} projects loaded in ${Math.round((performance.now() - begin) / 1_000)} s`,
    );
    return { url, projects, recordings };
  } finally {
    await service.close();
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function progress(line: string): void {
  process.stderr.write(`  ${line}\n`);
}

if (process.argv.includes('--help')) {
  print(USAGE);
} else {
  try {
    void main(readOptions(process.argv.slice(2))).catch(fail);
  } catch (error) {
    fail(error);
  }
}

function fail(error: unknown): void {
  process.stderr.write(`${error instanceof UsageError ? error.message : ((error as Error).stack ?? String(error))}\n`);
  process.exitCode = 1;
}
