import { randomUUID } from 'node:crypto';
import { RelayScene } from '../../../../test/support/relay-scene';

const HOUR_MS = 3_600_000;

let stage: RelayScene;

beforeEach(async () => {
  stage = await RelayScene.open();
});
afterEach(() => stage.close());

describe('the relay, with what was left over', () => {
  it('hands events over once, in order', async () => {
    const ids = await stage.append(randomUUID(), randomUUID(), randomUUID());
    expect([await stage.publisher.pass(), await stage.publisher.pass()]).toEqual([
      { result: 'idle', taken: 3 },
      { result: 'idle', taken: 0 },
    ]);
    expect(stage.broker.taken).toEqual(ids);
  });

  it('hands over no more than 200 at once, in order, and says that there may be more', async () => {
    const ids = await stage.append(...Array.from({ length: 401 }, () => randomUUID()));
    const sizes: number[] = [];
    const deliver = stage.broker.deliver.bind(stage.broker);
    stage.broker.deliver = async (tx, events) => {
      sizes.push(events.length);
      return deliver(tx, events);
    };
    expect([(await stage.publisher.pass()).result, (await stage.publisher.pass()).result]).toEqual(['more', 'idle']);
    expect(sizes).toEqual([200, 200, 1]);
    expect(stage.broker.taken).toEqual(ids);
  });

  it('hands over nothing that comes behind a refused event, wherever the batches end', async () => {
    const broken = randomUUID();
    stage.broker.refused.add(broken);
    const [before, behind] = [1, 2].map(() => Array.from({ length: 250 }, () => randomUUID()));
    const ids = await stage.append(broken, ...before!, broken, ...behind!);
    await stage.publisher.pass();
    await stage.publisher.pass();
    expect(stage.broker.taken).toEqual(ids.filter((_id, index) => index !== 0 && index !== 251));
    stage.broker.refused.clear();
    stage.scene.advance(HOUR_MS);
    await stage.publisher.pass();
    await stage.publisher.pass();
    expect(stage.broker.taken.slice(-2)).toEqual([ids[0], ids[251]]);
  });

  it('keeps what the transport took before it failed in a later batch', async () => {
    const ids = await stage.append(...Array.from({ length: 401 }, () => randomUUID()));
    const deliver = stage.broker.deliver.bind(stage.broker);
    stage.broker.deliver = async (tx, events) => {
      stage.broker.isDown = stage.broker.taken.length > 0;
      return deliver(tx, events);
    };
    await expect(stage.publisher.pass()).rejects.toThrow('The broker is down.');
    stage.broker.deliver = deliver;
    stage.broker.isDown = false;
    expect(stage.broker.taken).toEqual(ids.slice(0, 200));
    await stage.publisher.pass();
    expect(stage.broker.taken).toEqual(ids);
  });

  it('hands over again, in order, what it could not while the transport was down; the log has gone on meanwhile', async () => {
    stage.broker.isDown = true;
    const ids = await stage.append(randomUUID(), randomUUID());
    await expect(stage.publisher.pass()).rejects.toThrow('The broker is down.');
    expect(await stage.log()).toEqual(ids);
    stage.broker.isDown = false;
    await stage.publisher.pass();
    expect(stage.broker.taken).toEqual(ids);
  });

  it('lets a refused event hold back the later ones of its aggregate alone, and tries it again when it is time', async () => {
    const [broken, sound] = [randomUUID(), randomUUID()];
    stage.broker.refused.add(broken);
    const [first, other] = await stage.append(broken, sound);
    await stage.publisher.pass();
    const [second, another] = await stage.append(broken, sound);
    await stage.publisher.pass();
    expect(stage.broker.taken).toEqual([other, another]);
    const [row] = await stage.scene.db.sql(
      'SELECT attempts, last_error, published_at FROM outbox WHERE event_id = $1',
      [first],
    );
    expect(row).toEqual({ attempts: 1, last_error: 'no queue', published_at: null });

    stage.broker.refused.clear();
    await stage.publisher.pass();
    expect(stage.broker.taken).toEqual([other, another]);
    stage.scene.advance(HOUR_MS);
    await stage.publisher.pass();
    await stage.publisher.pass();
    expect(stage.broker.taken).toEqual([other, another, first, second]);
  });

  it('does not take the later events of a refused one for handed over, though they went with it', async () => {
    const broken = randomUUID();
    const [first, second] = await stage.append(broken, broken);
    const deliver = stage.broker.deliver.bind(stage.broker);
    stage.broker.deliver = async (tx, events) => {
      await deliver(tx, events);
      return [{ id: events[0]!.id, reason: 'returned' }];
    };
    await stage.publisher.pass();
    stage.broker.deliver = deliver;
    stage.scene.advance(HOUR_MS);
    await stage.publisher.pass();
    await stage.publisher.pass();
    expect(stage.broker.taken).toEqual([first, second, first, second]);
  });
});
