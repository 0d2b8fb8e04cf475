import { journalFaults, ledgerFaults } from '../support/ledger/check-ledger';
import { LEDGER_CONSUMERS } from '../support/ledger/ledger-table';
import { replayFaults } from '../support/ledger/replay-requests';
import type { Writers } from '../support/ledger/writers';
import { faultPointsInCode } from '../support/processes/fault-points';
import { inTheEnd, PATIENCE_MS } from '../support/processes/patience';
import { ProcessScene } from '../support/processes/process-scene';
import type { Exit, ServiceProcess } from '../support/processes/service-process';

/** Passes at which each point kills. */
const PASSES = [1, 2, 3];

/** What carries the events of the processes that die. */
type Transport = 'postgres' | 'rabbitmq';

/**
 * Where the code is that differs with the transport. What comes before it, up to the commit of a request, is tried over Postgres
 * alone.
 */
const FOLDERS: Readonly<Record<Transport, readonly string[]>> = {
  postgres: ['apps', 'libs'],
  rabbitmq: ['libs/messaging'],
};

/** Points that no request and no event leads to, and the test that tries them. */
export const ELSEWHERE: Readonly<Record<string, string>> = {
  'firstProject.created': '../e2e/running/npm-start.e2e-spec.ts',
  'report.afterTake': 'roll-ups.chaos-spec.ts',
  'report.afterStore': 'roll-ups.chaos-spec.ts',
  'sla.afterLock': 'time-scans.chaos-spec.ts',
  'sla.beforeStore': 'time-scans.chaos-spec.ts',
  'sla.afterStore': 'time-scans.chaos-spec.ts',
  'sla.afterCommit': 'time-scans.chaos-spec.ts',
};

/** What the dying process needs besides the writers' requests to pass a point. */
const CIRCUMSTANCES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'consumer.beforeFailure': { LEDGER_FAILS_AT: 'ticket.replied' },
  'consumer.afterFailure': { LEDGER_FAILS_AT: 'ticket.replied' },
  'consumer.afterMove': { LEDGER_FAILS_AT: 'ticket.replied' },
};

/** What must come into the database again and again for a process to pass a point. */
const ARRANGEMENTS: Readonly<Record<string, (scene: ProcessScene) => Promise<void>>> = {
  'stranded.afterPublish': strandEvents,
};

/** So many points share a scene at most: a broker gives a message up that was in the hands of too many dead. */
const POINTS_OF_SCENE = 3;

/**
 * Kills a process at each point of the code that it passes, and compares after each death what callers were told with what is stored.
 * Points of one part of the code share a scene, and a process that lives on at the end, before all books are looked at.
 */
export function describeFaultPoints(transport: Transport): void {
  const points = faultPointsInCode(transport, FOLDERS[transport]).filter((point) => !(point in ELSEWHERE));
  let scene: ProcessScene;

  beforeEach(async () => {
    scene = await ProcessScene.open({ transport });
  });
  afterEach(() => scene.close());

  it.each(scenesOf(points))(
    'processes that die at the first, the second and the third pass of $title lose nothing and double nothing',
    async ({ points: mine, title }) => {
      const writers = scene.write({ seed: seedOf(title) });
      for (const point of mine) {
        for (const pass of PASSES) {
          const fault = `${point}#${pass}`;
          const dying = await scene.launch({ environment: { HELPDESK_FAULT: fault, ...CIRCUMSTANCES[point] } });
          const exit = await endOf(dying, fault, () => ARRANGEMENTS[point]?.(scene));
          const faults = await journalFaults(scene.db, writers.journal);
          const lastWords = dying.hasGivenUp ? dying.lastWords() : '';
          const killed = { exit: { code: null, signal: 'SIGKILL' }, lastWords: '' };
          expect({ fault, exit, lastWords, faults }).toEqual({ fault, ...killed, faults: [] });
        }
      }
      await expectBooksToAgree(scene, writers);
    },
    8 * PATIENCE_MS,
  );
}

/** The points of each part of the code, in portions. */
function scenesOf(points: readonly string[]): { readonly title: string; readonly points: readonly string[] }[] {
  const parts = Object.values(groupBy(points, (point) => point.split('.', 1)[0] as string));
  return parts.flatMap((part) => {
    const count = Math.ceil(part.length / Math.ceil(part.length / POINTS_OF_SCENE));
    const portions = Array.from({ length: Math.ceil(part.length / count) }, (_, index) =>
      part.slice(index * count, (index + 1) * count),
    );
    return portions.map((portion) => ({ title: portion.join(', '), points: portion }));
  });
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Record<string, T[]> {
  const groups: Record<string, T[]> = {};
  for (const item of items) {
    (groups[keyOf(item)] ??= []).push(item);
  }
  return groups;
}

async function expectBooksToAgree(scene: ProcessScene, writers: Writers): Promise<void> {
  const survivor = await scene.start();
  const before = writers.acknowledged;
  await inTheEnd(() => expect(writers.acknowledged).toBeGreaterThan(before + 10));
  await writers.stop();
  expect(await replayFaults(writers.journal, survivor.url as string, scene.key)).toEqual([]);
  await scene.drained();
  expect(await ledgerFaults(scene.db, writers.journal)).toEqual([]);
  survivor.signal('SIGTERM');
  expect(await survivor.exited).toEqual({ code: 0, signal: null });
  expect(await scene.leftOnBroker()).toEqual([]);
}

/** For each consumer an event that came behind another one, long ago, and that nobody has taken up since. */
async function strandEvents({ db }: ProcessScene): Promise<void> {
  await db.sql(
    `INSERT INTO event_delivery (outbox_id, consumer, event_id, project_id, aggregate_id, status, attempts, next_at, created_at)
     SELECT o.id, c.consumer, o.event_id, o.project_id, o.aggregate_id, 'pending', 0, now() - interval '1 minute', now()
     FROM unnest($1::text[]) AS c (consumer)
     CROSS JOIN LATERAL (SELECT * FROM outbox WHERE published_at IS NOT NULL ORDER BY id LIMIT 1) AS o
     ON CONFLICT DO NOTHING`,
    [[...LEDGER_CONSUMERS]],
  );
}

/** The end of a process that the load must bring about: a point that it never passes is one that nobody tests. */
async function endOf(dying: ServiceProcess, fault: string, arrange: () => Promise<void> | undefined): Promise<Exit> {
  await inTheEnd(async () => {
    await arrange();
    if (dying.isRunning) {
      throw new Error(`The writers never pass ${fault}: let test/support/ledger/writers.ts do what leads there.`);
    }
  });
  return dying.exited;
}

/** The same load for the same scenario, every time. */
function seedOf(name: string): number {
  return [...name].reduce((seed, letter) => (seed * 31 + letter.charCodeAt(0)) >>> 0, 7);
}
