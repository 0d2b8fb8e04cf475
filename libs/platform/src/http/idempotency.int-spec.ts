import { randomUUID } from 'node:crypto';
import { Body, Controller, HttpCode, Injectable, Module, Param, Post, UseGuards } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { DomainError } from '#contracts';
import { UnitOfWork } from '#database';
import type { ProjectScope } from '#database';
import { createTestDatabase, insertProject } from '#testing';
import type { ProjectSides, TestDatabase } from '#testing';
import { readEnvironment } from '../config/environment';
import { Text } from '../fields/fields';
import { runService } from '../run-service';
import type { RunningService } from '../run-service';
import { Idempotent } from './idempotent.decorator';
import type { ApiRequest } from './project-request';

/** Which project the requests of this test act for. */
let scope: ProjectScope;

/** Lets a request of this test wait until it is told to go on. */
let gate: Promise<void> | undefined;

class TestGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    context.switchToHttp().getRequest<ApiRequest>().projectScope = scope;
    return true;
  }
}

class NumberDto {
  @Text({ required: true, max: 100, description: 'What to do.', example: 'count' })
  readonly what!: string;
}

/** An effect that can be counted: each run takes the next number of the project's counter. */
@Injectable()
class TakeNumber {
  constructor(private readonly uow: UnitOfWork) {}

  async execute(): Promise<number> {
    const [row] = await this.uow.run(scope, (tx) =>
      tx.query<{ last_number: number }>({
        text: 'UPDATE ticket_counter SET last_number = last_number + 1 WHERE project_id = $1 RETURNING last_number',
        values: [scope.projectId],
      }),
    );
    return row?.last_number ?? 0;
  }
}

@Controller('numbers')
@UseGuards(TestGuard)
class NumbersController {
  constructor(private readonly takeNumber: TakeNumber) {}

  @Post()
  @Idempotent()
  async take(@Body() { what }: NumberDto): Promise<object> {
    const number = await this.takeNumber.execute();
    await gate;
    switch (what) {
      case 'refuse':
        throw new DomainError('conflict', 'Not now.');
      case 'break':
        throw new Error('broken');
      default:
        return { number, what, version: number };
    }
  }

  @Post(':id/elsewhere')
  @Idempotent()
  @HttpCode(200)
  async elsewhere(@Param('id') id: string): Promise<object> {
    return { number: await this.takeNumber.execute(), id };
  }
}

@Module({ providers: [TakeNumber], controllers: [NumbersController] })
class NumbersModule {}

interface Answer {
  readonly status: number;
  readonly replayed: string | null;
  readonly etag: string | null;
  readonly body: Record<string, unknown>;
}

