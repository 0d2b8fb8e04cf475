import { CHAOS_SEED, chaosTickets } from '../support/chaos-run';
import { Random } from '../support/ledger/random';
import { inTheEnd, PATIENCE_MS } from '../support/processes/patience';
import type { ServiceProcess } from '../support/processes/service-process';
import { FIRST_REPLY_HOURS, TimeScene, UNANSWERED_HOURS } from '../support/processes/time-scene';

/** Where a scan can die: with tickets locked, with what is due on them thought out, stored, and committed. */
const POINTS = ['sla.afterLock', 'sla.beforeStore', 'sla.afterStore', 'sla.afterCommit'];

/**
 * So many batches of 200 that a third pass is left to each of three processes, whatever the ones before have got done: the first
 * of them are over alerts, the later ones over questions.
 */
const TICKETS = 210;
const QUESTIONS = 610;
const PASSES = [1, 2, 3];

/** Open tickets of the random test: 3,000, or what `--tickets` says. */
const OPEN = chaosTickets(3_000);
const TIMES = OPEN / 3_000;

/** So many tickets have several people in hand at the same time. */
const CONTESTED = 12;

let scene: TimeScene;

beforeAll(async () => {
  scene = await TimeScene.open();
});
afterAll(() => scene.close());

test.each(POINTS)(
  'a scan that dies at the first, the second and the third pass of %s loses and doubles neither an alert nor the end of a question',
  async (point) => {
    const before = [await scene.told('ticket.sla_breached'), await scene.expired()] as const;
    await scene.openTickets(TICKETS);
    await scene.askQuestions(QUESTIONS);
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
    expect(await scene.told('ticket.sla_breached')).toBe(before[0] + TICKETS);
    expect(await scene.expired()).toBe(before[1] + QUESTIONS);
  },
  5 * PATIENCE_MS,
);

test(
  `four processes that scan, while agents answer, close and open, customers rate, clocks jump and processes are killed, lose nothing and double nothing (--seed ${CHAOS_SEED})`,
  async () => {
    const random = new Random(CHAOS_SEED);
    const tickets = await scene.openTickets(OPEN);
    await scene.askQuestions(500);
    const contested = tickets.slice(0, CONTESTED);
    const workers = await Promise.all(Array.from({ length: 4 }, () => scene.launchWorker()));
    await Promise.all(workers.map((worker) => worker.ready()));
    const before = {
      breached: await scene.told('ticket.sla_breached'),
      unanswered: await scene.told('ticket.unanswered_24h'),
      expired: await scene.expired(),
    };
    let hours = 0;
    while (hours < UNANSWERED_HOURS + FIRST_REPLY_HOURS) {
      const jump = random.between(1, 4) - 0.5;
      hours += jump;
      await scene.advance(jump);
      const answered = Array.from({ length: 30 }, () => random.pick(tickets));
      const [, , killed] = await Promise.all([
        Promise.all([...new Set(answered)].map((ticket) => scene.reply(ticket))),
        Promise.all(contested.flatMap((ticket) => contend(ticket, random))),
        killOne(workers, random),
      ]);
      expect(killed).toEqual({ code: null, signal: 'SIGKILL' });
    }
    await scene.settled(TIMES);
    expect(await scene.faults()).toEqual([]);
    expect(await scene.told('ticket.sla_breached')).toBeGreaterThan(before.breached + (OPEN * 2) / 3);
    expect(await scene.told('ticket.unanswered_24h')).toBeGreaterThan(before.unanswered + (OPEN * 2) / 3);
    expect(await scene.told('ticket.csat_received')).toBeGreaterThan(0);
    expect(await scene.expired()).toBeGreaterThan(before.expired);
  },
  5 * TIMES * PATIENCE_MS,
);

/** Two at a time of those who close, open and rate one ticket. */
function contend(ticket: string, random: Random): Array<Promise<unknown>> {
  const doing = [
    () => scene.reply(ticket, { status: 'closed' }),
    () => scene.reply(ticket, { status: 'closed' }),
    () => scene.setStatus(ticket, 'in_progress'),
    () => scene.rate(ticket, random.between(1, 5), random.pick([undefined, null, 'Fine', 'Slow'])),
  ];
  return [random.pick(doing)(), random.pick(doing)()];
}

/** kill -9, and another one in its place. */
async function killOne(workers: ServiceProcess[], random: Random) {
  const place = random.between(0, workers.length - 1);
  const exit = await workers[place]?.kill();
  workers[place] = await scene.launchWorker();
  return exit;
}
