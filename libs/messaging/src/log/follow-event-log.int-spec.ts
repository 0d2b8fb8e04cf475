import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { TicketCreated, TicketNoteAdded, TicketUpdated } from '#contracts';
import type { ProjectScope } from '#database';
import { EventScene, insertProject } from '#testing';
import type { EventProcess } from '#testing';
import { EventLog } from './event-log';
import type { LoggedEvent } from './event-log';
import { FollowEventLog } from './follow-event-log';
import type { FollowRequest, LogStep } from './follow-event-log';
import { LOG_CHANNEL, parseLogHint } from './log-hint';

const WRITERS = 12;
const EVENTS_EACH = 20;

let scene: EventScene;
let project: ProjectScope;
let other: ProjectScope;
/** Writes and relays. */
let writer: EventProcess;
/** Follows, and does nothing else. */
let reader: EventProcess;
/** What ends each following. */
let endings: AbortController[];

beforeEach(async () => {
  scene = await EventScene.open();
  [project, other] = [(await insertProject(scene.db)).live, (await insertProject(scene.db)).live];
  [writer, reader] = [await scene.launch(), await scene.launch({ isStarted: false })];
  endings = [];
});
afterEach(async () => {
  endings.forEach((ending) => ending.abort());
  await scene.close();
});

