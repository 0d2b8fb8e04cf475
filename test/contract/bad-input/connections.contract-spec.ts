import { Edge, expectRefusal, TICKETS } from './edge';

const KIB_256 = 256 * 1024;

describe('the HTTP edge', () => {
  let edge: Edge;

  beforeAll(async () => {
    edge = await Edge.start();
  });
  afterAll(() => edge.stop());
  afterEach(() => edge.assertUnharmed());

  describe('with headers', () => {
    it('answers 431 to more than it reads', async () => {
      expectRefusal(
        await edge.ask(edge.request('{}', { 'X-Long': 'x'.repeat(100_000) })),
        'request_header_fields_too_large',
      );
    });

    it.each(['short', 'with space', 'ünïcode', 'a'.repeat(129), 'sémicolon;', '<script>', '../../..', ','])(
      'answers 400 to the Idempotency-Key %s',
      async (key) => {
        const answer = await edge.ask(edge.request('{"text": "Hello"}', { 'Idempotency-Key': key }));
        expectRefusal(answer, 'validation_failed');
        expect(JSON.parse(answer.body)).toMatchObject({ details: [{ field: 'Idempotency-Key', code: 'format' }] });
      },
    );

    it('answers 400 to two Idempotency-Keys', async () => {
      const answer = await edge.ask(
        edge.request('{"text": "Hello"}', { 'Idempotency-Key': 'key-number-1', 'idempotency-key': 'key-number-2' }),
      );
      expectRefusal(answer, 'validation_failed');
    });

    it.each(['nonsense', '"x"', '-1', '"1", "2"', '1.5', '"99999999999"', '""', 'W/', '"1'])(
      'answers 400 to If-Match %s',
      async (etag) => {
        const { body } = await edge.project.request<{ tickets: { id: string }[] }>('GET', TICKETS);
        const line = `PATCH ${TICKETS}/${body.tickets[0]?.id}/status HTTP/1.1`;
        const answer = await edge.ask(edge.request('{"status": "closed"}', { 'If-Match': etag }, line));
        expectRefusal(answer, 'validation_failed');
        expect(JSON.parse(answer.body)).toMatchObject({ details: [{ field: 'If-Match', code: 'format' }] });
      },
    );

    it('takes the first of two keys, as HTTP has it, and answers 401 when that one is not valid', async () => {
      const bytes = edge.get(TICKETS, {
        Authorization: 'Bearer nonsense',
        authorization: `Bearer ${edge.project.liveKey}`,
      });
      expectRefusal(await edge.ask(bytes), 'invalid_api_key');
    });

    it.each(['short', 'a'.repeat(65), 'with space!', '${jndi:ldap://x}', 'a\u00e9bcdefgh'])(
      'makes an id of its own for the request that calls itself %s',
      async (id) => {
        const answer = await edge.ask(edge.get(TICKETS, { 'X-Request-Id': id }));
        expect(answer.status).toBe(200);
        expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
      },
    );
  });

  describe('with what is no HTTP', () => {
    it.each([
      ['noise', Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x0d, 0x0a])],
      ['a line of words', 'Good morning\r\n\r\n'],
      ['an unknown method', `BREW ${TICKETS} HTTP/1.1\r\nHost: localhost\r\n\r\n`],
      ['an unknown version', `GET ${TICKETS} HTTP/7.3\r\nHost: localhost\r\n\r\n`],
      ['a header without a name', `GET ${TICKETS} HTTP/1.1\r\nHost: localhost\r\n: x\r\n\r\n`],
      ['a header with a line break in it', `GET ${TICKETS} HTTP/1.1\r\nHost: localhost\r\nX-A: b\rc\r\n\r\n`],
      ['a header with a NUL', `GET ${TICKETS} HTTP/1.1\r\nHost: localhost\r\nX-A: b\u0000c\r\n\r\n`],
      [
        'two lengths',
        `POST ${TICKETS} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}`,
      ],
      ['a length that is no number', `POST ${TICKETS} HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n{}`],
      ['a negative length', `POST ${TICKETS} HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n{}`],
      [
        'a length beside chunks',
        `POST ${TICKETS} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}`,
      ],
      ['no host', `GET ${TICKETS} HTTP/1.1\r\n\r\n`],
      ['a space in the address', `GET ${TICKETS}?q=a b HTTP/1.1\r\nHost: localhost\r\n\r\n`],
    ])('answers 400 to %s, and closes', async (_name, bytes) => {
      const raw = await edge.open();
      raw.send(bytes);
      expectRefusal(await raw.answer(), 'bad_request');
      await raw.closed();
    });

    it('answers 400 to a request that is smuggled behind another one', async () => {
      const raw = await edge.open();
      const smuggled = `0\r\n\r\nGET ${TICKETS} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
      raw.send(edge.request(smuggled, { 'Transfer-Encoding': 'chunked, identity' }));
      expectRefusal(await raw.answer(), 'bad_request');
      await raw.closed();
    });
  });

  it.each(['nonsense', 'x=y'])('passes over what a request expects besides: %s', async (expected) => {
    expect((await edge.ask(edge.get(TICKETS, { Expect: expected }))).status).toBe(200);
    expectRefusal(await edge.ask(edge.request('{', { Expect: expected })), 'validation_failed');
  });

  it('asks for the body of a request that waits for being asked', async () => {
    const raw = await edge.open();
    const whole = edge.request('{"text": 1}', { Expect: '100-continue' });
    const end = whole.indexOf('\r\n\r\n') + 4;
    raw.send(whole.subarray(0, end));
    expect((await raw.answer()).status).toBe(100);
    raw.send(whole.subarray(end));
    expectRefusal(await raw.answer(), 'validation_failed');
  });

  it('refuses a body of which it knows that it is too large, asked for or not', async () => {
    const raw = await edge.open();
    raw.send(edge.request('', { Expect: '100-continue', 'Content-Length': String(KIB_256 + 1) }));
    const first = await raw.answer();
    expectRefusal(first.status === 100 ? await raw.answer() : first, 'payload_too_large');
  });

  it('goes on with the same connection after a refusal', async () => {
    const raw = await edge.open();
    for (const [body, code] of [
      ['{', 'validation_failed'],
      ['{"text": 1}', 'validation_failed'],
      ['[]', 'validation_failed'],
    ] as const) {
      raw.send(edge.request(body));
      expectRefusal(await raw.answer(), code);
    }
    raw.send(edge.get(TICKETS, { Authorization: '' }));
    expectRefusal(await raw.answer(), 'unauthorized');
    raw.send(edge.get(TICKETS));
    expect((await raw.answer()).status).toBe(200);
  });

  it('answers requests that are sent at once in their order', async () => {
    const raw = await edge.open();
    raw.send(Buffer.concat([edge.request('{', {}), edge.get(TICKETS), edge.get('/nothing')]));
    const answers = [await raw.answer(), await raw.answer(), await raw.answer()];
    expect(answers.map(({ status }) => status)).toEqual([400, 200, 404]);
  });
});
