import * as fc from 'fast-check';
import { decodeCursor, encodeCursor, MAX_CURSOR_LENGTH } from './cursor';

const anything = (position: unknown) => position;
const aNumber = (position: unknown) => (typeof position === 'number' ? position : undefined);

const REFUSAL = expect.objectContaining({
  code: 'validation_failed',
  details: [expect.objectContaining({ field: 'cursor', code: 'format' })],
});

function read(cursor: string, accept: (position: unknown) => unknown = anything): unknown {
  try {
    return decodeCursor('tickets', cursor, accept);
  } catch (error) {
    return error;
  }
}

describe('a cursor', () => {
  it('comes back as the position that it was made of, and is safe in an address', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 2 }), (position) => {
        const cursor = encodeCursor('tickets', position);
        expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/);
        fc.pre(cursor.length <= MAX_CURSOR_LENGTH);
        expect(read(cursor)).toEqual(JSON.parse(JSON.stringify(position)));
      }),
    );
  });

  it('of another list is refused', () => {
    expect(read(encodeCursor('messages', 7))).toEqual(REFUSAL);
  });

  it('whose position the list does not accept is refused', () => {
    expect(read(encodeCursor('tickets', '7'), aNumber)).toEqual(REFUSAL);
    expect(read(encodeCursor('tickets', 7), aNumber)).toBe(7);
  });

  it.each([
    '',
    'not base64!',
    'e30',
    Buffer.from('"tickets"').toString('base64url'),
    Buffer.from('null').toString('base64url'),
    Buffer.from('["tickets"]').toString('base64url'),
    Buffer.from('{"0":"tickets","1":7}').toString('base64url'),
    encodeCursor('tickets', 'x'.repeat(MAX_CURSOR_LENGTH)),
    `${encodeCursor('tickets', 7)}\n`,
    `${encodeCursor('tickets', 7)}=`,
  ])('%j was never given out, and is refused', (cursor) => {
    expect(read(cursor)).toEqual(REFUSAL);
  });

  it('that was tampered with is refused or read as some position, and nothing else happens', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
        const outcome = read(Buffer.from(text).toString('base64url'), aNumber);
        expect([REFUSAL, expect.any(Number)]).toContainEqual(outcome);
      }),
    );
  });

  it('names the parameter that it came in', () => {
    expect(() => decodeCursor('events', 'x', anything, 'after')).toThrow(/^after must be a value/);
  });
});
