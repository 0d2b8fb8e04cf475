import type { BenchDatabases } from '../database/bench-databases';
import type { BenchOptions } from '../options';
import type { Result } from '../report/result';
import { makeEventCases } from './event-cases';
import { EventInstallation } from './installation';
import { runEventCases } from './run-event-cases';

/** Measures the wanted cases about events, over one transport after the other. */
export async function measureEvents(
  { only, seconds, rounds, brokerUrl }: BenchOptions,
  databases: BenchDatabases,
  started: Array<{ stop(): Promise<void> }>,
  progress: (line: string) => void,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const transport of ['postgres', 'rabbitmq'] as const) {
    if (!only.some((name) => name.endsWith(`-${transport}`))) {
      continue;
    }
    if (transport === 'rabbitmq' && brokerUrl === undefined) {
      progress('There is no RabbitMQ: events are measured over Postgres alone.');
      continue;
    }
    const installation = await EventInstallation.open(transport, databases, brokerUrl);
    const stop = { stop: () => installation.close() };
    started.push(stop);
    const cases = makeEventCases(installation, seconds).filter(({ name }) => only.includes(name));
    results.push(...(await runEventCases(cases, installation, { rounds, progress })));
    started.splice(started.indexOf(stop), 1);
    await installation.close();
  }
  return results;
}
