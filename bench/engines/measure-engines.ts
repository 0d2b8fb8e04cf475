import type { BenchDatabases } from '../database/bench-databases';
import { medianOf } from '../loader/latencies';
import type { BenchOptions } from '../options';
import { makeProjects } from '../product/make-projects';
import { allInOne, runHere } from '../product/product';
import { ServerProcess } from '../product/server-process';
import type { Result } from '../report/result';
import type { BenchProject } from '../workload';
import type { EngineCase, EngineTargetName } from './engine-case';
import { loadClosedTickets } from './closed-tickets';
import { loadOpenTickets } from './open-tickets';
import { reportCases } from './report-cases';
import { routingCase } from './routing-case';
import { ScanCases, ticketsUsedUp } from './scan-cases';

const PROJECTS = 50;

/** What the measurements stop when they end, or when they are told to. */
type Started = Array<{ stop(): Promise<void> }>;

/** Measures what happens behind the API: routing, what time makes due, and reports. */
export async function measureEngines(
  options: BenchOptions,
  databases: BenchDatabases,
  started: Started,
  progress: (line: string) => void,
): Promise<Result[]> {
  const { only, tickets, seconds, rounds } = options;
  const results: Result[] = [];
  if (only.includes('routing')) {
    const { url, projects } = await makeDatabase(databases, 'routing');
    const server = await start(started, ServerProcess.start(allInOne(url)));
    const routing = await routingCase(server.address, projects, seconds);
    results.push(...(await runInRounds([routing], rounds, progress)));
    await server.stop();
  }
  if (only.some((name) => name.startsWith('scan'))) {
    const { url, projects } = await makeDatabase(databases, 'scans');
    await loadOpenTickets(
      url,
      projects.map(({ projectId }) => projectId),
      Math.max(tickets, PROJECTS * ticketsUsedUp(rounds)),
    );
    const scans = await start(started, ScanCases.open(url));
    const wanted = scans.cases.filter(({ name }) => only.includes(name));
    results.push(...(await runInRounds(wanted, rounds, progress)));
    await scans.stop();
  }
  if (only.includes('report')) {
    const { url, projects } = await makeDatabase(databases, 'report');
    const [project] = projects as [BenchProject];
    await loadClosedTickets(url, project.projectId, tickets);
    const server = await start(started, ServerProcess.start(allInOne(url)));
    const cases = reportCases({ address: server.address, databaseUrl: url, project, seconds });
    results.push(...(await runInRounds(cases, rounds, progress)));
    await server.stop();
  }
  return results;
}

async function start<T extends { stop(): Promise<void> }>(started: Started, starting: Promise<T>): Promise<T> {
  const one = await starting;
  started.push(one);
  return one;
}

async function makeDatabase(
  databases: BenchDatabases,
  suffix: string,
): Promise<{ readonly url: string; readonly projects: readonly BenchProject[] }> {
  const url = await databases.create(suffix);
  const service = await runHere(url);
  const projects = await makeProjects(service.app, PROJECTS).finally(() => service.close());
  return { url, projects };
}

/** Product and reference take turns; the median of the rounds counts. */
async function runInRounds(
  cases: readonly EngineCase[],
  rounds: number,
  progress: (line: string) => void,
): Promise<Result[]> {
  const plans = cases.flatMap((one) =>
    Object.entries(one.targets).map(([target, measure]) => ({
      one,
      target: target as EngineTargetName,
      measure,
      measured: [] as Array<Awaited<ReturnType<typeof measure>>>,
    })),
  );
  for (let round = 1; round <= rounds; round++) {
    for (const { one, target, measure, measured } of plans) {
      progress(`round ${round}/${rounds}  ${one.title}  ${target}  ${one.load}`);
      measured.push(await measure());
    }
  }
  return plans.map(({ one, target, measured }) => ({
    case: one.name,
    title: one.title,
    target,
    load: one.load,
    measurement: medianOf(measured),
    rounds: measured,
  }));
}
