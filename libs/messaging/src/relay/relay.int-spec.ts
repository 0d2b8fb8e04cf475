import { randomUUID } from 'node:crypto';
import { TicketUpdated } from '#contracts';
import { UnitOfWork } from '#database';
import type { ProjectScope } from '#database';
import { consumerOf, EventScene, insertProject } from '#testing';
import type { EventProcess } from '#testing';
import { eventually } from '../../../../test/support/eventually';
import { RelayScene } from '../../../../test/support/relay-scene';
import { EventLog } from '../log/event-log';
import type { LoggedEvent } from '../log/event-log';
import { messagingSettings } from '../messaging-settings';
import { NO_OBSERVER } from '../observation/event-observer';
import { Relay } from './relay';
import { RelaySignal } from './relay-signal';

const WRITERS = 24;
const EVENTS_EACH = 15;

interface LogRow {
  readonly event_id: string;
  readonly aggregate_id: string;
  readonly aggregate_seq: number;
  readonly position: number;
}

let scene: EventScene;
let projects: ProjectScope[];

beforeEach(async () => {
  scene = await EventScene.open();
  const sides = await insertProject(scene.db);
  projects = [sides.live, sides.test, (await insertProject(scene.db)).live];
});
afterEach(() => scene.close());

describe('the event log, while 24 writers commit in any order and roll back in between and two relays work', () => {
  it('gives every committed event one position, per project without gaps, per aggregate in order', async () => {
    const processes = [await scene.launch(), await scene.launch()];
    await write(processes, projects);
    for (const project of projects) {
      const rows = await wholeLog(project);
      expect(rows.map(({ position }) => position)).toEqual(Array.from({ length: rows.length }, (_, n) => n + 1));
      for (const aggregate of new Set(rows.map((row) => row.aggregate_id))) {
        const order = rows.filter((row) => row.aggregate_id === aggregate).map((row) => row.aggregate_seq);
        expect(order).toEqual(Array.from({ length: order.length }, (_, n) => n + 1));
      }
    }
    const [count] = await scene.db.sql(
      'SELECT count(*)::int AS events, count(published_at)::int AS published FROM outbox',
    );
    expect(count).toEqual({ events: WRITERS * EVENTS_EACH, published: WRITERS * EVENTS_EACH });
  });

  it('shows a reader who follows it every event once, in order, without steps over any', async () => {
    const [reader, ...processes] = [
      await scene.launch({ isStarted: false }),
      await scene.launch(),
      await scene.launch(),
    ];
    const state = { isWriting: true };
    const following = Promise.all(
      projects.flatMap((project) => [follow(reader!, project, 1, state), follow(reader!, project, 7, state)]),
    );
    await write(processes, projects);
    state.isWriting = false;
    const seen = await following;
    for (const [index, project] of projects.entries()) {
      const expected = (await wholeLog(project)).map((row) => [row.position, row.event_id]);
      for (const events of seen.slice(index * 2, index * 2 + 2)) {
        expect(events.map(({ position, envelope }) => [position, envelope.id])).toEqual(expected);
      }
    }
  });
});

describe('the relay', () => {
  it('keeps no event waiting behind one that is committed later', async () => {
    const process = await scene.launch();
    const project = projects[0]!;
    const [early, late] = [randomUUID(), randomUUID()];
    await scene.append(process, project, early, {
      beforeCommit: async () => {
        await scene.append(process, project, late);
        await relayed(1);
      },
    });
    await relayed(2);
    const order = (await wholeLog(project)).map((row) => row.aggregate_id);
    expect(order).toEqual([late, early]);
  });

  it('goes on while a test side is emptied again and again, and nobody is in anybody’s way', async () => {
    // Like a reaction that changes tickets, the consumer needs a row that the reset locks first.
    const waiting = consumerOf('test.take-numbers', [TicketUpdated], async (_event, { tx }) => {
      await tx.query({ text: 'UPDATE ticket_counter SET last_number = last_number + 1' });
    });
    const process = await scene.launch({ consumers: [waiting] });
    const [, side] = projects as [ProjectScope, ProjectScope];
    for (let round = 0; round < 10; round++) {
      const writing = Array.from({ length: 10 }, () => scene.append(process, side));
      await scene.append(process, projects[0]!);
      await Promise.all([resetTestSide(process, side), ...writing]);
    }
    await resetTestSide(process, side);
    await relayed(10);
    expect(await wholeLog(side)).toEqual([]);
    const { nextPosition } = await process.app.get(EventLog).read(side, { after: 'latest', limit: 1 });
    await scene.append(process, side);
    await relayed(11);
    const page = await process.app.get(EventLog).read(side, { after: nextPosition, limit: 10 });
    expect(page.events.map(({ position }) => position)).toEqual([nextPosition + 1]);
    const [stats] = await scene.db.sql('SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()');
    expect(stats).toEqual({ deadlocks: '0' });
  });
});