describe('following the event log', () => {
  it('begins at the end, and tells what happens from then on', async () => {
    await scene.append(writer, project);
    const end = await placed(project, 1);
    const steps = follow({ after: 'latest' });
    expect(await next(steps)).toMatchObject({ events: [], position: end, isReset: false });
    await scene.append(writer, project);
    expect(positions(await eventsOf(steps, 1))).toEqual([end + 1]);
  });

  it('begins behind any position, and goes on', async () => {
    for (let n = 0; n < 3; n++) {
      await scene.append(writer, project);
    }
    await placed(project, 3);
    const steps = follow({ after: 1 });
    expect(positions(await eventsOf(steps, 2))).toEqual([2, 3]);
    await scene.append(writer, project);
    expect(positions(await eventsOf(steps, 1))).toEqual([4]);
  });

  it('tells every event once and in order, wherever the follower breaks off, while many write', async () => {
    const aggregates = Array.from({ length: WRITERS }, () => randomUUID());
    const writing = Promise.all(
      aggregates.map(async (aggregate) => {
        for (let n = 0; n < EVENTS_EACH; n++) {
          await scene.append(writer, project, aggregate);
        }
      }),
    );
    const seen: LoggedEvent[] = [];
    let after = 0;
    while (seen.length < WRITERS * EVENTS_EACH) {
      const steps = follow({ after });
      const upTo = Math.min(1 + (seen.length % 37), WRITERS * EVENTS_EACH - seen.length);
      seen.push(...(await eventsOf(steps, upTo)));
      after = seen.at(-1)?.position ?? 0;
      await steps.return();
    }
    await writing;
    expect(positions(seen)).toEqual(Array.from({ length: WRITERS * EVENTS_EACH }, (_, n) => n + 1));
    for (const aggregate of aggregates) {
      const sequences = seen.flatMap(({ envelope }) => (envelope.subject === aggregate ? [envelope.sequence] : []));
      expect(sequences).toEqual(Array.from({ length: EVENTS_EACH }, (_, n) => n + 1));
    }
  });

  it('passes over other types, and says how far it has come', async () => {
    const steps = follow({ after: 0, types: [TicketNoteAdded.type] });
    expect(await next(steps)).toMatchObject({ events: [], position: 0 });
    await scene.append(writer, project, randomUUID(), { definitions: [TicketCreated, TicketUpdated] });
    let step = await next(steps);
    while (step.position < 2) {
      step = await next(steps);
    }
    expect(step).toMatchObject({ events: [], position: 2 });
    await scene.append(writer, project, randomUUID(), { definitions: [TicketUpdated, TicketNoteAdded] });
    const [event] = await eventsOf(steps, 1);
    expect(event).toMatchObject({ position: 4, envelope: { type: TicketNoteAdded.type } });
  });

  it('tells nothing of other projects', async () => {
    const steps = follow({ after: 'latest' });
    await next(steps);
    await scene.append(writer, other);
    await scene.append(writer, project);
    const [event] = await eventsOf(steps, 1);
    expect(event?.envelope.projectid).toBe(project.projectId);
  });

  it.each([
    ['unknown', 'unknown' as const],
    ['before everything that is kept', 1],
    ['behind the end', 1_000_000],
    ['no place at all', -1],
  ])('goes on from the end, and says so, when the position is %s', async (_name, after) => {
    for (let n = 0; n < 3; n++) {
      await scene.append(writer, project);
    }
    await placed(project, 3);
    await scene.db.sql('UPDATE event_log_head SET pruned_through = 2 WHERE project_id = $1', [project.projectId]);
    const steps = follow({ after });
    expect(await next(steps)).toMatchObject({ events: [], position: 3, isReset: true });
    await scene.append(writer, project);
    expect(positions(await eventsOf(steps, 1))).toEqual([4]);
  });

  it('goes on from the end, and says so, when events were deleted that a slow follower has yet to see', async () => {
    const steps = follow({ after: 'latest' });
    await next(steps);
    await scene.append(writer, project);
    await scene.append(writer, project);
    await placed(project, 2);
    await scene.db.sql('UPDATE event_log_head SET pruned_through = 2 WHERE project_id = $1', [project.projectId]);
    expect(await next(steps)).toMatchObject({ events: [], position: 2, isReset: true });
  });

  it('ends when it is told to, also while it waits', async () => {
    const steps = follow({ after: 'latest' });
    await next(steps);
    const pending = steps.next();
    endings[0]?.abort();
    expect(await pending).toEqual({ done: true, value: undefined });
    expect(await follow({ after: 'latest' }).next()).toMatchObject({ value: { position: 0 } });
  });

  it('fails when the log cannot be read at its beginning', async () => {
    await scene.db.sql('ALTER TABLE event_log_head RENAME TO gone');
    await expect(follow({ after: 'latest' }).next()).rejects.toThrow('event_log_head');
  });

  it('waits, once it has begun, until the log can be read again, and misses nothing', async () => {
    const steps = follow({ after: 'latest' });
    await next(steps);
    const pending = eventsOf(steps, 2);
    await scene.db.sql('ALTER TABLE event_log_head RENAME TO gone');
    await breakConnections();
    await scene.db.sql('ALTER TABLE gone RENAME TO event_log_head');
    await scene.append(writer, project);
    await scene.append(writer, project);
    expect(positions(await pending)).toEqual([1, 2]);
  });
});

describe('what following costs', () => {
  it('is nothing while nothing happens, however many follow', async () => {
    await scene.append(writer, project);
    await placed(project, 1);
    await writer.stop();
    for (let n = 0; n < 20; n++) {
      const steps = follow({ after: 'latest' });
      await next(steps);
      void steps.next();
    }
    const read = jest.spyOn(reader.app.get(EventLog), 'read');
    const before = await headScans();
    await eventuallyTrue(async () => (await headScans()) >= before + 3);
    expect(read).not.toHaveBeenCalled();
  });

  it('is one reading for all who stand at the same place', async () => {
    const followers = Array.from({ length: 30 }, () => follow({ after: 'latest' }));
    await Promise.all(followers.map(next));
    const read = jest.spyOn(reader.app.get(EventLog), 'read');
    const pending = followers.map((steps) => eventsOf(steps, 1));
    await scene.append(writer, project);
    expect((await Promise.all(pending)).map(positions)).toEqual(followers.map(() => [1]));
    expect(read.mock.calls.length).toBeLessThan(5);
  });
});

