import { randomUUID } from 'node:crypto';
import { UnitOfWork } from '#database';
import type { ProjectScope, WorkerTx } from '#database';
import { EventScene, insertProject } from '#testing';
import type { EventProcess } from '#testing';
import { eventually } from '../../../../test/support/eventually';
import { EventLog } from '../log/event-log';
import { messagingSettings } from '../messaging-settings';
import { NO_OBSERVER } from '../observation/event-observer';
import type { EventHeader, EventTransport, OutboxEvent, Refusal } from '../transports/event-transport';
import { HandOver } from './hand-over';
import { PositionGiver } from './position-giver';
import { Publisher } from './publisher';
import { Relay } from './relay';
import { RelaySignal } from './relay-signal';

const HOUR_MS = 3_600_000;

/** A broker that is down, or takes some events and not others, as a test says. */
class MoodyBroker implements EventTransport {
  readonly taken: string[] = [];
  readonly refused = new Set<string>();
  isDown = false;

  async start(): Promise<void> {}
  async stop(): Promise<void> {}
  async deliverTo(): Promise<void> {}
  async status(): Promise<[]> {
    return [];
  }

  async deliver(_tx: WorkerTx, events: readonly OutboxEvent[]): Promise<readonly Refusal[]> {
    if (this.isDown) {
      throw new Error('The broker is down.');
    }
    const [refused, taken] = [true, false].map((is) =>
      events.filter((one) => this.refused.has(one.aggregateId) === is),
    );
    this.taken.push(...taken!.map((event) => event.eventId));
    return refused!.map(({ id }) => ({ id, reason: 'no queue' }));
  }
}

let scene: EventScene;
let project: ProjectScope;
let process: EventProcess;
let broker: MoodyBroker;
let publisher: Publisher;
let positions: PositionGiver;

beforeEach(async () => {
  scene = await EventScene.open();
  project = (await insertProject(scene.db)).live;
  process = await scene.launch({ isStarted: false });
  broker = new MoodyBroker();
  const uow = process.app.get(UnitOfWork);
  const settings = messagingSettings({ retentionDays: 30, now: scene.now });
  const handOver = new HandOver(broker, settings);
  publisher = new Publisher(uow, handOver, settings);
  positions = new PositionGiver(uow, handOver, broker, settings);
});
afterEach(() => scene.close());

/** Appends one event for each aggregate named, in that order, and gives them their positions, as while the broker is away. */
async function append(...aggregates: string[]): Promise<string[]> {
  const ids = await commit(...aggregates);
  await positions.pass(false);
  return ids;
}

/** Appends one event for each aggregate named, in that order. */
async function commit(...aggregates: string[]): Promise<string[]> {
  for (const aggregate of aggregates) {
    await scene.append(process, project, aggregate);
  }
  const rows = await scene.db.sql<{ event_id: string }>('SELECT event_id FROM outbox ORDER BY id');
  return rows.slice(-aggregates.length).map((row) => row.event_id);
}

/** The ids of the events that readers of the log find, in its order. */
async function log(): Promise<string[]> {
  const page = await process.app.get(EventLog).read(project, { limit: 100 });
  return page.events.map(({ envelope }) => envelope.id);
}

