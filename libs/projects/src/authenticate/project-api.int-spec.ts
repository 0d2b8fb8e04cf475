import { Controller, Get, Module, Post } from '@nestjs/common';
import { request } from 'node:http';
import type { Actor } from '#contracts';
import type { ProjectScope } from '#database';
import { Idempotent, readEnvironment, runService } from '#platform';
import type { RunningService } from '#platform';
import { createTestDatabase } from '#testing';
import type { TestDatabase } from '#testing';
import { CreateProject } from '../create-project/create-project.use-case';
import type { CreatedProject } from '../create-project/create-project.use-case';
import { IssueKey } from '../issue-key/issue-key.use-case';
import { ProjectsModule } from '../projects.module';
import { UpdateProject } from '../update-project/update-project.use-case';
import { CurrentActor, CurrentProject, ProjectApi, Public } from './project-api.decorator';

@Controller('things')
class ThingsController {
  @Get()
  @ProjectApi('tickets:read')
  list(@CurrentProject() project: ProjectScope, @CurrentActor() actor: Actor): object {
    return { project, actor };
  }

  @Post()
  @Idempotent()
  @ProjectApi('tickets:write')
  create(): object {
    return {};
  }

  @Get('broken')
  @ProjectApi('tickets:read')
  broken(): never {
    throw new Error('broken');
  }

  @Get('forgotten')
  forgotten(@CurrentProject() project: ProjectScope): object {
    return project;
  }
}

/** A controller whose own guard holds for its routes, but for those that say otherwise. */
@Controller('guarded')
@ProjectApi('config:read')
class GuardedController {
  @Get()
  read(): object {
    return {};
  }

  @Get('other-scope')
  @ProjectApi('webhooks:read')
  otherScope(): object {
    return {};
  }

  @Get('public')
  @Public()
  open(): object {
    return {};
  }
}

@Controller('open')
@Public()
class OpenController {
  @Get()
  open(): object {
    return {};
  }

  @Get('guarded')
  @ProjectApi('tickets:read')
  guarded(): object {
    return {};
  }
}

@Module({ imports: [ProjectsModule], controllers: [ThingsController] })
class ThingsModule {}

/** Knows nothing of projects but the decorator. */
@Module({ controllers: [GuardedController, OpenController] })
class UnrelatedModule {}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: { readonly code?: string; readonly error?: string } & Record<string, unknown>;
}

/** `r` of `"default";r=299;t=42`. */
const remaining = ({ headers }: Answer) =>
  Number(/^"default";r=(\d+);t=\d+$/.exec(headers.get('RateLimit') ?? '')?.[1]);

