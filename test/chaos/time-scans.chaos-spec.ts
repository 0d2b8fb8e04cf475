import { CHAOS_SEED } from '../support/chaos-run';
import { Random } from '../support/ledger/random';
import { inTheEnd, PATIENCE_MS } from '../support/processes/patience';
import type { ServiceProcess } from '../support/processes/service-process';
import { FIRST_REPLY_HOURS, TimeScene, UNANSWERED_HOURS } from '../support/processes/time-scene';

/** Where a scan can die: with tickets locked, with their alerts thought out, stored, and committed. */
const POINTS = ['sla.afterLock', 'sla.beforeStore', 'sla.afterStore', 'sla.afterCommit'];

/** So many batches of 200 that a third pass is left to each of three processes, whatever the ones before have got done. */
const TICKETS = 1_300;
const PASSES = [1, 2, 3];

let scene: TimeScene;

beforeAll(async () => {
  scene = await TimeScene.open();
});
afterAll(() => scene.close());

test.each(POINTS)(
  'a scan that dies at the first, the second and the third pass of %s loses no alert and doubles none',
  async (point) => {
    const before = await scene.told('ticket.sla_breached');
    await scene.openTickets(TICKETS);
    await scene.advance(FIRST_REPLY_HOURS + 1);
    for (const pass of PASSES) {
      const dying = await scene.launchWorker({ HELPDESK_FAULT: `${point}#${pass}` });
      await inTheEnd(() => expect(dying.isRunning).toBe(false));
      expect(await dying.exited).toEqual({ code: null, signal: 'SIGKILL' });
    }
    const last = await scene.launchWorker();
    await scene.settled();
    await last.kill();
    expect(await scene.faults()).toEqual([]);
    expect(await scene.told('ticket.sla_breached')).toBe(before + TICKETS);
  },
  5 * PATIENCE_MS,
);

test(
  `four processes that scan, while agents answer, clocks jump and processes are killed, lose no alert and double none (--seed ${CHAOS_SEED})`,
  async () => {
    const random = new Random(CHAOS_SEED);
    const tickets = await scene.openTickets(3_000);
    const workers = await Promise.all(Array.from({ length: 4 }, () => scene.launchWorker()));
    await Promise.all(workers.map((worker) => worker.ready()));
    const before = {
      breached: await scene.told('ticket.sla_breached'),
      unanswered: await scene.told('ticket.unanswered_24h'),
    };
    let hours = 0;
    while (hours < UNANSWERED_HOURS + FIRST_REPLY_HOURS) {
      const jump = random.between(1, 4) - 0.5;
      hours += jump;
      await scene.advance(jump);
      const answered = Array.from({ length: 30 }, () => random.pick(tickets));
      const [, killed] = await Promise.all([
        Promise.all([...new Set(answered)].map((ticket) => scene.reply(ticket))),
        killOne(workers, random),
      ]);
      expect(killed).toEqual({ code: null, signal: 'SIGKILL' });
    }
    await scene.settled();
    expect(await scene.faults()).toEqual([]);
    expect(await scene.told('ticket.sla_breached')).toBeGreaterThan(before.breached + 2_000);
    expect(await scene.told('ticket.unanswered_24h')).toBeGreaterThan(before.unanswered + 2_000);
  },
  5 * PATIENCE_MS,
);

/** kill -9, and another one in its place. */
async function killOne(workers: ServiceProcess[], random: Random) {
  const place = random.between(0, workers.length - 1);
  const exit = await workers[place]?.kill();
  workers[place] = await scene.launchWorker();
  return exit;
}
