import { CHAOS_SEED, chaosSeconds } from '../support/chaos-run';
import { eventually } from '../support/eventually';
import { ledgerFaults } from '../support/ledger/check-ledger';
import { Random } from '../support/ledger/random';
import { replayFaults } from '../support/ledger/replay-requests';
import type { Writers } from '../support/ledger/writers';
import { inTheEnd, PATIENCE_MS } from '../support/processes/patience';
import { ProcessScene } from '../support/processes/process-scene';
import type { ServiceProcess } from '../support/processes/service-process';

const SECONDS = chaosSeconds(20);

/** However slow the machine is: fewer would try nothing. */
const FEWEST_KILLS = 3;

/** Longest that a paused process stays so, in milliseconds: the other one may have to wait for its locks. */
const LONGEST_PAUSE_MS = 1_500;

let scene: ProcessScene;
const processes: ServiceProcess[] = [];
const fates = { kills: 0, 'kills at the start': 0, pauses: 0, 'kills of both': 0, 'ended connections': 0 };

beforeAll(async () => {
  scene = await ProcessScene.open();
});
afterAll(() => scene.close());

test(
  `two processes on one database lose nothing and double nothing while they are killed and paused for ${SECONDS} s at random (--seed ${CHAOS_SEED})`,
  async () => {
    const random = new Random(CHAOS_SEED);
    processes.push(await scene.start(), await scene.start());
    const writers = scene.write({ seed: CHAOS_SEED, writers: 6 });
    const end = performance.now() + SECONDS * 1000;
    while (performance.now() < end || fates.kills < FEWEST_KILLS) {
      await progress(writers, random.between(5, 60));
      await strike(random.between(0, 1), random, writers);
    }

    await inTheEnd(async () => {
      await reviveFailedStarts();
      expect(scene.urls()).toHaveLength(processes.length);
    });
    await progress(writers, 20);
    await writers.stop();
    const [url] = scene.urls();
    expect(await replayFaults(writers.journal, url as string, scene.key)).toEqual([]);
    await scene.drained();
    expect(await ledgerFaults(scene.db, writers.journal)).toEqual([]);
    process.stdout.write(`${writers.acknowledged} requests acknowledged, ${JSON.stringify(fates)}\n`);
  },
  SECONDS * 1000 + 3 * PATIENCE_MS,
);

/** Waits until the writers have been told of so many more successes. */
async function progress(writers: Writers, requests: number): Promise<void> {
  const goal = writers.acknowledged + requests;
  await inTheEnd(async () => {
    await reviveFailedStarts();
    if (writers.acknowledged < goal) {
      throw new Error(`The writers get no further than ${writers.acknowledged} requests.\n${lastWords()}`);
    }
  });
}

/** One misfortune of one process, or of both. When it ends, two processes run or are on their way. */
async function strike(place: number, random: Random, writers: Writers): Promise<void> {
  const fate = random.between(1, 100);
  if (fate <= 15) {
    fates['ended connections'] += await scene.endConnections();
  } else if (fate <= 40) {
    await pause(processes[place] as ServiceProcess, random, writers);
  } else if (fate <= 55) {
    fates['kills of both']++;
    await Promise.all([kill(place), kill(1 - place)]);
    await Promise.all([replace(place), replace(1 - place)]);
  } else {
    await kill(place);
    await (random.chance(50) ? progress(writers, random.between(1, 30)) : undefined);
    await replace(place);
    if (random.chance(25)) {
      fates['kills at the start']++;
      await kill(place);
      await replace(place);
    }
  }
}

async function kill(place: number): Promise<void> {
  fates.kills++;
  await processes[place]?.kill();
}

/** Ends what is in the place, if it still runs: one that had given up may have been started again meanwhile. */
async function replace(place: number): Promise<void> {
  await processes[place]?.kill();
  processes[place] = await scene.launch();
}

/**
 * A start gives up when it loses the database, for whoever starts processes tries again; one that serves never does. The one that
 * was killed stays so until the strike is over.
 */
async function reviveFailedStarts(): Promise<void> {
  for (const [place, one] of processes.entries()) {
    if (one.hasGivenUp) {
      expect(one.hasServed ? one.lastWords() : null).toBeNull();
      await replace(place);
    }
  }
}

function lastWords(): string {
  return processes.map((one, place) => `Process ${place} at last:\n${one.lastWords()}`).join('\n');
}

/** Stops a process in the middle of whatever it does; it goes on later, or its connections are gone by then. */
async function pause(victim: ServiceProcess, random: Random, writers: Writers): Promise<void> {
  fates.pauses++;
  victim.signal('SIGSTOP');
  const goal = writers.acknowledged + random.between(1, 60);
  await eventually(() => {
    if (writers.acknowledged < goal) {
      throw new Error('The other process does not get that far.');
    }
  }, LONGEST_PAUSE_MS).catch(() => undefined);
  if (random.chance(30)) {
    fates['ended connections'] += await scene.endConnections();
  }
  victim.signal('SIGCONT');
}
