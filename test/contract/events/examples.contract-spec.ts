import { execFile } from 'node:child_process';
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Program } from '../../e2e/running/program';
import { ForeignConnection, openForeignStage } from '../../support/foreign-consumers';
import type { ForeignStage } from '../../support/foreign-consumers';
import { inTheEnd, PATIENCE_MS } from '../../support/processes/patience';
import { describeWithBroker } from '../../support/test-broker';
import type { TestProject } from '../../support/test-project';
import { describeWithPython, TEST_PYTHON } from '../../support/test-python';

jest.setTimeout(6 * PATIENCE_MS);

const EXAMPLES = join(__dirname, '../../../docs/examples');

/** What an example says of an event, and what it keeps. */
interface Line {
  readonly outcome: string;
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  readonly sequence: number;
}

/** How an example is run, and where its effects are found. */
interface Example {
  readonly command: string;
  readonly file: string;
  effects(folder: string): Promise<Line[]>;
}

const readLines = async (path: string): Promise<Line[]> => {
  const text = await readFile(path, 'utf8').catch(() => '');
  // The last one may be half written.
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Line);
};

const NODE: Example = {
  command: process.execPath,
  file: 'consume.mjs',
  effects: (folder) => readLines(join(folder, 'journal.jsonl')),
};

const REPLAY: Example = {
  command: process.execPath,
  file: 'replay.mjs',
  effects: (folder) => readLines(join(folder, 'replayed.jsonl')),
};

const DUMP = `
import json, sqlite3
rows = sqlite3.connect("events.sqlite").execute("SELECT outcome, id, type, subject, sequence FROM effect ORDER BY place")
print(json.dumps([dict(zip(["outcome", "id", "type", "subject", "sequence"], row)) for row in rows]))`;

const PYTHON: Example = {
  command: TEST_PYTHON ?? '',
  file: 'consume.py',
  async effects(folder) {
    const { stdout } = await promisify(execFile)(TEST_PYTHON ?? '', ['-c', DUMP], { cwd: folder });
    return JSON.parse(stdout) as Line[];
  },
};

const timesSaid = (program: Program, text: string): number => program.stdout.split(text).length - 1;

