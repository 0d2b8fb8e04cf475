import { startTestService } from '../../support/test-service';
import type { TestService } from '../../support/test-service';
import { helpdesk } from './helpdesk';
import type { Json, Result } from './helpdesk';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const NOBODY = '019bd3f2-6c00-7000-8000-000000000000';

describe('the command line', () => {
  let service: TestService;

  beforeAll(async () => {
    service = await startTestService();
  });

  afterAll(() => service.close());

  const environment = () => ({ DATABASE_URL: service.db.url, KEY_PEPPER: 'the pepper of every test', OPS_PORT: '0' });

  const run = (...args: string[]): Promise<Result> => helpdesk(environment(), args);

  /** Runs a command that must succeed, and reads its JSON. */
  async function json(...args: string[]): Promise<Json> {
    const result = await run(...args, '--json');
    expect(result).toEqual({ exit: 0, out: expect.stringMatching(/^\{.*\}\n$/), err: '' });
    return JSON.parse(result.out) as Json;
  }

  /** Runs a command that must be refused, and answers its one line. */
  async function refusal(exit: number, ...args: string[]): Promise<string> {
    const result = await run(...args);
    expect(result).toEqual({ exit, out: '', err: expect.stringMatching(/^.+\n$/) });
    return result.err;
  }

  async function statusWith(key: unknown, path = '/tickets'): Promise<number> {
    const headers = { Authorization: `Bearer ${String(key)}` };
    return (await fetch(`${service.url}/v1/helpdesk${path}`, { headers })).status;
  }

  async function newProject(name: string): Promise<string> {
    return (await json('project', 'create', '--name', name))['slug'] as string;
  }

  describe('project', () => {
    it('create answers the keys of both sides, which the running server takes at once', async () => {
      const created = await json('project', 'create', '--name', 'Кофейня «Щука»');
      expect(created).toEqual({
        project_id: expect.stringMatching(UUID),
        slug: 'kofeinia-shchuka',
        live_key: expect.stringMatching(/^zn_live_[0-9A-Za-z]{36}$/),
        test_key: expect.stringMatching(/^zn_test_[0-9A-Za-z]{36}$/),
      });
      expect(await statusWith(created['live_key'])).toBe(200);
      expect(await statusWith(created['test_key'])).toBe(200);
    });

    it('create takes a slug, once', async () => {
      expect(await json('project', 'create', '--name', 'One', '--slug', 'the-one')).toMatchObject({ slug: 'the-one' });
      expect(await refusal(1, 'project', 'create', '--name', 'Two', '--slug', 'the-one')).toMatch(/taken/);
      expect(await refusal(1, 'project', 'create', '--name', 'Two', '--slug', 'The One')).toMatch(/slug must have/);
    });

    it('list names every project', async () => {
      const slug = await newProject('Listed');
      const { projects } = (await json('project', 'list')) as { projects: Json[] };
      expect(projects.find((project) => project['slug'] === slug)).toEqual({
        project_id: expect.stringMatching(UUID),
        test_project_id: expect.stringMatching(UUID),
        slug,
        name: 'Listed',
        monthly_reply_quota: null,
        rate_limit_per_minute: null,
        created_at: expect.stringMatching(TIME),
      });
      expect((await run('project', 'list')).out).toMatch(
        new RegExp(`^slug +name +id +created\n(.*\n)*${slug} +Listed `),
      );
    });

    it('update sets a quota and a limit, and takes them away', async () => {
      const slug = await newProject('Limited');
      expect(await json('project', 'update', slug, '--monthly-reply-quota', '1000', '--rate-limit=0')).toMatchObject({
        monthly_reply_quota: 1000,
        rate_limit_per_minute: 0,
      });
      expect(await json('project', 'update', slug, '--monthly-reply-quota', 'none')).toMatchObject({
        monthly_reply_quota: null,
        rate_limit_per_minute: 0,
      });
      expect(await refusal(2, 'project', 'update', slug)).toMatch(/nothing to change/);
      expect(await refusal(2, 'project', 'update', slug, '--rate-limit', '-1')).toMatch(/--rate-limit needs a value/);
      expect(await refusal(2, 'project', 'update', slug, '--rate-limit=-1')).toMatch(/whole number/);
      expect(await refusal(1, 'project', 'update', 'nobody', '--rate-limit', '1')).toMatch(/no project .*project list/);
    });
  });

  describe('key', () => {
    it('create makes a key of the scopes and the side that were asked for', async () => {
      const slug = await newProject('Keys');
      const reader = await json(
        'key',
        'create',
        '--project',
        slug,
        '--scopes',
        'tickets:read,config:read',
        '--expires',
        '30d',
      );
      expect(reader).toEqual({
        key_id: expect.stringMatching(UUID),
        key: expect.stringMatching(/^zn_live_[0-9A-Za-z]{36}$/),
      });
      expect(await statusWith(reader['key'])).toBe(200);
      const tester = await json('key', 'create', '--project', slug, '--test', '--scopes', 'webhooks:read');
      expect(tester['key']).toMatch(/^zn_test_/);
      expect(await statusWith(tester['key'])).toBe(403);

      const { keys } = (await json('key', 'list', '--project', slug)) as { keys: Json[] };
      expect(keys).toHaveLength(4);
      expect(keys.find((key) => key['key_id'] === reader['key_id'])).toMatchObject({
        side: 'live',
        prefix: (reader['key'] as string).slice(0, 12),
        scopes: ['tickets:read', 'config:read'],
        expires_at: expect.stringMatching(TIME),
        revoked_at: null,
      });
      expect(JSON.stringify(keys)).not.toContain(reader['key']);
    });

    it.each([
      [['--scopes', 'tickets:delete'], 1, /no scope "tickets:delete".*full, agent, read-only/],
      [['--expires', '30'], 2, /30d/],
      [['--expires', '0d'], 1, /at least 1/],
      [['--expires', '2001-01-01'], 1, /in the future/],
    ])('create refuses %j', async (options, exit, message) => {
      const slug = await newProject('Refusing');
      expect(await refusal(exit, 'key', 'create', '--project', slug, ...options)).toMatch(message);
    });

    it('revoke takes a key out of use', async () => {
      const slug = await newProject('Revoking');
      const { key_id: id, key } = await json('key', 'create', '--project', slug);
      const revoked = await json('key', 'revoke', id as string);
      expect(revoked).toEqual({ key_id: id, revoked_at: expect.stringMatching(TIME) });
      // No process has looked this key up before, so none may know it from then.
      expect(await statusWith(key)).toBe(401);
      expect(await json('key', 'revoke', id as string)).toEqual(revoked);
      expect(await refusal(1, 'key', 'revoke', NOBODY)).toMatch(/no key .*key list/);
      expect(await refusal(1, 'key', 'revoke', 'x')).toMatch(/no key/);
    });
  });

  describe('member', () => {
    it('add, list and remove keep the people of a project', async () => {
      const slug = await newProject('People');
      const olga = ['--email', 'olga@example.com', '--name', 'Olga', '--role', 'support'];
      const { member_id: id } = await json('member', 'add', '--project', slug, ...olga);
      expect(await json('member', 'list', '--project', slug)).toEqual({
        members: [
          {
            member_id: id,
            email: 'olga@example.com',
            name: 'Olga',
            role: 'support',
            created_at: expect.stringMatching(TIME),
          },
        ],
      });
      expect(await refusal(1, 'member', 'add', '--project', slug, ...olga)).toMatch(/member of this project already/);
      expect(await json('member', 'remove', id as string)).toEqual({ member_id: id, removed: true });
      expect(await json('member', 'list', '--project', slug)).toEqual({ members: [] });
      expect(await refusal(1, 'member', 'remove', id as string)).toMatch(/no member .*member list/);
    });

    it('add refuses a role that there is not, and names those that there are', async () => {
      const slug = await newProject('Roles');
      const boss = ['--email', 'a@example.com', '--name', 'Ann', '--role', 'boss'];
      expect(await refusal(1, 'member', 'add', '--project', slug, ...boss)).toMatch(/owner, admin, support, viewer/);
    });
  });

  describe('events dead', () => {
    const CONSUMER = 'notifier.try';

    async function deadEvent(): Promise<string> {
      const project = await service.createProject();
      await project.createTicket();
      const [row] = await service.db.sql<{ id: string }>(
        `INSERT INTO event_delivery (consumer, outbox_id, event_id, project_id, aggregate_id, status, attempts, next_at, last_error, created_at)
         SELECT $1, id, event_id, project_id, aggregate_id, 'dead', 6, now(), 'the reason', now() FROM outbox
         WHERE project_id = $2 AND type = 'ticket.created' RETURNING event_id AS id`,
        [CONSUMER, project.projectId],
      );
      return (row as { id: string }).id;
    }

    it('shows, redrives and discards what a consumer could not handle', async () => {
      const [first, second] = [await deadEvent(), await deadEvent()];
      const { dead } = (await json('events', 'dead', 'list', '--consumer', CONSUMER)) as { dead: Json[] };
      expect(dead.map((one) => one['event_id'])).toEqual([first, second]);
      expect(dead[0]).toMatchObject({ consumer: CONSUMER, type: 'ticket.created', attempts: 6, reason: 'the reason' });
      expect(await json('events', 'dead', 'show', first, '--consumer', CONSUMER)).toMatchObject({
        event: { id: first, type: 'ticket.created' },
      });

      expect(await json('events', 'dead', 'redrive', first, '--consumer', CONSUMER)).toEqual({ redriven: 1 });
      expect(await refusal(1, 'events', 'dead', 'redrive', first, '--consumer', CONSUMER)).toMatch(/dead list/);
      expect(await json('events', 'dead', 'discard', second, '--consumer', CONSUMER)).toEqual({ discarded: 1 });
      expect(await refusal(1, 'events', 'dead', 'discard', second, '--consumer', CONSUMER)).toMatch(/dead list/);
      expect(await json('events', 'dead', 'list', '--consumer', CONSUMER)).toEqual({ dead: [] });
    });

    it('redrives all at once, which doctor advises', async () => {
      await deadEvent();
      await deadEvent();
      const { findings } = (await json('doctor')) as { findings: Json[] };
      expect(findings.find((finding) => finding['check'] === 'events')).toMatchObject({
        status: 'warning',
        message: expect.stringContaining('2 event(s)'),
        mend: expect.stringContaining('events dead redrive --all'),
      });
      expect(await json('events', 'dead', 'redrive', '--all', '--consumer', CONSUMER)).toEqual({ redriven: 2 });
      expect(await json('events', 'dead', 'redrive', '--all')).toEqual({ redriven: 0 });
    });

    it('wants to know which event', async () => {
      expect(await refusal(2, 'events', 'dead', 'redrive')).toMatch(/--all/);
      expect(await refusal(2, 'events', 'dead', 'redrive', NOBODY, '--all')).toMatch(/not both/);
      expect(await refusal(1, 'events', 'dead', 'show', 'x', '--consumer', CONSUMER)).toMatch(/dead list/);
    });
  });

  describe('a line that is not understood', () => {
    it.each([
      [['projct', 'list'], 'There is no command "projct list". Did you mean "project list"?'],
      [['project', 'lst'], 'There is no command "project lst". Did you mean "project list"?'],
      [['project'], '"project" needs a command behind it: project create, project list, project update.'],
      [['frobnicate'], expect.stringMatching(/^There is no command "frobnicate". There are: project create, /)],
      [['project', 'create', '--nme', 'x'], 'project create has no option --nme. Did you mean --name?'],
      [['project', 'create', '--name'], expect.stringMatching(/^--name needs a value/)],
      [['project', 'create', '--name', '--slug', 'x'], expect.stringMatching(/^--name needs a value/)],
      [['project', 'create', '--name='], expect.stringMatching(/^--name needs a value/)],
      [['project', 'create', '--name', 'a', '--name', 'b'], '--name is given twice.'],
      [['project', 'create'], expect.stringMatching(/^project create needs --name\. For example: helpdesk/)],
      [['project', 'create', '--name', 'a', 'b'], expect.stringMatching(/^"b" is one word too many/)],
      [['key', 'revoke'], expect.stringMatching(/^key revoke needs <key_id>/)],
      [['key', 'create', '--project', 'a', '--test=yes'], '--test takes no value.'],
      [['constructor', '--toString', 'x'], expect.stringMatching(/^There is no command "constructor/)],
    ])('%j is answered by one', async (args, line) => {
      const result = await helpdesk({}, args);
      expect({ ...result, err: result.err.trimEnd() }).toEqual({ exit: 2, out: '', err: line });
    });

    it('with --json is answered in JSON, on the standard error still', async () => {
      const { exit, out, err } = await helpdesk({}, ['projct', 'list', '--json']);
      expect([exit, out]).toEqual([2, '']);
      expect(JSON.parse(err)).toEqual({ error: expect.stringContaining('project list'), code: 'usage' });
    });
  });

  it('with --json says an error by its code', async () => {
    const { exit, err } = await run('key', 'list', '--project', 'nobody', '--json');
    expect(exit).toBe(1);
    expect(JSON.parse(err)).toEqual({ error: expect.any(String), code: 'project_not_found' });
  });

  it.each([
    [['--help']],
    [['help']],
    [[]],
    [['project', '--help']],
    [['key', 'create', '--help']],
    [['help', 'doctor']],
  ])('%j shows help, whatever the environment', async (args) => {
    const { exit, out, err } = await helpdesk({ PORT: 'x' }, args);
    expect([exit, err]).toEqual([0, '']);
    expect(out).toContain('Usage: helpdesk ');
    expect(out).toContain('--json');
  });
});
