import { CHAOS_SEED, chaosSeconds } from '../support/chaos-run';
import { ledgerFaults } from '../support/ledger/check-ledger';
import { replayFaults } from '../support/ledger/replay-requests';
import type { Writers } from '../support/ledger/writers';
import { inTheEnd, PATIENCE_MS } from '../support/processes/patience';
import { describeWithBroker } from '../support/test-broker';
import { MisfortuneGround } from './misfortune-ground';
import { planOf } from './misfortune-plan';
import type { Misfortune, Step } from './misfortune-plan';

const SECONDS = chaosSeconds(60);

/** However slow the machine is: fewer would try little. */
const FEWEST_STEPS = 5;

test('a seed repeats its plan', () => {
  expect(take(planOf(CHAOS_SEED), 100)).toEqual(take(planOf(CHAOS_SEED), 100));
});

test('a plan has every misfortune in it, alone and beside others', () => {
  const steps = take(planOf(CHAOS_SEED), 200);
  const kinds = steps.flatMap(({ misfortunes }) => misfortunes.map(({ target, fate }) => `${target}: ${fate}`));
  expect(new Set(kinds).size).toBe(19);
  expect(new Set(steps.map(({ misfortunes }) => misfortunes.length))).toEqual(new Set([1, 2]));
});

describeWithBroker('two processes with a relay and both consumers each, a broker and a database', () => {
  let ground: MisfortuneGround;
  const told: string[] = [];

  beforeAll(async () => {
    ground = await MisfortuneGround.open();
  }, 3 * PATIENCE_MS);
  afterAll(async () => {
    process.stdout.write(`Misfortunes of seed ${CHAOS_SEED}:\n${told.join('\n')}\n`);
    await ground.close();
  }, PATIENCE_MS);

  test(
    `lose nothing, double nothing and keep the order through ${SECONDS} s of misfortunes (--seed ${CHAOS_SEED})`,
    async () => {
      const { scene } = ground;
      const writers = scene.write({ seed: CHAOS_SEED, writers: 6 });
      const begun = performance.now();
      const plan = planOf(CHAOS_SEED);
      for (let step = 1; step <= FEWEST_STEPS || performance.now() - begun < SECONDS * 1000; step++) {
        const next = plan.next().value;
        await progress(writers, next.afterRequests);
        told.push(`${Math.round((performance.now() - begun) / 1000)} s: ${next.misfortunes.map(nameOf).join(' and ')}`);
        await Promise.all(next.misfortunes.map((one) => ground.strike(one)));
        await ground.reviveFailedStarts();
      }

      await ground.isWell();
      await progress(writers, 20);
      await writers.stop();
      told.push(`${Math.round((performance.now() - begun) / 1000)} s: ${writers.acknowledged} requests acknowledged`);
      const [url] = scene.urls();
      expect(await replayFaults(writers.journal, url as string, scene.key)).toEqual([]);
      await scene.drained();
      expect(await ledgerFaults(scene.db, writers.journal)).toEqual([]);
      await ground.isWell();
      const exits = await Promise.all(
        ground.processes.map(async (one) => {
          one.signal('SIGTERM');
          return one.exited;
        }),
      );
      expect(exits).toEqual(exits.map(() => ({ code: 0, signal: null })));
      expect(await scene.leftOnBroker()).toEqual([]);
    },
    SECONDS * 1000 + 5 * PATIENCE_MS,
  );

  /** Waits until the writers have been told of so many more successes. */
  async function progress(writers: Writers, requests: number): Promise<void> {
    const goal = writers.acknowledged + requests;
    await inTheEnd(async () => {
      await ground.reviveFailedStarts();
      if (writers.acknowledged < goal) {
        throw new Error(`The writers get no further than ${writers.acknowledged} requests.`);
      }
    });
  }
});

function nameOf({ target, fate, place }: Misfortune): string {
  return `${target} (${place}): ${fate}`;
}

function take(plan: Generator<Step, never>, count: number): Step[] {
  return Array.from({ length: count }, () => plan.next().value);
}
