import { EventEmitter, once } from 'node:events';
import { EVENT_STREAM_DEFAULTS } from './event-stream-settings';
import type { EventStreamSettings } from './event-stream-settings';
import { OpenStream } from './open-stream';
import type { StreamEnd, StreamTies } from './open-stream';
import type { StreamFrame } from './stream-frame';

type Batch = readonly StreamFrame[];

const message = (id: string): StreamFrame => ({ id, event: 'news', data: { n: Number(id) } });
const textOf = (id: string): string => `id: ${id}\nevent: news\ndata: {"n":${id}}\n\n`;

/** A stream over a source that a test feeds. */
class Scene {
  readonly ending = new AbortController();
  readonly events = new EventEmitter();
  readonly stream: OpenStream;
  readonly ends: (StreamEnd | undefined)[] = [];
  batches: Batch[] = [];
  /** How many batches the source was asked for. */
  asked = 0;
  isSourceDone = false;

  constructor(settings: Partial<EventStreamSettings> = {}, ties: Partial<StreamTies> = {}) {
    this.stream = new OpenStream(
      this.source(),
      { ...EVENT_STREAM_DEFAULTS, ...settings },
      {
        ending: this.ending,
        mayGoOn: async () => true,
        cut: () => this.events.emit('cut'),
        onEnd: (reason) => void (this.ends.push(reason), this.events.emit('end')),
        ...ties,
      },
    );
  }

  feed(...batches: Batch[]): void {
    this.batches.push(...batches);
    this.events.emit('fed');
  }

  async text(): Promise<string | undefined> {
    const { value } = await this.stream.next();
    return value ?? undefined;
  }

  private async *source(): AsyncGenerator<Batch, void> {
    try {
      for (;;) {
        this.asked++;
        while (this.batches.length === 0) {
          await once(this.events, 'fed', { signal: this.ending.signal });
        }
        yield this.batches.shift() ?? [];
      }
    } catch {
      // The stream has ended.
    } finally {
      this.isSourceDone = true;
    }
  }
}

let scenes: Scene[] = [];

function aScene(...options: ConstructorParameters<typeof Scene>): Scene {
  const scene = new Scene(...options);
  scenes.push(scene);
  return scene;
}

afterEach(async () => {
  await Promise.all(scenes.map(({ stream }) => stream.return()));
  scenes = [];
});

describe('an open stream', () => {
  it('begins with when to come again and where the reader stands, then tells batch after batch', async () => {
    const scene = aScene();
    scene.feed([{ id: '4' }], [message('5'), message('6')], [message('7')]);
    expect(await scene.text()).toBe(': welcome\nretry: 3000\nid: 4\n\n');
    expect(await scene.text()).toBe(textOf('5') + textOf('6'));
    expect(await scene.text()).toBe(textOf('7'));
  });

  it('tells in its first text what there is already', async () => {
    const scene = aScene();
    scene.feed([message('5')]);
    expect(await scene.text()).toBe(`: welcome\nretry: 3000\n\n${textOf('5')}`);
  });

  it('asks the source for no more than the reader takes', async () => {
    const scene = aScene();
    scene.feed(...Array.from({ length: 100 }, (_, n) => [message(String(n))]));
    await scene.text();
    await scene.text();
    expect(scene.asked).toBe(2);
    await scene.text();
    expect(scene.asked).toBe(3);
  });

  it('sends heartbeats in silence, the first of them with a place that has moved', async () => {
    const scene = aScene({ heartbeatMs: 5 });
    scene.feed([{ id: '4' }]);
    await scene.text();
    expect(await scene.text()).toBe(': heartbeat\n\n');
    scene.feed([message('5'), { id: '8' }]);
    expect(await untilOther(scene, ': heartbeat\n\n')).toBe(textOf('5'));
    expect(await scene.text()).toBe(': heartbeat\nid: 8\n\n');
    expect(await scene.text()).toBe(': heartbeat\n\n');
    scene.feed([{ id: '9' }], [message('10')]);
    expect(await untilOther(scene, ': heartbeat\n\n')).toBe(textOf('10'));
  });

  it('ends with its source', async () => {
    const scene = aScene();
    scene.feed([message('5')]);
    await scene.text();
    const last = scene.stream.next();
    scene.ending.abort();
    expect(await last).toEqual({ done: true, value: undefined });
    expect(scene.ends).toEqual([undefined]);
  });

  it('is over when the reader leaves, whether or not it waits for something', async () => {
    const [reading, waiting] = [aScene(), aScene()];
    reading.feed([message('5')]);
    waiting.feed([message('5')]);
    await Promise.all([reading.text(), waiting.text()]);
    const pending = waiting.stream.next();
    await Promise.all([reading.stream.return(), waiting.stream.return()]);
    expect(await pending).toMatchObject({ done: true });
    expect([reading.isSourceDone, waiting.isSourceDone]).toEqual([true, true]);
    expect([reading.ends, waiting.ends]).toEqual([[undefined], [undefined]]);
  });

  it('is over before it has begun when nobody wants it', async () => {
    const scene = aScene();
    await scene.stream.return();
    expect([scene.asked, scene.ends]).toEqual([0, [undefined]]);
  });

  it('fails with its source, and is over', async () => {
    const failing: AsyncIterable<Batch> = {
      [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error('no database')) }),
    };
    const ends: (StreamEnd | undefined)[] = [];
    const ties = { ending: new AbortController(), mayGoOn: async () => true, cut: () => undefined };
    const stream = new OpenStream(failing, EVENT_STREAM_DEFAULTS, { ...ties, onEnd: (reason) => ends.push(reason) });
    await expect(stream.next()).rejects.toThrow('no database');
    expect(ends).toEqual([undefined]);
  });
});

describe('an open stream that the service ends', () => {
  it('ends its source, and is cut when the reader does not take the rest', async () => {
    const scene = aScene({ partingMs: 1 });
    scene.feed([message('5')]);
    await scene.text();
    const pending = scene.stream.next();
    const isCut = once(scene.events, 'cut');
    scene.stream.end('draining');
    expect(await pending).toMatchObject({ done: true });
    expect(scene.ends).toEqual(['draining']);
    await isCut;
  });

  it('is cut when nothing of it is taken for too long', async () => {
    const scene = aScene({ stuckMs: 1 });
    scene.feed([message('5')]);
    const isCut = once(scene.events, 'cut');
    await scene.text();
    await isCut;
    await scene.stream.return();
    expect(scene.ends).toEqual(['stuck']);
  });

  it('ends when the key may no longer be used, and goes on while that cannot be found out', async () => {
    const answers = [Promise.resolve(true), Promise.reject(new Error('no database')), Promise.resolve(false)];
    const asked: number[] = [];
    const mayGoOn = async () => {
      asked.push(answers.length);
      return (await answers.shift()) ?? false;
    };
    answers[1]?.catch(() => undefined);
    const scene = aScene({ recheckMs: 1 }, { mayGoOn });
    scene.feed([message('5')]);
    await scene.text();
    expect(await scene.text()).toBeUndefined();
    expect([asked, scene.ends]).toEqual([[3, 2, 1], ['key_refused']]);
  });
});

async function untilOther(scene: Scene, text: string): Promise<string | undefined> {
  let found = await scene.text();
  while (found === text) {
    found = await scene.text();
  }
  return found;
}
