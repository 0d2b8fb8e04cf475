import { randomUUID } from 'node:crypto';
import { UnitOfWork } from '#database';
import { createTestDatabase } from '#testing';
import type { TestDatabase } from '#testing';
import { RateLimiter } from './rate-limiter';
import type { RateDecision } from './rate-limiter';

const take = async (from: RateLimiter, project: string, limit: number): Promise<RateDecision> => {
  const decision = await from.take(project, limit);
  if (!decision) {
    throw new Error('not counted');
  }
  return decision;
};

describe('RateLimiter', () => {
  let db: TestDatabase;
  let limiter: RateLimiter;
  let other: RateLimiter;

  beforeAll(async () => {
    db = await createTestDatabase();
    [limiter, other] = [newProcess(), newProcess()];
  });
  afterAll(() => db.drop());

  const newProcess = () => new RateLimiter(new UnitOfWork(db.database));

  /** Asks one after the other; answers how many were let in. */
  async function allowedOf(times: number, project: string, limit: number): Promise<number> {
    let allowed = 0;
    for (let i = 0; i < times; i++) {
      allowed += (await take(limiter, project, limit)).allowed ? 1 : 0;
    }
    return allowed;
  }

  /** As if the project's window had begun this much earlier. */
  const age = (project: string, seconds: number) =>
    db.sql(
      'UPDATE rate_limit SET window_started_at = window_started_at - make_interval(secs => $2) WHERE project_id = $1',
      [project, seconds],
    );

  /** A window that has gone so far, with so many requests in it and in the one before. */
  const arrange = (project: string, window: { previous: number; current: number; elapsed: number }) =>
    db.sql(
      `INSERT INTO rate_limit (project_id, window_started_at, previous_count, current_count, granted)
       VALUES ($1, clock_timestamp() - make_interval(secs => $2), $3, $4, 1)`,
      [project, window.elapsed, window.previous, window.current],
    );

  it('lets as many requests through as the limit says, and counts them down', async () => {
    const project = randomUUID();
    const decisions = [];
    for (let i = 0; i < 4; i++) {
      decisions.push(await take(limiter, project, 3));
    }
    expect(decisions.map(({ allowed, remaining }) => [allowed, remaining])).toEqual([
      [true, 2],
      [true, 1],
      [true, 0],
      [false, 0],
    ]);
    for (const { limit, resetSeconds } of decisions) {
      expect(limit).toBe(3);
      expect(resetSeconds).toBeGreaterThanOrEqual(1);
      expect(resetSeconds).toBeLessThanOrEqual(60);
    }
  });

  it('is one budget for all processes, also when they ask at once', async () => {
    const project = randomUUID();
    const asked = Array.from({ length: 60 }, (_, i) => take(i % 2 ? limiter : other, project, 25));
    const allowed = (await Promise.all(asked)).filter((decision) => decision.allowed);
    expect(allowed).toHaveLength(25);
  });

  it('keeps the budgets of two projects apart', async () => {
    const [mine, theirs] = [randomUUID(), randomUUID()];
    expect(await allowedOf(5, mine, 2)).toBe(2);
    expect((await take(limiter, theirs, 2)).allowed).toBe(true);
  });

  it('counts nothing for a project without a limit', async () => {
    const project = randomUUID();
    expect(await limiter.take(project, 0)).toBeNull();
    expect(await db.sql('SELECT FROM rate_limit WHERE project_id = $1', [project])).toEqual([]);
  });

  it('lets the window slide: after half a minute of the next one, half of the previous one still counts', async () => {
    const project = randomUUID();
    await arrange(project, { previous: 0, current: 10, elapsed: 90 });
    expect(await allowedOf(8, project, 10)).toBe(5);
  });

  it('does not open again at once when a window ends that was used up in its last second', async () => {
    const project = randomUUID();
    await arrange(project, { previous: 0, current: 10, elapsed: 59.5 });
    expect((await take(limiter, project, 10)).allowed).toBe(false);
    await age(project, 1);
    expect((await take(limiter, project, 10)).allowed).toBe(false);
  });

  it('forgets everything after two windows without a request', async () => {
    const project = randomUUID();
    await arrange(project, { previous: 10, current: 10, elapsed: 120 });
    expect(await allowedOf(11, project, 10)).toBe(10);
  });

  it('does not count what it refuses: who keeps on knocking is let in as soon as there is room', async () => {
    const project = randomUUID();
    await arrange(project, { previous: 10, current: 0, elapsed: 1 });
    expect(await allowedOf(20, project, 10)).toBe(0);
    // 30 s later the previous ten weigh five.
    await age(project, 30);
    expect(await allowedOf(20, project, 10)).toBe(5);
  });

  it.each([
    ['a window full of its own requests', { previous: 0, current: 10, elapsed: 20 }],
    ['a window full of the previous one’s', { previous: 10, current: 0, elapsed: 3 }],
    ['a window full of both', { previous: 6, current: 7, elapsed: 30 }],
  ])('says truly when there is room again in %s', async (_case, window) => {
    const project = randomUUID();
    await arrange(project, window);
    const { allowed, retryAfterSeconds } = await take(limiter, project, 10);
    expect(allowed).toBe(false);
    await age(project, retryAfterSeconds - 5);
    expect((await take(limiter, project, 10)).allowed).toBe(false);
    await age(project, 5);
    expect((await take(limiter, project, 10)).allowed).toBe(true);
  });

  it('holds a limit that was lowered at once, and does not carry the surplus on', async () => {
    const project = randomUUID();
    await allowedOf(20, project, 100);
    expect((await take(limiter, project, 5)).allowed).toBe(false);
    await age(project, 60 + 30);
    expect((await take(limiter, project, 5)).allowed).toBe(true);
  });

  it('begins anew when the database’s clock was set back', async () => {
    const project = randomUUID();
    await arrange(project, { previous: 10, current: 10, elapsed: -3_600 });
    const { allowed, resetSeconds } = await take(limiter, project, 10);
    expect(allowed).toBe(true);
    expect(resetSeconds).toBeLessThanOrEqual(60);
  });

  it('takes several requests at once from a large budget, and grants exactly as many as there are', async () => {
    const project = randomUUID();
    await arrange(project, { previous: 0, current: 4_987, elapsed: 1 });
    const atOnce = Array.from({ length: 8 }, (_, i) => take(i % 2 ? limiter : other, project, 5_000));
    let allowed = (await Promise.all(atOnce)).filter((decision) => decision.allowed).length;
    for (let i = 0; i < 15; i++) {
      allowed += (await take(limiter, project, 5_000)).allowed ? 1 : 0;
      allowed += (await take(other, project, 5_000)).allowed ? 1 : 0;
    }
    expect(allowed).toBe(13);
  });

  it('asks the database once for five requests of a budget of 5,000', async () => {
    const [project, alone] = [randomUUID(), newProcess()];
    const decisions = [];
    for (let i = 0; i < 5; i++) {
      decisions.push(await take(alone, project, 5_000));
    }
    expect(decisions.map(({ remaining }) => remaining)).toEqual([4_999, 4_998, 4_997, 4_996, 4_995]);
    expect(await db.sql('SELECT current_count FROM rate_limit WHERE project_id = $1', [project])).toEqual([
      { current_count: 5 },
    ]);
  });

  it('lets requests through when the database cannot count', async () => {
    await db.sql('ALTER TABLE rate_limit RENAME TO elsewhere');
    try {
      expect(await limiter.take(randomUUID(), 10)).toBeNull();
    } finally {
      await db.sql('ALTER TABLE elsewhere RENAME TO rate_limit');
    }
  });
});
