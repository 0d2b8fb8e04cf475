import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { BROKER_CONTROL } from '../../../scripts/testing/broker-program.mjs';
import { inTheEnd, PATIENCE_MS } from '../../support/processes/patience';
import { ForeignConnection, openForeignStage } from '../../support/foreign-consumers';
import type { ForeignStage } from '../../support/foreign-consumers';
import { describeWithBroker } from '../../support/test-broker';
import type { TestProject } from '../../support/test-project';
import { helpdesk } from './helpdesk';
import type { Json } from './helpdesk';
import { freePort } from '../../support/free-port';

// A broker of its own has to start.
jest.setTimeout(4 * PATIENCE_MS);

const connects = async ({ url }: Json): Promise<boolean> => {
  const connection = await ForeignConnection.open(url).catch(() => undefined);
  await connection?.close();
  return connection !== undefined;
};

describeWithBroker('helpdesk consumer', () => {
  let stage: ForeignStage;
  let project: TestProject;
  let slug: string;

  beforeAll(async () => {
    stage = await openForeignStage();
    project = await stage.service.createProject({ name: 'Acme' });
    ({ slug } = project);
  });
  afterAll(() => stage.close());

  const json = (...args: string[]): Promise<Json> => stage.json('consumer', ...args);
  const add = (name: string, ...more: string[]): Promise<Json> => json('add', name, '--project', slug, ...more);

  /** Runs a command that must be refused, and answers its one line. */
  async function refusal(exit: number, args: readonly string[], env: Json = {}): Promise<string> {
    const result = await helpdesk({ ...stage.environment, ...(env as Record<string, string>) }, ['consumer', ...args]);
    expect(result).toEqual({ exit, out: '', err: expect.stringMatching(/^.+\n$/) });
    return result.err;
  }

  /** Asks the broker itself. */
  async function manage(method: string, path: string, body?: object): Promise<unknown> {
    const { origin, username, password } = new URL(stage.environment['RABBITMQ_MANAGEMENT_URL'] as string);
    const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    const answer = await fetch(`${origin}/api${path}`, {
      method,
      headers: { authorization },
      body: JSON.stringify(body),
    });
    return answer.status === 200 ? answer.json() : answer.status;
  }

  const list = (env: Json) => refusal(1, ['list'], env);
  const managementWith = (change: (url: URL) => void): Json => {
    const url = new URL(stage.environment['RABBITMQ_MANAGEMENT_URL'] as string);
    change(url);
    return { RABBITMQ_MANAGEMENT_URL: url.href };
  };

  /** Runs lines in a shell of the broker's machine. */
  async function runScript(script: string): Promise<void> {
    const { user, env } = stage.broker.setting;
    const PATH = `${dirname(BROKER_CONTROL)}:${env['PATH']}`;
    await promisify(execFile)('sh', ['-euc', script], { ...user, env: { ...env, PATH }, cwd: stage.broker.folder });
  }

  describe('add', () => {
    it('answers what the other side needs, the password this one time', async () => {
      const user = `helpdesk.consumers.${slug}.live.crm`;
      const added = await add('crm', '--events', 'ticket.created, ticket.closed', '--stream', '--ttl', '12h');
      const { messages, consumers, ...known } = added;
      expect(known).toEqual({
        name: 'crm',
        project: slug,
        side: 'live',
        project_id: project.projectId,
        events: ['ticket.closed', 'ticket.created'],
        user,
        vhost: '/',
        queue: user,
        stream: `${user}.log`,
        bindings: [`ticket.closed.${project.projectId}`, `ticket.created.${project.projectId}`],
        max_length: 100_000,
        max_bytes: 200_000_000,
        ttl_seconds: 43_200,
        missing: [],
        password: expect.stringMatching(/^[A-Za-z0-9_-]{32}$/),
        url: expect.stringContaining(`amqp://${user}:`),
      });
      // The broker counts every few seconds.
      expect([0, null]).toEqual(expect.arrayContaining([messages, consumers]));
      expect(await connects(added)).toBe(true);
    });

    it('again changes nothing, and the user keeps the password', async () => {
      const first = await add('twice', '--events', 'all', '--max-length', '500');
      const { url, password, ...second } = await add('twice', '--events', 'all');
      expect(password).toBeNull();
      expect(url).toBe(`amqp://${new URL(first['url'] as string).host}`);
      expect(second).toMatchObject({ bindings: [`#.${project.projectId}`], max_length: 500, missing: [] });
      expect(await connects(first)).toBe(true);
      const said = await stage.run('consumer', 'add', 'twice', '--project', slug, '--events', 'all');
      expect(said.out).toContain(`helpdesk consumer rotate-password twice --project ${slug}`);
    });

    it.each([
      ['rights', (name: string) => manage('DELETE', `/permissions/%2F/${name}`)],
      ['queue', (name: string) => manage('DELETE', `/queues/%2F/${name}`)],
      ['user', (name: string) => manage('DELETE', `/users/${name}`)],
    ])('completes what a command that died has left without its %s', async (part, die) => {
      const first = await add(`half-${part}`, '--events', 'all');
      expect(await die(first['user'] as string)).toBe(204);
      expect(await json('show', `half-${part}`, '--project', slug)).toMatchObject({
        missing: part === 'user' ? ['user', 'rights'] : [part],
      });
      expect((await stage.run('consumer', 'list')).out).toMatch(new RegExp(`half-${part} .* without ${part}`));
      const again = await add(`half-${part}`, '--events', 'all');
      expect(again).toMatchObject({ missing: [], bindings: [`#.${project.projectId}`] });
      expect(await connects(part === 'user' ? again : first)).toBe(true);
    });

    it('refuses another bound for a queue that is there, and says what it costs', async () => {
      await add('bound', '--events', 'all', '--max-length', '10');
      const args = ['add', 'bound', '--project', slug, '--events', 'all'];
      expect(await refusal(1, [...args, '--max-length', '20'])).toMatch(/another x-max-length,.* remove the consumer/);
      expect(await refusal(1, [...args, '--ttl', '1h'])).toMatch(/another x-message-ttl,/);
      expect(await json('show', 'bound', '--project', slug)).toMatchObject({ max_length: 10 });
    });

    it('takes no user over that somebody else has made', async () => {
      const theirs = `helpdesk.consumers.${slug}.live.theirs`;
      await manage('PUT', `/users/${theirs}`, { password: 'secret', tags: 'management' });
      for (const args of [['add', '--events', 'all'], ['remove'], ['rotate-password']] as const) {
        const [verb, ...options] = args;
        expect(await refusal(1, [verb, 'theirs', '--project', slug, ...options])).toMatch(
          /is no consumer of this product/,
        );
      }
      expect(await manage('GET', `/users/${theirs}`)).toMatchObject({ tags: ['management'] });
    });

    it('takes no user over that another installation has made', async () => {
      const { user } = await add('shared', '--events', 'all');
      await manage('PUT', '/vhosts/staging');
      const elsewhere = { RABBITMQ_URL: `${stage.broker.url}/staging` };
      const args = ['add', 'shared', '--project', slug, '--events', 'all'];
      await manage('PUT', '/permissions/staging/guest', { configure: '.*', write: '.*', read: '.*' });
      expect(await refusal(1, args, elsewhere)).toMatch(/virtual host "\/".*RABBITMQ_PREFIX/);
      const listed = await helpdesk({ ...stage.environment, ...elsewhere }, ['consumer', 'list', '--json']);
      expect(JSON.parse(listed.out)).toEqual({ consumers: [] });
      expect(await manage('GET', `/users/${user as string}/permissions`)).toHaveLength(1);
    });

    it.each([
      [2, ['--events', 'ticket.open'], /no event "ticket\.open"/],
      [2, ['--events', 'ticket.craeted'], /Did you mean "ticket\.created"\?/],
      [2, ['--events', 'all,ticket.created'], /not both/],
      [2, ['--events', 'all', '--max-length', 'many'], /--max-length must be a whole number/],
      [2, ['--events', 'all', '--ttl', '7'], /such as 30m, 12h or 7d/],
      [1, ['--events', 'all', '--ttl', '31d'], /seconds .* from 60 to 2592000/],
      [1, ['--events', 'all', '--max-length', '0'], /messages .* from 1/],
      [1, ['--events', 'all', '--max-bytes', '5'], /bytes .* from 1000000/],
    ])('exits with %i for %j', async (exit, options, message) => {
      expect(await refusal(exit, ['add', 'wrong', '--project', slug, ...options])).toMatch(message);
    });

    it('refuses a name that is none, and a project that there is not', async () => {
      expect(await refusal(1, ['add', 'The CRM', '--project', slug, '--events', 'all'])).toMatch(/2 to 40 of a-z/);
      expect(await refusal(1, ['add', 'crm', '--project', 'nobody', '--events', 'all'])).toMatch(
        /no project .*project list/,
      );
      expect(await refusal(2, ['add', 'crm', '--project', slug])).toMatch(/needs --events/);
    });
  });

  it('list names those of every project and side, or of one', async () => {
    const { slug: other } = await stage.service.createProject({ name: 'Other' });
    await json('add', 'listed', '--project', other, '--events', 'ticket.created');
    await json('add', 'listed', '--project', other, '--events', 'all', '--test');
    const { consumers } = (await json('list', '--project', other)) as { readonly consumers: readonly Json[] };
    expect(consumers.map(({ side, name, events }) => [side, name, events])).toEqual([
      ['live', 'listed', ['ticket.created']],
      ['test', 'listed', ['all']],
    ]);
    expect(JSON.stringify(consumers)).not.toContain('password');
    const all = (await json('list')) as { readonly consumers: readonly Json[] };
    expect(all.consumers.length).toBeGreaterThan(2);
    expect((await stage.run('consumer', 'list', '--project', 'nobody')).out).toContain('helpdesk consumer add');
  });

  it('show tells how much waits, as soon as the broker has counted', async () => {
    await add('counted', '--events', 'ticket.created');
    await project.createTicket();
    await inTheEnd(async () => {
      expect(await json('show', 'counted', '--project', slug)).toMatchObject({ messages: 1, consumers: 0 });
    });
    expect(await refusal(1, ['show', 'nobody', '--project', slug])).toMatch(/live side .* no consumer "nobody".*list/);
    expect(await refusal(1, ['show', 'counted', '--project', slug, '--test'])).toMatch(/test side/);
  });

  it('rotate-password ends the old password and its connections', async () => {
    const old = await add('rotated', '--events', 'all');
    const connection = await ForeignConnection.open(old['url']);
    const rotated = await json('rotate-password', 'rotated', '--project', slug);
    await connection.ended;
    expect(rotated).toEqual({ user: old['user'], password: expect.any(String), url: expect.any(String) });
    expect([await connects(old), await connects(rotated)]).toEqual([false, true]);
    expect(await refusal(1, ['rotate-password', 'nobody', '--project', slug])).toMatch(/no consumer "nobody"/);
  });

  it('remove takes everything away and ends the connections', async () => {
    const added = await add('gone', '--events', 'all', '--stream');
    const connection = await ForeignConnection.open(added['url']);
    expect(await json('remove', 'gone', '--project', slug)).toEqual({ name: 'gone', removed: true });
    await connection.ended;
    const { user, queue, stream } = added as Readonly<Record<string, string>>;
    for (const path of [`/users/${user}`, `/queues/%2F/${queue}`, `/queues/%2F/${stream}`]) {
      expect([path, await manage('GET', path)]).toEqual([path, 404]);
    }
    expect(await refusal(1, ['remove', 'gone', '--project', slug])).toMatch(/no consumer "gone"/);
    // A stream has the name of its queue and something more.
    await add('kept', '--events', 'all', '--stream');
    expect(await refusal(1, ['remove', 'kept.log', '--project', slug])).toMatch(/2 to 40 of a-z/);
  });

  describe('with --print', () => {
    it('changes nothing, and prints what makes, changes and removes a consumer without a management API', async () => {
      const environment = { ...stage.environment, RABBITMQ_MANAGEMENT_URL: '' };
      const print = async (...args: string[]): Promise<Readonly<Record<string, string>>> => {
        const { exit, out, err } = await helpdesk(environment, [
          'consumer',
          ...args,
          '--project',
          slug,
          '--print',
          '--json',
        ]);
        expect([exit, err]).toEqual([0, '']);
        return JSON.parse(out) as Readonly<Record<string, string>>;
      };
      const added = await print('add', 'printed', '--events', 'ticket.created', '--stream');
      expect(await refusal(1, ['show', 'printed', '--project', slug])).toMatch(/no consumer/);
      await runScript(added['script'] as string);
      await runScript(added['script'] as string);
      expect(await json('show', 'printed', '--project', slug)).toMatchObject({
        events: ['ticket.created'],
        missing: [],
      });
      expect(await connects(added)).toBe(true);

      const rotated = await print('rotate-password', 'printed');
      await runScript(rotated['script'] as string);
      expect([await connects(added), await connects(rotated)]).toEqual([false, true]);

      await runScript((await print('remove', 'printed'))['script'] as string);
      expect(await refusal(1, ['show', 'printed', '--project', slug])).toMatch(/no consumer/);
    });

    it('says the password beside the lines', async () => {
      const { out } = await stage.run('consumer', 'rotate-password', 'any', '--project', slug, '--print');
      expect(out).toMatch(
        /^# The password that this sets: [A-Za-z0-9_-]{32}\n(# .*\n)+rabbitmqctl import_definitions <<'END'\n/,
      );
    });
  });

  describe('says what is wrong with the broker', () => {
    it('when no broker carries the events', async () => {
      expect(await list({ EVENT_TRANSPORT: 'postgres' })).toMatch(
        /EVENT_TRANSPORT is postgres.*GET \/v1\/helpdesk\/events/,
      );
    });

    it('when nobody has said where its management API is', async () => {
      expect(await list({ RABBITMQ_MANAGEMENT_URL: '' })).toMatch(/RABBITMQ_MANAGEMENT_URL is not set.*--print/);
    });

    it('when nothing answers there, or something else', async () => {
      const nobody = String(await freePort());
      expect(await list(managementWith((url) => (url.port = nobody)))).toMatch(
        /does not answer \(ECONNREFUSED\).*rabbitmq-plugins enable/,
      );
      const { port } = new URL(stage.service.url);
      expect(await list(managementWith((url) => (url.pathname = '/nothing')))).toMatch(
        /is not RabbitMQ's management API/,
      );
      expect(await list(managementWith((url) => (url.port = port)))).toMatch(/is not RabbitMQ's management API/);
    });

    it('when the password is wrong, and when the user is no administrator', async () => {
      expect(await list(managementWith((url) => (url.password = 'wrong')))).toMatch(/refuses the user "guest"/);
      await manage('PUT', '/users/plain', { password: 'plain', tags: 'management' });
      const plain = managementWith((url) => ([url.username, url.password] = ['plain', 'plain']));
      expect(await list(plain)).toMatch(/"plain" .*may not look after users.*set_user_tags plain administrator/);
    });
  });
});