describeWithBroker('the examples for other companies', () => {
  let stage: ForeignStage;
  let project: TestProject;
  let operator: ForeignConnection;
  let folder: string;
  let running: Program[];

  beforeAll(async () => {
    stage = await openForeignStage();
    project = await stage.service.createProject();
    operator = await ForeignConnection.open(stage.broker.url);
  });
  afterAll(async () => {
    await operator.close();
    await stage.close();
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'helpdesk-example-'));
    running = [];
  });
  afterEach(async () => {
    running.forEach((program) => program.signal('SIGKILL'));
    await Promise.all(running.map((program) => program.ended));
    await rm(folder, { recursive: true });
  });

  interface Added {
    readonly url: string;
    readonly user: string;
    readonly queue: string;
    readonly stream: string;
  }

  async function add(name: string): Promise<Added> {
    const options = ['--project', project.slug, '--events', 'all', '--stream'];
    return (await stage.json('consumer', 'add', name, ...options)) as unknown as Added;
  }

  function start({ command, file }: Example, { url, queue, stream }: Added): Program {
    const env = { AMQP_URL: url, QUEUE: queue, STREAM: stream };
    const program = Program.run(command, [join(EXAMPLES, file)], { cwd: folder, env });
    running.push(program);
    return program;
  }

  /** Opens tickets, and answers each of them twice. */
  async function makeEvents(tickets: number): Promise<void> {
    for (let count = 0; count < tickets; count++) {
      const { id } = await project.createTicket();
      for (const text of ['We look into it', 'It is mended']) {
        await project.request('POST', `/v1/helpdesk/tickets/${id}/reply`, { body: { text } });
      }
    }
  }

  /** What the product has published of the project, in that order, from a moment on. */
  async function published(since: number): Promise<string[]> {
    const rows = await stage.service.db.sql<{ event_id: string }>(
      'SELECT event_id FROM outbox WHERE project_id = $1 ORDER BY id OFFSET $2',
      [project.projectId, since],
    );
    return rows.map(({ event_id }) => event_id);
  }

  const countPublished = async (): Promise<number> => (await published(0)).length;

  /** Waits until the effects are those of all events since then, once each, and each ticket's in order. */
  async function hasEffectsSince(example: Example, since: number): Promise<Line[]> {
    const expected = (await published(since)).toSorted();
    await inTheEnd(async () => {
      expect((await example.effects(folder)).map(({ id }) => id).toSorted()).toEqual(expected);
    });
    const effects = await example.effects(folder);
    const last = new Map<string, number>();
    for (const { subject, sequence } of effects) {
      expect(sequence).toBe((last.get(subject) ?? 0) + 1);
      last.set(subject, sequence);
    }
    return effects;
  }

  /** Lets the product publish an event that it has published before. */
  async function publishAgain(eventId: string | undefined): Promise<void> {
    await stage.service.db.sql('UPDATE outbox SET published_at = NULL WHERE event_id = $1', [eventId]);
  }

  async function deliver(queue: string, event: Omit<Line, 'outcome'>): Promise<void> {
    const outcome = await operator.attempt(async (channel) => {
      channel.publish('', queue, Buffer.from(JSON.stringify(event)));
      await channel.checkQueue(queue);
    });
    expect(outcome).toBe('ok');
  }

  async function endConnections(user: string): Promise<void> {
    const { origin, username, password } = new URL(stage.environment['RABBITMQ_MANAGEMENT_URL'] as string);
    const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    const path = `${origin}/api/connections/username/${user}`;
    expect((await fetch(path, { method: 'DELETE', headers: { authorization } })).status).toBe(204);
  }

  function describeConsumer(name: string, example: Example): void {
    it(`${name} takes every event once and in order, through repeats, a lost connection and its own death`, async () => {
      const since = await countPublished();
      const added = await add(example.file.replace('.', '-'));
      await makeEvents(4);
      const first = start(example, added);
      const effects = await hasEffectsSince(example, since);
      expect(effects.map(({ outcome }) => outcome)).toEqual(effects.map(() => 'handled'));

      await publishAgain(effects[1]?.id);
      await first.says(/"outcome": ?"repeat"/);
      await endConnections(added.user);
      await first.says(/"outcome": ?"disconnected"/);
      await makeEvents(1);
      await hasEffectsSince(example, since);
      expect(timesSaid(first, 'connected"')).toBeGreaterThanOrEqual(3);

      first.signal('SIGKILL');
      await first.ended;
      await makeEvents(3);
      const second = start(example, added);
      await hasEffectsSince(example, since);
      // What it has handled before its death it knows after it.
      await publishAgain(effects[0]?.id);
      await second.says(/"outcome": ?"repeat"/);
      await hasEffectsSince(example, since);
      second.signal('SIGTERM');
      expect(await second.ended).toBe(0);
    });

    it(`${name} tells what is late and what is missing`, async () => {
      const since = await countPublished();
      const added = await add(`${example.file.replace('.', '-')}-order`);
      await makeEvents(1);
      const program = start(example, added);
      const [opened] = await hasEffectsSince(example, since);
      const { type, subject } = opened as Line;
      await deliver(added.queue, { id: 'a', type, subject, sequence: 9 });
      await program.says(/"outcome": ?"gap", ?"id": ?"a"/);
      await deliver(added.queue, { id: 'b', type, subject, sequence: 8 });
      await program.says(/"outcome": ?"late", ?"id": ?"b"/);
      await deliver(added.queue, { id: 'c', type, subject, sequence: 10 });
      await program.says(/"outcome": ?"handled", ?"id": ?"c"/);
    });
  }

  describeConsumer('consume.mjs', NODE);

  it('consume.mjs passes over a line that a death has torn', async () => {
    const since = await countPublished();
    const added = await add('torn');
    await makeEvents(1);
    const first = start(NODE, added);
    await hasEffectsSince(NODE, since);
    first.signal('SIGKILL');
    await first.ended;
    await appendFile(join(folder, 'journal.jsonl'), '{"outcome":"hand');
    await makeEvents(1);
    start(NODE, added);
    await hasEffectsSince(NODE, since);
  });

  describeWithPython('in Python', () => {
    describeConsumer('consume.py', PYTHON);
  });

  it('replay.mjs reads what was there before it, and goes on where it was', async () => {
    const since = await countPublished();
    const added = await add('replay');
    await makeEvents(3);
    const first = start(REPLAY, added);
    const before = await hasEffectsSince(REPLAY, since);
    await first.says('"from":"first"');
    first.signal('SIGTERM');
    expect(await first.ended).toBe(0);

    await publishAgain(before[0]?.id);
    await makeEvents(2);
    const second = start(REPLAY, added);
    const after = await hasEffectsSince(REPLAY, since);
    await second.says(`"from":${before.length}`);
    await endConnections(added.user);
    await second.says('"outcome":"disconnected"');
    await makeEvents(1);
    await hasEffectsSince(REPLAY, since);
    // The event that came twice has an offset as well.
    await second.says(`"from":${after.length + 1}`);

    await rm(join(folder, 'replayed.jsonl'));
    const third = start(REPLAY, added);
    await hasEffectsSince(REPLAY, since);
    await third.says('"from":"first"');
  });
});
