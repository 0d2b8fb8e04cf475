import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { faultPointsInCode } from '../support/processes/fault-points';
import { describeFaultPoints, ELSEWHERE } from './fault-points';

test('the code has fault points on the whole way of an event', () => {
  const parts = new Set(faultPointsInCode('postgres').map((point) => point.split('.', 1)[0]));
  expect([...parts]).toEqual(
    expect.arrayContaining(['create', 'change', 'idempotency', 'outbox', 'relay', 'consumer']),
  );
});

test.each(Object.entries(ELSEWHERE))('%s is tried by %s', (point, file) => {
  expect(readFileSync(join(__dirname, file), 'utf8')).toContain(point);
});

describe('with events over Postgres', () => {
  describeFaultPoints('postgres');
});
