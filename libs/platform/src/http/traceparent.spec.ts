import { readTraceparent, traceIdOf } from './traceparent';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const VALID = `00-${TRACE}-00f067aa0ba902b7-01`;

test('a valid header is taken as it is', () => {
  expect(readTraceparent(VALID)).toBe(VALID);
  expect(traceIdOf(VALID)).toBe(TRACE);
});

test('of a later version the fields that we know are taken', () => {
  expect(readTraceparent(`cc-${TRACE}-00f067aa0ba902b7-01-what-comes-later`)).toBe(VALID);
  expect(readTraceparent(`cc-${TRACE}-00f067aa0ba902b7-01`)).toBe(VALID);
});

test.each([
  ['none', undefined],
  ['several', [VALID, VALID]],
  ['two joined', `${VALID}, ${VALID}`],
  ['no trace', `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`],
  ['no parent', `00-${TRACE}-0000000000000000-01`],
  ['capitals', VALID.toUpperCase()],
  ['a version that may not be', `ff-${TRACE}-00f067aa0ba902b7-01`],
  ['more than its version has', `${VALID}-more`],
  ['another length', `00-${TRACE}0-00f067aa0ba902b7-01`],
  ['nothing of the kind', 'x'.repeat(10_000)],
])('%s names no trace', (_name, header) => {
  expect(readTraceparent(header)).toBeUndefined();
});