describe('@ProjectApi', () => {
  const log: string[] = [];
  let db: TestDatabase;
  let service: RunningService;
  let acme: CreatedProject;

  beforeAll(async () => {
    db = await createTestDatabase();
    service = await runService({
      name: 'things',
      modules: [ThingsModule, UnrelatedModule],
      environment: readEnvironment({
        DATABASE_URL: db.url,
        PORT: '0',
        OPS_PORT: '0',
        DRAIN_SECONDS: '0',
        RATE_LIMIT_PER_MINUTE: '50',
      }),
      writeLog: (line) => log.push(line),
    });
  });
  afterAll(async () => {
    await service.close();
    await db.drop();
  });
  beforeEach(async () => {
    acme = await service.app.get(CreateProject).execute({ name: 'Acme' });
  });

  async function ask(
    path: string,
    key?: string,
    headers: Record<string, string> = {},
    method = 'GET',
  ): Promise<Answer> {
    const authorization: Record<string, string> = key === undefined ? {} : { Authorization: `Bearer ${key}` };
    const response = await fetch(service.url + path, { method, headers: { ...authorization, ...headers } });
    return {
      status: response.status,
      headers: response.headers,
      body: (await response.json()) as Answer['body'],
    };
  }

  const issue = async (scopes: string[]) =>
    (await service.app.get(IssueKey).execute({ slug: acme.slug, side: 'live', scopes })).key;
  const limit = (rateLimitPerMinute: number | null) =>
    service.app.get(UpdateProject).execute({ slug: acme.slug, rateLimitPerMinute });

  /** Waits for a log line with these fields: it is written when the answer has gone out. */
  async function logged(fields: Record<string, unknown>): Promise<void> {
    const end = Date.now() + 10_000;
    const isThere = () =>
      log.some((text) => {
        const line = JSON.parse(text) as Record<string, unknown>;
        return Object.entries(fields).every(([name, value]) => line[name] === value);
      });
    while (!isThere()) {
      if (Date.now() > end) {
        throw new Error(`The log has no line with ${JSON.stringify(fields)}.`);
      }
      await new Promise(setImmediate);
    }
  }

  describe('tells the handler', () => {
    it('whose live side a live key acts for, and that the key does it', async () => {
      const { status, body } = await ask('/things', acme.liveKey);
      expect([status, body]).toEqual([
        200,
        {
          project: { projectId: acme.projectId, liveProjectId: acme.projectId, isTest: false, clockOffsetMs: 0 },
          actor: { type: 'key', id: expect.any(String), name: acme.liveKey.slice(0, 12) },
        },
      ]);
    });

    it('whose test side a test key acts for', async () => {
      const { body } = await ask('/things', acme.testKey);
      expect(body['project']).toEqual({
        projectId: acme.testProjectId,
        liveProjectId: acme.projectId,
        isTest: true,
        clockOffsetMs: 0,
      });
    });
  });

  describe('refuses', () => {
    it('a request without a key, and says what kind is wanted', async () => {
      const { status, body, headers } = await ask('/things');
      expect([status, body.code, headers.get('WWW-Authenticate')]).toEqual([401, 'unauthorized', 'Bearer']);
    });

    it('an unknown key', async () => {
      const { status, body, headers } = await ask('/things', 'zn_live_nonsense');
      expect([status, body.code]).toEqual([401, 'invalid_api_key']);
      expect(headers.get('WWW-Authenticate')).toBe('Bearer error="invalid_token"');
    });

    it('a header that is not even text, like any other unknown key', async () => {
      const status = await new Promise((resolve, reject) => {
        const headers = { Authorization: Buffer.from('Bearer \xff\x80\xe9', 'latin1').toString('latin1') };
        request(`${service.url}/things`, { headers }, (response) => resolve(response.statusCode))
          .on('error', reject)
          .end();
      });
      expect(status).toBe(401);
    });

    it.each(['X-Api-Key', 'Cookie', 'Api-Key'])('a key in the header %s', async (header) => {
      const { status, body } = await ask('/things', undefined, { [header]: acme.liveKey });
      expect([status, body.code]).toEqual([401, 'unauthorized']);
    });

    it.each(['?key=%', '?api_key=%&x=1', '?%', '?x=1&access_token=%'])(
      'a key in the query (%s), even beside a good one in the header',
      async (form) => {
        const { status, body } = await ask(`/things${form.replace('%', acme.liveKey)}`, acme.liveKey);
        expect([status, body.code]).toEqual([401, 'unauthorized']);
        expect(body.error).toContain('Authorization: Bearer <key>');
      },
    );

    it('a key without the scope, and names the scope', async () => {
      const readOnly = await issue(['read-only']);
      expect((await ask('/things', readOnly)).status).toBe(200);
      const { status, body, headers } = await ask('/things', readOnly, {}, 'POST');
      expect([status, body.code]).toEqual([403, 'insufficient_scope']);
      expect(body.error).toContain('tickets:write');
      expect(headers.get('WWW-Authenticate')).toBe('Bearer error="insufficient_scope"');
    });

    it('everybody where a route forgot to say who may come', async () => {
      expect((await ask('/things/forgotten', acme.liveKey)).status).toBe(500);
    });
  });

  describe('on a controller', () => {
    it('holds for its routes, in whichever module', async () => {
      const key = await issue(['config:read']);
      expect((await ask('/guarded')).status).toBe(401);
      expect((await ask('/guarded', key)).status).toBe(200);
      expect((await ask('/guarded', await issue(['webhooks:read']))).status).toBe(403);
    });

    it('gives way to a route’s own scope', async () => {
      expect((await ask('/guarded/other-scope', await issue(['webhooks:read']))).status).toBe(200);
      expect((await ask('/guarded/other-scope', await issue(['config:read']))).status).toBe(403);
    });

    it('gives way to @Public() on a route, as @Public() on a controller does to it', async () => {
      expect((await ask('/guarded/public')).status).toBe(200);
      expect((await ask('/open')).status).toBe(200);
      expect((await ask('/open/guarded')).status).toBe(401);
      expect((await ask('/open/guarded', acme.liveKey)).status).toBe(200);
    });
  });

  describe('limits', () => {
    it('requests as the environment says, and every answer tells how many are left', async () => {
      const answers = [
        await ask('/things', acme.liveKey),
        await ask('/things/broken', acme.liveKey),
        await ask('/guarded/other-scope', acme.liveKey),
        await ask('/things', await issue(['config:read'])),
      ];
      expect(answers.map(({ status }) => status)).toEqual([200, 500, 200, 403]);
      expect(answers.map(({ headers }) => headers.get('RateLimit-Policy'))).toEqual(
        answers.map(() => '"default";q=50;w=60'),
      );
      // One route with two guards counts once; both keys of the project count together.
      expect(answers.map(remaining)).toEqual([49, 48, 47, 46]);
    });

    it('each side by itself, with the project’s own limit', async () => {
      await limit(2);
      const statuses = [];
      for (const key of [acme.liveKey, acme.liveKey, acme.liveKey, acme.testKey]) {
        statuses.push((await ask('/things', key)).status);
      }
      expect(statuses).toEqual([200, 200, 429, 200]);
    });

    it('by an answer that says when to come back', async () => {
      await limit(1);
      await ask('/things', acme.liveKey);
      const { status, headers, body } = await ask('/things', acme.liveKey);
      expect([status, body.code, body['retryable']]).toEqual([429, 'rate_limit_project', true]);
      expect(Number(headers.get('Retry-After'))).toBeGreaterThan(0);
      expect(headers.get('RateLimit')).toMatch(/^"default";r=0;t=\d+$/);
    });

    it('nothing when the project’s limit is 0, and says nothing of one', async () => {
      await limit(0);
      const { status, headers } = await ask('/things', acme.liveKey);
      expect([status, headers.get('RateLimit'), headers.get('RateLimit-Policy')]).toEqual([200, null, null]);
    });

    it('no caller without a key: whose limit would it be?', async () => {
      expect((await ask('/things')).headers.get('RateLimit')).toBeNull();
    });
  });

  it('leaves no key in the log, but the id of the one that was used', async () => {
    const wrong = acme.liveKey.slice(0, -1);
    await ask('/things', acme.liveKey);
    await ask('/things', wrong);
    await ask(`/things?key=${acme.liveKey}`);
    const [{ id } = { id: '' }] = await db.sql<{ id: string }>(
      'SELECT id FROM api_key WHERE project_id = $1 AND NOT is_test',
      [acme.projectId],
    );
    await logged({ event: 'http.request', key_id: id, project_id: acme.projectId, status: 200 });
    await logged({ event: 'http.request', route: 'none', status: 401 });
    expect(log.join('')).not.toContain(wrong.slice(8));
  });
});