describe('the relay before a transport', () => {
  it('hands events over once, in order', async () => {
    const ids = await append(randomUUID(), randomUUID(), randomUUID());
    expect([await publisher.pass(), await publisher.pass()]).toEqual([
      { result: 'idle', taken: 3 },
      { result: 'idle', taken: 0 },
    ]);
    expect(broker.taken).toEqual(ids);
  });

  it('hands over no more than 200 at once, in order, and says that there may be more', async () => {
    const ids = await append(...Array.from({ length: 401 }, () => randomUUID()));
    const sizes: number[] = [];
    const deliver = broker.deliver.bind(broker);
    broker.deliver = async (tx, events) => {
      sizes.push(events.length);
      return deliver(tx, events);
    };
    expect([(await publisher.pass()).result, (await publisher.pass()).result]).toEqual(['more', 'idle']);
    expect(sizes).toEqual([200, 200, 1]);
    expect(broker.taken).toEqual(ids);
  });

  it('hands over nothing that comes behind a refused event, wherever the batches end', async () => {
    const broken = randomUUID();
    broker.refused.add(broken);
    const [before, behind] = [1, 2].map(() => Array.from({ length: 250 }, () => randomUUID()));
    const ids = await append(broken, ...before!, broken, ...behind!);
    await publisher.pass();
    await publisher.pass();
    expect(broker.taken).toEqual(ids.filter((_id, index) => index !== 0 && index !== 251));
    broker.refused.clear();
    scene.advance(HOUR_MS);
    await publisher.pass();
    await publisher.pass();
    expect(broker.taken.slice(-2)).toEqual([ids[0], ids[251]]);
  });

  it('keeps what the transport took before it failed in a later batch', async () => {
    const ids = await append(...Array.from({ length: 401 }, () => randomUUID()));
    const deliver = broker.deliver.bind(broker);
    broker.deliver = async (tx, events) => {
      broker.isDown = broker.taken.length > 0;
      return deliver(tx, events);
    };
    await expect(publisher.pass()).rejects.toThrow('The broker is down.');
    broker.deliver = deliver;
    broker.isDown = false;
    expect(broker.taken).toEqual(ids.slice(0, 200));
    await publisher.pass();
    expect(broker.taken).toEqual(ids);
  });

  it('hands over again, in order, what it could not while the transport was down; the log has gone on meanwhile', async () => {
    broker.isDown = true;
    const ids = await append(randomUUID(), randomUUID());
    await expect(publisher.pass()).rejects.toThrow('The broker is down.');
    expect(await log()).toEqual(ids);
    broker.isDown = false;
    await publisher.pass();
    expect(broker.taken).toEqual(ids);
  });

  it('lets a refused event hold back the later ones of its aggregate alone, and tries it again when it is time', async () => {
    const [broken, sound] = [randomUUID(), randomUUID()];
    broker.refused.add(broken);
    const [first, other] = await append(broken, sound);
    await publisher.pass();
    const [second, another] = await append(broken, sound);
    await publisher.pass();
    expect(broker.taken).toEqual([other, another]);
    const [row] = await scene.db.sql('SELECT attempts, last_error, published_at FROM outbox WHERE event_id = $1', [
      first,
    ]);
    expect(row).toEqual({ attempts: 1, last_error: 'no queue', published_at: null });

    broker.refused.clear();
    await publisher.pass();
    expect(broker.taken).toEqual([other, another]);
    scene.advance(HOUR_MS);
    await publisher.pass();
    await publisher.pass();
    expect(broker.taken).toEqual([other, another, first, second]);
  });

  it('does not take the later events of a refused one for handed over, though they went with it', async () => {
    const broken = randomUUID();
    const [first, second] = await append(broken, broken);
    const deliver = broker.deliver.bind(broker);
    broker.deliver = async (tx, events) => {
      await deliver(tx, events);
      return [{ id: events[0]!.id, reason: 'returned' }];
    };
    await publisher.pass();
    broker.deliver = deliver;
    scene.advance(HOUR_MS);
    await publisher.pass();
    await publisher.pass();
    expect(broker.taken).toEqual([first, second, first, second]);
  });

  it('hands fresh events over, in order, in the transaction that gives them their positions', async () => {
    const ids = await commit(randomUUID(), randomUUID());
    const deliver = broker.deliver.bind(broker);
    broker.deliver = async (tx, events) => {
      expect(await log()).toEqual([]);
      return deliver(tx, events);
    };
    expect(await positions.pass(true)).toEqual({ result: 'idle', left: 0 });
    expect([broker.taken, await log()]).toEqual([ids, ids]);
    await publisher.pass();
    expect(broker.taken).toEqual(ids);
  });

  it('places and hands over no more than 500 fresh events at once', async () => {
    const ids = await commit(...Array.from({ length: 501 }, () => randomUUID()));
    expect([await positions.pass(true), broker.taken.length]).toEqual([{ result: 'more', left: 0 }, 500]);
    expect([await positions.pass(true), broker.taken]).toEqual([{ result: 'idle', left: 0 }, ids]);
  });

  it('gives fresh events their positions though the transport fails', async () => {
    broker.isDown = true;
    const ids = await commit(randomUUID(), randomUUID());
    expect(await positions.pass(true)).toMatchObject({
      result: 'idle',
      left: 2,
      error: new Error('The broker is down.'),
    });
    expect(await log()).toEqual(ids);
    broker.isDown = false;
    await publisher.pass();
    expect(broker.taken).toEqual(ids);
  });

  it('hands over what was left over before what is fresh', async () => {
    const aggregate = randomUUID();
    const [first] = await append(aggregate);
    const [second] = await commit(aggregate);
    expect(await positions.pass(true)).toEqual({ result: 'idle', left: 0 });
    expect(broker.taken).toEqual([first, second]);
  });

  it('lets no fresh event overtake one of so many left over that they do not go at once', async () => {
    const ids = await append(...Array.from({ length: 201 }, () => randomUUID()));
    const [fresh] = await commit(randomUUID());
    expect(await positions.pass(true)).toEqual({ result: 'more', left: 1 });
    expect(broker.taken).toEqual(ids.slice(0, 200));
    expect(await positions.pass(true)).toEqual({ result: 'idle', left: 0 });
    expect(broker.taken).toEqual([...ids, fresh]);
  });

  it('passes over no event to which a consumer’s hold refers in this moment', async () => {
    const aggregate = randomUUID();
    const ids = await commit(aggregate, aggregate);
    await process.app.get(UnitOfWork).runAsWorker(async (tx) => {
      await tx.query({ text: 'SELECT FROM outbox WHERE event_id = $1 FOR KEY SHARE', values: [ids[0]] });
      await positions.pass(false);
      expect(await log()).toEqual(ids);
      await publisher.pass();
    });
    expect(broker.taken).toEqual(ids);
  });

  it('loses a duty when it is silent for too long: its process may be gone without a word', async () => {
    const limits: unknown[] = [];
    broker.deliver = async (tx) => {
      limits.push(await tx.query({ text: 'SHOW idle_in_transaction_session_timeout' }));
      throw new Error('The broker is down.');
    };
    await commit(randomUUID());
    await positions.pass(true);
    await expect(publisher.pass()).rejects.toThrow();
    expect(limits).toEqual(['10s', '30s'].map((limit) => [{ idle_in_transaction_session_timeout: limit }]));
  });

  it('takes back, of fresh events, the refused ones and what comes behind them in their aggregate', async () => {
    const [broken, sound] = [randomUUID(), randomUUID()];
    broker.refused.add(broken);
    const [first, other, second] = await commit(broken, sound, broken);
    expect(await positions.pass(true)).toEqual({ result: 'idle', left: 2 });
    expect([broker.taken, await log()]).toEqual([[other], [first, other, second]]);
    broker.refused.clear();
    scene.advance(HOUR_MS);
    await publisher.pass();
    await publisher.pass();
    expect(broker.taken).toEqual([other, first, second]);
  });

  it('places nothing when the database fails under the hand-over, and says what failed first', async () => {
    const ids = await commit(randomUUID());
    const deliver = broker.deliver.bind(broker);
    broker.deliver = async (tx) => {
      await tx.query({ text: 'SELECT 1 / 0' });
      return [];
    };
    await expect(positions.pass(true)).rejects.toThrow('division by zero');
    expect(await log()).toEqual([]);
    broker.deliver = deliver;
    await positions.pass(true);
    expect([broker.taken, await log()]).toEqual([ids, ids]);
  });

  it('goes on with the log alone while the transport fails, then hands over in order, and both together again', async () => {
    const aggregate = randomUUID();
    const observer = { ...NO_OBSERVER, relayPassed: jest.fn() };
    const signal = new RelaySignal();
    const relay = new Relay(signal, positions, publisher, messagingSettings({ retentionDays: 30, observer }));
    broker.isDown = true;
    relay.start();
    const waiting = [...(await commit(aggregate)), ...(await commit(aggregate))];
    signal.raise();
    await eventually(async () => expect(await log()).toEqual(waiting));
    await eventually(() => expect(observer.relayPassed).toHaveBeenCalledWith('delivery', 'failed'));
    const [late] = await commit(aggregate);
    signal.raise();
    await eventually(async () => expect(await log()).toEqual([...waiting, late]));
    expect(broker.taken).toEqual([]);
    broker.isDown = false;
    observer.relayPassed.mockClear();
    await eventually(() => expect(observer.relayPassed).toHaveBeenCalledWith('delivery', 'done'));
    expect(broker.taken).toEqual([...waiting, late]);
    const deliver = broker.deliver.bind(broker);
    const placed = jest.fn();
    broker.deliver = async (tx, events) => {
      placed(await log());
      return deliver(tx, events);
    };
    const [fresh] = await commit(aggregate);
    signal.raise();
    await eventually(async () => expect(await log()).toEqual([...waiting, late, fresh]));
    await relay.stop();
    expect(broker.taken).toEqual([...waiting, late, fresh]);
    expect(placed.mock.calls).toEqual([[[...waiting, late]]]);
  });

  it('serves a transport of its own database with the positions, first with what was left over', async () => {
    const aggregate = randomUUID();
    const [first] = await append(aggregate);
    Object.assign(broker, {
      deliverInPlace: async (_tx: WorkerTx, events: readonly EventHeader[]) => {
        broker.taken.push(...events.map(({ eventId }) => eventId));
      },
    });
    const [second, third] = await append(aggregate, aggregate);
    expect(broker.taken).toEqual([first, second, third]);
    await publisher.pass();
    expect(broker.taken).toEqual([first, second, third]);
  });

  it('is active in one process at a time', async () => {
    const [id] = await append(randomUUID());
    await process.app.get(UnitOfWork).runAsWorker(async (tx) => {
      await tx.query({ text: 'SELECT pg_advisory_xact_lock(1346851, lock) FROM generate_series(1, 3) AS lock' });
      expect([(await positions.pass(true)).result, (await publisher.pass()).result]).toEqual(['busy', 'busy']);
    });
    expect(broker.taken).toEqual([]);
    await publisher.pass();
    expect(broker.taken).toEqual([id]);
  });
});
