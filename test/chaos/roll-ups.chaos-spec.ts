import { inTheEnd, PATIENCE_MS } from '../support/processes/patience';
import { TimeScene } from '../support/processes/time-scene';

/** Where a roll-up can die: with changes taken away, and with them in the days, neither of which is committed. */
const POINTS = ['report.afterTake', 'report.afterStore'];

/** Three batches of 2,000 and some more for each death, the first pass of a process being its last. */
const CHANGES = 7_000;

let scene: TimeScene;

beforeAll(async () => {
  scene = await TimeScene.open();
});
afterAll(() => scene.close());

/** How many tickets reports count, and how many changes are left to be rolled up. */
async function counted(): Promise<{ readonly tickets: number; readonly left: number }> {
  const [row] = await scene.db.sql<{ tickets: number; left: number }>(
    `SELECT (SELECT coalesce(sum(facts), 0)::int FROM report_day WHERE kind = 'created') + count(*)::int AS tickets,
       count(*)::int AS left FROM ticket_fact`,
  );
  return row ?? { tickets: 0, left: 0 };
}

test.each(POINTS)(
  'a roll-up that dies at the first, the second and the third pass of %s loses no change and takes none twice, as two others work',
  async (point) => {
    await scene.openTickets(1);
    const { tickets: before } = await counted();
    await scene.db.sql(
      `INSERT INTO ticket_fact (project_id, channel, facts)
       SELECT f.project_id, f.channel, f.facts FROM (SELECT * FROM ticket_fact LIMIT 1) f, generate_series(1, $1)`,
      [CHANGES],
    );
    for (const pass of [1, 2, 3]) {
      const dying = await scene.launchWorker({ HELPDESK_FAULT: `${point}#${pass}` });
      await inTheEnd(() => expect(dying.isRunning).toBe(false));
      expect(await dying.exited).toEqual({ code: null, signal: 'SIGKILL' });
      expect((await counted()).tickets).toBe(before + CHANGES);
    }
    const others = [await scene.launchWorker(), await scene.launchWorker()];
    await inTheEnd(async () => expect((await counted()).left).toBeLessThan(1_000));
    await Promise.all(others.map((one) => one.kill()));
    expect((await counted()).tickets).toBe(before + CHANGES);
  },
  5 * PATIENCE_MS,
);
