import { journalFaults, ledgerFaults } from '../support/ledger/check-ledger';
import { eventually } from '../support/eventually';
import { replayFaults } from '../support/ledger/replay-requests';
import { faultPointsInCode } from '../support/processes/fault-points';
import { ProcessScene } from '../support/processes/process-scene';
import type { Exit, ServiceProcess } from '../support/processes/service-process';

/** Passes at which each point kills. */
const PASSES = [1, 2, 3];

let scene: ProcessScene;

beforeEach(async () => {
  scene = await ProcessScene.open();
});
afterEach(() => scene.close());

const scenarios = faultPointsInCode().flatMap((point) => PASSES.map((pass) => `${point}#${pass}`));

test('there are fault points in the code', () => {
  expect(scenarios.length).toBeGreaterThan(0);
});

test.each(scenarios)('a process that dies at %s loses nothing and doubles nothing', async (fault) => {
  const writers = scene.write({ seed: seedOf(fault) });
  const dying = await scene.launch({ environment: { HELPDESK_FAULT: fault } });

  expect(await endOf(dying, fault)).toEqual({ code: null, signal: 'SIGKILL' });
  expect(await journalFaults(scene.db, writers.journal)).toEqual([]);

  const { url } = await scene.start();
  const before = writers.acknowledged;
  await eventually(() => expect(writers.acknowledged).toBeGreaterThan(before + 10));
  await writers.stop();
  expect(await replayFaults(writers.journal, url as string, scene.key)).toEqual([]);
  await scene.drained();
  expect(await ledgerFaults(scene.db, writers.journal)).toEqual([]);
});

/** The end of a process that the load must bring about: a point that it never passes is one that nobody tests. */
async function endOf(dying: ServiceProcess, fault: string): Promise<Exit> {
  await eventually(() => {
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
