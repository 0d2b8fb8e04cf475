import { connect } from 'node:net';
import { Body, Controller, Get, Head, HttpCode, Module, Param, Patch, Post, Query, UseGuards } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { DomainError, ERROR_STATUS, RETRYABLE_CODES } from '#contracts';
import type { ErrorCode } from '#contracts';
import { createTestDatabase, insertProject } from '#testing';
import type { ProjectSides, TestDatabase } from '#testing';
import { readEnvironment } from '../config/environment';
import { Text, WholeNumber } from '../fields/fields';
import { runService } from '../run-service';
import type { RunningService } from '../run-service';
import { MAX_BODY_BYTES } from './body-reader';
import { JSON_TEXT } from './versioned-text';
import { Idempotent } from './idempotent.decorator';
import type { ApiRequest } from './project-request';
import { UndeclaredInput } from './undeclared-input';

let sides: ProjectSides;

class TestGuard implements CanActivate {
  private readonly undeclaredInput = new UndeclaredInput();

  canActivate(context: ExecutionContext): boolean {
    context.switchToHttp().getRequest<ApiRequest>().projectScope = sides.live;
    this.undeclaredInput.refuse(context);
    return true;
  }
}

class ThingDto {
  @Text({ required: true, max: 300_000, description: 'A text.', example: 'a' })
  readonly text!: string;
}

class ThingQuery {
  @WholeNumber({ min: 1, max: 10, description: 'A number.', example: 1 })
  readonly limit?: number;
}

@Controller('things')
@UseGuards(TestGuard)
class ThingsController {
  @Get()
  list(@Query() { limit }: ThingQuery): object {
    return { limit };
  }

  @Post()
  @Idempotent()
  create(@Body() { text }: ThingDto): object {
    return { length: text.length, version: 7 };
  }

  @Get('busy')
  busy(): never {
    throw Object.assign(new Error('deadlock detected in secret_table'), { code: '40P01' });
  }

  @Get('broken')
  broken(): never {
    throw new TypeError('secret is not a function');
  }

  @Get('refused')
  refused(): never {
    throw new DomainError('version_mismatch', 'It has changed.', { extra: { current: { version: 2 } } });
  }

  @Get(':id')
  get(@Param('id') id: string): object {
    return { id };
  }

  @Patch(':id')
  change(@Param('id') id: string, @Body() body: ThingDto): object {
    return { id, ...body };
  }

  @Post(':id/poke')
  @Idempotent()
  @HttpCode(200)
  poke(@Param('id') id: string): object {
    return { id };
  }

  @Head('headed')
  headed(): void {}
}

@Module({ controllers: [ThingsController] })
class ThingsModule {}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Record<string, unknown>;
}

const envelope = (code: ErrorCode, requestId: unknown = expect.stringMatching(/^[0-9a-f-]{36}$/)) =>
  expect.objectContaining({
    error: expect.stringMatching(/\S/),
    code,
    retryable: RETRYABLE_CODES.includes(code),
    docs_url: `https://desk.example.com/docs/errors#${code}`,
    request_id: requestId,
  });