describe('the relay of a transport that fails', () => {
  let stage: RelayScene;

  beforeEach(async () => {
    stage = await RelayScene.open();
  });
  afterEach(() => stage.close());

  it('goes on with the log alone while the transport fails, then hands over in order, and both together again', async () => {
    const aggregate = randomUUID();
    const observer = { ...NO_OBSERVER, relayPassed: jest.fn() };
    const signal = new RelaySignal();
    const relay = new Relay(
      signal,
      stage.positions,
      stage.publisher,
      messagingSettings({ retentionDays: 30, observer }),
    );
    stage.broker.isDown = true;
    relay.start();
    const waiting = [...(await stage.commit(aggregate)), ...(await stage.commit(aggregate))];
    signal.raise();
    await eventually(async () => expect(await stage.log()).toEqual(waiting));
    await eventually(() => expect(observer.relayPassed).toHaveBeenCalledWith('delivery', 'failed'));
    const [late] = await stage.commit(aggregate);
    signal.raise();
    await eventually(async () => expect(await stage.log()).toEqual([...waiting, late]));
    expect(stage.broker.taken).toEqual([]);
    stage.broker.isDown = false;
    observer.relayPassed.mockClear();
    await eventually(() => expect(observer.relayPassed).toHaveBeenCalledWith('delivery', 'done'));
    expect(stage.broker.taken).toEqual([...waiting, late]);
    const deliver = stage.broker.deliver.bind(stage.broker);
    const placed = jest.fn();
    stage.broker.deliver = async (tx, events) => {
      placed(await stage.log());
      return deliver(tx, events);
    };
    const [fresh] = await stage.commit(aggregate);
    signal.raise();
    await eventually(async () => expect(await stage.log()).toEqual([...waiting, late, fresh]));
    await relay.stop();
    expect(stage.broker.taken).toEqual([...waiting, late, fresh]);
    expect(placed.mock.calls).toEqual([[[...waiting, late]]]);
  });
});

/** Many writers, each with events of shared aggregates, one or several a transaction, some of them rolled back first. */
async function write(processes: readonly EventProcess[], scopes: readonly ProjectScope[]): Promise<void> {
  const aggregates = Array.from({ length: 8 }, () => randomUUID());
  await Promise.all(
    Array.from({ length: WRITERS }, async (_, writer) => {
      const random = numbersFrom(writer + 1);
      const process = processes[writer % processes.length]!;
      for (const size of [1, 4, 2, 1, 3, 3, 1]) {
        const [scope, aggregate] = [scopes[random(scopes.length)]!, aggregates[random(aggregates.length)]];
        const definitions = Array.from({ length: size }, () => TicketUpdated);
        // Work of different length, so that the order of commits is not that of ids.
        const work = { text: 'SELECT count(*) FROM generate_series(1, $1)', values: [random(50_000)] };
        if (random(3) === 0) {
          const rolledBack = scene.append(process, scope, aggregate, {
            definitions,
            beforeCommit: async (tx) => {
              await tx.query(work);
              throw new Error('rolled back');
            },
          });
          await expect(rolledBack).rejects.toThrow('rolled back');
        }
        await scene.append(process, scope, aggregate, {
          definitions,
          beforeCommit: async (tx) => void (await tx.query(work)),
        });
      }
    }),
  );
  await relayed(WRITERS * EVENTS_EACH);
}

/** Whole numbers below a limit, the same ones each time (Park and Miller). */
function numbersFrom(seed: number): (limit: number) => number {
  let state = seed * 48_271;
  return (limit) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % limit;
  };
}

/** Reads page by page for as long as there is something to read or to be written. */
async function follow(
  { app }: EventProcess,
  project: ProjectScope,
  limit: number,
  state: { readonly isWriting: boolean },
): Promise<LoggedEvent[]> {
  const seen: LoggedEvent[] = [];
  let after = 0;
  for (let more = true; more;) {
    more = state.isWriting;
    const page = await app.get(EventLog).read(project, { after, limit });
    seen.push(...page.events);
    after = page.nextPosition;
    more ||= page.hasMore;
  }
  return seen;
}

async function resetTestSide({ app }: EventProcess, side: ProjectScope): Promise<void> {
  await app.get(UnitOfWork).read(side, { text: 'SELECT reset_test_side()' });
}

/** Waits until so many events are there and all have been handed over. */
async function relayed(count: number): Promise<void> {
  await eventually(async () => {
    const [row] = await scene.db.sql('SELECT count(published_at)::int AS published FROM outbox');
    expect(row).toEqual({ published: count });
  }, 30_000);
}

async function wholeLog({ projectId }: ProjectScope): Promise<LogRow[]> {
  return scene.db.sql<LogRow>(
    `SELECT event_id, aggregate_id, aggregate_seq, position::int FROM outbox
     WHERE project_id = $1 ORDER BY position`,
    [projectId],
  );
}