describe('Idempotency-Key', () => {
  let db: TestDatabase;
  let services: RunningService[];
  let sides: ProjectSides;

  beforeAll(async () => {
    db = await createTestDatabase();
    services = [await start(), await start()];
  });
  afterAll(async () => {
    await Promise.all(services.map((service) => service.close()));
    await db.drop();
  });
  beforeEach(async () => {
    sides = await insertProject(db);
    scope = sides.live;
    gate = undefined;
  });

  const start = () =>
    runService({
      name: 'numbers',
      modules: [NumbersModule],
      environment: readEnvironment({ DATABASE_URL: db.url, PORT: '0', OPS_PORT: '0', DRAIN_SECONDS: '0' }),
      writeLog: () => undefined,
    });

  async function post(
    key: string | null,
    { path = '/numbers', body = '{"what":"count"}', at = 0 }: { path?: string; body?: string; at?: number } = {},
  ): Promise<Answer> {
    const headers = { 'Content-Type': 'application/json', ...(key !== null && { 'Idempotency-Key': key }) };
    const response = await fetch(`${services[at]?.url}${path}`, { method: 'POST', headers, body });
    return {
      status: response.status,
      replayed: response.headers.get('Idempotent-Replayed'),
      etag: response.headers.get('ETag'),
      body: (await response.json()) as Record<string, unknown>,
    };
  }

  /** As if the keys of the project had been used so much earlier. */
  const age = (interval: string) =>
    db.sql('UPDATE idempotency_key SET created_at = created_at - $2::interval WHERE project_id = $1', [
      scope.projectId,
      interval,
    ]);

  const effects = async () =>
    (
      await db.sql<{ n: number }>('SELECT last_number AS n FROM ticket_counter WHERE project_id = $1', [
        scope.projectId,
      ])
    )[0]?.n;

  it('makes a repeat answer what the first request was answered, without a second effect', async () => {
    const key = randomUUID();
    const first = await post(key);
    expect(first).toEqual({ status: 201, replayed: null, etag: '"1"', body: { number: 1, what: 'count', version: 1 } });
    expect(await post(key)).toEqual({ ...first, replayed: 'true' });
    expect(await post(key, { at: 1 })).toEqual({ ...first, replayed: 'true' });
    expect(await effects()).toBe(1);
  });

  it('is not needed: without it, each request has its effect', async () => {
    expect([(await post(null)).body['number'], (await post(null)).body['number']]).toEqual([1, 2]);
  });

  it('gives 20 parallel repeats on two processes one effect and one answer', async () => {
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => post(key, { at: i % 2 })));
    expect(await effects()).toBe(1);
    expect(answers.filter(({ replayed }) => replayed === null)).toHaveLength(1);
    for (const { status, body } of answers) {
      expect([status, body]).toEqual([201, { number: 1, what: 'count', version: 1 }]);
    }
  });

  it('keeps a parallel repeat waiting for some seconds, then tells it to ask again', async () => {
    const key = randomUUID();
    let open!: () => void;
    gate = new Promise((resolve) => {
      open = resolve;
    });
    const first = post(key);
    await claimed(key);
    const repeat = await post(key, { at: 1 });
    expect([repeat.status, repeat.body['code'], repeat.body['retryable']]).toEqual([
      409,
      'idempotency_in_progress',
      true,
    ]);
    open();
    expect((await first).status).toBe(201);
    expect(await post(key, { at: 1 })).toMatchObject({ status: 201, replayed: 'true' });
    expect(await effects()).toBe(1);
  });

  /** Waits until a request with this key has begun its work: another one could not have it now. */
  async function claimed(key: string): Promise<void> {
    for (const end = Date.now() + 10_000; Date.now() < end;) {
      const rows = await db.sql<{ n: number }>(
        `SELECT count(*)::int AS n FROM pg_stat_activity
         WHERE datname = current_database() AND state = 'idle in transaction' AND query LIKE '%ticket_counter%'`,
      );
      if (rows[0]?.n === 1) {
        return;
      }
    }
    throw new Error(`No request with the key ${key} is being worked on.`);
  }

  it('is refused for another request', async () => {
    const key = randomUUID();
    await post(key);
    const other = await post(key, { body: '{"what":"count it"}' });
    expect([other.status, other.body['code']]).toEqual([409, 'idempotency_conflict']);
    const sameInOtherBytes = await post(key, { body: '{ "what": "count" }' });
    expect(sameInOtherBytes.body['code']).toBe('idempotency_conflict');
    expect(await effects()).toBe(1);
  });

  it('counts per address, however the address is written, and per side', async () => {
    const [key, id] = [randomUUID(), randomUUID()];
    await post(key);
    expect(await post(key, { path: `/numbers/${id}/elsewhere`, body: '' })).toMatchObject({
      status: 200,
      replayed: null,
    });
    expect(await post(key, { path: `/Numbers/${id.toUpperCase()}/Elsewhere/`, body: '' })).toMatchObject({
      status: 200,
      replayed: 'true',
      body: { id },
    });
    expect(await post(key, { path: '/numbers/' })).toMatchObject({ status: 201, replayed: 'true' });
    expect(await effects()).toBe(2);
    scope = sides.test;
    expect(await post(key)).toMatchObject({ status: 201, replayed: null });
    expect(await effects()).toBe(1);
  });

  it.each([
    ['refused', '{"what":"refuse"}', 409],
    ['not valid', '{"what":""}', 400],
    ['broken', '{"what":"break"}', 500],
  ])('keeps nothing of a request that was %s: a repeat tries again', async (_what, body, status) => {
    const key = randomUUID();
    expect((await post(key, { body })).status).toBe(status);
    expect((await post(key, { body })).status).toBe(status);
    expect(await effects()).toBe(0);
    expect(await db.sql('SELECT FROM idempotency_key WHERE project_id = $1', [scope.projectId])).toEqual([]);
    expect(await post(key)).toMatchObject({ status: 201, replayed: null, body: { number: 1 } });
  });

  describe('after 24 hours', () => {
    it('is free again, for any request', async () => {
      const key = randomUUID();
      await post(key);
      await age('23 hours 59 minutes');
      expect((await post(key)).replayed).toBe('true');
      await age('1 minute');
      const body = '{"what":"count anew"}';
      expect(await post(key, { body })).toMatchObject({ status: 201, replayed: null, body: { number: 2 } });
      expect(await post(key, { body })).toMatchObject({ status: 201, replayed: 'true', body: { number: 2 } });
    });

    it('is taken over by one of many parallel requests', async () => {
      const key = randomUUID();
      await post(key);
      await age('25 hours');
      const answers = await Promise.all(Array.from({ length: 10 }, (_, i) => post(key, { at: i % 2 })));
      expect(await effects()).toBe(2);
      expect(answers.filter(({ replayed }) => replayed === null)).toHaveLength(1);
    });
  });

  it.each(['short', 'x'.repeat(129), 'with space', 'with/slash', 'a,b,c,d,e,f'])('must not be %j', async (key) => {
    const { status, body } = await post(key);
    expect([status, body['code'], body['details']]).toEqual([
      400,
      'validation_failed',
      [{ field: 'Idempotency-Key', code: 'format', message: expect.stringContaining('8 to 128 characters') }],
    ]);
    expect(await effects()).toBe(0);
  });

  it.each(['12345678', `A-z_9${'x'.repeat(123)}`])('may be %j', async (key) => {
    expect((await post(key)).status).toBe(201);
  });
});
