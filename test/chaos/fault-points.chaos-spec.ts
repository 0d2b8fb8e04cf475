import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { journalFaults, ledgerFaults } from '../support/ledger/check-ledger';
import { replayFaults } from '../support/ledger/replay-requests';
import { faultPointsInCode } from '../support/processes/fault-points';
import { inTheEnd, PATIENCE_MS } from '../support/processes/patience';
import { ProcessScene } from '../support/processes/process-scene';
import type { Exit, ServiceProcess } from '../support/processes/service-process';

/** Passes at which each point kills. */
const PASSES = [1, 2, 3];

/** Points that no request and no event leads to, and the test that tries them. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'firstProject.created': '../e2e/running/npm-start.e2e-spec.ts',
  'sla.afterLock': 'time-scans.chaos-spec.ts',
  'sla.beforeStore': 'time-scans.chaos-spec.ts',
  'sla.afterStore': 'time-scans.chaos-spec.ts',
  'sla.afterCommit': 'time-scans.chaos-spec.ts',
};

/** What the dying process needs besides the writers' requests to pass a point. */
const CIRCUMSTANCES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'consumer.beforeFailure': { LEDGER_FAILS_AT: 'ticket.replied' },
  'consumer.afterFailure': { LEDGER_FAILS_AT: 'ticket.replied' },
};

const points = faultPointsInCode('postgres').filter((point) => !(point in ELSEWHERE));

test('the code has fault points on the whole way of an event', () => {
  const parts = new Set(points.map((point) => point.split('.', 1)[0]));
  expect([...parts]).toEqual(
    expect.arrayContaining(['create', 'change', 'idempotency', 'outbox', 'relay', 'consumer']),
  );
});

test.each(Object.entries(ELSEWHERE))('%s is tried by %s', (point, file) => {
  expect(readFileSync(join(__dirname, file), 'utf8')).toContain(point);
});

let scene: ProcessScene;

beforeEach(async () => {
  scene = await ProcessScene.open();
});
afterEach(() => scene.close());

test.each(points)(
  'a process that dies at the first, the second and the third pass of %s loses nothing and doubles nothing',
  async (point) => {
    const writers = scene.write({ seed: seedOf(point) });
    for (const pass of PASSES) {
      const fault = `${point}#${pass}`;
      const dying = await scene.launch({ environment: { HELPDESK_FAULT: fault, ...CIRCUMSTANCES[point] } });
      expect(await endOf(dying, fault)).toEqual({ code: null, signal: 'SIGKILL' });
      expect(await journalFaults(scene.db, writers.journal)).toEqual([]);
    }

    const { url } = await scene.start();
    const before = writers.acknowledged;
    await inTheEnd(() => expect(writers.acknowledged).toBeGreaterThan(before + 10));
    await writers.stop();
    expect(await replayFaults(writers.journal, url as string, scene.key)).toEqual([]);
    await scene.drained();
    expect(await ledgerFaults(scene.db, writers.journal)).toEqual([]);
  },
  5 * PATIENCE_MS,
);

/** The end of a process that the load must bring about: a point that it never passes is one that nobody tests. */
async function endOf(dying: ServiceProcess, fault: string): Promise<Exit> {
  await inTheEnd(() => {
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