describe('what tells followers that the log has grown', () => {
  it('is a hint that comes with the new positions', async () => {
    const listener = new Client({ connectionString: scene.db.url });
    await listener.connect();
    try {
      const hint = new Promise<string | undefined>((resolve) => {
        listener.once('notification', ({ payload }) => resolve(payload));
      });
      await listener.query(`LISTEN ${LOG_CHANNEL}`);
      await scene.append(writer, project);
      expect(parseLogHint((await hint) ?? '')).toEqual({ projectId: project.projectId, lastPosition: 1 });
    } finally {
      await listener.end();
    }
  });

  it('is a hint, which need not come', async () => {
    const steps = follow({ after: 'latest' });
    await next(steps);
    await writer.stop();
    const aggregate = randomUUID();
    await scene.append(reader, project, aggregate);
    const pending = eventsOf(steps, 1);
    // Positions that come without a hint, as if it had been lost.
    await scene.db.sql(
      `WITH head AS (INSERT INTO event_log_head (project_id, last_position) VALUES ($1, 1))
       UPDATE outbox SET position = 1 WHERE project_id = $1`,
      [project.projectId],
    );
    const [event] = await pending;
    expect(event?.envelope.subject).toBe(aggregate);
  });

  it('is nothing that anybody could send to harm', async () => {
    const steps = follow({ after: 'latest' });
    await next(steps);
    for (const payload of ['', 'nonsense', `${project.projectId} 99`, `${project.projectId} -1`, `${randomUUID()} 5`]) {
      await scene.db.sql(`SELECT pg_notify('helpdesk_log', $1)`, [payload]);
    }
    await scene.append(writer, project);
    expect(positions(await eventsOf(steps, 1))).toEqual([1]);
  });
});

function follow(request: Omit<FollowRequest, 'signal'>): AsyncGenerator<LogStep, void> {
  const ending = new AbortController();
  endings.push(ending);
  return reader.app.get(FollowEventLog).follow(project, { ...request, signal: ending.signal });
}

async function next(steps: AsyncGenerator<LogStep, void>): Promise<LogStep> {
  const { value } = await steps.next();
  if (!value) {
    throw new Error('The following has ended.');
  }
  return value;
}

/** The next so many events, over as many steps as it takes; what the last step has beyond is left out. */
async function eventsOf(steps: AsyncGenerator<LogStep, void>, count: number): Promise<LoggedEvent[]> {
  const events: LoggedEvent[] = [];
  while (events.length < count) {
    events.push(...(await next(steps)).events);
  }
  return events.slice(0, count);
}

function positions(events: readonly LoggedEvent[]): number[] {
  return events.map(({ position }) => position);
}

/** Waits until the project's log has so many events; answers the last position. */
async function placed({ projectId }: ProjectScope, count: number): Promise<number> {
  await eventuallyTrue(async () => {
    const [row] = await scene.db.sql<{ count: number }>(
      'SELECT count(*)::int AS count FROM outbox WHERE project_id = $1 AND position IS NOT NULL',
      [projectId],
    );
    return row?.count === count;
  });
  return count;
}

/** Breaks every connection of the scene's processes, and waits until all are gone. */
async function breakConnections(): Promise<void> {
  await scene.db.sql(
    `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
     WHERE datname = current_database() AND application_name LIKE 'helpdesk-%'`,
  );
}

/** How often anybody has looked how far the logs reach. */
async function headScans(): Promise<number> {
  const [row] = await scene.db.sql<{ scans: number }>(
    `SELECT (coalesce(seq_scan, 0) + coalesce(idx_scan, 0))::int AS scans
     FROM pg_stat_user_tables WHERE relname = 'event_log_head'`,
  );
  return row?.scans ?? 0;
}

async function eventuallyTrue(look: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await look())) {
    if (Date.now() > deadline) {
      throw new Error('It has not come true in 20 s.');
    }
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  }
}
