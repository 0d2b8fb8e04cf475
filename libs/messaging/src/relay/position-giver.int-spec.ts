import { randomUUID } from 'node:crypto';
import type { WorkerTx } from '#database';
import { RelayScene } from '../../../../test/support/relay-scene';
import type { EventHeader } from '../transports/event-transport';

const HOUR_MS = 3_600_000;

let stage: RelayScene;

beforeEach(async () => {
  stage = await RelayScene.open();
});
afterEach(() => stage.close());

describe('the relay, with fresh events', () => {
  it('hands fresh events over, in order, in the transaction that gives them their positions', async () => {
    const ids = await stage.commit(randomUUID(), randomUUID());
    const deliver = stage.broker.deliver.bind(stage.broker);
    stage.broker.deliver = async (tx, events) => {
      expect(await stage.log()).toEqual([]);
      return deliver(tx, events);
    };
    expect(await stage.positions.pass(true)).toEqual({ result: 'idle', left: 0 });
    expect([stage.broker.taken, await stage.log()]).toEqual([ids, ids]);
    await stage.publisher.pass();
    expect(stage.broker.taken).toEqual(ids);
  });

  it('places and hands over no more than 500 fresh events at once', async () => {
    const ids = await stage.commit(...Array.from({ length: 501 }, () => randomUUID()));
    expect([await stage.positions.pass(true), stage.broker.taken.length]).toEqual([{ result: 'more', left: 0 }, 500]);
    expect([await stage.positions.pass(true), stage.broker.taken]).toEqual([{ result: 'idle', left: 0 }, ids]);
  });

  it('gives fresh events their positions though the transport fails', async () => {
    stage.broker.isDown = true;
    const ids = await stage.commit(randomUUID(), randomUUID());
    expect(await stage.positions.pass(true)).toMatchObject({
      result: 'idle',
      left: 2,
      error: new Error('The broker is down.'),
    });
    expect(await stage.log()).toEqual(ids);
    stage.broker.isDown = false;
    await stage.publisher.pass();
    expect(stage.broker.taken).toEqual(ids);
  });

  it('hands over what was left over before what is fresh', async () => {
    const aggregate = randomUUID();
    const [first] = await stage.append(aggregate);
    const [second] = await stage.commit(aggregate);
    expect(await stage.positions.pass(true)).toEqual({ result: 'idle', left: 0 });
    expect(stage.broker.taken).toEqual([first, second]);
  });

  it('lets no fresh event overtake one of so many left over that they do not go at once', async () => {
    const ids = await stage.append(...Array.from({ length: 201 }, () => randomUUID()));
    const [fresh] = await stage.commit(randomUUID());
    expect(await stage.positions.pass(true)).toEqual({ result: 'more', left: 1 });
    expect(stage.broker.taken).toEqual(ids.slice(0, 200));
    expect(await stage.positions.pass(true)).toEqual({ result: 'idle', left: 0 });
    expect(stage.broker.taken).toEqual([...ids, fresh]);
  });

  it('places what is fresh behind what another process delivers, and comes back soon', async () => {
    const aggregate = randomUUID();
    const [first] = await stage.append(aggregate);
    const [second] = await stage.commit(aggregate);
    await stage.uow.runAsWorker(async (tx) => {
      await tx.query({ text: 'SELECT pg_advisory_xact_lock(1346851, 2)' });
      expect(await stage.positions.pass(true)).toEqual({ result: 'busy', left: 1 });
    });
    expect([stage.broker.taken, await stage.log()]).toEqual([[], [first, second]]);
    expect(await stage.positions.pass(true)).toEqual({ result: 'idle', left: 0 });
    expect(stage.broker.taken).toEqual([first, second]);
  });

  it('passes over no event to which a consumer’s hold refers in this moment', async () => {
    const aggregate = randomUUID();
    const ids = await stage.commit(aggregate, aggregate);
    await stage.uow.runAsWorker(async (tx) => {
      await tx.query({ text: 'SELECT FROM outbox WHERE event_id = $1 FOR KEY SHARE', values: [ids[0]] });
      await stage.positions.pass(false);
      expect(await stage.log()).toEqual(ids);
      await stage.publisher.pass();
    });
    expect(stage.broker.taken).toEqual(ids);
  });

  it('loses a duty when it is silent for too long: its process may be gone without a word', async () => {
    const limits: unknown[] = [];
    stage.broker.deliver = async (tx) => {
      limits.push(await tx.query({ text: 'SHOW idle_in_transaction_session_timeout' }));
      throw new Error('The broker is down.');
    };
    await stage.commit(randomUUID());
    await stage.positions.pass(true);
    await expect(stage.publisher.pass()).rejects.toThrow();
    expect(limits).toEqual(['10s', '30s'].map((limit) => [{ idle_in_transaction_session_timeout: limit }]));
  });

  it('takes back, of fresh events, the refused ones and what comes behind them in their aggregate', async () => {
    const [broken, sound] = [randomUUID(), randomUUID()];
    stage.broker.refused.add(broken);
    const [first, other, second] = await stage.commit(broken, sound, broken);
    expect(await stage.positions.pass(true)).toEqual({ result: 'idle', left: 2 });
    expect([stage.broker.taken, await stage.log()]).toEqual([[other], [first, other, second]]);
    stage.broker.refused.clear();
    stage.scene.advance(HOUR_MS);
    await stage.publisher.pass();
    await stage.publisher.pass();
    expect(stage.broker.taken).toEqual([other, first, second]);
  });

  it('places nothing when the database fails under the hand-over, and says what failed first', async () => {
    const ids = await stage.commit(randomUUID());
    const deliver = stage.broker.deliver.bind(stage.broker);
    stage.broker.deliver = async (tx) => {
      await tx.query({ text: 'SELECT 1 / 0' });
      return [];
    };
    await expect(stage.positions.pass(true)).rejects.toThrow('division by zero');
    expect(await stage.log()).toEqual([]);
    stage.broker.deliver = deliver;
    await stage.positions.pass(true);
    expect([stage.broker.taken, await stage.log()]).toEqual([ids, ids]);
  });

  it('serves a transport of its own database with the positions, first with what was left over', async () => {
    const aggregate = randomUUID();
    const [first] = await stage.append(aggregate);
    Object.assign(stage.broker, {
      deliverInPlace: async (_tx: WorkerTx, events: readonly EventHeader[]) => {
        stage.broker.taken.push(...events.map(({ eventId }) => eventId));
      },
    });
    const [second, third] = await stage.append(aggregate, aggregate);
    expect(stage.broker.taken).toEqual([first, second, third]);
    await stage.publisher.pass();
    expect(stage.broker.taken).toEqual([first, second, third]);
  });

  it('is active in one process at a time', async () => {
    const [id] = await stage.append(randomUUID());
    await stage.uow.runAsWorker(async (tx) => {
      await tx.query({ text: 'SELECT pg_advisory_xact_lock(1346851, lock) FROM generate_series(1, 3) AS lock' });
      expect([(await stage.positions.pass(true)).result, (await stage.publisher.pass()).result]).toEqual([
        'busy',
        'busy',
      ]);
    });
    expect(stage.broker.taken).toEqual([]);
    await stage.publisher.pass();
    expect(stage.broker.taken).toEqual([id]);
  });
});
