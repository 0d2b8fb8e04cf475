import { Latencies } from '../loader/latencies';
import type { Measurement } from '../loader/latencies';
import { consumeByHand } from './bare-database';
import type { EventCase, Figures } from './event-case';
import { deliverByHand, effectTimes, loadOutbox } from './event-database';
import { makeEvents } from './events';
import type { EventInstallation } from './installation';
import type { Moment } from './process/messages';

/** Events per second of measuring that a case about a backlog begins with. */
const [RELAYED, CONSUMED] = [4_000, 2_000];

/** Effects that are not counted: a process that has just been started is not yet what it is. */
const WARM_UP = 1_000;

/** As many handlers as the product lets one process run at once with its default pool. */
const CONSUMER_CONNECTIONS = 4;

const RATES = [100, 500];

/** So long events are written before they are measured: until then a new process compiles its code more than it runs it. */
const RATE_WARM_UP_S = 8;

/** Everything about events over one transport. */
export function makeEventCases(installation: EventInstallation, seconds: number): EventCase[] {
  return [relayCase(installation, seconds), consumeCase(installation, seconds), latencyCase(installation, seconds)];
}

/** A full outbox: claim, publish, confirm, mark; against the least that could be done. */
function relayCase(installation: EventInstallation, seconds: number): EventCase {
  const { transport, db, projectIds } = installation;
  const count = RELAYED * seconds;
  const load = `${count} events`;
  const events = () => makeEvents(count, projectIds);
  const product = async (): Promise<Figures> => ({ product: rateOf(count, await installation.relay(events())) });
  const database = async (): Promise<Figures> => {
    await installation.writer.stop();
    await loadOutbox(db, events());
    const figures = { database: rateOf(count, await timed(() => deliverByHand(db))) };
    await installation.startWriter();
    return figures;
  };
  const { bare } = installation;
  const references =
    transport === 'postgres'
      ? [{ load, targets: ['database'] as const, run: database }]
      : (['queue', 'exchange'] as const).map((way) => {
          const target = way === 'queue' ? 'broker' : 'broker+log';
          const run = async () => ({ [target]: rateOf(count, await timed(() => bare!.publish(events(), way))) });
          return { load, targets: [target] as const, run };
        });
  return {
    name: `relay-${transport}`,
    title: `relay, ${transport}`,
    runs: [{ load, targets: ['product'], run: product }, ...references],
  };
}

/** A full queue: an inbox row and an effect for each event; against the same rows by bare `pg`, and against bare messages. */
function consumeCase(installation: EventInstallation, seconds: number): EventCase {
  const { transport, db, projectIds, databaseUrl, bare } = installation;
  const count = CONSUMED * seconds;
  const load = `${count} events`;
  const product = async (): Promise<Figures> => {
    await installation.relay(makeEvents(count + WARM_UP, projectIds));
    const consumer = await installation.startConsumer();
    await installation.effects(count + WARM_UP);
    await consumer.stop();
    const times = await effectTimes(db);
    return { product: rateOf(count, (times.at(-1) ?? 0) - (times[WARM_UP - 1] ?? 0)) };
  };
  const database = async (): Promise<Figures> => {
    const events = makeEvents(count, projectIds);
    return { database: rateOf(count, await consumeByHand(databaseUrl, CONSUMER_CONNECTIONS, events)) };
  };
  const broker = async (): Promise<Figures> => {
    await bare!.publish(makeEvents(count, projectIds), 'queue');
    return { broker: rateOf(count, await bare!.consume(count)) };
  };
  return {
    name: `consume-${transport}`,
    title: `consume with an effect, ${transport}`,
    runs: [
      { load, targets: ['product'], run: product },
      { load, targets: ['database'], run: database },
      ...(bare ? [{ load, targets: ['broker'] as const, run: broker }] : []),
    ],
  };
}

/** From the commit in one process to the durable effect in another one. */
function latencyCase(installation: EventInstallation, seconds: number): EventCase {
  const { transport, projectIds, bare } = installation;
  const runs = RATES.flatMap((rate) => {
    const load = `${rate}/s`;
    const product = async (): Promise<Figures> => {
      const consumer = await installation.startConsumer();
      await commitAndConsume(installation, consumer, { rate, seconds: RATE_WARM_UP_S });
      const figures = await commitAndConsume(installation, consumer, { rate, seconds });
      await consumer.stop();
      return figures;
    };
    const broker = async (): Promise<Figures> => ({
      broker: await bare!.latency(makeEvents(rate * seconds, projectIds), rate),
    });
    return [
      { load, targets: ['product', 'handler', 'writer'] as const, run: product },
      ...(bare ? [{ load, targets: ['broker'] as const, run: broker }] : []),
    ];
  });
  return { name: `latency-${transport}`, title: `commit to consumer, ${transport}`, runs };
}

async function commitAndConsume(
  installation: EventInstallation,
  consumer: Awaited<ReturnType<EventInstallation['startConsumer']>>,
  { rate, seconds }: { readonly rate: number; readonly seconds: number },
): Promise<Figures> {
  const { projectIds, writer } = installation;
  const before = await installation.countEffects();
  const { commits, took } = await writer.ask({ kind: 'write', rate, seconds, projectIds }, 'written');
  await installation.effects(before + commits.length);
  const { begun, done } = await consumer.ask({ kind: 'arrivals' }, 'arrived');
  return { product: since(commits, done, seconds), handler: since(commits, begun, seconds), writer: took };
}

/** An event that has not arrived, or not once, is an error. */
function since(commits: readonly Moment[], arrivals: readonly Moment[], seconds: number): Measurement {
  const latencies = new Latencies();
  const at = new Map(arrivals.map((arrival) => [arrival.key, arrival.at]));
  for (const { key, at: committedAt } of commits) {
    const arrivedAt = at.get(key);
    // An event may be on its way before its writer knows of the commit.
    latencies.add(Math.max(0, (arrivedAt ?? 0) - committedAt), arrivedAt !== undefined);
  }
  for (let surplus = arrivals.length - commits.length; surplus > 0; surplus--) {
    latencies.add(0, false);
  }
  return latencies.summarise(seconds);
}

function rateOf(count: number, milliseconds: number): Measurement {
  const none = Number.NaN;
  return { rate: (count * 1_000) / milliseconds, p50: none, p95: none, p99: none, max: none, count, errors: 0 };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}