describe('the edge of HTTP', () => {
  const log: string[] = [];
  let db: TestDatabase;
  let service: RunningService;

  beforeAll(async () => {
    db = await createTestDatabase();
    sides = await insertProject(db);
    service = await runService({
      name: 'things',
      modules: [ThingsModule],
      environment: readEnvironment({
        DATABASE_URL: db.url,
        PORT: '0',
        OPS_PORT: '0',
        DRAIN_SECONDS: '0',
        PUBLIC_URL: 'https://desk.example.com/',
      }),
      writeLog: (line) => log.push(line),
    });
  });
  afterAll(async () => {
    await service.close();
    await db.drop();
  });
  // Whatever a test sends, the next request works.
  afterEach(async () => {
    const { status } = await ask('GET', '/things');
    if (status !== 200) {
      throw new Error(`The next request is answered ${status}.`);
    }
  });

  async function ask(method: string, path: string, options: Omit<RequestInit, 'method'> = {}): Promise<Answer> {
    const response = await fetch(service.url + path, { method, ...options });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
    };
  }

  const send = (body: string | Buffer, headers: Record<string, string> = { 'Content-Type': 'application/json' }) =>
    ask('POST', '/things', { body, headers });

  /** Sends bytes as they are, and answers what comes back until the connection ends. */
  function sendRaw(bytes: string, halfClose = true): Promise<string> {
    return new Promise((resolve, reject) => {
      const { hostname, port } = new URL(service.url);
      const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
      let answer = '';
      socket.setEncoding('latin1');
      socket.on('data', (text: string) => (answer += text));
      socket.on('end', () => {
        socket.end();
        resolve(answer);
      });
      socket.on('error', reject);
      socket.write(bytes, 'latin1');
      if (halfClose) {
        socket.end();
      }
    });
  }

  describe('answers in one envelope', () => {
    it.each<[string, string, RequestInit, ErrorCode]>([
      ['GET', '/nothing/here', {}, 'not_found'],
      ['GET', '/things/x/y/z', {}, 'not_found'],
      ['DELETE', '/things', {}, 'method_not_allowed'],
      ['PUT', '/things/1', { body: '{}', headers: { 'Content-Type': 'application/json' } }, 'method_not_allowed'],
      ['OPTIONS', '/things', {}, 'method_not_allowed'],
      ['GET', '/things/%', {}, 'bad_request'],
      ['GET', '/things/%ff', {}, 'bad_request'],
      ['GET', '/things?limit=0', {}, 'validation_failed'],
      ['GET', '/things?limit=1&limit=2', {}, 'validation_failed'],
      ['GET', '/things?limt=1', {}, 'validation_failed'],
      ['GET', '/things/1?x=1', {}, 'validation_failed'],
      ['GET', '/things/busy', {}, 'platform_busy'],
      ['GET', '/things/broken', {}, 'internal_error'],
      ['GET', '/things/refused', {}, 'version_mismatch'],
      ['POST', '/things', { body: '{"text":', headers: { 'Content-Type': 'application/json' } }, 'validation_failed'],
      ['POST', '/things', { body: 'text=a', headers: { 'Content-Type': 'text/plain' } }, 'unsupported_media_type'],
    ])('%s %s', async (method, path, options, code) => {
      const { status, headers, body } = await ask(method, path, options);
      expect([status, body]).toEqual([ERROR_STATUS[code], envelope(code, headers.get('X-Request-Id'))]);
      expect(headers.get('Content-Type')).toBe('application/json; charset=utf-8');
    });

    it('with the methods that there are instead', async () => {
      expect((await ask('DELETE', '/things')).headers.get('Allow')).toBe('GET, HEAD, POST');
      expect((await ask('DELETE', '/things/1?x=1')).headers.get('Allow')).toBe('GET, HEAD, PATCH');
    });

    it('with what belongs to the refusal', async () => {
      expect((await ask('GET', '/things/refused')).body['current']).toEqual({ version: 2 });
      const busy = await ask('GET', '/things/busy');
      expect([busy.headers.get('Retry-After'), busy.body['retryable']]).toEqual(['1', true]);
    });

    it('but without what is not the caller’s business; the log has it, by the request’s id', async () => {
      const requestId = 'find-me-in-the-log';
      const { text } = await ask('GET', '/things/broken', { headers: { 'X-Request-Id': requestId } });
      expect(text).not.toContain('secret');
      const lines = log.map((line) => JSON.parse(line) as Record<string, unknown>);
      expect(lines.find((line) => line['event'] === 'http.failed' && line['request_id'] === requestId)).toMatchObject({
        code: 'internal_error',
        route: '/things/broken',
        stack: expect.stringContaining('secret is not a function'),
      });
    });

    it('to HEAD with the status and headers alone', async () => {
      const { status, headers, text } = await ask('HEAD', '/nothing');
      expect([status, text]).toEqual([404, '']);
      expect(Number(headers.get('Content-Length'))).toBeGreaterThan(0);
    });

    it.each([
      ['no HTTP at all', 'hello\r\n\r\n', 400, 'bad_request'],
      ['a header without a colon', 'GET /things HTTP/1.1\r\nHost: x\r\nnonsense\r\n\r\n', 400, 'bad_request'],
      ['a broken length', 'POST /things HTTP/1.1\r\nHost: x\r\nContent-Length: ten\r\n\r\n', 400, 'bad_request'],
      [
        'headers without end',
        `GET /things HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`,
        431,
        'request_header_fields_too_large',
      ],
    ])('to %s', async (_what, bytes, status, code) => {
      const answer = await sendRaw(bytes, false);
      expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
      const [head = '', text = ''] = answer.split('\r\n\r\n');
      expect(JSON.parse(text)).toEqual(envelope(code as ErrorCode, /X-Request-Id: (\S+)/.exec(head)?.[1]));
    });
  });

  describe('reads bodies', () => {
    it.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON;charset="UTF-8"'])(
      'of type %s',
      async (type) => {
        const { status, headers, body } = await send('{"text":"é"}', { 'Content-Type': type });
        expect([status, body, headers.get('ETag')]).toEqual([201, { length: 1, version: 7 }, '"7"']);
      },
    );

    it.each([
      ['text/json', {}],
      ['application/json; charset=utf-16', {}],
      ['application/x-www-form-urlencoded', {}],
      ['multipart/form-data; boundary=x', {}],
      ['application/jsonx', {}],
      ['application/json', { 'Content-Encoding': 'gzip' }],
    ])('of no other type: %s %j', async (type, more) => {
      const { status, body } = await send('{"text":"a"}', { 'Content-Type': type, ...more });
      expect([status, body]).toEqual([415, envelope('unsupported_media_type')]);
    });

    it('of up to 256 KiB', async () => {
      const room = MAX_BODY_BYTES - '{"text":""}'.length;
      expect((await send(`{"text":"${'x'.repeat(room)}"}`)).body).toEqual({ length: room, version: 7 });
      expect((await send(`{"text":"${'x'.repeat(room + 1)}"}`)).body).toEqual(envelope('payload_too_large'));
    });

    it('of no more, whether or not they say their length beforehand', async () => {
      const body = Buffer.alloc(5_000_000, 'x');
      const headers = { 'Content-Type': 'application/json' };
      expect((await send(body)).status).toBe(413);
      const streamed = { body: new Blob([body]).stream(), headers, duplex: 'half' } as RequestInit;
      expect((await ask('POST', '/things', streamed)).status).toBe(413);
    });

    it('that are complete alone', async () => {
      const head = 'POST /things HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
      const cut = await sendRaw(`${head}Content-Length: 100\r\n\r\n{"text":"a"}`);
      expect(cut).toMatch(/^(HTTP\/1\.1 400 |$)/);
      const chunked = await sendRaw(`${head}Transfer-Encoding: chunked\r\n\r\nzz\r\n`);
      expect(chunked).toMatch(/^(HTTP\/1\.1 400 |$)/);
    });

    it('that are missing as empty ones', async () => {
      expect((await ask('POST', '/things/1/poke')).body).toEqual({ id: '1' });
      expect((await ask('POST', '/things')).body).toMatchObject({ details: [{ field: 'text', code: 'required' }] });
    });

    it('where there is something to say alone', async () => {
      const options = { body: '{"loud":true}', headers: { 'Content-Type': 'application/json' } };
      expect((await ask('POST', '/things/1/poke', options)).body).toMatchObject({
        code: 'validation_failed',
        details: [{ field: 'loud', code: 'unknown_field' }],
      });
    });
  });

  it('sends headers that keep browsers from doing anything with an answer', async () => {
    const { headers } = await ask('GET', '/things');
    expect(Object.fromEntries(headers)).toMatchObject({
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none';frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'content-type': JSON_TEXT,
    });
    expect([headers.get('X-Powered-By'), headers.get('ETag')]).toEqual([null, null]);
  });

  it('writes one line per request: pattern, status and time, but no address and no text', async () => {
    const requestId = 'one-line-per-request';
    await ask('GET', '/things/very-private?x=also-private', { headers: { 'X-Request-Id': requestId } });
    const find = () =>
      log
        .map((line) => JSON.parse(line) as Record<string, unknown>)
        .filter((line) => line['request_id'] === requestId && line['event'] === 'http.request');
    for (const end = Date.now() + 10_000; find().length === 0 && Date.now() < end;) {
      await new Promise(setImmediate);
    }
    expect(find()).toEqual([
      expect.objectContaining({
        method: 'GET',
        route: '/things/:id',
        status: 400,
        ms: expect.any(Number),
        project_id: sides.live.projectId,
      }),
    ]);
    expect(log.join('')).not.toContain('private');
  });
});
