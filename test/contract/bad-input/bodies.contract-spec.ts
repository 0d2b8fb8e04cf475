import { Edge, expectRefusal, isError } from './edge';

const KIB_256 = 256 * 1024;

describe('the HTTP edge', () => {
  let edge: Edge;

  beforeAll(async () => {
    edge = await Edge.start();
  });
  afterAll(() => edge.stop());
  afterEach(() => edge.assertUnharmed());

  describe('with a body that is no JSON object', () => {
    it.each([
      ['cut off', '{"text": "Hel'],
      ['cut off in an escape', '{"text": "\\u12'],
      ['with a comma too many', '{"text": "Hello",}'],
      ['with a comment', '{"text": "Hello" /* no */}'],
      ['in single quotes', "{'text': 'Hello'}"],
      ['with two documents', '{"text": "Hello"}{"text": "Hello"}'],
      ['with NaN', '{"text": NaN}'],
      ['with a bare word', 'hello'],
      ['that is a form', 'text=Hello'],
      ['that is XML', '<text>Hello</text>'],
      ['of white space', '   \r\n  '],
      ['of a NUL', '\u0000'],
      ['with a raw line break in a text', '{"text": "a\nb"}'],
      ['of an array', '[{"text": "Hello"}]'],
      ['of a text', '"Hello"'],
      ['of a number', '42'],
      ['of true', 'true'],
      ['of null', 'null'],
      ['that is empty', ''],
      ['with a number beyond all bounds', '{"text": 1e999}'],
    ])('answers 400 to one %s', async (_name, body) => {
      expectRefusal(await edge.ask(edge.request(body)), 'validation_failed');
    });

    it.each([
      ['Latin-1', Buffer.from('{"text": "caf\u00e9"}', 'latin1')],
      ['UTF-16', Buffer.from('{"text": "Hello"}', 'utf16le')],
      ['an overlong form', Buffer.concat([Buffer.from('{"text": "'), Buffer.from([0xc0, 0xaf]), Buffer.from('"}')])],
      ['half a character', Buffer.concat([Buffer.from('{"text": "'), Buffer.from([0xe2, 0x82]), Buffer.from('"}')])],
      [
        'a surrogate as UTF-8',
        Buffer.concat([Buffer.from('{"text": "'), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from('"}')]),
      ],
      ['noise', Buffer.from([0xff, 0xfe, 0x00, 0x9f, 0x92, 0x96])],
    ])('answers 400 to one in %s', async (_name, body) => {
      expectRefusal(await edge.ask(edge.request(body)), 'validation_failed');
    });

    it.each([
      ['arrays', '['.repeat(21) + ']'.repeat(21)],
      ['objects', '{"a":'.repeat(21) + '1' + '}'.repeat(21)],
      ['arrays that never end', '['.repeat(100_000)],
      ['objects in a field', `{"text": ${'[{"a":'.repeat(20_000)}`],
    ])('answers 400 to one of %s nested too deep', async (_name, body) => {
      expectRefusal(await edge.ask(edge.request(body)), 'validation_failed');
    });

    it('goes by the brackets outside of texts, and takes 20 levels', async () => {
      const inText = JSON.stringify({ text: '['.repeat(100), nonsense: 1 });
      const deep = `{"text": ${'['.repeat(19)}${']'.repeat(19)}}`;
      for (const body of [inText, deep]) {
        const answer = await edge.ask(edge.request(body));
        expectRefusal(answer, 'validation_failed');
        expect(answer.body).not.toContain('nested');
      }
    });
  });

  describe('with a body of another kind', () => {
    it.each([
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/xml',
      'application/json; charset=latin1',
      'application/json; charset=utf-16',
      'application/jsonp',
      'application/vnd.api+json',
      'json',
      '*/*',
      'application/json, text/plain',
      '',
    ])('answers 415 to the type "%s"', async (type) => {
      expectRefusal(
        await edge.ask(edge.request('{"text": "Hello"}', { 'Content-Type': type })),
        'unsupported_media_type',
      );
    });

    it.each(['gzip', 'deflate', 'br', 'identity', 'nonsense'])('answers 415 to the encoding %s', async (encoding) => {
      const answer = await edge.ask(edge.request('{"text": "Hello"}', { 'Content-Encoding': encoding }));
      expectRefusal(answer, 'unsupported_media_type');
    });

    it.each([
      'application/json; charset=utf-8',
      'APPLICATION/JSON',
      'application/json;charset="UTF-8"',
      'application/json ; charset=utf-8',
    ])('reads one of the type %s', async (type) => {
      const answer = await edge.ask(edge.request('{"text": 1}', { 'Content-Type': type }));
      expectRefusal(answer, 'validation_failed');
      expect(answer.body).toContain('text must be a string');
    });
  });

  describe('with a body that is too large', () => {
    it('answers 413 before it is sent, when its length is told', async () => {
      const raw = await edge.open();
      raw.send(edge.request('', { 'Content-Length': String(KIB_256 + 1) }));
      expectRefusal(await raw.answer(), 'payload_too_large');
      await raw.closed();
    });

    it('answers 413 when it turns out to be so', async () => {
      const raw = await edge.open();
      raw.send(edge.request('', { 'Content-Length': '', 'Transfer-Encoding': 'chunked' }));
      const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
      for (let sent = 0; sent <= 5; sent++) {
        raw.send(chunk);
      }
      expectRefusal(await raw.answer(), 'payload_too_large');
      await raw.closed();
    });

    it('answers 413 to a length beyond all numbers', async () => {
      const answer = await edge.ask(edge.request('', { 'Content-Length': '99999999999999999999' }));
      expect([400, 413]).toContain(answer.status);
      expect(isError(JSON.parse(answer.body))).toBe(true);
    });

    it('reads one of exactly 256 KiB', async () => {
      const frame = Buffer.byteLength(JSON.stringify({ text: '' }));
      const body = JSON.stringify({ text: 'x'.repeat(KIB_256 - frame) });
      const answer = await edge.ask(edge.request(body));
      expectRefusal(answer, 'validation_failed');
      expect(answer.body).toContain('at most 4000 characters');
    });
  });

  describe('with a body that breaks off', () => {
    it('answers 400 and closes when the caller says that nothing more comes', async () => {
      const raw = await edge.open();
      raw.send(edge.request('{"text": "Hel', { 'Content-Length': '100' }));
      raw.finish();
      expectRefusal(await raw.answer(), 'bad_request');
      await raw.closed();
    });

    it('forgets a caller who hangs up in the middle', async () => {
      const raw = await edge.open();
      raw.send(edge.request('{"text": "Hel', { 'Content-Length': '100' }));
      raw.close();
      await raw.closed();
    });

    it.each([
      ['size', 'nonsense\r\nHello\r\n0\r\n\r\n'],
      ['end', '5\r\nHelloXX\r\n0\r\n\r\n'],
      ['negative size', '-1\r\n\r\n0\r\n\r\n'],
    ])('answers 400 to a chunk with a wrong %s', async (_name, chunks) => {
      const raw = await edge.open();
      raw.send(
        Buffer.concat([
          edge.request('', { 'Content-Length': '', 'Transfer-Encoding': 'chunked' }),
          Buffer.from(chunks),
        ]),
      );
      expectRefusal(await raw.answer(), 'bad_request');
      await raw.closed();
    });
  });
});
