import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { AppProcess } from './app-process';

type Said = Readonly<{ event: string; pid: number }>;

/** A program that tells a server what happens to it, and says that it is ready unless it is told to fail. */
const PROGRAM = `
  const socket = require('node:net').connect(process.env.TELL);
  const say = (event) => socket.write(JSON.stringify({ event, pid: process.pid }) + '\\n');
  process.on('SIGTERM', () => { say('stopping'); socket.end(() => process.exit(0)); });
  process.on('disconnect', () => process.exit(0));
  say('started');
  if (process.env.FAIL) { socket.end(() => process.exit(3)); } else { process.send('ready'); }
`;

describe('AppProcess', () => {
  let folder: string;
  let server: Server;
  let logged: Record<string, unknown>[];
  const said: Said[] = [];
  const listeners = new Set<() => void>();

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'helpdesk-app-process-'));
    writeFileSync(join(folder, 'main.js'), PROGRAM);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  beforeEach(async () => {
    logged = [];
    said.length = 0;
    server = createServer((socket) => {
      createInterface({ input: socket }).on('line', (line) => {
        said.push(JSON.parse(line) as Said);
        wakeUp();
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => server.close());

  const note = (line: unknown): void => {
    logged.push(line as Record<string, unknown>);
    wakeUp();
  };

  function make(env: Readonly<Record<string, string>> = {}): AppProcess {
    const program = {
      name: 'tickets-api',
      entry: join(folder, 'main.js'),
      environment: () => ({ TELL: String((server.address() as AddressInfo).port), ...env }),
    };
    return new AppProcess(program, { log: note, warn: note, error: note });
  }

  const wakeUp = (): void => listeners.forEach((listen) => listen());

  /** Waits until something has come in. */
  async function found<T>(look: () => T | undefined): Promise<T> {
    for (let one = look(); ; one = look()) {
      if (one !== undefined) {
        return one;
      }
      await new Promise<void>((resolve) => {
        listeners.add(resolve);
      });
      listeners.clear();
    }
  }

  /** What the program has said for the so manieth time. */
  const hasSaid = (event: string, times: number): Promise<Said> =>
    found(() => said.filter((one) => one.event === event)[times - 1]);

  it('serves at a port from when it says so until it ends, and stops in order', async () => {
    const app = make();
    expect(app.port).toBeUndefined();
    await app.start();
    expect(app.port).toEqual(expect.any(Number));
    await app.stop();
    expect(app.port).toBeUndefined();
    expect((await hasSaid('stopping', 1)).pid).toBe((await hasSaid('started', 1)).pid);
    expect(logged).toEqual([]);
  });

  it('says when it could not start, and is not started again', async () => {
    const app = make({ FAIL: '1' });
    await expect(app.start()).rejects.toThrow('tickets-api could not start: see above.');
    await app.stop();
    expect(said.map(({ event }) => event)).toEqual(['started']);
  });

  it('is started again when it ends, and says so', async () => {
    const app = make();
    await app.start();
    process.kill((await hasSaid('started', 1)).pid, 'SIGKILL');
    const second = await hasSaid('started', 2);
    expect(second.pid).not.toBe((await hasSaid('started', 1)).pid);
    await app.stop();
    expect(logged[0]).toEqual({
      event: 'app.ended',
      app: 'tickets-api',
      code: null,
      signal: 'SIGKILL',
      restart_in_ms: 500,
    });
  });

  it('is not started again by a stop in the pause', async () => {
    const app = make();
    await app.start();
    process.kill((await hasSaid('started', 1)).pid, 'SIGKILL');
    await found(() => logged.find(({ event }) => event === 'app.ended'));
    await app.stop();
    expect(said.filter(({ event }) => event === 'started')).toHaveLength(1);
  });
});
